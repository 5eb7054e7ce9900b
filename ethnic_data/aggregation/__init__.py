"""Figures from approved data: see `answers`; small cells: see `disclosure`."""

from .answered import Answer, Revision
from .answers import answer, answers, answers_by_group, series
from .behind import observations_behind
from .disclosure import Protected, hides_rate, protect
from .observed import MINORITIES, GroupChoice
from .several import several

__all__ = [
    "MINORITIES",
    "Answer",
    "GroupChoice",
    "Protected",
    "Revision",
    "answer",
    "answers",
    "answers_by_group",
    "hides_rate",
    "observations_behind",
    "protect",
    "series",
    "several",
]
