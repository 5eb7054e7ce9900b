"""Tables as sheets of a workbook: Vietnamese headings, number formats, no formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter

from portal.collection.lists.cells import harmless

from .tables import Column, Row, Table, Value

FORMATS = {"money": "#,##0.000", "percent": "0.00", "whole": "#,##0", "day": "dd/mm/yyyy"}
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
LINE = Side(style="thin", color="C9C2B8")
FRAME = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEAD = PatternFill("solid", fgColor="F0ECE6")
TITLE_ROWS = 3  # title, note, an empty one; then the headings


#: how many sheets and how many rows of all are written
Told = Callable[[int, int], None]


def workbook_of(
    title: str,
    tables: Sequence[tuple[str, Table]],
    *,
    remark: str = "",
    told: Told | None = None,
) -> BytesIO:
    """An xlsx with a sheet for each table under the name given; the title stands on each.

    told: is called after each sheet.
    """
    book = Workbook(write_only=True)
    styles = Styles(book)
    rows = 0
    for number, (name, table) in enumerate(tables, start=1):
        _sheet(book, name, title, table, remark, styles)
        rows += len(table.rows)
        if told:
            told(number, rows)
    kept = BytesIO()
    book.save(kept)
    kept.seek(0)
    return kept


class Styles:
    """One named style for each way a cell may look; a style of its own for every cell is slow."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.known: dict[tuple[str, bool, int], str] = {}

    def of(self, number_format: str, *, bold: bool, level: int) -> str:
        key = (number_format, bold, level)
        if key not in self.known:
            name = f"o{len(self.known) + 1}"
            style = NamedStyle(name, font=Font(bold=bold), border=FRAME)
            if number_format:
                style.number_format = number_format
            else:
                style.alignment = Alignment(wrap_text=True, vertical="top", indent=level)
            self.book.add_named_style(style)
            self.known[key] = name
        return self.known[key]


def _sheet(
    book: Workbook, name: str, title: str, table: Table, remark: str, styles: Styles
) -> None:
    sheet = book.create_sheet(name.translate(FORBIDDEN)[:31])
    sheet.freeze_panes = f"B{TITLE_ROWS + 2}"
    for number, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _width(column, number)
    sheet.append([_cell(sheet, f"{title} · {table.title}", font=Font(bold=True, size=13))])
    notes = [text for text in (remark, table.note) if text]
    sheet.append([_cell(sheet, " ".join(notes), font=Font(italic=True))] if notes else [])
    sheet.append([])
    sheet.append([_heading(sheet, column.label) for column in table.columns])
    for row in table.rows:
        sheet.append([_value(sheet, row, column, styles) for column in table.columns])


def _width(column: Column, number: int) -> int:
    if column.is_number:
        return 18
    return 60 if number == 1 else 28


def _cell(sheet: Any, value: Any, **style: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=harmless(value) if isinstance(value, str) else value)
    for name, one in style.items():
        setattr(cell, name, one)
    return cell


def _heading(sheet: Any, label: str) -> WriteOnlyCell:
    aligned = Alignment(wrap_text=True, vertical="center", horizontal="center")
    return _cell(sheet, label, font=Font(bold=True), fill=HEAD, border=FRAME, alignment=aligned)


def _value(sheet: Any, row: Row, column: Column, styles: Styles) -> WriteOnlyCell:
    value: Value = row.cells.get(column.key)
    is_number = isinstance(value, Decimal | int) or column.kind == "day"
    style = styles.of(
        _format(column, value) if is_number else "",
        bold=row.is_total,
        level=0 if is_number else row.level,
    )
    return _cell(sheet, value, style=style)


def _format(column: Column, value: Value) -> str:
    """A number without a fraction is shown without one, but money always to the thousand đồng."""
    if column.kind == "number":
        whole = not isinstance(value, Decimal) or value == value.to_integral_value()
        return "#,##0" if whole else "#,##0.0##"
    return FORMATS.get(column.kind, "General")
