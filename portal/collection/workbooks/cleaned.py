"""The outcome of a check: cleaned values by column, and the values that may be stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import islice

from portal.collection.resources import NoValue

from .entries import Covered, Entries, Raw, Scaled
from .grid import as_text, letters
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


class Values(Sequence[CellValue]):
    """The values of a check, made one by one: a large file never holds them all at once."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked

    @cached_property
    def _length(self) -> int:
        keeps = self.checked.keeps
        return sum(
            value is not None and keeps(index, column.key)
            for column in self.checked.entries.layout.entered
            for index, value in enumerate(self.checked.columns.get(column.key, ()))
        )

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[CellValue]:
        entries, keeps = self.checked.entries, self.checked.keeps
        keys, places, rows = entries.keys, entries.places, entries.rows
        for column in entries.layout.entered:
            position = entries.columns.index(column.key)
            texts: dict[Raw, str] = {}  # a bool equals 0 or 1, whose text is another
            for index, value in enumerate(self.checked.columns.get(column.key, ())):
                if value is None or not keeps(index, column.key):
                    continue
                key, place, raw = keys[index], places[index], rows[index][position]
                if raw.__class__ is bool or raw not in texts:
                    texts[raw] = raw_text(raw)
                if place.cells or column.key not in place.columns:
                    cell = place.cell(column.key)
                else:
                    cell = f"{letters(place.columns[column.key])}{place.row + 1}"
                yield CellValue(
                    key.unit,
                    column.measure,
                    key.group or column.group,
                    column.sex,
                    column.category,
                    None if isinstance(value, NoValue) else value,
                    value.reason if isinstance(value, NoValue) else None,
                    place.sheet,
                    cell,
                    texts[raw],
                    column.key,
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


def raw_text(raw: Raw) -> str:
    """The text of a cell as it stood in the file; "" where there was none."""
    if isinstance(raw, Scaled):
        raw = raw.raw
    return "" if raw is None or isinstance(raw, Covered) else as_text(raw)
