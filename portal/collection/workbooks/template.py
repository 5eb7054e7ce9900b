"""The workbook to be filled in: rows pre-filled, headings locked, entries checked as typed.

A hidden name and a very hidden sheet carry the version mark, so that every format the workbook
may be saved in still tells what it was made for.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from . import palette
from .claims import MARK_SHEET, mark_of_layout
from .entries import RowKey
from .guide import write_guide
from .layout import MEASURE_ROWS, Column, Layout, RowUnit

MARK_NAME = "_bieu_mau"
UNITS_NAME, GROUPS_NAME = "danh_muc_don_vi", "danh_muc_dan_toc"
SPARE_ROWS = 60
Values = Mapping[tuple[RowKey, str], Decimal | int | str]


def write_template(layout: Layout, *, values: Values | None = None) -> bytes:
    """An xlsx (bytes) for one dataset, unit and period; `values` fill cells by row and key."""
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_name(layout.dataset)
    Form(layout, sheet, values or {}).write()
    write_guide(book.create_sheet("Hướng dẫn"), layout)
    _write_lists(book, layout)
    book.properties.title = layout.title
    book.properties.creator = ""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_name(dataset: str) -> str:
    """At most 31 characters without those that Excel forbids."""
    return "".join(char for char in dataset if char not in "[]:*?/\\'")[:31] or "Biểu"


def _write_lists(book: Workbook, layout: Layout) -> None:
    """The hidden sheet: the mark in A1, the drop-downs' lists below it."""
    sheet = book.create_sheet(MARK_SHEET)
    mark = mark_of_layout(layout).as_text()
    _text(sheet, 1, 1, mark)
    lists = {
        UNITS_NAME: [unit.label for unit in layout.valid_units()],
        GROUPS_NAME: [group.name for group in layout.groups],
    }
    for column, (name, texts) in enumerate(lists.items(), 3):
        for row, text in enumerate(texts, 1):
            _text(sheet, row, column, text)
        if texts:
            letter = get_column_letter(column)
            area = f"'{MARK_SHEET}'!${letter}$1:${letter}${len(texts)}"
            book.defined_names[name] = DefinedName(name, attr_text=area, hidden=True)
    constant = '"' + mark[:250].replace('"', "'") + '"'
    book.defined_names[MARK_NAME] = DefinedName(MARK_NAME, attr_text=constant, hidden=True)
    sheet.sheet_state = "veryHidden"


def _text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """A text that stays a text, whatever sign it begins with."""
    cell = sheet.cell(row, column, text)
    cell.data_type = "s"


