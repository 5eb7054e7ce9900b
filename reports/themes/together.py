"""Tables of one page read together: what can be asked in one question is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from ethnic_data.aggregation.crosstab import Ask, Crosstab, crosstab
from ethnic_data.exploring.table import MOST_CELLS, Table

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
    for ask, own in joined:
        found = crosstab(ask)
        for table in own:
            table.crosstab = _part_of(found, table, told)


def _join(joined: list[tuple[Ask, list[Table]]], table: Table) -> None:
    ask = table.ask()
    for place, (other, own) in enumerate(joined):
        both = _union(other, ask)
        if both is not None and both.cells <= max(MOST_TIMES * (other.cells + ask.cells), SMALL):
            joined[place] = (both, [*own, table])
            return
    joined.append((ask, [table]))


def _union(one: Ask, other: Ask) -> Ask | None:
    """Both questions as one; None for different days of knowing or of units."""
    if (one.on, one.units_on) != (other.on, other.units_on):
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
