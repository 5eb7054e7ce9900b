"""Where the profile of a unit is found."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from django.urls import reverse

from portal.units.crosswalk import Vintage
from portal.units.models import AdministrativeUnit, Level

KINDS = {Level.COMMUNE: "xa", Level.DISTRICT: "huyen", Level.PROVINCE: "tinh"}
LEVELS = {word: level for level, word in KINDS.items()}


def profile_address(
    unit: AdministrativeUnit, *, units_on: datetime.date | None = None, period: str = ""
) -> str:
    """Empty for a unit that has no profile, such as the nation."""
    kind = KINDS.get(Level(unit.level)) if unit.level in Level.values else None
    if kind is None or unit.is_reference:
        return ""
    told = {"ky": period, "dg": units_on.isoformat() if units_on else ""}
    query = urlencode({name: value for name, value in told.items() if value})
    path = reverse("reports:unit_profile", args=[kind, unit.code])
    return f"{path}?{query}" if query else path


def own_addresses(
    units: Iterable[AdministrativeUnit], vintages: Sequence[Vintage]
) -> dict[int, str]:
    """Where each unit is found in its own time, by its key; one query.

    A code is used again: what the code alone does not lead to is asked for with a day.
    """
    units = list(units)
    rows = AdministrativeUnit.objects.filter(code__in={one.code for one in units})
    latest: dict[tuple[str, str], list[int]] = {}
    for pk, code, level in rows.order_by("valid").values_list("pk", "code", "level"):
        latest.setdefault((code, level), []).append(pk)
    found = {}
    for unit in units:
        same = latest.get((unit.code, unit.level), [unit.pk])
        is_plain = len(same) == 1 or (unit.level == Level.COMMUNE and same[-1] == unit.pk)
        days = [one.day for one in vintages if one.day in unit.valid]
        found[unit.pk] = profile_address(unit, units_on=None if is_plain or not days else days[-1])
    return found