class Form:
    """Writes the sheet that is filled in."""

    def __init__(self, layout: Layout, sheet: Worksheet, values: Values) -> None:
        self.layout = layout
        self.sheet = sheet
        self.values = values
        self.by_measure = layout.rows == MEASURE_ROWS
        if self.by_measure:
            self.stubs = [("STT", 6.0), (layout.measure_heading, 62.0), ("Đơn vị tính", 14.0)]
        else:
            self.stubs = [("STT", 6.0), (layout.unit_heading, 26.0)]
            if layout.has_groups:
                self.stubs.append((layout.group_heading, 18.0))
        self.first = len(self.stubs) + 1  # column of the first value
        self.columns = [] if self.by_measure else list(layout.columns)
        self.last = self.first + max(len(self.columns), 1) - 1
        self.entry_cells: dict[str, list[str]] = {}

    def write(self) -> None:
        row = self._titles()
        row = self._headings(row)
        self.top = row + 1
        end = self._measures(self.top) if self.by_measure else self._rows(self.top)
        self._validations()
        self._live_checks(end)
        self._page(row, end)

    def _titles(self) -> int:
        layout, sheet = self.layout, self.sheet
        lines = (
            (layout.unit_name.upper(), palette.font(12, bold=True), palette.LEFT),
            (layout.title.upper(), palette.font(14, bold=True), palette.CENTRE),
            (layout.period_label, palette.font(12, italic=True), palette.CENTRE),
        )
        for row, (text, font, alignment) in enumerate(lines, 1):
            _text(sheet, row, 1, text)
            cell = sheet.cell(row, 1)
            cell.font, cell.alignment = font, alignment
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=self.last)
        sheet.row_dimensions[2].height = 38
        row = len(lines) + 1
        if layout.unit_of_measure:
            _text(sheet, row, 1, f"Đơn vị tính: {layout.unit_of_measure}")
            sheet.cell(row, 1).font = palette.font(11, italic=True)
            sheet.cell(row, 1).alignment = palette.RIGHT
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=self.last)
        return row

    def _headings(self, after: int) -> int:
        """Heading rows and the "A B 1 2" row; returns the row of the latter."""
        depth = max((len(column.parents) for column in self.columns), default=0)
        top, bottom = after + 1, after + 1 + depth
        for index, (heading, width) in enumerate(self.stubs, 1):
            self._heading(top, index, heading, until=bottom)
            self._heading(bottom + 1, index, "ABCD"[index - 1], small=True)
            self.sheet.column_dimensions[get_column_letter(index)].width = width
        if self.by_measure:
            self._heading(top, self.first, self.layout.value_heading)
            self._heading(bottom + 1, self.first, "1", small=True)
            self.sheet.column_dimensions[get_column_letter(self.first)].width = 16
        for index, column in enumerate(self.columns, self.first):
            self._heading(top + len(column.parents), index, column.heading, until=bottom)
            number = column.number or str(index - self.first + 1)
            self._heading(bottom + 1, index, number, small=True)
            self.sheet.column_dimensions[get_column_letter(index)].width = 13.5
        self._parents(top, depth)
        self.sheet.row_dimensions[bottom].height = 16 * self._lines()
        return bottom + 1

    def _lines(self) -> int:
        longest = max((len(column.heading) for column in self.columns), default=0)
        return max(2, min(6, -(-longest // 12)))

    def _heading(
        self, row: int, column: int, text: str, *, until: int = 0, small: bool = False
    ) -> None:
        if small and text.isdigit():
            self.sheet.cell(row, column, int(text))
        else:
            _text(self.sheet, row, column, text)
        for line in range(row, max(until, row) + 1):
            cell = self.sheet.cell(line, column)
            cell.font = palette.font(9 if small else 11, bold=not small, italic=small)
            cell.alignment, cell.fill = palette.CENTRE, palette.HEADING
            cell.border = palette.BOX
        if until > row:
            self.sheet.merge_cells(
                start_row=row, end_row=until, start_column=column, end_column=column
            )

    def _parents(self, top: int, depth: int) -> None:
        """One merged cell over neighbours that share their parents."""
        for level in range(depth):
            start = 0
            while start < len(self.columns):
                path = self.columns[start].parents[: level + 1]
                end = start
                while (
                    end + 1 < len(self.columns)
                    and self.columns[end + 1].parents[: level + 1] == path
                ):
                    end += 1
                if len(path) > level:
                    self._parent(top + level, self.first + start, self.first + end, path[level])
                start = end + 1

    def _parent(self, row: int, start: int, end: int, text: str) -> None:
        for column in range(start, end + 1):
            self._heading(row, column, text if column == start else "")
        if end > start:
            self.sheet.merge_cells(start_row=row, end_row=row, start_column=start, end_column=end)

    # rows of units

    def _rows(self, top: int) -> int:
        """Pre-filled rows, spare ones by group, and the total; returns the last row."""
        row = top
        units = list(self.layout.valid_units())
        districts = {unit.district for unit in units}
        current = None
        for number, unit in enumerate(units, 1):
            if len(districts) > 1 and unit.district != current:
                current = unit.district
                row = self._section(row, unit.district_name or unit.district or "")
            for code in self.layout.main_groups if self.layout.has_groups else (None,):
                self._row(row, number, unit, code)
                row += 1
        if self.layout.has_groups:
            row = self._spare(row)
        return self._sum_row(top, row)

    def _section(self, row: int, name: str) -> int:
        _text(self.sheet, row, 2, name[:1].upper() + name[1:])
        for column in range(1, self.last + 1):
            cell = self.sheet.cell(row, column)
            cell.font, cell.fill = palette.font(12, bold=True), palette.SECTION
            cell.border = palette.BOX
        return row + 1

    def _row(self, row: int, number: int, unit: RowUnit, group: str | None) -> None:
        self._label(row, 1, number).alignment = palette.CENTRE
        self._label(row, 2, unit.label)
        if group is not None:
            self._label(row, 3, self.layout.group_by_code[group].name)
        for index, column in enumerate(self.columns, self.first):
            value = self.values.get((RowKey(unit.code, group), column.key))
            self._value(row, index, column, value)

    def _label(self, row: int, column: int, text: str | int, *, locked: bool = True):
        if isinstance(text, str):
            _text(self.sheet, row, column, text)
        else:
            self.sheet.cell(row, column, text)
        cell = self.sheet.cell(row, column)
        cell.font, cell.border, cell.alignment = palette.font(), palette.BOX, palette.LEFT
        cell.protection = Protection(locked=locked)
        return cell

    def _value(
        self, row: int, index: int, column: Column, value: Decimal | int | str | None
    ) -> None:
        cell = self.sheet.cell(row, index)
        cell.font, cell.border, cell.alignment = palette.font(), palette.BOX, palette.RIGHT
        cell.number_format = _format(column)
        if column.is_entered:
            cell.protection = Protection(locked=False)
            cell.fill = palette.ENTRY
            self.entry_cells.setdefault(column.key, []).append(cell.coordinate)
            if isinstance(value, str):
                _text(self.sheet, row, index, value)
            elif value is not None:
                cell.value = float(value) if value != int(value) else int(value)
        else:
            cell.fill = palette.COMPUTED
            cell.value = self._formula(column, {c.key: self._at(row, c) for c in self.columns})

    def _at(self, row: int, column: Column) -> str:
        return f"{get_column_letter(self.first + self.columns.index(column))}{row}"

    @staticmethod
    def _formula(column: Column, cells: Mapping[str, str]) -> str | None:
        formula = column.formula
        if formula is None or not {formula.numerator, formula.denominator} <= set(cells):
            return None
        above, below = cells[formula.numerator], cells[formula.denominator]
        factor = "" if formula.factor == 1 else f"*{formula.factor.normalize():f}"
        ratio = f'IF({below}>0,{above}/{below}{factor},"")'
        return f'=IF(AND(ISNUMBER({above}),ISNUMBER({below})),{ratio},"")'

    def _spare(self, row: int) -> int:
        """Rows with drop-downs for groups that are not pre-filled."""
        first = row
        for row in range(first, first + SPARE_ROWS):
            self._label(row, 1, "")
            for column in (2, 3):
                self._label(row, column, "", locked=False)
            for index, column in enumerate(self.columns, self.first):
                self._value(row, index, column, None)
        for letter, name, title in (("B", UNITS_NAME, "đơn vị"), ("C", GROUPS_NAME, "dân tộc")):
            choice = DataValidation(
                type="list",
                formula1=f"={name}",
                allow_blank=True,
                showErrorMessage=True,
                errorTitle="Chưa đúng",
                error=f"Hãy chọn {title} trong danh sách.",
            )
            choice.add(f"{letter}{first}:{letter}{row}")
            self.sheet.add_data_validation(choice)
        return row + 1

    def _sum_row(self, top: int, row: int) -> int:
        _text(self.sheet, row, 2, "Tổng cộng")
        for index in range(1, self.last + 1):
            cell = self.sheet.cell(row, index)
            cell.font, cell.fill = palette.font(12, bold=True), palette.SECTION
            cell.border = palette.BOX
        for index, column in enumerate(self.columns, self.first):
            cell = self.sheet.cell(row, index)
            cell.number_format, cell.alignment = _format(column), palette.RIGHT
            letter = get_column_letter(index)
            if column.is_entered and column.value_type in ("count", "decimal"):
                cell.value = f"=SUM({letter}{top}:{letter}{row - 1})"
            elif not column.is_entered:
                cell.value = self._formula(column, {c.key: self._at(row, c) for c in self.columns})
        return row

    # rows of measures

    def _measures(self, top: int) -> int:
        cells = {
            column.key: f"{get_column_letter(self.first)}{row}"
            for row, column in enumerate(self.layout.columns, top)
        }
        unit = self.layout.unit
        for row, column in enumerate(self.layout.columns, top):
            self._label(row, 1, int(column.number) if column.number.isdigit() else row - top + 1)
            self.sheet.cell(row, 1).alignment = palette.CENTRE
            self._label(row, 2, column.heading)
            self._label(row, 3, column.unit_of_measure).alignment = palette.CENTRE
            self.columns = [column]
            self._value(row, self.first, column, self.values.get((RowKey(unit), column.key)))
            if not column.is_entered:
                self.sheet.cell(row, self.first).value = self._formula(column, cells)
        self.columns = []
        return top + len(self.layout.columns) - 1

    # what helps while typing

    def _validations(self) -> None:
        """Numbers, or the signs for a missing value; a wrong entry is explained at once."""
        for key, cells in self.entry_cells.items():
            column = self.layout.by_key[key]
            check = _validation(column, cells[0])
            if check is None:
                continue
            for area in _areas(cells):
                check.add(area)
            self.sheet.add_data_validation(check)

    def _live_checks(self, end: int) -> None:
        """A part larger than its whole turns red while it is typed."""
        if self.by_measure:
            return
        for rule in self.layout.rules:
            if rule.kind != "at_most" or rule.other not in self.layout.by_key:
                continue
            whole = self._at(self.top, self.layout.by_key[rule.other])
            for key in rule.columns:
                part = self._at(self.top, self.layout.by_key[key])
                letter = part.rstrip("0123456789")
                formula = f"AND(ISNUMBER({part}),ISNUMBER({whole}),{part}>{whole})"
                self.sheet.conditional_formatting.add(
                    f"{part}:{letter}{end}", FormulaRule(formula=[formula], fill=palette.WRONG)
                )

    def _page(self, key_row: int, end: int) -> None:
        sheet = self.sheet
        sheet.freeze_panes = sheet.cell(key_row + 1, self.first)
        sheet.print_title_rows = f"{key_row - 1 if key_row > 1 else 1}:{key_row}"
        sheet.print_area = f"A1:{get_column_letter(self.last)}{end}"
        sheet.page_setup.orientation = "portrait" if self.last <= 6 else "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_options.horizontalCentered = True
        sheet.oddFooter.center.text = "Trang &P/&N"
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = False


def _format(column: Column) -> str:
    if column.value_type == "count":
        return "#,##0"
    if column.value_type == "yes_no":
        return "General"
    return "#,##0." + "0" * max(column.decimals, 1)


def _validation(column: Column, cell: str) -> DataValidation | None:
    if column.value_type == "text":
        return None
    if column.value_type == "yes_no":
        return DataValidation(
            type="list",
            formula1='"Có,Không"',
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="Chưa đúng",
            error="Hãy chọn “Có” hoặc “Không”.",
        )
    tests = [f"{cell}=INT({cell})"] if column.value_type == "count" else []
    if column.minimum is not None:
        tests.append(f"{cell}>={column.minimum:f}")
    highest = column.maximum
    if highest is None and column.value_type == "percent":
        highest = Decimal(100)
    if highest is not None:
        tests.append(f"{cell}<={highest:f}")
    number = f"IF(ISNUMBER({cell}),AND({','.join(tests)}),FALSE)" if tests else f"ISNUMBER({cell})"
    kind = "số nguyên" if column.value_type == "count" else "số"
    return DataValidation(
        type="custom",
        formula1=f'=OR({number},{cell}="…",{cell}="...",{cell}="x")',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Chưa đúng",
        error=f"Hãy nhập {kind} từ 0 trở lên, “…” nếu không có số liệu, “x” nếu không áp dụng.",
        showInputMessage=False,
    )


def _areas(cells: list[str]) -> list[str]:
    """Runs of cells one below the other as "E9:E25"."""
    letter = cells[0].rstrip("0123456789")
    rows = [int(cell[len(letter) :]) for cell in cells]
    areas, start = [], rows[0]
    for before, after in zip(rows, [*rows[1:], -1], strict=True):
        if after != before + 1:
            areas.append(f"{letter}{start}:{letter}{before}")
            start = after
    return areas
