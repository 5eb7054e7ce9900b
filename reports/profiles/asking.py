"""What a profile is asked for: a unit by its code, a year, the day in whose units it is given.

Without a day the figures are as they were reported, where the unit stood then; a unit that did not
is shown in the units of its own time, into which the figures are converted (ADR 0012).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from ethnic_data.exploring.publishing import EXACT
from portal import formats
from portal.collection.models import ReportingPeriod, Submission
from portal.units import crosswalk
from portal.units.crosswalk import Vintage
from portal.units.models import (
    AdministrativeUnit,
    AdministrativeUnitQuerySet,
    Level,
)

from .contents import MOST_PERIODS, OVER_THE_YEARS, SERVICES

if TYPE_CHECKING:
    from portal.accounts.models import User


class NoSuchUnit(Exception):
    """Nobody knows the code, or this person may not see the unit."""


class NotThatDay(Exception):
    """The unit was there at other times than on the day whose units are asked for."""

    def __init__(self, units: list[AdministrativeUnit], vintage: Vintage) -> None:
        super().__init__(units, vintage)
        self.units = units
        self.vintage = vintage


@dataclass(frozen=True)
class Years:
    """The years that a profile may be asked for, the latest first, and what was wrong."""

    chosen: ReportingPeriod
    every: Sequence[ReportingPeriod]
    was_asked: bool
    problems: list[str] = field(default_factory=list)

    def trend(self, unit: AdministrativeUnit | None) -> list[ReportingPeriod]:
        """The chosen year and those with data before it, oldest first.

        unit: as reported, only years at whose end it stood.
        """
        earlier = [
            one
            for one in self.every
            if one.end < self.chosen.end
            and getattr(one, "has_data", False)
            and (unit is None or one.end in unit.valid)
        ]
        return [*reversed(earlier[: MOST_PERIODS - 1]), self.chosen]


@dataclass(frozen=True)
class Asked:
    """One unit in one year. units_on: the day in whose units; None as reported."""

    unit: AdministrativeUnit
    years: Years
    units_on: datetime.date | None
    vintages: list[Vintage]
    problems: list[str]
    one_year: bool = False  # for those who see what is published: only the year asked for

    @property
    def period(self) -> ReportingPeriod:
        return self.years.chosen

    @property
    def periods(self) -> list[ReportingPeriod]:
        if self.one_year:
            return [self.period]
        return self.years.trend(None if self.units_on else self.unit)

    @property
    def day(self) -> datetime.date:
        """The day whose units stand beside this one."""
        return self.units_on or self.period.end

    @property
    def stood(self) -> bool:
        """Whether the unit can have figures of the year at all."""
        return self.units_on is not None or self.period.end in self.unit.valid

    @property
    def absent(self) -> list[ReportingPeriod]:
        """Earlier years with data in which the unit, as reported, was not there; oldest first."""
        if self.units_on is not None or self.one_year:
            return []
        return [
            one
            for one in reversed(self.years.every)
            if one.end < self.period.end
            and getattr(one, "has_data", False)
            and one.end not in self.unit.valid
        ]

    @property
    def units_words(self) -> str:
        if self.units_on is None:
            return f"địa giới {crosswalk.AS_REPORTED_WORDS}"
        return f"địa giới ngày {formats.day(self.units_on)}"

    @property
    def params(self) -> dict[str, str]:
        """What was asked for, as the address says it."""
        told = {"ky": self.period.code, "dg": self.units_on.isoformat() if self.units_on else ""}
        return {name: value for name, value in told.items() if value}


def years(asked: str) -> Years | None:
    """Yearly periods that have begun, and the one asked for: by itself the latest with data.

    None while there is no year at all. One query.
    """
    told = Submission.objects.approved().filter(
        period=OuterRef("pk"), dataset__columns__measure__in=(*OVER_THE_YEARS, *SERVICES)
    )
    every = list(
        ReportingPeriod.objects.filter(frequency="yearly")
        .annotate(has_data=Exists(told))
        .order_by("-end", "-start")
    )
    if not every:
        return None
    found = next((one for one in every if one.code == asked), None)
    latest = next((one for one in every if getattr(one, "has_data", False)), every[-1])
    problems = []
    if asked and found is None:
        problems.append(f"Không có năm “{asked[:20]}”; đã dùng {latest.label.lower()}.")
    return Years(found or latest, every, found is not None, problems)


def ask(params: Mapping[str, str], *, level: str, code: str, user: User, years: Years) -> Asked:
    """Raises NoSuchUnit, and NotThatDay for a unit of another time than that of `dg`."""
    rows = list(seen_by(user).filter(code=code[:10], level=level).order_by("valid"))
    if not rows:
        raise NoSuchUnit
    vintages = crosswalk.vintages()
    problems = list(years.problems)
    wanted = _vintage(params.get("dg", ""), vintages, user, problems)
    if wanted is not None:
        unit = next((row for row in rows if wanted.day in row.valid), None)
        if unit is None:
            raise NotThatDay(rows, wanted)
        return Asked(unit, years, wanted.day, vintages, problems)
    unit = _unit(rows, years)
    if not user.has_perm(EXACT):
        return Asked(unit, years, None, vintages, problems, one_year=True)
    if years.chosen.end in unit.valid:
        return Asked(unit, years, None, vintages, problems)
    own = next((one for one in reversed(vintages) if one.day in unit.valid), None)
    return Asked(unit, years, own.day if own else None, vintages, problems)


def seen_by(user: User) -> AdministrativeUnitQuerySet:
    """Units that this person may have a profile of."""
    return AdministrativeUnit.objects.visible_to(user).filter(is_reference=False)


def _unit(rows: list[AdministrativeUnit], years: Years) -> AdministrativeUnit:
    """The row that stood at the end of a year that was asked for, else the latest.

    A province or district is taken as it reported: only parts of what it became may have.
    """
    standing = [row for row in rows if years.chosen.end in row.valid]
    as_reported = years.was_asked or rows[-1].level != Level.COMMUNE
    return standing[0] if standing and as_reported else rows[-1]


def _vintage(text: str, vintages: list[Vintage], user: User, problems: list[str]) -> Vintage | None:
    """What `dg` means; those who see published figures only get them as reported."""
    if not text:
        return None
    found = next((one for one in vintages if one.value == text), None)
    if found is None:
        problems.append(f"Không có địa giới “{text[:20]}”; đã dùng địa giới của chính đơn vị.")
    elif not user.has_perm(EXACT):
        problems.append("Chỉ xem được số liệu theo địa giới lúc báo cáo.")
        return None
    return found
