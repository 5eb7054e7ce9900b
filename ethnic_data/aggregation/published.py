"""Work a published table out again: printed totals and rates beside what its cells give.

A difference is told and never repaired.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ethnic_data.models import PublishedColumn, PublishedFigure, PublishedRow, PublishedTable
from portal.formats import rounded

Role, Covers = PublishedColumn.Role, PublishedRow.Covers


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """A number as printed and as computed, rounded alike."""

    row: PublishedRow
    column: PublishedColumn
    printed: Decimal
    computed: Decimal

    @property
    def agrees(self) -> bool:
        return self.printed == self.computed

    @property
    def difference(self) -> Decimal:
        return self.printed - self.computed


@dataclass(frozen=True)
class Grid:
    """A table's rows, columns and figures, in three queries."""

    rows: list[PublishedRow]
    columns: list[PublishedColumn]
    figures: dict[tuple[int, int], Decimal]

    @classmethod
    def of(cls, table: PublishedTable) -> Grid:
        figures = PublishedFigure.objects.filter(row__table=table)
        return cls(
            list(table.rows.select_related("group", "unit")),
            list(table.columns.select_related("indicator")),
            {
                (row, column): value
                for row, column, value in figures.values_list("row_id", "column_id", "value")
            },
        )

    def value(self, row: PublishedRow, column_id: int | None) -> Decimal | None:
        return self.figures.get((row.pk, column_id)) if column_id else None

    def total(self, column: PublishedColumn, covers: str) -> Decimal | None:
        """The sum of the rows that a total row covers."""
        values = [
            self.figures[row.pk, column.pk]
            for row in self.rows
            if not row.covers
            and (row.pk, column.pk) in self.figures
            and (covers != Covers.MINORITIES or (row.group and row.group.counts_as_minority))
        ]
        return sum(values, Decimal(0)) if values else None


def control_totals(table: PublishedTable) -> list[ControlTotal]:
    """Every printed total, share and growth rate of `table` beside its recomputed value."""
    grid = Grid.of(table)
    compute = {Role.TOTAL: _parts, Role.SHARE: _share, Role.GROWTH: _growth}
    found = []
    for column in grid.columns:
        for row in grid.rows:
            printed = grid.value(row, column.pk)
            if printed is None:
                continue
            for computed in _computed(grid, row, column, compute.get(Role(column.role))):
                value = rounded(computed, column.decimals)
                found.append(ControlTotal(row, column, rounded(printed, column.decimals), value))
    return found


Compute = Callable[[Grid, PublishedRow, PublishedColumn], Decimal | None]


def _computed(
    grid: Grid, row: PublishedRow, column: PublishedColumn, across: Compute | None
) -> Iterator[Decimal]:
    """What the cell should be: by its column's rule, and as the total of its rows."""
    if across is not None and (value := across(grid, row, column)) is not None:
        yield value
    is_count = column.role in (Role.FIGURE, Role.TOTAL, Role.PART)
    if row.covers and is_count and (value := grid.total(column, row.covers)) is not None:
        yield value


def _parts(grid: Grid, row: PublishedRow, column: PublishedColumn) -> Decimal | None:
    values = [grid.value(row, one.pk) for one in grid.columns if one.role == Role.PART]
    told = [value for value in values if value is not None]
    return sum(told, Decimal(0)) if told else None


def _share(grid: Grid, row: PublishedRow, column: PublishedColumn) -> Decimal | None:
    """In percent of the sum of the column it is taken from."""
    base = next(one for one in grid.columns if one.pk == column.base_id)
    value, total = grid.value(row, base.pk), grid.total(base, Covers.ALL)
    return value / total * 100 if value is not None and total else None


def _growth(grid: Grid, row: PublishedRow, column: PublishedColumn) -> Decimal | None:
    """Percent a year, as the statistics office computes it: ln(P1 / P0) / t."""
    later, earlier = (
        next(one for one in grid.columns if one.pk == pk)
        for pk in (column.base_id, column.against_id)
    )
    after, before = grid.value(row, later.pk), grid.value(row, earlier.pk)
    if not after or not before:
        return None
    years = Decimal((later.reference_date - earlier.reference_date).days) / Decimal("365.25")
    return (after / before).ln() / years * 100


def sums(table: PublishedTable) -> dict[str, Decimal]:
    """The sum of each count column by its key, over the rows that are no totals."""
    grid = Grid.of(table)
    found: dict[str, Decimal] = defaultdict(Decimal)
    for column in grid.columns:
        if column.role in (Role.FIGURE, Role.TOTAL, Role.PART):
            found[column.key] += grid.total(column, Covers.ALL) or 0
    return dict(found)
