"""How far the reporting of a year is: every step, its last day, who has done it and who is late.

A step of the year is about the last quarter that ended before its day: 10/9 looks at the second
quarter, 25/1 of the next year at the fourth. Done: an investor told of the own works; a commune
sent its data; a district approved them; the province approved them finally. The step after works
ended is owed of each works (see `completion`).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.db import connection
from django.db.models import Min, OuterRef, Q, Subquery
from django.utils import timezone

from portal.collection.models import (
    Frequency,
    ReportingPeriod,
    Reviewer,
    ReviewStep,
    Submission,
)
from portal.units.models import MOSTLY, AdministrativeUnit, Level, UnitShare
from programs.models import (
    Programme,
    RecordValue,
    ReportStep,
    State,
    WorksPlace,
)
from programs.models.works import WorksQuerySet

from .completion import end_reports

SENT = Submission.Status.SUBMITTED

#: the day on which the last of an investor's works was told of; none while one is not
BY_INVESTOR = """
WITH works (code, investor) AS MATERIALIZED ({works}), told (row, first) AS MATERIALIZED ({told})
SELECT works.investor, CASE WHEN count(told.first) = count(*) THEN max(told.first) END
FROM works LEFT JOIN told ON told.row = works.code
GROUP BY works.investor
"""


@dataclass(frozen=True)
class Owed:
    """One commune, district, investor or works that a step is owed of."""

    name: str
    done_on: datetime.date | None = None
    days_late: int = 0
    url: str = ""

    @property
    def is_done(self) -> bool:
        return self.done_on is not None


@dataclass(frozen=True)
class StepOfYear:
    """A step in one year; `owed` is empty where nobody is watched. `is_before` says that the data
    of the step came into the portal only from a later period on: nobody owes an earlier one."""

    step: ReportStep
    due: datetime.date | None
    period: ReportingPeriod | None
    owed: Sequence[Owed] = field(default_factory=tuple)
    is_before: bool = False

    @property
    def is_of_works(self) -> bool:
        """Whether each works that ended owes it, and not each place or investor."""
        return self.step.occasion == ReportStep.Occasion.COMPLETION

    @property
    def done(self) -> int:
        return sum(one.is_done for one in self.owed)

    @cached_property
    def late(self) -> list[Owed]:
        return [one for one in self.owed if one.days_late]

    @cached_property
    def missing(self) -> list[Owed]:
        return [one for one in self.owed if not one.is_done]


class _Told(NamedTuple):
    """When a commune sent what stands sent or approved, and when it was approved."""

    sent: datetime.datetime | None
    at_district: datetime.datetime | None
    finally_: datetime.datetime | None


@dataclass
class _Quarter:
    """Who reports in a quarter, and what they have sent; looked up once for all its steps."""

    period: ReportingPeriod
    works: WorksQuerySet
    communes: dict[int, str]  # names
    districts: dict[int, str]  # names, by commune
    told: dict[int, dict[int, _Told]] = field(default_factory=dict)  # by dataset and commune

    def sent_in(self, step: ReportStep) -> dict[int, _Told]:
        """What communes sent of the step's data; one query for all steps of the same data."""
        dataset = step.dataset_id or 0
        if dataset not in self.told:
            self.told[dataset] = _sent(dataset, self.period, self.communes)
        return self.told[dataset]


def steps_of(
    programme: Programme, year: int, works: WorksQuerySet, *, today: datetime.date
) -> list[StepOfYear]:
    """The steps in force in `year`, over `works`; about five queries a quarter that is watched."""
    of_year = ReportStep.objects.filter(
        form__programme=programme, valid__contains=datetime.date(year, 9, 1)
    )
    steps = list(of_year.select_related("dataset", "form").order_by("position"))
    every = list(ReportingPeriod.objects.filter(frequency=Frequency.QUARTERLY).order_by("-end"))
    quarters: dict[str, _Quarter] = {}
    begun = _begun(steps)
    found = []
    for step in steps:
        if step.occasion == ReportStep.Occasion.COMPLETION and step.days_after:
            found.append(StepOfYear(step, None, None, _of_works(step, works, year, today)))
            continue
        due = step.due_in(year)
        period = _watched(step, every, year, due, today)
        if step.dataset is None or period is None or period.start > today:
            found.append(StepOfYear(step, due, period))
            continue
        if step.occasion == ReportStep.Occasion.PERIOD and due is None:
            due = step.dataset.due_date(period)
        if period.end < begun.get(step.dataset.pk, period.end):
            found.append(StepOfYear(step, due, period, is_before=True))
            continue
        if period.code not in quarters:
            told = works.filter(component__programme=programme)
            quarters[period.code] = _quarter(period, _told_in(period, told))
        owed = _owed(step, quarters[period.code], due, today)
        found.append(StepOfYear(step, due, period, owed))
    return found


def _begun(steps: Iterable[ReportStep]) -> dict[int, datetime.date]:
    """By dataset, the first day of the earliest period of which anything was ever begun."""
    told = Submission.objects.filter(dataset__in={one.dataset_id for one in steps} - {None})
    return dict(told.order_by().values_list("dataset").annotate(first=Min("period__start")))


def _of_works(
    step: ReportStep, works: WorksQuerySet, year: int, today: datetime.date
) -> list[Owed]:
    return [
        Owed(str(one.works), one.came_on, one.days_late, one.works.get_absolute_url())
        for one in end_reports(step, works, year, today=today)
    ]


