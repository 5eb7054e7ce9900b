"""The values at units, as they are kept: what is read where a sum says too little.

A ratio whose parts were not given by the same units, a share below 1, a set of communes that goes
by a name: they need the value of each unit, not the values of its groups and sexes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ethnic_data.aggregation.observed import Observed, Operand
from ethnic_data.aggregation.places import Place

from .loading import Rollups, Row


def kept_at_units(
    operands: Sequence[Operand], periods: Collection[int], units: Iterable[int]
) -> dict[int, list[Observed]]:
    """Every value of `operands` at `units`, by period; as `over_time.observed_over_time`.

    A period is left out whose values have to be read for one of the operands. Four queries.
    """
    if not periods:
        return {}
    places = [Place(unit) for unit in sorted(set(units))]
    rollups = Rollups.read(
        {operand.what for operand in operands},
        dict.fromkeys(periods, places),
        with_groups=any(operand.groups is not None for operand in operands),
        with_members=True,
    )
    found = {}
    for period in rollups.periods:
        told = _told(rollups, operands, period, places)
        if told is not None:
            found[period] = told
    return found


def _told(
    rollups: Rollups, operands: Sequence[Operand], period: int, places: Sequence[Place]
) -> list[Observed] | None:
    """In the order in which values are read; None where they have to be."""
    own = [(place.unit, rollups.spots[period, id(place)].own) for place in places]
    found = []
    for number, operand in enumerate(operands):
        for unit, area in own:
            for row in rollups.rows.get((operand.what, period, area), ()) if area else ():
                if row.to_read:
                    return None
                if operand.groups is None:
                    found.append(_together(rollups, row, number, unit))
                elif row.leaves_open(operand.groups):
                    return None
                elif row.covered:
                    found.append(_of_groups(rollups, row, number, unit, operand.groups))
    return sorted(found, key=lambda one: (one.operand, one.dataset, one.kind, one.unit))


def _together(rollups: Rollups, row: Row, number: int, unit: int) -> Observed:
    return Observed(
        number, row.dataset, row.kind, unit, None, _first(rollups, row.submissions), row.total,
        row.reason, row.partial, row.cells,
    )  # fmt: skip


def _of_groups(
    rollups: Rollups, row: Row, number: int, unit: int, groups: tuple[int, ...]
) -> Observed:
    submission = _first(rollups, row.covered_submissions)
    total, cells = row.total_of(groups), row.cells_of(groups)
    return Observed(number, row.dataset, row.kind, unit, None, submission, total, "", False, cells)


def _first(rollups: Rollups, told: int | None) -> int:
    """The only submission of a set; 0 where no value was given."""
    return next(iter(rollups.members.get(told or 0, ())), 0)
