"""Panels as files: xlsx as seen (a sheet for each), csv line by line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ethnic_data.exploring.files import (
    BOX,
    DANGEROUS,
    HEAD,
    QUIET,
    exact_number,
    number_format,
    put,
)

from .shown import Shown, Value

LONGEST_NAME = 31  # letters of a sheet's name
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


def workbook(panels: Sequence[Shown], filters: Sequence[str]) -> bytes:
    """A sheet for each panel: title, filters, source and date, merged headings, lines, totals."""
    book = Workbook()
    del book["Sheet"]
    names: list[str] = []
    for panel in panels:
        names.append(_name(panel.title, names))
        _write(book.create_sheet(names[-1]), panel, filters)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _name(title: str, taken: list[str]) -> str:
    name = NOT_IN_NAMES.sub(" ", title)[:LONGEST_NAME].strip() or "Bảng"
    found, turn = name, 2
    while found.lower() in {one.lower() for one in taken}:
        found, turn = f"{name[: LONGEST_NAME - 3]} {turn}", turn + 1
    return found


def _write(sheet: Worksheet, panel: Shown, filters: Sequence[str]) -> None:
    words = list(dict.fromkeys([*panel.about, " · ".join(filters)]))
    for at, text in enumerate(words, start=1):
        put(sheet.cell(at, 1), text).font = Font(bold=True, size=13) if at == 1 else QUIET
    first = len(words) + 2
    if panel.empty:
        put(sheet.cell(first, 1), panel.empty)
        return
    _headings(sheet, panel, first)
    body = first + max(len(panel.heads), 1)
    for at, line in enumerate(panel.lines, start=body):
        name = put(sheet.cell(at, 1), line.label)
        name.border, name.font = BOX, Font(bold=line.is_total)
        for place, value in enumerate(line.values, start=2):
            _cell(sheet.cell(at, place), value, is_total=line.is_total)
    for at, text in enumerate(panel.notes, start=body + len(panel.lines) + 1):
        put(sheet.cell(at, 1), text).font = QUIET
    sheet.freeze_panes = sheet.cell(body, 2)
    sheet.print_title_rows = f"{first}:{body - 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _headings(sheet: Worksheet, panel: Shown, first: int) -> None:
    depth = max(len(panel.heads), 1)
    _as_head(put(sheet.cell(first, 1), panel.corner))
    if depth > 1:
        sheet.merge_cells(start_row=first, end_row=first + depth - 1, start_column=1, end_column=1)
    for line, head in enumerate(panel.heads, start=first):
        place = 2
        for words, span in head:
            _as_head(put(sheet.cell(line, place), words))
            if span > 1:
                sheet.merge_cells(
                    start_row=line, end_row=line, start_column=place, end_column=place + span - 1
                )
            place += span
    columns = max((len(line.values) for line in panel.lines), default=0)
    sheet.column_dimensions["A"].width = 34
    for place in range(2, columns + 2):
        sheet.column_dimensions[get_column_letter(place)].width = 15


def _as_head(cell: Cell) -> None:
    cell.font, cell.fill, cell.border = Font(bold=True), HEAD, BOX
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")


def _cell(cell: Cell, value: Value, *, is_total: bool) -> None:
    """A number to the last digit, shown as on the page with its marks; else the words."""
    known = value.exact
    put(cell, value.text if known is None else exact_number(known))
    cell.border, cell.font = BOX, Font(bold=is_total, italic=known is None)
    cell.alignment = Alignment(horizontal="right")
    if known is not None:
        shown = number_format(known, value.decimals)
        signed = (f"+{shown}", f"−{shown}", shown) if value.is_signed else (shown,)
        before, after = _quoted(value.before), _quoted(value.after)
        cell.number_format = ";".join(before + one + after for one in signed)


def _quoted(words: str) -> str:
    return f'"{words}"' if words else ""


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines(panel: Shown, filters: Sequence[str]) -> Iterator[str]:
    """UTF-8 with its mark; numbers with a point and to the last digit."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for text in dict.fromkeys([*panel.about, " · ".join(filters)]):
        yield writer.writerow([_safe(text)])
    if panel.empty:
        yield writer.writerow([_safe(panel.empty)])
        return
    for place, head in enumerate(panel.heads, start=1):
        names = [_safe(words) for words, span in head for _ in range(span)]
        yield writer.writerow([panel.corner if place == len(panel.heads) else "", *names])
    for line in panel.lines:
        told = [
            _safe(one.text) if one.exact is None else f"{Decimal(exact_number(one.exact)):f}"
            for one in line.values
        ]
        yield writer.writerow([_safe(line.label), *told])


def _safe(text: str) -> str:
    """A text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text[:1] in DANGEROUS else text
