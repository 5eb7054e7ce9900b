"""Frozen figures, tables and charts against today's data, kept up to date after each approval and
ledger entry.

Only reports are looked at that rest on what was touched; the look is a job of its own for each
report and harmless when repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from portal.collection.models import Submission
from portal.jobs import services as jobs
from programs.models import Programme
from reports import figures as registry
from reports.models import Exhibit, ExhibitNow, Figure, FigureNow, Report

from .binding import Difference, today
from .exhibits import DifferingExhibit, differing_exhibits

if TYPE_CHECKING:
    import datetime

    from portal.accounts.models import User

COMPARE_JOB = "compare_figures"
MOST_REPORTS = 2000


@dataclass(frozen=True, slots=True)
class Comparison:
    """What each frozen figure would say today, and the tables and charts that differ."""

    figures: list[Difference]
    exhibits: list[DifferingExhibit]


def follow_approval(submission: Submission) -> int:
    """Ask for a look at every report that rests on this dataset and year."""
    year = submission.period.year
    years = (year, year + registry.MOST_YEARS)
    used = Q(provenance__submissions__contains=[{"code": submission.dataset.code}])
    for earlier in _revisions(submission):
        used |= Q(provenance__submissions__contains=[{"id": earlier}])
    touched = Figure.objects.filter(
        used,
        frozen_at__isnull=False,
        report__period__end__year__range=years,
    )
    # tables frozen earlier do not tell their datasets
    shown = Exhibit.objects.filter(
        Q(provenance__datasets__contains=[submission.dataset_id])
        | ~Q(provenance__has_key="datasets"),
        source=Exhibit.Source.EXPLORER,
        frozen_at__isnull=False,
        report__period__end__year__range=years,
    )
    return ask_comparing({*_reports(touched), *_reports(shown)})


def _reports(rows: QuerySet[Figure] | QuerySet[Exhibit]) -> Iterable[int]:
    return rows.order_by().values_list("report", flat=True).distinct()


def _revisions(submission: Submission) -> Iterable[int]:
    """The revision and those before it: figures frozen earlier know the data by them alone."""
    alike = Submission.objects.filter(
        dataset=submission.dataset, unit=submission.unit, period=submission.period
    )
    return alike.values_list("pk", flat=True)


def follow_ledger(programme: Programme) -> int:
    """Ask for a look at every report that quotes or shows this programme's money."""
    told = {"frozen_at__isnull": False, "provenance__programme": programme.code}
    quoted, shown = Figure.objects.filter(**told), Exhibit.objects.filter(**told)
    return ask_comparing({*_reports(quoted), *_reports(shown)})


def ask_comparing(reports: Iterable[int]) -> int:
    count = 0
    for pk in sorted(reports)[:MOST_REPORTS]:
        jobs.ask(COMPARE_JOB, pk)
        count += 1
    return count


def compare_report(report: Report) -> Comparison:
    """The frozen report beside today's data; nothing is stored."""
    figures = report.figures.filter(frozen_at__isnull=False)
    return Comparison([today(figure) for figure in figures], differing_exhibits(report))


@transaction.atomic
def store_comparison(
    report: Report, found: Comparison, *, now: datetime.datetime | None = None
) -> int:
    """Keep the outcome; returns how many figures, tables and charts now differ. A report that went
    back to its drafter meanwhile keeps none."""
    report, now = Report.objects.select_for_update().get(pk=report.pk), now or timezone.now()
    report.figures_now.all().delete()
    report.exhibits_now.all().delete()
    if report.frozen_at is None:
        return 0
    rows = [
        FigureNow(
            figure=one.figure,
            report=report,
            value=one.now.value,
            printed=one.printed_now[:200],
            differs=not one.is_same,
            checked_at=now,
        )
        for one in found.figures
    ]
    shown = [
        ExhibitNow(
            exhibit=one.exhibit,
            report=report,
            cells=one.cells,
            reason=one.reason[:300],
            checked_at=now,
        )
        for one in found.exhibits
    ]
    FigureNow.objects.bulk_create(rows)
    ExhibitNow.objects.bulk_create(shown)
    return sum(row.differs for row in rows) + len(shown)


def differing_counts(reports: Iterable[Report]) -> dict[int, int]:
    """How many figures, tables and charts of each report now differ; two queries."""
    keys = [one.pk for one in reports]
    counts: Counter[int] = Counter()
    for rows in (FigureNow.objects.differing(), ExhibitNow.objects.all()):
        found = rows.filter(report__in=keys).order_by().values_list("report")
        counts.update(dict(found.annotate(Count("pk"))))
    return counts


def reports_that_differ(drafter: User) -> list[Report]:
    """A person's frozen reports some of whose figures, tables or charts now differ, newest first.

    `differing`: how many.
    """
    figures = Count("figures_now", filter=Q(figures_now__differs=True), distinct=True)
    exhibits = Count("exhibits_now", distinct=True)
    found = Report.objects.filter(drafter=drafter).annotate(differing=figures + exhibits)
    return list(found.filter(differing__gt=0).with_names())
