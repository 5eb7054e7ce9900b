"""Reads the rows below a heading: which are entries, which are totals, sections or notes.

Totals are kept to be compared, never stored; every row that is not stored is listed with its
reason. Names that fit nearly or several times become questions; names of other districts are
collected so that one sentence can speak of all of them.
"""

from .by_group import GroupRows
from .by_unit import UnitRows
from .harvest import Harvest, Stray, TotalRow, which_unit

__all__ = ["GroupRows", "Harvest", "Stray", "TotalRow", "UnitRows", "which_unit"]
