"""Cells of a cross table from the sums that are kept; what these do not say is left to be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ethnic_data.aggregation.observed import Operand
from ethnic_data.aggregation.places import Place
from ethnic_data.aggregation.rolled.choosing import ReadTheValues, RolledIndex, told_rows
from ethnic_data.aggregation.rolled.loading import Rollups, Row
from ethnic_data.aggregation.rolled.units import kept_at_units
from ethnic_data.models import Indicator
from portal.collection.models import ReportingPeriod

from .asking import ADDED_UP, Area, Ask, Needs, Plan, Slot, Way
from .figures import Figure, expected_of
from .reading import Sum, Table

if TYPE_CHECKING:
    from .standing import Standing

Cell = tuple[Slot, ReportingPeriod, Area]
Rows = list[tuple[Row, int]]
ZERO = Decimal(0)


class RolledTable:
    """The sums for one table."""

    def __init__(self, ask: Ask, needs: Needs, standing: Standing) -> None:
        self.ask = ask
        self.places = standing.places
        self.operands = {number: what for what, number in needs.operands.items()}
        self.sets = {number: groups for groups, number in needs.sets.items()}
        self._rows: dict[tuple[int, bool, int, int, str], Rows | None] = {}
        self._columns: dict[tuple[int, int, int, str], list[tuple[Row | None, int]]] = {}
        if ask.on is not None:
            self.rollups = Rollups()
            return
        of_period: dict[int, dict[int, Place]] = {period.pk: {} for period in ask.periods}
        for (_, period), place in self.places.items():
            of_period[period][id(place)] = place
        self.rollups = Rollups.read(
            set(self.operands.values()),
            {period: list(places.values()) for period, places in of_period.items()},
            with_groups=any(at is not None for _, at in needs.ways),
        )

    def plain(
        self,
        measure: Indicator,
        ways: tuple[Way, ...],
        period: int,
        places: Sequence[Place],
        kind: str,
    ) -> Iterator[Figure | None]:
        """Cells of one group that one row of the sums tells of wholly; None: see `sums`.

        A large table is nearly all of these, so each costs a look and a tuple.
        """
        operand, at = ways[0]
        groups = () if at is None else self.sets[at]
        if len(ways) != 1 or len(groups) != 1:
            yield from [None] * len(places)
            return
        (group,) = groups
        for told, expected in self._column(measure, operand, period, places, kind):
            if told is None or group in told.open_groups:
                yield None
            else:
                total = told.by_group.get(group, ZERO)
                yield Figure(total, "", None, None, told.kind, told.covered, expected)

    def _column(
        self, measure: Indicator, operand: int, period: int, places: Sequence[Place], kind: str
    ) -> list[tuple[Row | None, int]]:
        """The only row of each place and how many units it should tell of; once for all groups."""
        at = (measure.pk, operand, period, kind)
        if at not in self._columns:
            found: list[tuple[Row | None, int]] = []
            for place in places:
                rows = self._told(operand, True, period, place, kind)
                row, level = rows[0] if rows is not None and len(rows) == 1 else (None, 0)
                found.append((row, expected_of(measure, place, level)))
            self._columns[at] = found
        return self._columns[at]

    def sums(
        self, ways: tuple[Way, ...], period: int, place: Place, kind: str
    ) -> list[list[Sum]] | None:
        """What is added up for one cell, of each way to have it; None: read the values."""
        found = []
        for operand, at in ways:
            rows = self._told(operand, at is not None, period, place, kind)
            if rows is None:
                return None
            if at is None:
                found.append([_together(row, level) for row, level in rows])
                continue
            groups = self.sets[at]
            if any(row.open_groups and row.leaves_open(groups) for row, _ in rows):
                return None
            found.append([_of_groups(row, level, groups) for row, level in rows])
        return found

    def _told(
        self, operand: int, grouped: bool, period: int, place: Place, kind: str
    ) -> Rows | None:
        """Looked up once for all groups of a table."""
        at = (operand, grouped, period, id(place), kind)
        if at not in self._rows:
            what = self.operands[operand]
            try:
                self._rows[at] = told_rows(
                    self.rollups, what, period, place, grouped=grouped, kind=kind
                )
            except ReadTheValues:
                self._rows[at] = None
        return self._rows[at]

    def indexes(self, plan: Plan, period: int, kind: str) -> tuple[RolledIndex, list[list[int]]]:
        """The parts of a figure as operands of their own, numbered through."""
        flat: list[Operand] = []
        numbers: list[list[int]] = []
        for ways in (*plan.parts, *((way,) for way in plan.counted)):
            numbers.append(list(range(len(flat), len(flat) + len(ways))))
            for operand, at in ways:
                indicator, sex, category = self.operands[operand]
                groups = None if at is None else self.sets[at]
                flat.append(Operand(Indicator(pk=indicator), sex, category, groups))
        return RolledIndex(self.rollups, period, flat, kind), numbers

    def periods(self) -> Iterator[ReportingPeriod]:
        """Those that are summed."""
        return (one for one in self.ask.periods if one.pk in self.rollups.periods)


def kept_table(
    ask: Ask, needs: Needs, ways: Collection[Way], standing: Standing, summed: Collection[int]
) -> Table | None:
    """As `reading.at_units`, of the values at units that are kept; None: read the values."""
    if not {period.pk for period in ask.periods} <= set(summed):
        return None
    what = {number: told for told, number in needs.operands.items()}
    sets = {number: groups for groups, number in needs.sets.items()}
    asked = list(ways)
    operands = []
    for number, at in asked:
        indicator, sex, category = what[number]
        groups = None if at is None else sets[at]
        operands.append(Operand(Indicator(pk=indicator), sex, category, groups))
    periods = [period.pk for period in ask.periods]
    kept = kept_at_units(operands, periods, standing.units)
    if len(kept) < len(periods):
        return None
    found: Table = defaultdict(list)
    for period, rows in kept.items():
        for row in rows:
            operand, at = asked[row.operand]
            found[operand, at, period].append(row._replace(operand=operand))
    return found


def is_added_up(measure: Indicator) -> bool:
    return measure.aggregation in ADDED_UP


def _together(row: Row, level: int) -> Sum:
    return Sum(
        row.dataset, row.kind, level, row.given, row.told, row.total, row.partial,
        row.reason or None, row.other_reason or None,
    )  # fmt: skip


def _of_groups(row: Row, level: int, groups: tuple[int, ...]) -> Sum:
    total = row.by_group.get(groups[0], ZERO) if len(groups) == 1 else row.total_of(groups)
    return Sum(row.dataset, row.kind, level, row.covered, row.covered, total, False, None, None)
