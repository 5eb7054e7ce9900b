"""Data that compare themselves with another dataset are looked at again when that is approved."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from portal.collection.models import DatasetRule, Submission, SubmissionEvent
from portal.jobs import services as jobs
from portal.units.models import UnitAncestor

from .judging import findings_of, judge
from .trail import locked, moment, note

if TYPE_CHECKING:
    from django.db.models import QuerySet

RECHECK_JOB = "recheck_dependants"


def ask_recheck(approved: Submission) -> None:
    """Ask for the look at dependants, when there are rules that make any."""
    if DatasetRule.objects.comparing_with(approved.dataset).exists():
        jobs.ask(RECHECK_JOB, approved.pk)


def dependants_of(approved: Submission) -> QuerySet[Submission]:
    """Open and approved data whose rules look at `approved`.

    Those of its period or a part of it, of its unit, a unit below or a unit above.
    """
    day = approved.period.end
    rules = DatasetRule.objects.comparing_with(approved.dataset).in_force(day)
    below = UnitAncestor.objects.filter(ancestor=approved.unit, valid__contains=day)
    above = UnitAncestor.objects.filter(unit=approved.unit, valid__contains=day)
    return (
        Submission.objects.filter(
            Q(unit=approved.unit)
            | Q(unit__in=below.values("unit"))
            | Q(unit__in=above.values("ancestor")),
            dataset__in=rules.values("dataset"),
            period__start__gte=approved.period.start,
            period__end__lte=day,
        )
        .exclude(status=Submission.Status.SUPERSEDED)
        .order_by("pk")
    )


def recheck_dependants(*, approved: Submission, now: datetime.datetime | None = None) -> int:
    """Judge open dependants again; note in the history of locked ones what now disagrees.

    Each in a transaction of its own. Returns how many were looked at.
    """
    found = list(dependants_of(approved).values_list("pk", flat=True))
    for pk in found:
        _recheck(pk, approved, moment(now))
    return len(found)


@transaction.atomic
def _recheck(pk: int, approved: Submission, at: datetime.datetime) -> None:
    submission = locked(Submission(pk=pk))
    if not submission.is_locked:
        judge(submission)
        return
    rules = DatasetRule.objects.comparing_with(approved.dataset)
    across = set(rules.filter(dataset=submission.dataset).values_list("code", flat=True))
    found = [issue for issue in findings_of(submission) if issue["rule"] in across]
    if found and approved.approved_by is not None:
        text = f"{approved.dataset} vừa được duyệt. {found[0]['message']}"[:500]
        what = SubmissionEvent.What.RECHECKED
        if not submission.events.filter(what=what, note=text).exists():
            note(submission, what, by=approved.approved_by, at=at, text=text)
