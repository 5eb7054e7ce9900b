"""What a dashboard is about: period, unit and communes, read from the address.

Every answer is in force on the period's last day: its units, its lists, its zones.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from portal.collection.models import ReportingPeriod, Submission
from portal.collection.services.duties import periods_for
from portal.units.models import AdministrativeUnit, Level, UnitMembership

if TYPE_CHECKING:
    from portal.accounts.models import User

LIST_861 = "QD861"
MAIN_DATASET = "BIEU-05"
ZONES = tuple(UnitMembership.Zone)


class NoSuchUnit(Exception):
    """The address names a unit that is not there on that day, or not for this person."""


@dataclass(frozen=True)
class Selection:
    """What is asked for, and what else could be."""

    period: ReportingPeriod
    periods: list[ReportingPeriod]
    unit: AdministrativeUnit | None
    units: list[AdministrativeUnit]
    listed_only: bool = False
    zone: str = ""
    sort: str = "-rate"
    unknown_period: str = ""

    @property
    def day(self) -> datetime.date:
        return self.period.end

    @property
    def before(self) -> ReportingPeriod | None:
        """The period a year earlier, if it is known."""
        earlier = [p for p in self.periods if p.end.year == self.period.end.year - 1]
        return earlier[0] if earlier else None

    @property
    def params(self) -> dict[str, str]:
        """What is asked for, as the address says it; nothing else of the address is kept."""
        asked = {
            "ky": self.period.code,
            "don-vi": self.unit.code if self.unit else "",
            "xa": LIST_861 if self.listed_only else "",
            "khu-vuc": self.zone,
            "sort": self.sort,
        }
        return {name: value for name, value in asked.items() if value}

    @property
    def is_province(self) -> bool:
        return self.unit is not None and self.unit.level == Level.PROVINCE


def select(
    params: Mapping[str, str], *, user: User, sorts: frozenset[str], today: datetime.date
) -> Selection | None:
    """Read the address; None when no year that data are collected for has begun.

    An unknown period is noted and the latest with data taken; nonsense in the other filters is
    taken as not asked.

    Raises:
        NoSuchUnit: `don-vi` is not a unit of that day that `user` may see.
    """
    periods = yearly_periods(user, today=today)
    if not periods:
        return None
    asked = params.get("ky", "")[:20]
    period = next((p for p in periods if p.code == asked), None)
    unknown = asked if asked and period is None else ""
    period = period or latest(periods, user=user, today=today)
    units = units_on(period.end, user=user)
    sort = params.get("sort", "")
    zone = params.get("khu-vuc", "")
    return Selection(
        period=period,
        periods=periods,
        unit=_chosen(units, params.get("don-vi", "")),
        units=units,
        listed_only=params.get("xa") == LIST_861,
        zone=zone if zone in ZONES else "",
        sort=sort if sort.removeprefix("-") in sorts else "-rate",
        unknown_period=unknown,
    )


def yearly_periods(user: User, *, today: datetime.date) -> list[ReportingPeriod]:
    """Years that have begun, the latest first; `has_data`: this person sees approved values."""
    approved = Submission.objects.approved().visible_to(user).filter(dataset__code=MAIN_DATASET)
    return list(
        ReportingPeriod.objects.filter(frequency="yearly", start__lte=today).annotate(
            has_data=Exists(approved.filter(period=OuterRef("pk")))
        )
    )


def latest(periods: list[ReportingPeriod], *, user: User, today: datetime.date) -> ReportingPeriod:
    """The latest year with data, else the latest in which the person's area was there."""
    if with_data := [period for period in periods if getattr(period, "has_data", False)]:
        return with_data[0]
    lived = set(periods_for(user, today=today))
    return next((period for period in periods if period in lived), periods[0])


def units_on(day: datetime.date, *, user: User) -> list[AdministrativeUnit]:
    """The units a person may choose on `day`: the province first, then districts by name.

    An officer of a commune has that commune alone.
    """
    visible = AdministrativeUnit.objects.visible_to(user).on(day).filter(is_reference=False)
    larger = list(visible.filter(level__in=[Level.PROVINCE, Level.DISTRICT]))
    larger.sort(key=lambda unit: unit.level != Level.PROVINCE)
    return larger or list(visible.communes()[:1])


def _chosen(units: list[AdministrativeUnit], code: str) -> AdministrativeUnit | None:
    if not code:
        return units[0] if units else None
    for unit in units:
        if unit.code == code:
            return unit
    raise NoSuchUnit
