"""Tables of one page read together: what can be asked in one question is."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from ethnic_data.aggregation.crosstab import Area, Ask, Crosstab, Standing, crosstab, standing
from ethnic_data.exploring.table import MOST_CELLS, Table
from portal.collection.models import ReportingPeriod

from .told import Told

#: Two questions become one where that has at most so many times their cells; and small ones always.
MOST_TIMES, SMALL = 3, 400


def read_together(tables: Sequence[Table], told: Told) -> None:
    """Give each table its figures; those that are too large to be shown are left alone.

    Every cell is a question of its own (see crosstab), so it does not matter which others are
    asked with it.
    """
    joined: list[tuple[Ask, list[Table]]] = []
    for table in sorted(tables, key=lambda one: -one.size):
        if table.size <= MOST_CELLS:
            _join(joined, table)
    agreeing = _agreeing([ask for ask, _ in joined])
    where = _where(agreeing)
    for ask, own in joined:
        shared = where[ask.units_on].of(ask.areas, ask.periods) if ask in agreeing else None
        found = crosstab(ask, shared)
        for table in own:
            table.crosstab = _part_of(found, table, told)


def _agreeing(asks: Sequence[Ask]) -> list[Ask]:
    """Those whose areas are what the areas of that name are in the ones before: the communes of a
    zone are others in another district."""
    known: dict[tuple[str, int], frozenset[int]] = {}
    found = []
    for ask in asks:
        meant = _meant(ask)
        if all(known.get(name, units) == units for name, units in meant.items()):
            known |= meant
            found.append(ask)
    return found


def _meant(ask: Ask) -> dict[tuple[str, int], frozenset[int]]:
    """Of a set by name and period its communes; the name of a unit is of no other."""
    return {(area.key, at): units for area in ask.areas for at, units in area.members.items()}


def _where(asks: Sequence[Ask]) -> dict[datetime.date | None, Standing]:
    """By the day of units the places of all areas in all periods, looked up once."""
    found = {}
    for day in {ask.units_on for ask in asks}:
        own = [ask for ask in asks if ask.units_on == day]
        areas: list[Area] = []
        periods: list[ReportingPeriod] = []
        for ask in own:
            areas, periods = _both(areas, ask.areas), _both(periods, ask.periods)
        found[day] = standing(areas, periods, day)
    return found


def _join(joined: list[tuple[Ask, list[Table]]], table: Table) -> None:
    ask = table.ask()
    for place, (other, own) in enumerate(joined):
        both = _union(other, ask)
        if both is not None and both.cells <= max(MOST_TIMES * (other.cells + ask.cells), SMALL):
            joined[place] = (both, [*own, table])
            return
    joined.append((ask, [table]))


def _union(one: Ask, other: Ask) -> Ask | None:
    """Both questions as one; None for different days of knowing or of units, and where a name
    means other units in the other."""
    if (one.on, one.units_on) != (other.on, other.units_on) or len(_agreeing([one, other])) < 2:
        return None
    return Ask(
        measures=_both(one.measures, other.measures),
        areas=_both(one.areas, other.areas),
        periods=_both(one.periods, other.periods),
        groups=_both(one.groups, other.groups),
        sexes=_both(one.sexes, other.sexes),
        categories=_both(one.categories, other.categories),
        kinds=_both(one.kinds, other.kinds),
        on=one.on,
        units_on=one.units_on,
    )


def _both(some: Iterable[Any], more: Iterable[Any]) -> list[Any]:
    """By name; the communes of a set may differ from period to period, and those of both stand."""
    found: dict[Any, Any] = {}
    for value in (*some, *more):
        name = getattr(value, "key", None) or getattr(value, "code", value)
        kept = found.get(name)
        if kept is not None and getattr(value, "members", None):
            value = replace(value, members=kept.members | value.members)
        found[name] = value
    return list(found.values())


def _part_of(found: Crosstab, table: Table, told: Told) -> Crosstab:
    """The cells of one table, and the submissions that tell of what it shows."""
    keys = {table.key(row, column) for row, column in product(table.rows, table.columns)}
    periods = {period.pk for period in table.ask().periods}
    tell = told.submissions(table.ask().measures)
    return Crosstab(
        {key: found[key] for key in keys if key in found.figures},
        [one for one in found.sources if one.submission in tell and one.period in periods],
    )
