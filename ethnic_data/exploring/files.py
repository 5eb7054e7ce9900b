"""A table of the explorer as a file: xlsx as seen, csv row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ethnic_data.aggregation.crosstab import crosstab
from portal import formats

from .members import Member
from .selection import AXES
from .table import MOST_CELLS, Cell, Table

CELL_LIMIT = 32_767  # characters that a cell of a workbook holds
ROWS_AT_ONCE = 20
HEAD = PatternFill("solid", fgColor="F3F1ED")
LINE = Side(style="thin", color="CFC8BD")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
QUIET = Font(italic=True, color="5B6470")
DANGEROUS = "=+-@\t\r'"

Value = str | int | Decimal | None


def about(table: Table) -> list[str]:
    """What stands above the numbers in every file: title, selection, source, date, marks."""
    lines = [table.title, table.subtitle]
    if table.dataset_titles:
        lines.append(f"Nguồn: {table.dataset_titles}, tính đến ngày {formats.day(table.as_of)}")
    if table.size <= MOST_CELLS and table.kind_words:
        lines.append(table.kind_words)
    if table.is_demo:
        lines.append("Số liệu minh hoạ")
    return [line for line in lines if line]


def workbook(table: Table) -> bytes:
    """One sheet: title with the unit, source and date, merged headings, rows, totals."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101
    sheet.title = "Số liệu"
    words = about(table)
    for line, text in enumerate(words, start=1):
        put(sheet.cell(line, 1), text).font = Font(bold=True, size=13) if line == 1 else QUIET
    first = len(words) + 2
    _headings(sheet, table, first)
    depth = len(table.heads)
    for at, (row, cells) in enumerate(table.lines(table.rows), start=first + depth):
        put(sheet.cell(at, 1), row.label).border = BOX
        sheet.cell(at, 1).font = Font(bold=row.is_total)
        for place, cell in enumerate(cells, start=2):
            known = cell.figure.value
            box = put(sheet.cell(at, place), cell.text if known is None else exact_number(known))
            box.border, box.font = BOX, Font(bold=row.is_total, italic=known is None)
            box.alignment = Alignment(horizontal="right")
            if known is not None:
                box.number_format = number_format(known, cell.decimals) + _marked(table, cell)
    _marks(sheet, table, first + depth + len(table.rows) + 1)
    sheet.freeze_panes = sheet.cell(first + depth, 2)
    sheet.print_title_rows = f"{first}:{first + depth - 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _headings(sheet: Worksheet, table: Table, first: int) -> None:
    """Merged as on the page: an outer heading over its inner ones."""
    depth = len(table.heads)
    corner = put(sheet.cell(first, 1), AXES[table.chosen.rows])
    _as_head(corner)
    if depth > 1:
        sheet.merge_cells(start_row=first, end_row=first + depth - 1, start_column=1, end_column=1)
    for line, head in enumerate(table.heads, start=first):
        place = 2
        for member, span in head:
            _as_head(put(sheet.cell(line, place), heading(member)))
            if span > 1:
                sheet.merge_cells(
                    start_row=line, end_row=line, start_column=place, end_column=place + span - 1
                )
            place += span
    sheet.column_dimensions["A"].width = 34
    for place in range(2, len(table.columns) + 2):
        sheet.column_dimensions[get_column_letter(place)].width = 15


def heading(member: Member) -> str:
    return f"{member.label} ({member.note})" if member.note else member.label


def _as_head(cell: SheetCell) -> None:
    cell.font, cell.fill, cell.border = Font(bold=True), HEAD, BOX
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")


def _marks(sheet: Worksheet, table: Table, line: int) -> None:
    if table.is_incomplete:
        put(sheet.cell(line, 1), "Có ô chưa đủ đơn vị báo cáo; xem dấu * trên trang.").font = QUIET


def exact_number(value: Decimal) -> int | Decimal:
    """A whole number as a number without a point; anything else to the last digit."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def number_format(value: Decimal, decimals: int | None) -> str:
    """As on the page: thousands apart, and as many places as are shown there."""
    if decimals is None:
        shown = formats.number(value)
        decimals = len(shown.partition(",")[2])
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _marked(table: Table, cell: Cell) -> str:
    """A word behind the number that stays a number."""
    return '" mẫu"' if table.marks_samples and cell.is_sample else ""


def put(cell: SheetCell, value: Value) -> SheetCell:
    """Write a number as a number and a text as a text, whatever it begins with."""
    if isinstance(value, str):
        printable = "".join(letter for letter in value if letter.isprintable() or letter == "\n")
        cell.value = printable[:CELL_LIMIT]
        cell.data_type = "s"
        cell.quotePrefix = printable[:1] in DANGEROUS
    else:
        cell.value = value
    return cell


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(table: Table, *, whole: bool) -> Iterator[str]:
    """The table as csv, UTF-8 with its mark; numbers with a point and to the last digit.

    whole: from the table as it stands (with what is not published hidden); else read some rows at
    a time, so that a table of any size needs little memory.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for text in about(table):
        yield writer.writerow([_safe(text)])
    for line, head in enumerate(table.heads):
        names = [heading(member) for member, span in head for _ in range(span)]
        corner = AXES[table.chosen.rows] if line == len(table.heads) - 1 else ""
        yield writer.writerow([corner, *map(_safe, names)])
    step = len(table.rows) if whole else ROWS_AT_ONCE
    for start in range(0, len(table.rows), step):
        yield from _csv_rows(writer, table, table.rows[start : start + step], whole=whole)


def _csv_rows(
    writer: object, table: Table, rows: Sequence[Member], *, whole: bool
) -> Iterable[str]:
    found = table.crosstab if whole else crosstab(table.ask(rows))
    for row in rows:
        figures = [table.figure(row, column, found) for column in table.columns]
        told = [
            formats.missing_words(one.missing)
            if one.value is None
            else f"{Decimal(exact_number(one.value)):f}"
            for one in figures
        ]
        yield writer.writerow([_safe(row.label), *told])  # type: ignore[attr-defined]


def _safe(text: str) -> str:
    """A text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text[:1] in DANGEROUS else text
