"""Which units tell of each area in each period, and with which share."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from ethnic_data.aggregation.places import Place, places
from portal.collection.models import ReportingPeriod
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit, Level

from .asking import Area

# the reporting day once for each day, not once for each unit
BELONGING = f"""
WITH reported AS MATERIALIZED (
    SELECT day.n, ({crosswalk.REPORTING_DAY.replace("%(day)s", "day.day")}) AS day
    FROM unnest(%(days)s::date[]) WITH ORDINALITY day (day, n)
)
SELECT reported.n, a.ancestor_id, a.unit_id, u.level
FROM reported
JOIN units_unitancestor a ON a.ancestor_id = ANY (%(asked)s) AND a.valid @> reported.day
JOIN units_administrativeunit u ON u.id = a.unit_id AND u.valid @> reported.day
"""  # noqa: S608
NO_UNIT = -1  # of a set: none reports for it
Places = dict[tuple[str, int], Place]  # (area, period) → place


@dataclass
class Standing:
    """The places by area and period; `above`: the units that the areas belong to."""

    places: Places = field(default_factory=dict)
    above: set[int] = field(default_factory=set)

    def of(self, areas: Sequence[Area], periods: Sequence[ReportingPeriod]) -> Standing:
        """The places of some of the areas and periods; what is above may be above others too."""
        keys = [(area.key, period.pk) for area in areas for period in periods]
        return Standing({key: self.places[key] for key in keys}, self.above)

    @property
    def units(self) -> set[int]:
        found: set[int] = set()
        for place in self.places.values():
            found.add(place.own)
            found.update(place.levels)
        return found - {NO_UNIT}


def standing(
    areas: Sequence[Area],
    periods: Sequence[ReportingPeriod],
    units_on: datetime.date | None = None,
) -> Standing:
    """The same places as `aggregation.places`, for all periods; three queries.

    In the units of a day: two queries and one more for each period. Sets of communes stay those
    that reported.
    """
    units = [area.unit for area in areas if area.unit is not None]
    days = list(dict.fromkeys(period.end for period in periods))
    levels = _levels(units)
    below = _below([unit for unit in units if levels[unit] != Level.COMMUNE], days)
    found = Standing()
    shared = {} if units_on is None else _shared(units, periods, units_on)
    for period in periods:
        for area in areas:
            if area.unit is None:
                communes = area.members.get(period.pk, frozenset())
                place = Place(NO_UNIT, dict.fromkeys(communes, Level.COMMUNE.value), communes)
            elif shared:
                place = shared[period.pk][area.unit]
            else:
                place = _place(area.unit, levels[area.unit], below[area.unit, period.end])
            found.places[area.key, period.pk] = place
    found.above = _above(found.units)
    return found


def _shared(
    units: list[int], periods: Sequence[ReportingPeriod], units_on: datetime.date
) -> dict[int, dict[int, Place]]:
    asked = list(AdministrativeUnit.objects.filter(pk__in=units))
    return {period.pk: places(asked, period.end, units_on=units_on) for period in periods}


def _place(unit: int, level: str, below: dict[int, str]) -> Place:
    if level == Level.COMMUNE:
        return Place(unit, {}, frozenset([unit]))
    communes = (one for one, at in below.items() if at == Level.COMMUNE)
    return Place(unit, below, frozenset(communes))


def _levels(units: list[int]) -> dict[int, str]:
    return dict(AdministrativeUnit.objects.filter(pk__in=units).values_list("pk", "level"))


def _below(
    units: list[int], days: list[datetime.date]
) -> dict[tuple[int, datetime.date], dict[int, str]]:
    found: dict[tuple[int, datetime.date], dict[int, str]] = defaultdict(dict)
    if units:
        with connection.cursor() as cursor:
            cursor.execute(BELONGING, {"days": days, "asked": units})
            for n, ancestor, unit, level in cursor.fetchall():
                found[ancestor, days[n - 1]][unit] = level
    return found


def _above(units: set[int]) -> set[int]:
    return set(
        AdministrativeUnit.objects.filter(descendants__unit__in=units).values_list("pk", flat=True)
    )
