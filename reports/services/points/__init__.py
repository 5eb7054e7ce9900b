"""What is to be looked at in a report that was copied from another period: figures that changed or
have no value, words of the old period, cited documents that ended or have a successor.

Points are found anew each time; only what somebody decided to leave is stored (KeptPoint).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from reports.models import Figure, KeptPoint, Report, Status
from reports.references import used_atoms
from reports.services.binding import MissingFigure, missing_figures
from reports.services.trail import at_step, need
from reports.text import richtext

from .citations import CitationPoint, citation_points, replace_citation
from .keys import PointGone, key_of
from .words import WordGroup, WordPoint, change_words, grouped, word_points

if TYPE_CHECKING:
    from portal.accounts.models import User

__all__ = [
    "CitationPoint",
    "FigurePoint",
    "PointGone",
    "Points",
    "WordGroup",
    "WordPoint",
    "change_words",
    "is_copied",
    "keep_points",
    "points_of",
    "replace_citation",
    "unseen_figures",
    "word_points",
]


@dataclass(frozen=True, slots=True)
class FigurePoint:
    """A figure that prints something else than in the copied report."""

    key: str
    figure: Figure


@dataclass(frozen=True)
class Points:
    """Everything that is still open in one report."""

    figures: list[FigurePoint] = field(default_factory=list)
    missing: list[MissingFigure] = field(default_factory=list)
    words: list[WordGroup] = field(default_factory=list)
    citations: list[CitationPoint] = field(default_factory=list)

    @property
    def count(self) -> int:
        words = sum(len(group.points) for group in self.words)
        return len(self.figures) + len(self.missing) + words + len(self.citations)


def is_copied(report: Report) -> bool:
    """Whether the report, or a section of it, came from another report."""
    return report.source_id is not None or (
        report.sections.present().filter(source__isnull=False).exists()
    )


def points_of(report: Report) -> Points:
    """Everything to look at, in reading order; nothing of it in a report that is no copy."""
    if not is_copied(report):
        return Points()
    kept = set(report.kept_points.values_list("key", flat=True))
    used = list(used_atoms(report))
    return Points(
        figures=_figures(report, used, kept),
        missing=missing_figures(report),
        words=grouped(point for point in word_points(report) if point.key not in kept),
        citations=[point for point in citation_points(report, used) if point.key not in kept],
    )


def unseen_figures(report: Report) -> set[int]:
    """Keys of the figures whose change nobody has confirmed yet."""
    if not is_copied(report):
        return set()
    kept = set(report.kept_points.values_list("key", flat=True))
    return {point.figure.pk for point in _figures(report, list(used_atoms(report)), kept)}


def _figures(report: Report, used: list[richtext.Atom], kept: set[str]) -> list[FigurePoint]:
    order = {atom.key: place for place, atom in enumerate(used) if atom.kind == "figure"}
    changed = [
        FigurePoint(key_of("figure", str(figure.pk), figure.printed), figure)
        for figure in report.figures.all()
        if figure.was and figure.value is not None and str(figure.pk) in order
    ]
    changed.sort(key=lambda point: order[str(point.figure.pk)])
    return [point for point in changed if point.key not in kept]


@transaction.atomic
def keep_points(*, report: Report, keys: Collection[str], by: User, now: datetime.datetime) -> int:
    """Leave the places of `keys` as they are; returns how many were open.

    Raises:
        NotAllowed, NotNow, PointGone
    """
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    points = points_of(report)
    every = {point.key for point in points.figures} | {point.key for point in points.citations}
    every |= {point.key for group in points.words for point in group.points}
    chosen = every & set(keys)
    if not chosen:
        raise PointGone
    KeptPoint.objects.bulk_create(
        [KeptPoint(report=report, key=key, by=by, at=now) for key in sorted(chosen)],
        ignore_conflicts=True,
    )
    return len(chosen)
