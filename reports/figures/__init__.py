"""What a report can quote: named queries over approved data and the portal's own lists."""

from . import indicators, office, people, programmes, units, works
from .registry import Computed, FigureQuery, Scope, UnknownFigure, find, find_many, search
from .scoping import MOST_YEARS, ask, fitting, scoped, title_of
from .wording import printed

__all__ = [
    "MOST_YEARS",
    "Computed",
    "FigureQuery",
    "Scope",
    "UnknownFigure",
    "ask",
    "find",
    "find_many",
    "fitting",
    "indicators",
    "office",
    "people",
    "printed",
    "programmes",
    "scoped",
    "search",
    "title_of",
    "units",
    "works",
]
