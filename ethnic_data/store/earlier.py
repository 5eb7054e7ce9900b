"""Approved values of other periods, as values of the units of one day.

A code is used again after a reorganisation, so a value belongs to a unit only when it was told of
that very unit, or of units that went into it whole: then their sum is what the unit would have
told. Of a unit that got a part of another nothing is said, for the part is an estimate.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F

from ethnic_data.models import Aggregation, Observation
from portal.collection.stores import StoredValue, ValueKey
from portal.units.models import AdministrativeUnit, UnitShare

if TYPE_CHECKING:
    from portal.collection.models import Dataset, ReportingPeriod

ADDED_UP = (Aggregation.SUM, Aggregation.COUNT_TRUE)


class Part(NamedTuple):
    """A unit whose values belong to the unit of `code`; `of` so many."""

    code: str
    of: int


Parts = dict[int, Part]  # by the unit's key


def approved_values(
    dataset: Dataset,
    units: Collection[str],
    periods: Collection[ReportingPeriod],
    *,
    day: datetime.date,
    measures: Collection[str] | None = None,
) -> Mapping[int, Mapping[ValueKey, StoredValue]]:
    """By period (its pk); `units` are codes of `day`. Two queries, three when some are newer."""
    parts = _parts(units, periods, day)
    found: dict[int, dict[ValueKey, StoredValue]] = defaultdict(dict)
    shares: dict[tuple[int, ValueKey], list[Decimal]] = defaultdict(list)
    for period, unit, indicator, aggregation, group, sex, category, value, missing in _rows(
        dataset, parts, measures
    ):
        part = parts[period].get(unit)
        if part is None:
            continue
        key = ValueKey(part.code, indicator, group, sex or None, category)
        if part.of == 1:
            found[period][key] = StoredValue(plain(value), missing)
        elif value is not None and aggregation in ADDED_UP:
            shares[period, key].append(value)
            if len(shares[period, key]) == part.of:
                total = sum(shares[period, key], Decimal(0))
                found[period][key] = StoredValue(plain(total), "")
    return found


def _rows(
    dataset: Dataset, parts: Mapping[int, Parts], measures: Collection[str] | None
) -> Iterable[tuple]:
    observations = Observation.objects.approved().filter(
        submission__dataset=dataset,
        submission__period__in=list(parts),
        unit__in={unit for told in parts.values() for unit in told},
    )
    if measures is not None:
        observations = observations.filter(indicator__code__in=list(measures))
    return observations.values_list(
        "submission__period_id",
        "unit_id",
        "indicator__code",
        "indicator__aggregation",
        "group__code",
        "sex",
        "category",
        "value",
        "missing",
    )


def _parts(
    units: Collection[str], periods: Collection[ReportingPeriod], day: datetime.date
) -> dict[int, Parts]:
    """For each period (its pk) the units that stood then and are the units of `day` now."""
    now = list(AdministrativeUnit.objects.on(day).filter(code__in=list(units)))
    first = min((period.end for period in periods), default=day)
    young = [unit.pk for unit in now if unit.valid.lower and unit.valid.lower > first]
    shares: list[tuple] = []
    if young:
        shares = list(
            UnitShare.objects.on(day)
            .filter(target__in=young, unit__level=F("target__level"))
            .exclude(unit=F("target"))
            .values_list("unit_id", "unit__valid", "target__code", "weight")
        )
    # what was before the first day of which units are known is told in the units of that day
    lives = [*(unit.valid for unit in now), *(valid for _, valid, _, _ in shares)]
    known_from = min((life.lower for life in lives if life.lower), default=day)
    found: dict[int, Parts] = {}
    for period in periods:
        then = max(period.end, known_from)
        whole: dict[str, list[int]] = defaultdict(list)
        for unit in now:
            if then in unit.valid:
                whole[unit.code].append(unit.pk)
        in_part = set()
        for pk, valid, code, weight in shares:
            if then in valid:
                whole[code].append(pk)
                if weight != 1:
                    in_part.add(code)
        found[period.pk] = {
            pk: Part(code, len(pks))
            for code, pks in whole.items()
            if code not in in_part
            for pk in pks
        }
    return found


def plain(value: Decimal | None) -> Decimal | None:
    """Without the zeros that the column's scale adds: 12.0000000000 is 12."""
    if value is None:
        return None
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
