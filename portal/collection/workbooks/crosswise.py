"""Tables turned on their side: the measures of a dataset down the rows, its units across.

Tried only where no table with units down the rows is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .entries import Covered, Place, Raw, RowKey
from .grid import Grid, address, is_value
from .labels import kind_of
from .layout import Column, Layout
from .measures import Measures, MeasureTable
from .names import UnitNames, fold, inline, split_kind, strip_enumeration
from .outcome import Issue, Option, Question
from .rows import Harvest, Stray, TotalRow
from .tables import ASIDE
from .vocabulary import Vocabulary, telling

MOST_COLUMNS = 400
HEADING_ROWS = 6


@dataclass
class CrossTable(MeasureTable):
    """`places` are the columns of the expected units by code, `totals` those of sums, `strange`
    those of names that nobody expected."""

    heading_row: int = 0
    places: dict[int, str] = field(default_factory=dict)
    totals: list[int] = field(default_factory=list)
    strange: list[int] = field(default_factory=list)

    @property
    def value_columns(self) -> list[int]:
        return list(self.places) or super().value_columns

    def collect(self, harvest: Harvest, unit: str | None, units: UnitNames) -> None:
        """Adds one row for each unit; sums to be compared; what stands against the rest."""
        own = [self.value_column] if self.value_column is not None and unit is not None else []
        places = self.places or dict.fromkeys(own, unit or "")
        start = len(harvest.entries)
        for column, code in places.items():
            self._add(harvest, column, code)
        for column in self.totals:
            self._sum(harvest, column, start)
        for column in self.strange:
            self._say(harvest, column, units)
        for row in self.twice:
            self._contradiction(harvest, row, places)

    def _add(self, harvest: Harvest, column: int, code: str) -> None:
        cells = {found.key: (row, column) for row, found in self.found.items()}
        raws = [self._raw(*cells[key]) if key in cells else None for key in harvest.entries.columns]
        label = self.grid.text(self.heading_row, column) if self.places else ""
        name = harvest.entries.layout.unit_by_code[code].label
        place = Place(harvest.file, self.grid.sheet.name, self.first, {}, cells, label or name)
        harvest.entries.add(RowKey(code), place, raws)

    def _raw(self, row: int, column: int) -> Raw:
        cell, anchor = self.grid.cell(row, column), self.grid.anchor(row, column)
        if cell == "" and anchor != (row, column) and self.grid.cell(*anchor) != "":
            return Covered(*anchor)
        return cell

    def _sum(self, harvest: Harvest, column: int, start: int) -> None:
        label = self.grid.text(self.heading_row, column)
        for row, found in self.found.items():
            cells: dict[str, Raw] = {found.key: self.grid.cell(row, column)}
            total = TotalRow(
                sheet=self.grid.sheet.name,
                row=row,
                label=label,
                kind="total",
                cells=cells,
                columns={found.key: column},
                start=len(harvest.entries),
                section=start,
            )
            harvest.totals.append(total)

    def _say(self, harvest: Harvest, column: int, units: UnitNames) -> None:
        """A column of another district, of a name to ask about, or of nobody."""
        sheet, label = self.grid.sheet.name, self.grid.text(self.heading_row, column)
        cell = address(self.heading_row, column)
        layout = harvest.entries.layout
        if other := units.elsewhere(label).codes:
            harvest.strays.append(Stray(sheet, cell, label, other[0]))
        elif near := units.find(label).codes or units.similar(label).codes:
            known = [layout.unit_by_code[code] for code in near]
            options = [Option(unit.code, unit.label) for unit in known]
            question = Question(
                id=f"unit:{fold(label)}",
                text=f"Ô {cell}: “{label}” là {layout.row_noun} nào?",
                options=(*options, Option(ASIDE, "Không phải, bỏ qua cột này")),
                suggestion=near[0],
                sheet=sheet,
                cell=cell,
                file=harvest.file,
            )
            harvest.ask(question)
        else:
            text = (
                f"Ô {cell}: không tìm thấy đơn vị “{label}” trong danh sách của "
                f"{inline(layout.unit_name)}. Hãy sửa tên hoặc xoá cột này."
            )
            harvest.issues.append(Issue("error", "unit", text, sheet, cell, "", label))

    def _contradiction(self, harvest: Harvest, row: int, places: Mapping[int, str]) -> None:
        """A measure printed twice with different numbers."""
        label = self.grid.text(row, self.label_column)
        first = next(r for r, found in self.found.items() if found.key == self.twice[row])
        if any(self._raw(row, c) not in ("", self._raw(first, c)) for c in places):
            cell = address(row, self.label_column)
            text = (
                f"Ô {cell}: chỉ tiêu “{label}” có ở dòng {first + 1} và dòng {row + 1} với số liệu "
                "khác nhau. Hãy giữ lại một dòng."
            )
            name = self.grid.sheet.name
            harvest.refuse(name, row, label, text)
            harvest.issues.append(Issue("error", "duplicate", text, name, cell, "", label))
        else:
            harvest.skip(self.grid.sheet.name, row, label, "Dòng lặp lại, giống hệt dòng trước")


class Crosswise(Measures):
    """Finds the table of measures by unit in sheets."""

    def __init__(
        self, layout: Layout, vocabulary: Vocabulary, answers: Mapping[str, str], units: UnitNames
    ) -> None:
        super().__init__(layout, vocabulary, answers)
        self.units = units
        self.own = fold(split_kind(layout.unit_name)[1])

    def of(self, grid: Grid) -> CrossTable | None:
        """The table, when at least two rows name measures of the layout."""
        label_column = self._label_column(grid)
        if label_column is None:
            return None
        table = CrossTable(grid, label_column, None)
        parent = ""
        for row in range(grid.height):
            parent = self._named_row(table, row, parent)
        if len(table.found) < min(2, len(self.layout.entered)):
            return None
        table.unit_column = next(
            (c for c in range(grid.width) if self._is_headed(table, c, "measure_unit")), None
        )
        self._units(table)
        if not table.places:
            table.value_column = self._value_column(table)
            if table.value_column is None and not table.questions:
                return None
        else:
            table.value_column = next(iter(table.places))
        self._count_rows(table)
        return table

    def _named_row(self, table: CrossTable, row: int, parent: str) -> str:
        """Notes which measure a row is; a part's name is read with that of its whole above."""
        label = table.grid.label(row, table.label_column)
        if not label or kind_of(label) == "note":
            return parent
        column = self._answered(label) or self._of_part(parent, label)
        is_part = column is not None
        column = column or self._exact(label)
        if column is None:
            return label if not table.found or self._heads_parts(label) else parent
        if column.key in {found.key for found in table.found.values()}:
            table.twice[row] = column.key
        elif column.is_entered:
            table.found[row] = column
        return parent if is_part else label

    def _heads_parts(self, label: str) -> bool:
        parents = {fold(parent) for column in self.layout.columns for parent in column.parents}
        return fold(strip_enumeration(label)) in parents

    def _of_part(self, parent: str, label: str) -> Column | None:
        if not parent:
            return None
        own = strip_enumeration(label)
        keys = self.vocabulary.exact(telling(f"{strip_enumeration(parent)} {own}"))
        if len(keys) != 1:
            return None
        column = self.layout.by_key[keys[0]]
        is_part = bool(column.sex or column.category)
        return column if is_part else None

    def _units(self, table: CrossTable) -> None:
        """The row above the measures that names the most expected units, column by column."""
        rows = range(max(table.first - HEADING_ROWS, 0), table.first)
        names = {row: self._columns_of(table.grid, row) for row in rows}
        best = max(rows, key=lambda row: len(names[row]), default=None)
        if best is None or len(names[best]) < min(2, sum(1 for _ in self.layout.valid_units())):
            return
        table.heading_row = best
        table.places = names[best]
        for column in range(table.label_column + 1, min(table.grid.width, MOST_COLUMNS)):
            if column not in table.places and column != table.unit_column:
                self._other_column(table, column)

    def _columns_of(self, grid: Grid, row: int) -> dict[int, str]:
        found: dict[int, str] = {}
        for column in range(min(grid.width, MOST_COLUMNS)):
            label = grid.text(row, column)
            answer = self.answers.get(f"unit:{fold(label)}") if label else None
            code = answer if answer in self.units.units else self.units.find(label).code
            if label and code and code not in found.values():
                found[column] = code
        return found

    def _other_column(self, table: CrossTable, column: int) -> None:
        label = table.grid.text(table.heading_row, column)
        has_values = any(is_value(table.grid.cell(row, column)) for row in table.found)
        if not has_values or self.vocabulary.stub(label):
            return
        if kind_of(label) == "total" or fold(split_kind(label)[1]) == self.own:
            table.totals.append(column)
        elif label and self.answers.get(f"unit:{fold(label)}") != ASIDE:
            table.strange.append(column)