def _watched(
    step: ReportStep,
    quarters: Sequence[ReportingPeriod],
    year: int,
    due: datetime.date | None,
    today: datetime.date,
) -> ReportingPeriod | None:
    """The one of `quarters`, the latest first, that a step of the year is about."""
    if due is not None:
        return next((one for one in quarters if one.end < due), None)
    last = max(today, datetime.date(year, 3, 31))
    of_year = (one for one in quarters if one.start.year == year and one.end <= last)
    return next(of_year, None)


def _told_in(period: ReportingPeriod, works: WorksQuerySet) -> WorksQuerySet:
    """Works that are reported in the quarter: to have begun by its end, not settled before it."""
    begun = Q(planned_start=None) | Q(planned_start__lte=period.end)
    settled = Q(state=State.SETTLED, state_since__lt=period.start)
    return works.filter(begun & ~settled)


def _quarter(period: ReportingPeriod, works: WorksQuerySet) -> _Quarter:
    places = WorksPlace.objects.filter(works__in=works.order_by(), is_main=True)
    shares = (
        UnitShare.objects.on(period.end)
        .filter(unit__in=places.order_by().values("unit"), weight__gt=MOSTLY)
        .filter(target__level__in=[Level.COMMUNE, Level.DISTRICT])
        .order_by()
        .values_list("unit", "target", "target__level", "target__kind", "target__name")
    )
    communes, commune_of, district_of = {}, {}, {}
    for unit, target, level, kind, name in shares:
        named = AdministrativeUnit(kind=kind, name=name).full_name
        if level == Level.COMMUNE:
            communes[target] = named
            commune_of[unit] = target
        else:
            district_of[unit] = named
    districts = {
        commune: district_of[place] for place, commune in commune_of.items() if place in district_of
    }
    return _Quarter(period, works, communes, districts)


def _owed(
    step: ReportStep, quarter: _Quarter, due: datetime.date | None, today: datetime.date
) -> list[Owed]:
    done: dict[str, datetime.date | None]
    if step.level == ReportStep.Level.INVESTOR:
        done = _by_investor(step, quarter)
    elif step.level == ReportStep.Level.COMMUNE:
        sent = {unit: one.sent for unit, one in quarter.sent_in(step).items()}
        done = {name: _day(sent.get(pk)) for pk, name in quarter.communes.items()}
    elif step.level == ReportStep.Level.DISTRICT:
        done = _by_district(
            quarter,
            {
                unit: _day(one.at_district or one.finally_)
                for unit, one in quarter.sent_in(step).items()
            },
        )
    elif step.level == ReportStep.Level.PROVINCE:
        approved = {unit: one.finally_ for unit, one in quarter.sent_in(step).items()}
        done = {name: _day(approved.get(pk)) for pk, name in quarter.communes.items()}
    else:
        return []
    return [Owed(name, day, _days_late(day, due, today)) for name, day in sorted(done.items())]


def _days_late(done: datetime.date | None, due: datetime.date | None, today: datetime.date) -> int:
    return max(0, ((done or today) - due).days) if due else 0


def _sent(dataset: int, period: ReportingPeriod, communes: Collection[int]) -> dict[int, _Told]:
    """By commune: the first day of what stands sent or approved now, of the district's approval
    of any revision, and of the final one."""
    of_district = ReviewStep.objects.filter(
        submission=OuterRef("pk"),
        reviewer=Reviewer.DISTRICT,
        outcome=ReviewStep.Outcome.APPROVED,
    )
    first = of_district.order_by().values("submission").annotate(first=Min("at")).values("first")
    rows = (
        Submission.objects.filter(dataset=dataset, period=period)
        .order_by()
        .annotate(at_district=Subquery(first[:1]))
        .values_list("unit", "status", "submitted_at", "at_district", "approved_at")
    )
    found: dict[int, _Told] = {}
    for unit, status, submitted_at, at_district, approved_at in rows:
        if unit not in communes:
            continue
        before = found.get(unit, _Told(None, None, None))
        approved = status == Submission.Status.APPROVED
        found[unit] = _Told(
            _first(before.sent, submitted_at if approved or status == SENT else None),
            _first(before.at_district, at_district),
            approved_at if approved else before.finally_,
        )
    return found


def _first(*moments: datetime.datetime | None) -> datetime.datetime | None:
    return min((moment for moment in moments if moment), default=None)


def _by_district(
    quarter: _Quarter, approved: dict[int, datetime.date | None]
) -> dict[str, datetime.date | None]:
    """A district is done with the last of its communes."""
    days: dict[str, list[datetime.date | None]] = defaultdict(list)
    for commune, district in quarter.districts.items():
        days[district].append(approved.get(commune))
    return {
        name: None if None in told else max(day for day in told if day)
        for name, told in days.items()
    }


def _by_investor(step: ReportStep, quarter: _Quarter) -> dict[str, datetime.date | None]:
    """An investor is done when every one of the own works has a value in the quarter."""
    values = RecordValue.objects.filter(
        submission__dataset=step.dataset, submission__period=quarter.period
    ).exclude(submission__status=Submission.Status.SUPERSEDED)
    told = values.order_by().values_list("row").annotate(first=Min("submission__created_at"))
    works = quarter.works.order_by().values_list("code", "investor__name")
    parts = [queryset.query.sql_with_params() for queryset in (works, told)]
    with connection.cursor() as cursor:
        cursor.execute(
            BY_INVESTOR.format(works=parts[0][0], told=parts[1][0]), [*parts[0][1], *parts[1][1]]
        )
        return {name: _day(last) for name, last in cursor.fetchall()}


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return timezone.localtime(moment).date() if moment else None
