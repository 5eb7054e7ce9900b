"""Forms of results: what targets reached, outputs of works, households helped."""

from .targets import ActualForm

__all__ = ["ActualForm"]
