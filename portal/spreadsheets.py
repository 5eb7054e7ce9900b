"""A table of a page as a workbook: as seen, and never a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL_LIMIT = 32_767  # characters that a cell of a workbook holds
HEAD = PatternFill("solid", fgColor="F3F1ED")
LINE = Side(style="thin", color="CFC8BD")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)

Value = str | int | Decimal | None


@dataclass(frozen=True)
class Column:
    """A heading, its width in letters, and the places of its numbers (None: it holds words)."""

    heading: str
    width: int = 14
    decimals: int | None = None

    @property
    def number_format(self) -> str:
        return "#,##0" + ("." + "0" * self.decimals if self.decimals else "")


def table_workbook(
    *,
    title: str,
    about: Sequence[str],
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value]],
    total: Sequence[Value] | None = None,
    sheet_name: str = "Số liệu",
) -> bytes:
    """One sheet: title, what the table is about line by line, headings, rows, the total.

    A text that begins like a formula stays a text, in every spreadsheet program and after editing.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101
    sheet.title = sheet_name
    put(sheet.cell(1, 1), title).font = Font(bold=True, size=13)
    for line, words in enumerate(about, start=2):
        put(sheet.cell(line, 1), words).font = Font(italic=True, color="5B6470")
    head = len(about) + 3
    for place, column in enumerate(columns, start=1):
        cell = put(sheet.cell(head, place), column.heading)
        cell.font, cell.fill, cell.border = Font(bold=True), HEAD, BOX
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    lines = [*rows, *([total] if total is not None else [])]
    for number, values in enumerate(lines, start=head + 1):
        for place, (column, value) in enumerate(zip(columns, values, strict=True), start=1):
            cell = put(sheet.cell(number, place), value)
            cell.border = BOX
            cell.font = Font(bold=total is not None and number == head + len(lines))
            if column.decimals is not None:
                cell.number_format = column.number_format
                cell.alignment = Alignment(horizontal="right")
    sheet.freeze_panes = sheet.cell(head + 1, 2)
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def put(cell: Cell, value: Value) -> Cell:
    """Write a number as a number and a text as a text, whatever it begins with."""
    if isinstance(value, str):
        printable = "".join(letter for letter in value if letter.isprintable() or letter == "\n")
        cell.value = printable[:CELL_LIMIT]
        cell.data_type = "s"
        cell.quotePrefix = printable[:1] in "=+-@'"
    else:
        cell.value = value
    return cell
