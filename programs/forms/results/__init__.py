"""Forms of results: what targets reached, outputs of works."""

from .outputs import OutputsForm
from .targets import ActualForm

__all__ = ["ActualForm", "OutputsForm"]
