"""The outcome of a check: cleaned values by column, and the values that may be stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from portal.collection.resources import NoValue

from .entries import Covered, Entries, Place, Raw, Scaled
from .grid import as_text, letters
from .layout import Column
from .outcome import CellValue, Issue

Cleaned = Decimal | NoValue | None


@dataclass
class Checked:
    """Cleaned values by column, in the order of the entries, and what stands against them.

    `refused` are the positions of entries with an error, `refused_cells` (position, key) of wrong
    cells where every cell stands for itself (one row per measure); `empty` are the positions of
    entries without any value.
    """

    entries: Entries
    columns: dict[str, list[Cleaned]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    refused_cells: set[tuple[int, str]] = field(default_factory=set)
    empty: set[int] = field(default_factory=set)
    hidden_issues: int = 0

    def keeps(self, index: int, key: str) -> bool:
        """Whether the value of one cell may be stored."""
        return index not in self.refused and (index, key) not in self.refused_cells

    def values(self) -> Values:
        """The values of all entries without an error, entered columns only."""
        return Values(self)


class ValueColumn(NamedTuple):
    """The storable values of one column: index of the entry, value, raw cell and its address."""

    column: Column
    indexes: Sequence[int]
    values: Sequence[Cleaned]
    raws: Sequence[Raw]
    addresses: Sequence[str]

    @property
    def cells(self) -> tuple[Sequence, Sequence, Sequence, Sequence]:
        return self.indexes, self.values, self.raws, self.addresses


class Values(Sequence[CellValue]):
    """The values of a check, made one by one: a large file never holds them all at once."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked

    @cached_property
    def _length(self) -> int:
        checked, count = self.checked, 0
        for column in self.entries.layout.entered:
            cells = checked.columns.get(column.key, [])
            if checked.refused or checked.refused_cells:
                count += sum(
                    value is not None and checked.keeps(index, column.key)
                    for index, value in enumerate(cells)
                )
            else:
                count += len(cells) - cells.count(None)
        return count

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[CellValue]:
        keys, places = self.entries.keys, self.entries.places
        for part in self.by_column():
            column = part.column
            texts: dict[Raw, str] = {}  # a bool equals 0 or 1, whose text is another
            for index, value, raw, cell in zip(*part.cells, strict=True):
                if raw.__class__ is bool or raw not in texts:
                    texts[raw] = raw_text(raw)
                yield CellValue(
                    keys[index].unit,
                    column.measure,
                    keys[index].group or column.group,
                    column.sex,
                    column.category,
                    None if isinstance(value, NoValue) else value,
                    value.reason if isinstance(value, NoValue) else None,
                    places[index].sheet,
                    cell,
                    texts[raw],
                    column.key,
                )

    @property
    def entries(self) -> Entries:
        return self.checked.entries

    @cached_property
    def units(self) -> set[str]:
        """Codes of the units that at least one value is about."""
        checked, keys = self.checked, self.entries.keys
        named, found = {key.unit for key in keys}, set[str]()
        for column in self.entries.layout.entered:
            if len(found) == len(named):
                break
            found.update(
                keys[index].unit
                for index, value in enumerate(checked.columns.get(column.key, ()))
                if value is not None
                and keys[index].unit not in found
                and checked.keeps(index, column.key)
            )
        return found

    def sums(self) -> dict[str, Decimal]:
        """The sum of what may be stored, by entered column that has any number."""
        sums: dict[str, Decimal] = {}
        whole = not (self.checked.refused or self.checked.refused_cells)
        for column in self.entries.layout.entered:
            numbers = [
                value
                for index, value in enumerate(self.checked.columns.get(column.key, ()))
                if value.__class__ is Decimal and (whole or self.checked.keeps(index, column.key))
            ]
            if numbers:
                sums[column.key] = sum(numbers, Decimal(0))
        return sums

    def by_column(self) -> Iterator[ValueColumn]:
        """Whole columns: for writing millions of values without an object for each."""
        entries, checked = self.entries, self.checked
        for column in entries.layout.entered:
            cleaned = checked.columns.get(column.key, ())
            position = entries.columns.index(column.key)
            kept = [
                index
                for index, value in enumerate(cleaned)
                if value is not None and index not in checked.refused
            ]
            if checked.refused_cells:
                kept = [index for index in kept if checked.keeps(index, column.key)]
            rows, places, key = entries.rows, entries.places, column.key
            yield ValueColumn(
                column,
                kept,
                [cleaned[index] for index in kept],
                [rows[index][position] for index in kept],
                [_cell(places[index], key) for index in kept],
            )

    def __getitem__(self, index):
        if isinstance(index, slice):
            return list(islice(self, *index.indices(len(self))))
        if index < 0:
            index += len(self)
        for value in islice(self, index, index + 1):
            return value
        raise IndexError(index)

    def __repr__(self) -> str:
        return f"<{len(self)} values>"


def _cell(place: Place, key: str) -> str:
    if place.cells or key not in place.columns:
        return place.cell(key)
    return f"{letters(place.columns[key])}{place.row + 1}"


def raw_text(raw: Raw) -> str:
    """The text of a cell as it stood in the file; "" where there was none."""
    if isinstance(raw, Scaled):
        raw = raw.raw
    return "" if raw is None or isinstance(raw, Covered) else as_text(raw)
