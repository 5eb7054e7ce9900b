"""What a report can quote: named queries over approved data and the portal's own lists."""

from . import indicators, office, people, programmes, units
from .registry import Computed, FigureQuery, Scope, UnknownFigure, find, search
from .wording import printed

__all__ = [
    "Computed",
    "FigureQuery",
    "Scope",
    "UnknownFigure",
    "find",
    "indicators",
    "office",
    "people",
    "printed",
    "programmes",
    "search",
    "units",
]
