"""Sums over a programme: money in every cut, how far works have come, what was done where."""

from .money import LOW, Answer, Cut, Money, Month, Row, Year, answer
from .questions import DIMENSIONS, Question, all_lines, day_of

__all__ = [
    "DIMENSIONS",
    "LOW",
    "Answer",
    "Cut",
    "Money",
    "Month",
    "Question",
    "Row",
    "Year",
    "all_lines",
    "answer",
    "day_of",
]
