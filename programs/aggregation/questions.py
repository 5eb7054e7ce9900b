"""What is asked of a programme's money: a year as of a day, narrowed by what lines are for."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from portal.units.models import AdministrativeUnit
from programs.models import (
    CapitalPlan,
    Component,
    FundingSource,
    Organisation,
    Programme,
)
from programs.models.capital import CapitalPlanQuerySet

#: what lines may be narrowed and divided by
DIMENSIONS = ("component", "source", "kind", "area", "investor")


@dataclass(frozen=True)
class Question:
    """Money of `year` as it stood at the end of `day`; filters combine.

    `place` leaves the lines of works that lie there, whoever manages them (`area`), and in the
    units that went wholly into it. `without` names dimensions in which the lines have nothing: no
    district, no investor; of a component, the lines that are its own and not of what belongs to
    it. `known_at` leaves out what was written later than that moment.
    """

    programme: Programme
    year: int
    day: datetime.date
    component: Component | None = None
    source: FundingSource | None = None
    kind: str = ""
    area: AdministrativeUnit | None = None
    investor: Organisation | None = None
    place: AdministrativeUnit | None = None
    without: Collection[str] = field(default_factory=frozenset)
    known_at: datetime.datetime | None = None

    def narrowed(self, lines: CapitalPlanQuerySet) -> CapitalPlanQuerySet:
        """Those of `lines` that the filters name, of every year."""
        lines = lines.filter(programme=self.programme, year__isnull=False)
        if self.component and "component" in self.without:
            lines = lines.filter(component=self.component)
        elif self.component:
            lines = lines.of_component(self.component)
        if self.place:
            lines = lines.within(self.place)
        wanted: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("source", "kind", "area", "investor")
            if getattr(self, name)
        }
        wanted |= {name: None for name in ("area", "investor") if name in self.without}
        return lines.filter(**wanted)

    def lines(self, visible: CapitalPlanQuerySet) -> CapitalPlanQuerySet:
        """Those of `visible` that are asked for."""
        return self.narrowed(visible).filter(year=self.year)

    def with_(self, dimension: str, value: Any) -> Question:
        """The same, narrowed to one row of a division; None is the row of those without one."""
        without = frozenset(self.without) - {dimension}
        if value is None:
            return replace(self, without=without | {dimension})
        return replace(self, without=without, **{dimension: value})

    def freed(self, dimension: str) -> Question:
        """The same, not narrowed by that dimension."""
        nothing: Any = "" if dimension == "kind" else None
        without = frozenset(self.without) - {dimension}
        return replace(self, without=without, **{dimension: nothing})

    @property
    def elapsed(self) -> float:
        """The part of the year that has gone by at the end of the day, from 0 to 1."""
        first = datetime.date(self.year, 1, 1)
        days = (datetime.date(self.year + 1, 1, 1) - first).days
        return min(1.0, max(0.0, ((self.day - first).days + 1) / days))


def all_lines() -> CapitalPlanQuerySet:
    """For figures of the whole province, which no person asks for."""
    return CapitalPlan.objects.all()


def day_of(year: int, today: datetime.date) -> datetime.date:
    """The day that a year is looked at by itself: today while money of it may be paid, else the
    last day on which it could be (31 January of the next year)."""
    return min(today, datetime.date(year + 1, 1, 31))


def a_year_before(day: datetime.date) -> datetime.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
