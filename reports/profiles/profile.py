"""A unit's profile: its numbers, its places, its programme, put together for page and paper."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ethnic_data.aggregation.people import ListedCounts, listed_counts
from ethnic_data.exploring.table import Cell
from reports.dashboards.key_figures import people_figures

from . import figures
from .addresses import own_addresses, profile_address
from .asking import Asked
from .numbers import Numbers, numbers
from .places import Event, Listing, Places, history, listings, places
from .programme import Done, done_in

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import ReportingPeriod
    from portal.units.models import AdministrativeUnit
    from reports.dashboards.key_figures import KeyFigure

    from .standing import Compared

Link = tuple["AdministrativeUnit", str]


@dataclass(frozen=True)
class Profile:
    """Everything a unit's page says."""

    asked: Asked
    places: Places
    numbers: Numbers
    people_figures: list[KeyFigure]
    done: Done | None
    listings: list[Listing]
    history: list[Event]

    @property
    def unit(self) -> AdministrativeUnit:
        return self.asked.unit

    @property
    def periods(self) -> list[ReportingPeriod]:
        return self.asked.periods

    @property
    def key_figures(self) -> list[KeyFigure]:
        """People and poverty, then money and works for those who may see them."""
        return [*self.numbers.first, *(figures.of_programme(self.done) if self.done else ())]

    @property
    def address(self) -> str:
        return profile_address(self.unit)

    @property
    def paper_url(self) -> str:
        query = urlencode(self.asked.params)
        return f"{self.address}/pdf{f'?{query}' if query else ''}"

    @property
    def above_links(self) -> list[Link]:
        return self._linked(self.places.above)

    @property
    def neighbour_links(self) -> list[Link]:
        return self._linked(self.places.neighbours)

    @property
    def below_links(self) -> list[tuple[AdministrativeUnit, str, list[Cell]]]:
        return [(one, self._address(one), cells) for one, cells in self.numbers.below]

    @property
    def compared_rows(self) -> list[tuple[Compared, list[tuple[AdministrativeUnit, Cell]]]]:
        """Each indicator with the cells of what the unit belongs to."""
        return [
            (one, list(zip(self.places.above, one.above, strict=True)))
            for one in self.numbers.compared
        ]

    @property
    def history_links(self) -> list[tuple[Event, list[tuple[AdministrativeUnit, str, str]]]]:
        """Each unit with the part that it brought or took; a former one in its own time."""
        return [
            (event, [(one, part, self._in_own_time[one.pk]) for one, part in event.units])
            for event in self.history
        ]

    @property
    def ended(self) -> Event | None:
        """What the unit ended with, unless it only changed its name or kind."""
        end = self.unit.valid.upper
        return next((one for one in self.history if end is not None and one.day == end), None)

    @property
    def ended_links(self) -> list[Link]:
        if self.ended is None:
            return []
        return [(one, self._in_own_time[one.pk]) for one, _ in self.ended.units]

    @cached_property
    def _in_own_time(self) -> dict[int, str]:
        units = [one for event in self.history for one, _ in event.units]
        return own_addresses(units, self.asked.vintages) if units else {}

    @property
    def is_ranked(self) -> bool:
        return len(self.places.siblings) > 1

    @property
    def is_compared(self) -> bool:
        """Whether there is anything beside it."""
        around = self.places
        is_beside = self.is_ranked or around.above or around.neighbours
        return bool(is_beside and self.numbers.compared)

    @property
    def parent_name(self) -> str:
        parent = self.places.above[0].full_name if self.places.above else "cấp trên"
        return f"{parent[:1].lower()}{parent[1:]}"

    def _linked(self, units: Sequence[AdministrativeUnit]) -> list[Link]:
        return [(one, self._address(one)) for one in units]

    def _address(self, unit: AdministrativeUnit) -> str:
        """Of another unit, in the same year and in the units of the same day."""
        return profile_address(unit, units_on=self.asked.units_on, period=self.asked.period.code)


def profile(asked: Asked, user: User, *, today: datetime.date) -> Profile:
    """How many queries: see tests/reports/test_profiles.py."""
    unit = asked.unit
    around = places(asked, user)
    return Profile(
        asked=asked,
        places=around,
        numbers=numbers(asked, user, around),
        people_figures=people_figures(_listed(unit, today), user=user, unit=unit),
        done=done_in(unit, user, today=today),
        listings=listings(asked),
        history=history(unit),
    )


def _listed(unit: AdministrativeUnit, today: datetime.date) -> ListedCounts:
    """As of today, or of the last day of a unit that ended."""
    end = unit.valid.upper
    return listed_counts(unit, min(today, end - datetime.timedelta(days=1)) if end else today)
