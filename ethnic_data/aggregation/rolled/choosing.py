"""The sums of a place as the choices that figures are computed from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ethnic_data.aggregation.choosing import LEVEL_ORDER, Used, rank
from ethnic_data.aggregation.observed import Operand
from ethnic_data.aggregation.places import Place

from .areas import LEVELS, OTHER_LEVEL
from .loading import Rollups, Row, What

OWN = 0
WORDS = {number: level for level, number in LEVELS.items()}
ORDER = {LEVELS[level.value]: place for place, level in enumerate(LEVEL_ORDER)}


class ReadTheValues(Exception):
    """The sums do not say this; the values have to be read."""


@dataclass(frozen=True)
class RolledChoice:
    """As `aggregation.choosing.Choice`, of one row of the sums.

    `set_key` stands for the units that gave a value: equal ones are the same units.
    """

    row: Row
    level_number: int
    groups: Collection[int] | None
    names: Mapping[int, tuple[int, ...]]

    @property
    def direct(self) -> bool:
        return self.level_number == OWN

    @property
    def kind(self) -> str:
        return self.row.kind

    @property
    def tells(self) -> bool:
        return True

    def level(self, place: Place) -> str:
        if self.direct:
            return place.levels.get(place.own, "")
        return WORDS.get(self.level_number, "")

    @property
    def count(self) -> int:
        return self.row.given if self.groups is None else self.row.covered

    @property
    def set_key(self) -> int | None:
        return self.row.units if self.groups is None else self.row.covered_units

    @property
    def reasons(self) -> set[str]:
        if self.groups is not None:
            return set()
        return {one for one in (self.row.reason, self.row.other_reason) if one}

    @property
    def is_estimate(self) -> bool:
        return False

    def total(self) -> Decimal | None:
        if not self.count:
            return None
        return self.row.total if self.groups is None else self.row.total_of(self.groups)

    def overlap(self, other: RolledChoice) -> int:
        """How many units gave to both."""
        if self.set_key == other.set_key or not self.count or not other.count:
            return min(self.count, other.count)
        raise ReadTheValues

    def used(self, other: RolledChoice | None = None) -> Used:
        """All of it; with `other` what both gave, which must be the same units."""
        if other is not None and not self.overlap(other):
            return Used()
        row = self.row
        told = row.submissions if self.groups is None else row.covered_submissions
        return Used(
            total=self.total(),
            count=self.count,
            units=self.names.get(self.set_key or 0, ()),
            cells=row.cells if self.groups is None else row.cells_of(self.groups),
            submissions=frozenset(self.names.get(told or 0, ())),
            is_partial=row.partial if self.groups is None else False,
            kind=self.kind,
        )

    def products(self, other: RolledChoice) -> Decimal:
        raise ReadTheValues  # sums of products are not kept


@dataclass(frozen=True)
class RolledIndex:
    """As `aggregation.choosing.Index`, over the sums of one period."""

    rollups: Rollups
    period: int
    operands: Sequence[Operand]
    kind: str = ""

    def choices(self, number: int, place: Place) -> list[RolledChoice]:
        """Best first; see `Index.choices`.

        Raises:
            ReadTheValues: the sums do not say it.
        """
        operand = self.operands[number]
        what = (operand.indicator.pk, operand.sex, operand.category)
        grouped = operand.groups is not None
        rows = told_rows(self.rollups, what, self.period, place, grouped=grouped, kind=self.kind)
        found = [
            RolledChoice(row, level, operand.groups, self.rollups.members) for row, level in rows
        ]
        if any(one.row.leaves_open(operand.groups) for one in found if operand.groups is not None):
            raise ReadTheValues
        found.sort(key=lambda one: (one.row.dataset, ORDER.get(one.level_number, OTHER_LEVEL)))
        return sorted(found, key=rank)


def told_rows(
    rollups: Rollups, what: What, period: int, place: Place, *, grouped: bool, kind: str = ""
) -> list[tuple[Row, int]]:
    """The rows that answer for a place, each with its level: its own, else what is added up.

    grouped: of units that told of groups.

    Raises:
        ReadTheValues
    """
    spot = rollups.spots.get((period, id(place)))
    if spot is None:
        raise ReadTheValues
    own = _told(rollups, (what, period, spot.own), grouped, kind)
    if own:
        return [(row, OWN) for row in own]
    if spot.is_open:
        raise ReadTheValues
    rows = _told(rollups, (what, period, spot.area), grouped, kind)
    return [(row, row.level if spot.level is None else spot.level) for row in rows]


def _told(
    rollups: Rollups, at: tuple[What, int, int | None], grouped: bool, kind: str
) -> list[Row]:
    rows = rollups.rows.get(at, ())
    if any(row.to_read for row in rows):
        raise ReadTheValues
    return [row for row in rows if (row.covered or not grouped) and (not kind or row.kind == kind)]
