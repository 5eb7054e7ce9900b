"""A submission's values as people know them: a row per unit, a column per measure."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from portal.collection.stores import StoredValue, ValueKey
from portal.collection.workbooks.layout import MEASURE_ROWS, Column, GroupName, Layout, RowUnit


class Place(NamedTuple):
    """A row of the grid: a unit, and in forms by group a group (code) as well."""

    unit: RowUnit
    group: GroupName | None = None

    @property
    def label(self) -> str:
        return f"{self.unit.label}, dân tộc {self.group.name}" if self.group else self.unit.label

    @property
    def short_label(self) -> str:
        return f"{self.unit.label} · {self.group.name}" if self.group else self.unit.label


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: what it is about, and the value that is stored (None when there is none)."""

    place: Place
    column: Column
    key: ValueKey
    stored: StoredValue | None

    @property
    def name(self) -> str:
        """Unique in the submission; the name of the cell's field in the form."""
        group = self.place.group.code if self.place.group else None
        return cell_name(self.place.unit.code, group, self.column.key)


@dataclass(frozen=True, slots=True)
class GridRow:
    place: Place
    label: str
    cells: tuple[GridCell, ...]
    heading: Column | None = None


def cell_name(unit: str, group: str | None, column: str) -> str:
    return f"o~{unit}~{group or ''}~{column}"


class Head(NamedTuple):
    """A heading over neighbouring columns, or a column that has none above it."""

    text: str
    columns: tuple[Column, ...]
    is_alone: bool = False


@dataclass(frozen=True)
class Grid:
    """`rows` lazily by slice, so that a page of a large form costs a page."""

    layout: Layout
    values: Mapping[ValueKey, StoredValue]
    places: Sequence[Place]

    @property
    def by_measure(self) -> bool:
        return self.layout.rows == MEASURE_ROWS

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.layout.columns

    @property
    def heads(self) -> list[Head]:
        """The upper row of headings, where some columns go by their parent; else empty."""
        if not any(column.needs_parent for column in self.columns):
            return []
        heads: list[Head] = []
        for parents, columns in itertools.groupby(self.columns, lambda column: column.parents):
            below = tuple(columns)
            if parents:
                heads.append(Head(" – ".join(parents), below))
            else:
                heads += [Head(column.heading, (column,), is_alone=True) for column in below]
        return heads

    def __len__(self) -> int:
        return len(self.layout.columns) if self.by_measure else len(self.places)

    def count(self) -> int:
        return len(self)

    def __getitem__(self, wanted: slice) -> list[GridRow]:
        if self.by_measure:
            return [self._measure_row(column) for column in self.layout.columns[wanted]]
        return [self._row(place) for place in self.places[wanted]]

    def __iter__(self) -> Iterator[GridRow]:
        return iter(self[:])

    def _measure_row(self, column: Column) -> GridRow:
        place = self.places[0]
        label = f"{column.number}. {column.heading}" if column.number else column.heading
        return GridRow(place, label, (self._cell(place, column),), column)

    def _row(self, place: Place) -> GridRow:
        cells = tuple(self._cell(place, column) for column in self.layout.columns)
        return GridRow(place, place.short_label, cells)

    def _cell(self, place: Place, column: Column) -> GridCell:
        key = key_at(place, column)
        if column.is_entered:
            return GridCell(place, column, key, self.values.get(key))
        return GridCell(place, column, key, self._computed(place, column))

    def _computed(self, place: Place, column: Column) -> StoredValue | None:
        formula = column.formula
        if formula is None:
            return None
        above, below = (
            self._number(place, name) for name in (formula.numerator, formula.denominator)
        )
        if above is None or not below:
            return None
        return StoredValue(above / below * formula.factor)

    def _number(self, place: Place, name: str) -> Decimal | None:
        column = self.layout.by_key.get(name)
        stored = self.values.get(key_at(place, column)) if column else None
        return stored.value if stored else None

    def position_of(self, key: ValueKey) -> int | None:
        """The index of the row that holds `key`."""
        for index in range(len(self)):
            if any(cell.key == key for row in self[index : index + 1] for cell in row.cells):
                return index
        return None

    def sums(self) -> dict[str, Decimal]:
        """The total of each entered column; ratios are no sums."""
        sums: dict[str, Decimal] = {}
        if self.by_measure:
            return sums
        for column in self.layout.entered:
            values = [self.values.get(key_at(place, column)) for place in self.places]
            told = [stored.value for stored in values if stored and stored.value is not None]
            if told:
                sums[column.key] = sum(told, Decimal(0))
        return sums


def key_at(place: Place, column: Column) -> ValueKey:
    group = column.group or (place.group.code if place.group else None)
    return ValueKey(place.unit.code, column.measure, group, column.sex, column.category or "")


def grid_of(layout: Layout, values: Mapping[ValueKey, StoredValue]) -> Grid:
    """The grid of `values`: every expected unit, and those groups of each that have values."""
    if layout.rows == MEASURE_ROWS:
        unit = layout.unit_by_code.get(layout.unit) or RowUnit(
            code=layout.unit, name=layout.unit_name
        )
        return Grid(layout, values, [Place(unit)])
    units = _units(layout, values)
    if not layout.has_groups:
        return Grid(layout, values, [Place(unit) for unit in units])
    told = _groups_told(values)
    places = [place for unit in units for place in _groups(layout, unit, told[unit.code])]
    return Grid(layout, values, places)


def entry_grid_of(
    layout: Layout,
    values: Mapping[ValueKey, StoredValue],
    *,
    unit: str,
    every_group: bool = False,
) -> Grid:
    """The rows of one unit to be typed: its groups with values and the main ones, or every one."""
    place = layout.unit_by_code[unit]
    groups = _groups_told(values)[unit] | set(layout.main_groups)
    if every_group:
        groups |= set(layout.group_by_code)
    return Grid(layout, values, list(_groups(layout, place, groups)))


def _groups_told(values: Mapping[ValueKey, StoredValue]) -> defaultdict[str, set[str | None]]:
    told: defaultdict[str, set[str | None]] = defaultdict(set)
    for key in values:
        told[key.unit].add(key.group)
    return told


def _units(layout: Layout, values: Mapping[ValueKey, StoredValue]) -> list[RowUnit]:
    units = list(layout.valid_units())
    known = {unit.code for unit in units}
    strays = sorted({key.unit for key in values} - known)
    by_code = layout.unit_by_code
    return units + [by_code.get(code) or RowUnit(code=code, name=code) for code in strays]


def _groups(layout: Layout, unit: RowUnit, wanted: set[str | None]) -> Iterator[Place]:
    if None in wanted:
        yield Place(unit)
    for group in layout.groups:
        if group.code in wanted:
            yield Place(unit, group)
