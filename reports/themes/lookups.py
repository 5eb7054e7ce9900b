"""What the panels of one page look up, looked up once for all of them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import QueryDict

from ethnic_data.exploring.members import Members, groups_in
from ethnic_data.exploring.selection import Reading, Selection
from ethnic_data.models import EthnicGroup, Indicator
from portal.collection.models import ReportingPeriod
from portal.units import crosswalk
from portal.units.crosswalk import Vintage
from portal.units.models import AdministrativeUnit, UnitMembership
from reports.dashboards.version import kept

from .told import Told

if TYPE_CHECKING:
    from portal.accounts.models import User

Found = TypeVar("Found")


@dataclass
class Lookups:
    """Kept for one request of one person."""

    user: User
    kept: dict[object, Any] = field(default_factory=dict)
    measures: dict[str, Indicator] = field(default_factory=dict)
    told: Told | None = None

    def once(self, key: object, look: Callable[[], Found]) -> Found:
        if key not in self.kept:
            self.kept[key] = look()
        found: Found = self.kept[key]
        return found

    def foresee(self, codes: Iterable[str]) -> None:
        """Indicators that will be asked for; one query for all of them."""
        wanted = set(codes) - self.measures.keys()
        if wanted:
            found = Indicator.objects.with_parts().filter(code__in=wanted)
            self.measures |= {one.code: one for one in found}

    @property
    def periods(self) -> list[ReportingPeriod]:
        """Years, the oldest first."""
        return self.once(
            "years",
            lambda: list(ReportingPeriod.objects.filter(frequency="yearly").order_by("end")),
        )

    @property
    def groups(self) -> list[EthnicGroup]:
        """By their codes."""
        return self.once("groups", lambda: list(EthnicGroup.objects.order_by("code")))

    @property
    def vintages(self) -> list[Vintage]:
        return self.once("vintages", crosswalk.vintages)


class SharedReading(Reading):
    """An address read with the lookups of the page."""

    def __init__(self, asked: QueryDict, lookups: Lookups) -> None:
        super().__init__(asked, lookups.user)
        self.lookups = lookups

    # what the page asks for itself

    def units_day(self) -> datetime.date | None:
        return self._units_on()

    def unit(self, day: datetime.date) -> AdministrativeUnit:
        return self._scope(day)

    def groups(self) -> tuple[list[EthnicGroup], str]:
        return self._groups()

    # looked up once

    def known_measures(self, codes: list[str]) -> dict[str, Indicator]:
        self.lookups.foresee(codes)
        return {code: one for code in codes if (one := self.lookups.measures.get(code))}

    def known_periods(self, codes: list[str]) -> dict[str, ReportingPeriod]:
        years = {one.code: one for one in self.lookups.periods}
        if not set(codes) <= years.keys():
            return super().known_periods(codes)
        return {code: years[code] for code in codes}

    def seen_unit(self, day: datetime.date, **narrowed: object) -> AdministrativeUnit | None:
        key = ("unit", day, *narrowed.items())
        return self.lookups.once(key, lambda: super(SharedReading, self).seen_unit(day, **narrowed))

    def vintage_day(self, text: str) -> datetime.date | None:
        return next((one.day for one in self.lookups.vintages if one.value == text), None)


class SharedMembers(Members):
    """Rows and columns made with the lookups of the page."""

    def __init__(self, chosen: Selection, lookups: Lookups) -> None:
        super().__init__(chosen)
        self.lookups = lookups

    def in_force(self, day: datetime.date) -> list[AdministrativeUnit]:
        """Days between the same two changes of units have the same units."""
        changes = self.lookups.once(
            "changes", lambda: kept("themes-changes", [crosswalk.version()], crosswalk.changes)
        )
        stretch = max((one for one in changes if one <= day), default=None)
        key = ("within", self.chosen.scope.pk, stretch)
        return self.lookups.once(key, lambda: super(SharedMembers, self).in_force(day))

    def carrying_on(self, day: datetime.date) -> set[int]:
        key = ("carrying", day)
        return self.lookups.once(key, lambda: super(SharedMembers, self).carrying_on(day))

    def listed_ever(self) -> list[UnitMembership]:
        return self.lookups.once("listed", super().listed_ever)

    def every_group(self) -> list[EthnicGroup]:
        return self.lookups.groups

    def minorities(self) -> tuple[int, ...]:
        return tuple(one.pk for one in self.lookups.groups if one.counts_as_minority)

    def groups_told(self, parts: frozenset[int]) -> set[int]:
        periods = tuple(sorted(period.pk for period in self.chosen.periods))
        key = ("told", parts, periods, self.chosen.on)
        return self.lookups.once(key, lambda: self._groups_told(parts))

    def _groups_told(self, parts: frozenset[int]) -> set[int]:
        told, periods = self.lookups.told, self.chosen.periods
        years = all(period.frequency == "yearly" for period in periods)
        if told is None or not years or self.chosen.on is not None:
            return super().groups_told(parts)
        return groups_in(parts, told.telling(parts, {period.pk for period in periods}))
