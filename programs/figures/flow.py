"""How far the reporting of a year is: every step, its last day, who has done it and who is late.

A step of the year is about the last quarter that ended before its day: 10/9 looks at the second
quarter, 25/1 of the next year at the fourth. Done: an investor told of the own works; a commune
sent its data; a district approved them; the province approved them finally.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Min

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


@dataclass(frozen=True)
class Owed:
    """One commune, district or investor that owes a step."""

    name: str
    done_on: datetime.date | None = None
    days_late: int = 0

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
    def done(self) -> int:
        return sum(one.is_done for one in self.owed)

    @property
    def late(self) -> list[Owed]:
        return [one for one in self.owed if one.days_late]

    @property
    def missing(self) -> list[Owed]:
        return [one for one in self.owed if not one.is_done]


class _Place(NamedTuple):
    """Where works lie, and from when to when they are told of."""

    unit: int
    code: str
    investor: str
    planned_start: datetime.date | None
    state: str
    since: datetime.date | None

    def is_told_in(self, period: ReportingPeriod) -> bool:
        begun = self.planned_start is None or self.planned_start <= period.end
        settled = self.state == State.SETTLED and self.since and self.since < period.start
        return begun and not settled


@dataclass
class _Quarter:
    """Who reports in a quarter, and what they have sent; looked up once for all its steps."""

    period: ReportingPeriod
    works: list[_Place]
    communes: dict[int, AdministrativeUnit]
    commune_of: dict[int, int]  # place -> commune of the quarter
    districts: dict[int, AdministrativeUnit]  # by commune


def steps_of(
    programme: Programme, year: int, works: WorksQuerySet, *, today: datetime.date
) -> list[StepOfYear]:
    """The steps in force in `year`, over `works`; about seven queries a quarter that is watched."""
    steps = ReportStep.objects.filter(
        form__programme=programme, valid__contains=datetime.date(year, 9, 1)
    ).select_related("dataset", "form")
    quarters: dict[str, _Quarter] = {}
    places: list[_Place] = []
    found = []
    for step in steps.order_by("position"):
        due = step.due_in(year)
        period = _watched(step, year, due, today)
        if step.dataset is None or period is None or period.start > today:
            found.append(StepOfYear(step, due, period))
            continue
        if step.occasion == ReportStep.Occasion.PERIOD and due is None:
            due = step.dataset.due_date(period)
        places = places or _places(programme, works)
        if period.code not in quarters:
            quarters[period.code] = _quarter(period, places)
        owed = _owed(step, quarters[period.code], due, today)
        found.append(StepOfYear(step, due, period, owed))
    return found


def _watched(
    step: ReportStep, year: int, due: datetime.date | None, today: datetime.date
) -> ReportingPeriod | None:
    """The quarter that a step of the year is about."""
    quarters = ReportingPeriod.objects.filter(frequency=Frequency.QUARTERLY)
    if step.occasion == ReportStep.Occasion.COMPLETION:
        return None
    if due is not None:
        return quarters.filter(end__lt=due).order_by("-end").first()
    of_year = quarters.filter(start__year=year, end__lte=max(today, datetime.date(year, 3, 31)))
    return of_year.order_by("-end").first()


def _places(programme: Programme, works: WorksQuerySet) -> list[_Place]:
    told = works.filter(component__programme=programme)
    places = WorksPlace.objects.filter(works__in=told, is_main=True).values_list(
        "unit", "works__code", "works__investor__name", "works__planned_start", "works__state",
        "works__state_since",
    )  # fmt: skip
    return [_Place(*one) for one in places]


def _quarter(period: ReportingPeriod, every: Sequence[_Place]) -> _Quarter:
    places = [one for one in every if one.is_told_in(period)]
    shares = (
        UnitShare.objects.on(period.end)
        .filter(unit__in={one.unit for one in places}, weight__gt=MOSTLY)
        .filter(target__level__in=[Level.COMMUNE, Level.DISTRICT])
        .select_related("target")
    )
    communes, commune_of, district_of = {}, {}, {}
    for share in shares:
        if share.target.level == Level.COMMUNE:
            communes[share.target_id] = share.target
            commune_of[share.unit_id] = share.target_id
        else:
            district_of[share.unit_id] = share.target
    districts = {
        commune: district_of[place] for place, commune in commune_of.items() if place in district_of
    }
    return _Quarter(period, places, communes, commune_of, districts)


def _owed(
    step: ReportStep, quarter: _Quarter, due: datetime.date | None, today: datetime.date
) -> list[Owed]:
    if step.level == ReportStep.Level.INVESTOR:
        done = _by_investor(step, quarter)
    elif step.level == ReportStep.Level.COMMUNE:
        sent = _sent(step, quarter)
        done = {unit.full_name: sent.get(pk) for pk, unit in quarter.communes.items()}
    elif step.level == ReportStep.Level.DISTRICT:
        done = _by_district(quarter, _approved_at(step, quarter, Reviewer.DISTRICT))
    elif step.level == ReportStep.Level.PROVINCE:
        finally_approved = _approved_at(step, quarter, None)
        done = {unit.full_name: finally_approved.get(pk) for pk, unit in quarter.communes.items()}
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
    return {unit: moment.date() for unit, moment in told if moment}


def _approved_at(
    step: ReportStep, quarter: _Quarter, reviewer: str | None
) -> dict[int, datetime.date]:
    """When each commune's data were approved: at a level, or (None) finally."""
    found = _submissions(step, quarter)
    done = {
        unit: moment.date()
        for unit, moment in found.approved().values_list("unit", "approved_at")
        if moment
    }
    if reviewer is None:
        return done
    steps = ReviewStep.objects.filter(
        submission__in=found, reviewer=reviewer, outcome=ReviewStep.Outcome.APPROVED
    )
    at_level = dict(steps.order_by().values_list("submission__unit").annotate(first=Min("at")))
    return done | {unit: moment.date() for unit, moment in at_level.items()}


def _by_district(
    quarter: _Quarter, approved: dict[int, datetime.date]
) -> dict[str, datetime.date | None]:
    """A district is done with the last of its communes."""
    days: dict[str, list[datetime.date | None]] = defaultdict(list)
    for commune, district in quarter.districts.items():
        days[district.full_name].append(approved.get(commune))
    return {
        name: None if None in told else max(day for day in told if day)
        for name, told in days.items()
    }


def _by_investor(step: ReportStep, quarter: _Quarter) -> dict[str, datetime.date | None]:
    """An investor is done when every one of the own works has a value in the quarter."""
    values = RecordValue.objects.filter(
        submission__dataset=step.dataset, submission__period=quarter.period
    ).exclude(submission__status=Submission.Status.SUPERSEDED)
    told = dict(values.order_by().values_list("row").annotate(first=Min("submission__created_at")))
    days: dict[str, list[datetime.date | None]] = defaultdict(list)
    for one in quarter.works:
        days[one.investor].append(told[one.code].date() if one.code in told else None)
    return {
        name: None if None in of else max(day for day in of if day) for name, of in days.items()
    }
