"""Keep small cells out of public tables, so that sums do not give them away either.

A count from 1 to k - 1 is hidden (k = 5 unless told). A hidden cell alone in a row or column of
a table with totals is the total minus the rest, so others are hidden with it: each line with
hidden cells has at least two, together at least k, and no cell can be computed from several
lines at once (a bridge of the graph whose edges are the hidden cells). Zeros are no secret.
Source of the practice: "threshold rule" and complementary suppression, Handbook on Statistical
Disclosure Control, chapter 5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

SMALLEST_SHOWN = 5
SMALLEST_BASE = 20  # a rate over fewer is hidden

Cell = tuple[Hashable, Hashable]
TOTAL = "tổng"  # the row and the column of totals


@dataclass(frozen=True)
class Protected:
    """The cells to show as "Không công bố". Row and column totals go by `TOTAL`."""

    hidden: frozenset[Cell]
    small: frozenset[Cell]

    def __contains__(self, cell: Cell) -> bool:
        return cell in self.hidden


def is_small(value: Decimal | int | None, k: int = SMALLEST_SHOWN) -> bool:
    return value is not None and 0 < value < k


def hides_rate(
    numerator: Decimal | None, denominator: Decimal | None, k: int = SMALLEST_SHOWN
) -> bool:
    """A rate is hidden over a small base, and when it gives a small count away."""
    return (denominator is not None and 0 < denominator < SMALLEST_BASE) or is_small(numerator, k)


def protect(
    cells: Mapping[Cell, Decimal | int | None],
    *,
    k: int = SMALLEST_SHOWN,
    totals_shown: bool = True,
) -> Protected:
    """Which cells of a table of counts to hide.

    cells: counts by (row, column), without totals; None where there is none. The totals of rows
    and columns and of the whole are added here, where there is more than one column or row, and
    may be hidden themselves. For a list of counts, use one column.
    """
    table = _with_totals(cells) if totals_shown else dict(cells)
    counts = {cell: value for cell, value in table.items() if value is not None}
    small = {cell for cell, value in counts.items() if is_small(value, k)}
    hidden = set(small)
    while totals_shown and (_hide_in_lines(counts, hidden, k) or _hide_at_bridges(counts, hidden)):
        pass
    return Protected(frozenset(hidden), frozenset(small))


def _with_totals(cells: Mapping[Cell, Decimal | int | None]) -> dict[Cell, Decimal | int | None]:
    table: dict[Cell, Decimal | int | None] = dict(cells)
    rows: dict[Hashable, Decimal] = defaultdict(Decimal)
    columns: dict[Hashable, Decimal] = defaultdict(Decimal)
    for (row, column), value in cells.items():
        if value is not None:
            rows[row] += value
            columns[column] += value
    if len(columns) > 1:
        table |= {(row, TOTAL): total for row, total in rows.items()}
    if len(rows) > 1:
        table |= {(TOTAL, column): total for column, total in columns.items()}
    if len(rows) > 1 and len(columns) > 1:
        table[TOTAL, TOTAL] = sum(rows.values(), Decimal(0))
    return table


def _hide_in_lines(counts: Mapping[Cell, Decimal | int], hidden: set[Cell], k: int) -> bool:
    """Hide more in each line whose hidden part follows from it; whether anything was hidden."""
    before = len(hidden)
    for line in _lines(counts):
        while inside := [cell for cell in line if cell in hidden]:
            if len(inside) > 1 and not _sum_is_small(counts, inside, k):
                break
            extra = _cheapest(counts, (cell for cell in line if cell not in hidden))
            if extra is None:
                break
            hidden.add(extra)
    return len(hidden) > before


def _hide_at_bridges(counts: Mapping[Cell, Decimal | int], hidden: set[Cell]) -> bool:
    """Hide one more cell beside a hidden one that follows from several lines together."""
    for cell in sorted(_bridges(counts, hidden), key=str):
        row, column = cell
        around = (
            other
            for other in counts
            if other not in hidden and (other[0] == row or other[1] == column)
        )
        extra = _cheapest(counts, around)
        if extra is not None:
            hidden.add(extra)
            return True
    return False


def _lines(counts: Mapping[Cell, Decimal | int]) -> list[list[Cell]]:
    """Every row and every column with its total: each is one equation."""
    rows: dict[Hashable, list[Cell]] = defaultdict(list)
    columns: dict[Hashable, list[Cell]] = defaultdict(list)
    for cell in counts:
        rows[cell[0]].append(cell)
        columns[cell[1]].append(cell)
    return [line for line in (*rows.values(), *columns.values()) if len(line) > 1]


def _sum_is_small(counts: Mapping[Cell, Decimal | int], inside: list[Cell], k: int) -> bool:
    """The sum of the hidden parts is known from the line; as a small number it tells too much."""
    if any(TOTAL in cell for cell in inside):
        return False
    return sum(counts[cell] for cell in inside) < k


def _cheapest(counts: Mapping[Cell, Decimal | int], cells: Iterable[Cell]) -> Cell | None:
    """The smallest count that is not 0, a part before a total; then any 0."""
    free = list(cells)
    return min(
        free,
        key=lambda cell: (not counts[cell], TOTAL in cell, counts[cell], str(cell)),
        default=None,
    )


Point = tuple[str, Hashable]  # ("row", name) or ("column", name)
Edges = dict[Point, list[tuple[Point, Hashable]]]
OUTSIDE: Point = ("outside", None)


def _bridges(counts: Mapping[Cell, Decimal | int], hidden: set[Cell]) -> set[Cell]:
    """Hidden cells that follow from the others.

    Rows and columns are the points, hidden cells the edges of a graph. Adding up the equations of
    all points on one side of an edge cancels every other hidden cell, so an edge that lies on no
    ring is known. A line without a total is no equation: it is tied to a point outside.
    """
    edges = _edges(hidden)
    for point in list(edges):
        if not _has_total(point, counts):
            for tie in (1, 2):
                edges[point].append((OUTSIDE, (point, tie)))
                edges[OUTSIDE].append((point, (point, tie)))
    walk = _Walk(edges)
    for start in list(edges):
        walk.from_point(start)
    return {cell for cell in hidden if cell in walk.bridges}


def _edges(hidden: set[Cell]) -> Edges:
    edges: Edges = defaultdict(list)
    for cell in sorted(hidden, key=str):
        row, column = ("row", cell[0]), ("column", cell[1])
        edges[row].append((column, cell))
        edges[column].append((row, cell))
    return edges


def _has_total(point: Point, counts: Mapping[Cell, Decimal | int]) -> bool:
    axis, name = point
    return ((name, TOTAL) if axis == "row" else (TOTAL, name)) in counts


class _Walk:
    """Depth first over the graph; an edge is a bridge when nothing beyond it leads back."""

    def __init__(self, edges: Edges) -> None:
        self.edges = edges
        self.order: dict[Point, int] = {}
        self.lowest: dict[Point, int] = {}
        self.bridges: set[Hashable] = set()

    def from_point(self, start: Point) -> None:
        if start in self.order:
            return
        self._reach(start)
        stack: list[tuple[Point, Hashable, Iterator[tuple[Point, Hashable]]]] = [
            (start, None, iter(self.edges[start]))
        ]
        while stack:
            point, came_by, ways = stack[-1]
            for other, cell in ways:
                if cell == came_by:
                    continue
                if other in self.order:
                    self.lowest[point] = min(self.lowest[point], self.order[other])
                    continue
                self._reach(other)
                stack.append((other, cell, iter(self.edges[other])))
                break
            else:
                stack.pop()
                if stack and came_by is not None:
                    self._leave(point, came_by, stack[-1][0])

    def _reach(self, point: Point) -> None:
        self.order[point] = self.lowest[point] = len(self.order)

    def _leave(self, point: Point, came_by: Hashable, before: Point) -> None:
        self.lowest[before] = min(self.lowest[before], self.lowest[point])
        if self.lowest[point] > self.order[before]:
            self.bridges.add(came_by)
