"""How far the reporting of a year is: every step, its last day, who has done it and who is late.

A step of the year is about the last quarter that ended before its day: 10/9 looks at the second
quarter, 25/1 of the next year at the fourth. Done: an investor told of the own works; a commune
sent its data; a district approved them; the province approved them finally. The step after works
ended is owed of each works (see `completion`).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Min, Q
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
    """A step in one year; `owed` is empty where nobody is watched."""

    step: ReportStep
    due: datetime.date | None
    period: ReportingPeriod | None
    owed: Sequence[Owed] = field(default_factory=tuple)

    @property
    def is_of_works(self) -> bool:
        """Whether each works that ended owes it, and not each place or investor."""
        return self.step.occasion == ReportStep.Occasion.COMPLETION

    @property
    def done(self) -> int:
        return sum(one.is_done for one in self.owed)

    @property
    def late(self) -> list[Owed]:
        return [one for one in self.owed if one.days_late]

    @property
    def missing(self) -> list[Owed]:
        return [one for one in self.owed if not one.is_done]


@dataclass
class _Quarter:
    """Who reports in a quarter, and what they have sent; looked up once for all its steps."""

    period: ReportingPeriod
    works: WorksQuerySet
    communes: dict[int, str]  # names
    districts: dict[int, str]  # names, by commune


def steps_of(
    programme: Programme, year: int, works: WorksQuerySet, *, today: datetime.date
) -> list[StepOfYear]:
    """The steps in force in `year`, over `works`; about seven queries a quarter that is watched."""
    steps = ReportStep.objects.filter(
        form__programme=programme, valid__contains=datetime.date(year, 9, 1)
    ).select_related("dataset", "form")
    every = list(ReportingPeriod.objects.filter(frequency=Frequency.QUARTERLY).order_by("-end"))
    quarters: dict[str, _Quarter] = {}
    found = []
    for step in steps.order_by("position"):
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
        if period.code not in quarters:
            told = works.filter(component__programme=programme)
            quarters[period.code] = _quarter(period, _told_in(period, told))
        owed = _owed(step, quarters[period.code], due, today)
        found.append(StepOfYear(step, due, period, owed))
    return found


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
    if step.level == ReportStep.Level.INVESTOR:
        done = _by_investor(step, quarter)
    elif step.level == ReportStep.Level.COMMUNE:
        sent = _sent(step, quarter)
        done = {name: sent.get(pk) for pk, name in quarter.communes.items()}
    elif step.level == ReportStep.Level.DISTRICT:
        done = _by_district(quarter, _approved_at(step, quarter, Reviewer.DISTRICT))
    elif step.level == ReportStep.Level.PROVINCE:
        finally_approved = _approved_at(step, quarter, None)
        done = {name: finally_approved.get(pk) for pk, name in quarter.communes.items()}
    else:
        return []
    return [Owed(name, day, _days_late(day, due, today)) for name, day in sorted(done.items())]


def _days_late(done: datetime.date | None, due: datetime.date | None, today: datetime.date) -> int:
    return max(0, ((done or today) - due).days) if due else 0


def _submissions(step: ReportStep, quarter: _Quarter):  # type: ignore[no-untyped-def]
    return Submission.objects.filter(
        dataset=step.dataset, period=quarter.period, unit__in=quarter.communes
    )


def _sent(step: ReportStep, quarter: _Quarter) -> dict[int, datetime.date]:
    """When each commune first sent what stands sent or approved now."""
    found = _submissions(step, quarter).filter(
        status__in=[Submission.Status.SUBMITTED, Submission.Status.APPROVED]
    )
    told = found.order_by().values_list("unit").annotate(first=Min("submitted_at"))
    return {unit: _day(moment) for unit, moment in told if moment}


def _approved_at(
    step: ReportStep, quarter: _Quarter, reviewer: str | None
) -> dict[int, datetime.date]:
    """When each commune's data were approved: at a level, or (None) finally."""
    found = _submissions(step, quarter)
    done = {
        unit: _day(moment)
        for unit, moment in found.approved().values_list("unit", "approved_at")
        if moment
    }
    if reviewer is None:
        return done
    steps = ReviewStep.objects.filter(
        submission__in=found, reviewer=reviewer, outcome=ReviewStep.Outcome.APPROVED
    )
    at_level = dict(steps.order_by().values_list("submission__unit").annotate(first=Min("at")))
    return done | {unit: _day(moment) for unit, moment in at_level.items()}


def _by_district(
    quarter: _Quarter, approved: dict[int, datetime.date]
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
        return {name: _day(last) if last else None for name, last in cursor.fetchall()}


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localtime(moment).date()
