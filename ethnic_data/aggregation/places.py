"""Which units belong to each unit that is asked about, on the last day of the period."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from portal.units.models import AdministrativeUnit, Level

BELONGING = """
SELECT a.ancestor_id, a.unit_id, u.level
FROM units_unitancestor a JOIN units_administrativeunit u ON u.id = a.unit_id
WHERE a.ancestor_id = ANY (%(asked)s) AND a.valid @> %(day)s::date AND u.valid @> %(day)s::date
"""


@dataclass
class Place:
    """A unit that is asked about: `levels` of all units below it, `communes` expected of it."""

    unit: int
    levels: dict[int, str] = field(default_factory=dict)
    communes: frozenset[int] = frozenset()


def places(units: Sequence[AdministrativeUnit], day: datetime.date) -> dict[int, Place]:
    """Each unit with what belongs to it on `day`, in one query."""
    found = {unit.pk: Place(unit.pk) for unit in units}
    with connection.cursor() as cursor:
        cursor.execute(BELONGING, {"asked": list(found), "day": day})
        for ancestor, unit, level in cursor.fetchall():
            found[ancestor].levels[unit] = level
    for unit in units:
        place = found[unit.pk]
        if unit.level == Level.COMMUNE:
            place.communes = frozenset([unit.pk])
        else:
            place.communes = frozenset(
                below for below, level in place.levels.items() if level == Level.COMMUNE
            )
    return found
