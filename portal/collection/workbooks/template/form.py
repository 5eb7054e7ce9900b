"""What every form has: titles, headings, the "A B 1 2" row, entry cells, printing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..entries import RowKey
from ..layout import Column, Layout
from . import palette
from .typing_checks import add_validations, number_format

Values = Mapping[tuple[RowKey, str], Decimal | int | str]


def plain_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """A text that stays a text, whatever sign it begins with."""
    cell = sheet.cell(row, column, text)
    cell.data_type = "s"


class Form:
    """Writes the sheet that is filled in. `stubs` are (heading, width) of the label columns."""

    def __init__(self, layout: Layout, sheet: Worksheet, values: Values) -> None:
        self.layout = layout
        self.sheet = sheet
        self.values = values
        self.stubs = self.label_columns()
        self.first = len(self.stubs) + 1  # column of the first value
        self.columns = self.value_columns()
        self.last = self.first + max(len(self.columns), 1) - 1
        self.entry_cells: dict[str, list[str]] = {}
        self.top = 0

    def label_columns(self) -> list[tuple[str, float]]:
        raise NotImplementedError

    def value_columns(self) -> list[Column]:
        raise NotImplementedError

    def body(self, top: int) -> int:
        """Writes the rows from `top`; returns the last row."""
        raise NotImplementedError

    def write(self) -> None:
        key_row = self._headings(self._titles())
        self.top = key_row + 1
        end = self.body(self.top)
        add_validations(self.sheet, self.layout, self.entry_cells)
        self._page(key_row, end)

    def _titles(self) -> int:
        layout, sheet = self.layout, self.sheet
        lines = (
            (layout.unit_name.upper(), palette.font(12, bold=True), palette.LEFT),
            (layout.title.upper(), palette.font(14, bold=True), palette.CENTRE),
            (layout.period_label, palette.font(12, italic=True), palette.CENTRE),
        )
        for row, (text, font, alignment) in enumerate(lines, 1):
            plain_text(sheet, row, 1, text)
            cell = sheet.cell(row, 1)
            cell.font, cell.alignment = font, alignment
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=self.last)
        sheet.row_dimensions[2].height = 38
        row = len(lines) + 1
        if layout.unit_of_measure:
            plain_text(sheet, row, 1, f"Đơn vị tính: {layout.unit_of_measure}")
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
            self._heading(bottom + 1, index, "ABCDE"[index - 1], small=True)
            self.sheet.column_dimensions[get_column_letter(index)].width = width
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
            plain_text(self.sheet, row, column, text)
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

    def label(
        self,
        row: int,
        column: int,
        text: str | int,
        *,
        locked: bool = True,
        centred: bool = False,
    ) -> None:
        """A name in front of the values."""
        if isinstance(text, str):
            plain_text(self.sheet, row, column, text)
        else:
            self.sheet.cell(row, column, text)
        cell = self.sheet.cell(row, column)
        cell.font, cell.border = palette.font(), palette.BOX
        cell.alignment = palette.CENTRE if centred else palette.LEFT
        cell.protection = Protection(locked=locked)

    def value(
        self,
        row: int,
        index: int,
        column: Column,
        value: Decimal | int | str | None,
        cells: Mapping[str, str],
    ) -> None:
        """An entry, or the formula over `cells` (addresses by layout key) that computes it."""
        cell = self.sheet.cell(row, index)
        cell.font, cell.border, cell.alignment = palette.font(), palette.BOX, palette.RIGHT
        cell.number_format = number_format(column)
        if column.is_entered:
            cell.protection = Protection(locked=False)
            cell.fill = palette.ENTRY
            self.entry_cells.setdefault(column.key, []).append(cell.coordinate)
            if isinstance(value, str):
                plain_text(self.sheet, row, index, value)
            elif value is not None:
                cell.value = float(value) if value != int(value) else int(value)
        else:
            cell.fill = palette.COMPUTED
            cell.value = self.formula(column, cells)

    def at(self, row: int, column: Column) -> str:
        """The address of a value column in a row."""
        return f"{get_column_letter(self.first + self.columns.index(column))}{row}"

    @staticmethod
    def formula(column: Column, cells: Mapping[str, str]) -> str | None:
        formula = column.formula
        if formula is None or not {formula.numerator, formula.denominator} <= set(cells):
            return None
        above, below = cells[formula.numerator], cells[formula.denominator]
        factor = "" if formula.factor == 1 else f"*{formula.factor.normalize():f}"
        ratio = f'IF({below}>0,{above}/{below}{factor},"")'
        return f'=IF(AND(ISNUMBER({above}),ISNUMBER({below})),{ratio},"")'

    def _page(self, key_row: int, end: int) -> None:
        """Headings stay in sight on the screen and on every printed page."""
        sheet = self.sheet
        depth = max((len(column.parents) for column in self.columns), default=0)
        sheet.freeze_panes = sheet.cell(key_row + 1, self.first)
        sheet.print_title_rows = f"{key_row - 1 - depth}:{key_row}"
        sheet.print_area = f"A1:{get_column_letter(self.last)}{end}"
        sheet.page_setup.orientation = "portrait" if self.last <= 6 else "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_options.horizontalCentered = True
        sheet.oddFooter.center.text = "Trang &P/&N"
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = False
