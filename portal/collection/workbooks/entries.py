"""The rows of a submission before they are checked: raw cells by row key and column.

The same structure carries a workbook, several joined workbooks and a browser form; only the
first two have places (sheet, row, column) to point at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from portal.formats import rounded

from .grid import address
from .layout import Layout
from .numbers import NotANumber, Style, Unclear, from_float, is_nil, parse
from .source import Cell


class RowKey(NamedTuple):
    """Which row of the dataset: a unit, and an ethnic group where the dataset has them."""

    unit: str
    group: str | None = None


class Covered(NamedTuple):
    """An empty cell inside a merged area whose number stands in another cell."""

    row: int
    column: int


class Scaled(NamedTuple):
    """A cell in another unit of measure: what stands there, and what to multiply it with.

    `decimals` are those that an amount of money is rounded to; None: it is left as it is.
    """

    raw: Cell
    factor: Decimal
    decimals: int | None = None

    def of(self, value: Decimal) -> Decimal:
        """`value` in the dataset's own unit."""
        scaled = value * self.factor
        return scaled if self.decimals is None else rounded(scaled, self.decimals)


Raw = Cell | Covered | Scaled | None


class Place(NamedTuple):
    """Where a row stands: file, sheet and row from 0; row -1 for a form."""

    file: str = ""
    sheet: str = ""
    row: int = -1
    columns: Mapping[str, int] = {}  # layout key -> column from 0
    cells: Mapping[str, tuple[int, int]] = {}  # keys that stand in another row
    label: str = ""

    def cell(self, key: str) -> str:
        """ "E17" of one column; "" when the file has no such column or there is no file."""
        if key in self.cells:
            return address(*self.cells[key])
        if self.row < 0 or key not in self.columns:
            return ""
        return address(self.row, self.columns[key])


@dataclass
class Entries:
    """Rows in file order. `rows[i][j]` is the raw cell of `keys[i]` in `columns[j]`.

    None stands where the file has no such column at all (an empty cell is "").
    """

    layout: Layout
    columns: list[str] = field(default_factory=list)
    keys: list[RowKey] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    rows: list[Sequence[Raw]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.columns = self.columns or [column.key for column in self.layout.columns]

    def __len__(self) -> int:
        return len(self.keys)

    def add(self, key: RowKey, place: Place, cells: Sequence[Raw]) -> None:
        """`cells` in the order of `columns`."""
        self.keys.append(key)
        self.places.append(place)
        self.rows.append(cells)

    def by_column(self) -> Iterator[tuple[str, Sequence[Raw]]]:
        """(layout key, raw cells of all rows)."""
        if not self.rows:
            return iter([(column, ()) for column in self.columns])
        return zip(self.columns, zip(*self.rows, strict=True), strict=True)

    def duplicates(self) -> dict[RowKey, list[int]]:
        """Row keys that stand in more than one row, with their rows."""
        found: dict[RowKey, list[int]] = {}
        for index, key in enumerate(self.keys):
            found.setdefault(key, []).append(index)
        return {key: rows for key, rows in found.items() if len(rows) > 1}


def entries_of_form(layout: Layout, cells: Mapping[tuple[RowKey, str], str]) -> Entries:
    """Entries of a browser form: text by (row key, layout key); what is absent is empty."""
    entries = Entries(layout)
    for key in dict.fromkeys(row for row, _ in cells):
        unit = layout.unit_by_code.get(key.unit)
        label = unit.label if unit else key.unit
        if key.group is not None and key.group in layout.group_by_code:
            label = f"{label}, dân tộc {layout.group_by_code[key.group].name}"
        row = [
            cells.get((key, column), "" if layout.by_key[column].is_entered else None)
            for column in entries.columns
        ]
        entries.add(key, Place(label=label), row)
    return entries


def number_of(cell: object, style: Style | None) -> Decimal | None:
    """The number that a raw cell surely holds, 0 for an empty one; None for all else."""
    if isinstance(cell, Scaled):
        inner = number_of(cell.raw, style)
        return None if inner is None else cell.of(inner)
    if isinstance(cell, bool):
        return None
    if cell in (None, "") or isinstance(cell, Covered):
        return Decimal(0)
    if isinstance(cell, str) and is_nil(cell):
        return Decimal(0)
    try:
        return from_float(cell) if isinstance(cell, float) else parse(str(cell), style)
    except (NotANumber, Unclear):
        return None
