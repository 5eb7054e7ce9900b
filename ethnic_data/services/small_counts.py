"""Find out what is not published before anybody asks: it takes longer than a page may."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from django.db.models import Q

from ethnic_data.exploring.hiding import hidden_of, of_persons
from ethnic_data.models import Indicator, Observation
from portal.collection.models import ReportingPeriod, Submission
from portal.jobs.models import Job

HIDE_JOB = "hide_small_counts"


def hide_small_counts_of(submission: Submission) -> None:
    """What an approval changes; of several approvals in a row the last one does it."""
    if _is_followed_by_another(submission):
        return
    told = Observation.objects.filter(submission=submission).order_by().values("indicator")
    measures = Indicator.objects.with_parts().filter(
        Q(pk__in=told.distinct()) | Q(all_groups__in=told.distinct())
    )
    _find_out(measures, [submission.period])


def hide_small_counts_of_periods(periods: Iterable[ReportingPeriod]) -> None:
    """Of everything that is approved, after units changed."""
    for period in periods:
        told = Observation.objects.approved().filter(submission__period=period).order_by()
        keys = set(told.values_list("indicator", flat=True).distinct())
        measures = Indicator.objects.with_parts()
        _find_out(measures.filter(Q(pk__in=keys) | Q(all_groups__in=keys)), [period])


def _is_followed_by_another(submission: Submission) -> bool:
    waiting = Job.objects.filter(name=HIDE_JOB, state=Job.State.QUEUED)
    alike = Submission.objects.filter(
        period=submission.period_id,
        dataset=submission.dataset_id,
        pk__in=waiting.values("subject_id"),
    )
    return alike.exclude(pk=submission.pk).exists()


def _find_out(measures: Iterable[Indicator], periods: list[ReportingPeriod]) -> None:
    hidden_of(product(filter(of_persons, measures), periods))
