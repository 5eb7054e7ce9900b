"""Forms with a row for each unit, or for each unit and ethnic group."""

from __future__ import annotations

from openpyxl.formatting.rule import FormulaRule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ..entries import RowKey
from ..layout import Column, RowUnit
from . import palette
from .form import Form, plain_text
from .typing_checks import number_format

UNITS_NAME, GROUPS_NAME = "danh_muc_don_vi", "danh_muc_dan_toc"
SPARE_ROWS, OPEN_ROWS = 60, 3  # at the end of a form; for each record of a form by group
PLACE_HEADING = "Địa điểm"


class UnitForm(Form):
    """A row for each unit; a record has its code before its name, and its place behind it."""

    def label_columns(self) -> list[tuple[str, float]]:
        layout = self.layout
        stubs = [("STT", 6.0), (layout.unit_heading, 26.0)]
        if layout.has_records:
            stubs = [("STT", 6.0), (layout.code_heading, 15.0), (layout.unit_heading, 44.0)]
            if self.has_places:
                stubs.append((PLACE_HEADING, 22.0))
        return [*stubs, (layout.group_heading, 18.0)] if layout.has_groups else stubs

    @property
    def has_places(self) -> bool:
        return self.layout.has_records and any(u.district_name for u in self.layout.units)

    @property
    def name_place(self) -> int:
        """The column of the rows' names."""
        return 3 if self.layout.has_records else 2

    @property
    def group_place(self) -> int:
        return self.first - 1

    def value_columns(self) -> list[Column]:
        return list(self.layout.columns)

    def body(self, top: int) -> int:
        """Pre-filled rows, spare ones by group, and the total; returns the last row."""
        row = top
        units = list(self.layout.valid_units())
        districts = {unit.district for unit in units}
        current, number = None, 0
        for position, unit in enumerate(units):
            if not self.layout.has_records and len(districts) > 1 and unit.district != current:
                current = unit.district
                row = self._section(row, unit.district_name or unit.district or "")
            banded = self.layout.has_groups and bool(position % 2)
            for code in self._groups(unit):
                number += 1
                self._row(row, number, unit, code, banded=banded)
                row += 1
        if self.layout.has_groups and self.layout.has_records:
            self._choose_groups(top, row - 1)
        elif self.layout.has_groups:
            row = self._spare(row)
        end = self._sum_row(top, row)
        self._live_checks(end)
        return end

    def _groups(self, unit: RowUnit) -> list[str | None]:
        """The groups pre-filled for a unit: the main ones and those that have values."""
        if not self.layout.has_groups:
            return [None]
        told = {key.group for key, _ in self.values if key.unit == unit.code}
        if self.layout.has_records:  # few groups each: they are chosen, not printed
            known = [g.code for g in self.layout.groups if g.code in told]
            return [*known, *[None] * OPEN_ROWS]
        main = self.layout.main_groups
        others = [g.code for g in self.layout.groups if g.code in told and g.code not in main]
        return [*main, *others]

    def _section(self, row: int, name: str) -> int:
        plain_text(self.sheet, row, self.name_place, name[:1].upper() + name[1:])
        for column in range(1, self.last + 1):
            cell = self.sheet.cell(row, column)
            cell.font, cell.fill = palette.font(12, bold=True), palette.SECTION
            cell.border = palette.BOX
        return row + 1

    def _row(
        self, row: int, number: int, unit: RowUnit, group: str | None, *, banded: bool
    ) -> None:
        """One row; `banded` tints its labels, so that neighbouring communes stay apart."""
        self.label(row, 1, number, centred=True)
        self.label(row, self.name_place, unit.label)
        if self.layout.has_records:
            self.label(row, 2, unit.code)
            if self.has_places:
                self.label(row, 4, unit.district_name)
        if self.layout.has_groups:
            name = "" if group is None else self.layout.group_by_code[group].name
            self.label(row, self.group_place, name, locked=group is not None)
        for place in range(1, self.first if banded else 1):
            self.sheet.cell(row, place).fill = palette.SECTION
        cells = self._cells(row)
        for index, column in enumerate(self.columns, self.first):
            value = self.values.get((RowKey(unit.code, group), column.key))
            self.value(row, index, column, value, cells)

    def _cells(self, row: int) -> dict[str, str]:
        """Addresses of the value columns in a row, by layout key."""
        return {column.key: self.at(row, column) for column in self.columns}

    def _spare(self, row: int) -> int:
        """Rows with drop-downs for groups that are not pre-filled."""
        first = row
        for row in range(first, first + SPARE_ROWS):
            for place in range(1, self.first):
                is_chosen = place in (self.name_place, self.group_place)
                self.label(row, place, "", locked=not is_chosen)
            cells = self._cells(row)
            for index, column in enumerate(self.columns, self.first):
                self.value(row, index, column, None, cells)
        self._choose(self.name_place, UNITS_NAME, self.layout.row_noun, first, row)
        self._choose_groups(first, row)
        return row + 1

    def _choose_groups(self, first: int, last: int) -> None:
        self._choose(self.group_place, GROUPS_NAME, "dân tộc", first, last)

    def _choose(self, place: int, name: str, title: str, first: int, last: int) -> None:
        """A drop-down in the rows from `first` to `last` of one column."""
        letter = get_column_letter(place)
        choice = DataValidation(
            type="list",
            formula1=f"={name}",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="Chưa đúng",
            error=f"Hãy chọn {title} trong danh sách.",
        )
        choice.add(f"{letter}{first}:{letter}{last}")
        self.sheet.add_data_validation(choice)

    def _sum_row(self, top: int, row: int) -> int:
        plain_text(self.sheet, row, self.name_place, "Tổng cộng")
        for index in range(1, self.last + 1):
            cell = self.sheet.cell(row, index)
            cell.font, cell.fill = palette.font(12, bold=True), palette.SECTION
            cell.border = palette.BOX
        for index, column in enumerate(self.columns, self.first):
            cell = self.sheet.cell(row, index)
            cell.number_format, cell.alignment = number_format(column), palette.RIGHT
            letter = get_column_letter(index)
            if column.is_entered and column.value_type in ("count", "decimal"):
                cell.value = f"=SUM({letter}{top}:{letter}{row - 1})"
            elif not column.is_entered:
                cell.value = self.formula(column, self._cells(row))
        return row

    def _live_checks(self, end: int) -> None:
        """A part larger than its whole turns red while it is typed."""
        for rule in self.layout.rules:
            if rule.kind != "at_most" or rule.other not in self.layout.by_key:
                continue
            whole = self.at(self.top, self.layout.by_key[rule.other])
            for key in rule.columns:
                part = self.at(self.top, self.layout.by_key[key])
                letter = part.rstrip("0123456789")
                formula = f"AND(ISNUMBER({part}),ISNUMBER({whole}),{part}>{whole})"
                self.sheet.conditional_formatting.add(
                    f"{part}:{letter}{end}", FormulaRule(formula=[formula], fill=palette.WRONG)
                )
