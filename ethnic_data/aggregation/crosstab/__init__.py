"""Cross tables: every cell what `aggregation.answer` says, all of them in a few queries."""

from .asking import Area, Ask, GroupSet
from .figures import Figure
from .sources import Source
from .standing import Standing, standing
from .table import Crosstab, Key, crosstab

__all__ = [
    "Area", "Ask", "Crosstab", "Figure", "GroupSet", "Key", "Source", "Standing", "crosstab",
    "standing",
]  # fmt: skip
