"""Sums over a programme: money in every cut, how far works have come, what was done where."""

from .money import (
    AT_PROVINCE,
    LOW,
    NOT_ALLOCATED,
    Answer,
    Cut,
    Money,
    Month,
    Names,
    Row,
    Year,
    answer,
)
from .progress import Progress, in_state_on, late_on, progress, works_of
from .questions import DIMENSIONS, Question, all_lines, day_of
from .standing import Standing, standings

__all__ = [
    "AT_PROVINCE",
    "DIMENSIONS",
    "LOW",
    "NOT_ALLOCATED",
    "Answer",
    "Cut",
    "Money",
    "Month",
    "Names",
    "Progress",
    "Question",
    "Row",
    "Standing",
    "Year",
    "all_lines",
    "answer",
    "day_of",
    "in_state_on",
    "late_on",
    "progress",
    "standings",
    "works_of",
]
