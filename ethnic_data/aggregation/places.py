"""Which units belong to each unit that is asked about, on the last day of the period.

As reported these are the units below it on that day. In the units of another day they are all
units whose figures belong to it, wholly or by a share (`portal.units.crosswalk`).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from portal.units import crosswalk
from portal.units.models import AdministrativeUnit, Level

BELONGING = """
WITH day AS MATERIALIZED (
    SELECT day.day, ({reporting_day}) AS reported FROM unnest(%(days)s::date[]) AS day(day)
)
SELECT day.day, a.ancestor_id, a.unit_id, u.level
FROM day
JOIN units_unitancestor a ON a.ancestor_id = ANY (%(asked)s) AND a.valid @> day.reported
JOIN units_administrativeunit u ON u.id = a.unit_id AND u.valid @> day.reported
"""
# each unit that is asked about goes by the day of its own life that is nearest to the day wanted;
# a commune below it to which nothing leads stands there too, without a share
SHARED = """
WITH asked AS (
    SELECT id, level, valid, greatest(lower(valid), least(%(units_on)s, upper(valid) - 1)) AS day
    FROM units_administrativeunit WHERE id = ANY (%(asked)s)
), standing AS MATERIALIZED ({standing}),
shared AS (
    SELECT asked.id, asked.day, share.unit_id, share.weight
    FROM asked
    JOIN units_unitshare share ON share.target_id = asked.id AND share.valid @> asked.day
    WHERE share.unit_id IN (SELECT id FROM standing)
)
SELECT shared.id, shared.unit_id, u.level, shared.weight, true AS gives
FROM shared JOIN units_administrativeunit u ON u.id = shared.unit_id
UNION ALL
SELECT asked.id, below.unit_id, 'commune', NULL, false
FROM asked
JOIN units_unitancestor below ON below.ancestor_id = asked.id AND below.valid @> asked.day
JOIN units_administrativeunit u ON u.id = below.unit_id AND u.level = 'commune'
WHERE NOT EXISTS (
    SELECT FROM units_unitshare share
    WHERE share.target_id = below.unit_id AND share.valid @> asked.day
      AND share.unit_id IN (SELECT id FROM standing))
"""

Shares = Mapping[int, Decimal | None]


@dataclass
class Place:
    """A unit that is asked about.

    `levels` of all units whose figures belong to it, `communes` expected of it. `own` is the unit
    whose own figure is the place's: itself, or in the units of another day the one unit of its
    level that it was or became, whole. `shares` (None: as reported, whole) by unit; a share of
    None: no one can say.
    """

    unit: int
    levels: dict[int, str] = field(default_factory=dict)
    communes: frozenset[int] = frozenset()
    shares: Shares | None = None
    own: int = 0

    def __post_init__(self) -> None:
        self.own = self.own or self.unit


def places(
    units: Sequence[AdministrativeUnit],
    day: datetime.date,
    *,
    units_on: datetime.date | None = None,
) -> dict[int, Place]:
    """Each unit with what belongs to it; one query.

    day: the period's last; the units in force then have reported. units_on: in whose units the
    answer is given; None as reported.
    """
    if units_on is not None:
        return _shared(units, day, units_on)
    return places_by_day(units, [day])[day]


def places_by_day(
    units: Sequence[AdministrativeUnit], days: Collection[datetime.date]
) -> dict[datetime.date, dict[int, Place]]:
    """The places of several days, as reported; one query for all of them."""
    found = {day: {unit.pk: Place(unit.pk) for unit in units} for day in days}
    with connection.cursor() as cursor:
        asked = [unit.pk for unit in units]
        reported = crosswalk.REPORTING_DAY.replace("%(day)s", "day.day")
        cursor.execute(
            BELONGING.format(reporting_day=reported), {"asked": asked, "days": list(days)}
        )
        for day, ancestor, unit, level in cursor.fetchall():
            found[day][ancestor].levels[unit] = level
    communes = {unit.pk for unit in units if unit.level == Level.COMMUNE}
    for of_day in found.values():
        for pk, place in of_day.items():
            own = pk in communes
            place.communes = frozenset([pk]) if own else _communes(place.levels)
    return found


def _communes(levels: Mapping[int, str]) -> frozenset[int]:
    return frozenset(unit for unit, level in levels.items() if level == Level.COMMUNE)


def _shared(
    units: Sequence[AdministrativeUnit], day: datetime.date, units_on: datetime.date
) -> dict[int, Place]:
    given: dict[int, dict[int, tuple[str, Decimal | None]]] = defaultdict(dict)
    bare: dict[int, set[int]] = defaultdict(set)
    asked: dict[str, Any] = {"asked": [unit.pk for unit in units], "day": day, "units_on": units_on}
    with connection.cursor() as cursor:
        cursor.execute(SHARED.format(standing=crosswalk.STANDING), asked)
        for target, unit, level, weight, gives in cursor.fetchall():
            if gives:
                given[target][unit] = level, weight
            else:
                bare[target].add(unit)
    found = {}
    for unit in units:
        parts = given[unit.pk]
        levels = {part: level for part, (level, _) in parts.items()}
        communes = _communes(levels) | bare[unit.pk]
        if not communes and unit.level == Level.COMMUNE:
            communes = frozenset([unit.pk])
        found[unit.pk] = Place(
            unit.pk,
            own=_own(unit, parts),
            levels=levels,
            communes=communes,
            shares={part: weight for part, (_, weight) in parts.items()},
        )
    return found


def _own(unit: AdministrativeUnit, parts: Mapping[int, tuple[str, Decimal | None]]) -> int:
    """The only unit of the same level that gives to `unit`, when it gives all it has."""
    same = [part for part, (level, _) in parts.items() if level == unit.level]
    return same[0] if len(same) == 1 and parts[same[0]][1] == 1 else unit.pk
