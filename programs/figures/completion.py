"""Reports on the end of works: which came, which are owed, and for how many days.

Thông tư 01/2022/TT-UBDT wants the investor's report on a project or activity, signed by the
commune, within 15 days of its end. It has come
- with the document that the event "finished" of the works cites, on the day of that document;
- else with the first data on progress that a commune sent and that tell the day of the end:
  sending is how a commune authenticates.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Max, Min, OuterRef, Subquery
from django.utils import timezone

from portal.collection.models import Submission
from programs.models import DONE, RecordValue, ReportStep, State, Works, WorksEvent
from programs.models.works import WorksQuerySet

END_TOLD = "HT-NGAY"  # what the progress workbook measures of the day on which works ended
SENT = (
    Submission.Status.SUBMITTED,
    Submission.Status.APPROVED,
    Submission.Status.SUPERSEDED,
)


@dataclass(frozen=True)
class EndReport:
    """The report on the end of one works; `days_late` grows until it comes."""

    works: Works
    ended_on: datetime.date
    came_on: datetime.date | None
    days_late: int


def end_reports(
    step: ReportStep, works: WorksQuerySet, year: int, *, today: datetime.date
) -> list[EndReport]:
    """Of those of `works` that ended in `year` while the step was in force, the latest owed first.

    Two queries.
    """
    ended = _ended(step, works, year)
    told = _told(step, ended)
    found = [_report(step, one, told.get(one.code), today) for one in ended]
    return sorted(found, key=lambda one: (bool(one.came_on), -one.days_late, one.works.code))


def _ended(step: ReportStep, works: WorksQuerySet, year: int) -> WorksQuerySet:
    """With `documented_on`: the day of the latest document on their end."""
    documents = (
        WorksEvent.objects.filter(
            works=OuterRef("pk"), state=State.FINISHED, day=OuterRef("actual_finish")
        )
        .exclude(document=None)
        .order_by()
        .values("works")
        .annotate(last=Max("document__date"))
    )
    return (
        works.filter(
            component__programme=step.form.programme_id,
            state__in=DONE,
            actual_finish__year=year,
            actual_finish__gte=step.valid.lower or datetime.date.min,
            actual_finish__lt=step.valid.upper or datetime.date.max,
        )
        .only("code", "name", "actual_finish")
        .annotate(documented_on=Subquery(documents.values("last")[:1]))
    )


def _told(step: ReportStep, works: WorksQuerySet) -> dict[str, datetime.date]:
    """When data that tell the end of `works` were first sent, by code."""
    values = RecordValue.objects.filter(
        submission__dataset=step.dataset,
        submission__status__in=SENT,
        measure=END_TOLD,
        value__isnull=False,
        row__in=works.order_by().values("code"),
    )
    sent = values.order_by().values_list("row").annotate(first=Min("submission__submitted_at"))
    return {code: timezone.localtime(moment).date() for code, moment in sent if moment}


def _report(
    step: ReportStep, works: Works, told_on: datetime.date | None, today: datetime.date
) -> EndReport:
    ended_on = works.actual_finish
    assert ended_on is not None  # noqa: S101 - `_ended` asks for it
    documented_on = works.documented_on  # type: ignore[attr-defined]
    came = [max(day, ended_on) for day in (documented_on, told_on) if day]
    came_on = min(came, default=None)
    due = ended_on + datetime.timedelta(days=step.days_after or 0)
    return EndReport(works, ended_on, came_on, max(0, ((came_on or today) - due).days))
