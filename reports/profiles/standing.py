"""How a unit stands among others: its rank by a number, among those of which a number is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ethnic_data.exploring.table import Cell
from ethnic_data.models import Indicator
from portal.units.models import AdministrativeUnit

from .tables import Cells


@dataclass(frozen=True)
class Rank:
    """`place` of `of`; equal numbers share a place. No place where the own number is not shown."""

    place: int | None
    of: int

    @property
    def is_known(self) -> bool:
        return self.place is not None and self.of > 1

    @property
    def words(self) -> str:
        return f"{self.place}/{self.of}" if self.is_known else "—"


@dataclass(frozen=True)
class Compared:
    """One indicator of the unit beside what it belongs to, and its ranks."""

    measure: Indicator
    own: Cell
    above: list[Cell]
    among_siblings: Rank
    among_neighbours: Rank


def rank(
    cells: Cells,
    measure: str,
    unit: AdministrativeUnit,
    others: Sequence[AdministrativeUnit],
    period: str,
    *,
    largest_first: bool,
) -> Rank:
    values = {
        one.code: value
        for one in (unit, *others)
        if (value := cells[measure, one.code, period].figure.value) is not None
    }
    own = values.get(unit.code)
    if own is None:
        return Rank(None, len(values))
    before = sum(value > own if largest_first else value < own for value in values.values())
    return Rank(before + 1, len(values))
