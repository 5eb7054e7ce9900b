"""Frozen figures against today's data, kept up to date after each approval and ledger entry.

Only reports are looked at whose figures rest on what was touched; the look is a job of its own for
each report and harmless when repeated.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from portal.collection.models import Submission
from portal.jobs import services as jobs
from programs.models import Programme
from reports import figures as registry
from reports.models import Figure, FigureNow, Report

from .binding import Difference, today

if TYPE_CHECKING:
    import datetime

    from portal.accounts.models import User

COMPARE_JOB = "compare_figures"
MOST_REPORTS = 2000


def follow_approval(submission: Submission) -> int:
    """Ask for a look at every report whose frozen figures rest on this dataset and year."""
    year = submission.period.year
    used = Q(provenance__submissions__contains=[{"code": submission.dataset.code}])
    for earlier in _revisions(submission):
        used |= Q(provenance__submissions__contains=[{"id": earlier}])
    touched = Figure.objects.filter(
        used,
        frozen_at__isnull=False,
        report__period__end__year__range=(year, year + registry.MOST_YEARS),
    )
    return ask_comparing(touched.order_by("report").values_list("report", flat=True).distinct())


def _revisions(submission: Submission) -> Iterable[int]:
    """The revision and those before it: figures frozen earlier know the data by them alone."""
    alike = Submission.objects.filter(
        dataset=submission.dataset, unit=submission.unit, period=submission.period
    )
    return alike.values_list("pk", flat=True)


def follow_ledger(programme: Programme) -> int:
    """Ask for a look at every report that quotes this programme's money."""
    touched = Figure.objects.filter(frozen_at__isnull=False, provenance__programme=programme.code)
    return ask_comparing(touched.order_by("report").values_list("report", flat=True).distinct())


def ask_comparing(reports: Iterable[int]) -> int:
    count = 0
    for pk in list(reports)[:MOST_REPORTS]:
        jobs.ask(COMPARE_JOB, pk)
        count += 1
    return count


def compare_report(report: Report) -> list[Difference]:
    """What each frozen figure would say today; nothing is stored."""
    return [today(figure) for figure in report.figures.filter(frozen_at__isnull=False)]


@transaction.atomic
def store_comparison(
    report: Report, found: Iterable[Difference], *, now: datetime.datetime | None = None
) -> int:
    """Keep the outcome; returns how many figures now differ. A report that went back to its drafter
    meanwhile keeps none."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    report.figures_now.all().delete()
    if report.frozen_at is None:
        return 0
    rows = [
        FigureNow(
            figure=one.figure,
            report=report,
            value=one.now.value,
            printed=one.printed_now[:200],
            differs=not one.is_same,
            checked_at=now or timezone.now(),
        )
        for one in found
    ]
    FigureNow.objects.bulk_create(rows)
    return sum(row.differs for row in rows)


def differing_counts(reports: Iterable[Report]) -> dict[int, int]:
    """How many figures of each report now differ; one query."""
    rows = FigureNow.objects.differing().filter(report__in=[one.pk for one in reports])
    return dict(rows.order_by().values_list("report").annotate(Count("pk")))


def reports_that_differ(drafter: User) -> list[Report]:
    """A person's frozen reports some of whose figures now differ, newest first."""
    found = Report.objects.filter(drafter=drafter).annotate(
        differing=Count("figures_now", filter=Q(figures_now__differs=True))
    )
    return list(found.filter(differing__gt=0).with_names())
