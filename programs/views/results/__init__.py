"""Pages of what came of the money."""

from .targets import TargetDetail, TargetList

__all__ = ["TargetDetail", "TargetList"]
