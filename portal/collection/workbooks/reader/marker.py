"""`python -m reader.marker FILE NOTES OUT MEMORY CPU_SECONDS MAX_BYTES`: the marked copy.

Opening a stranger's workbook for writing needs as much care as reading it, so it happens in a
confined process too. An xlsx keeps its formatting, a csv stays a csv; other formats become an xlsx
with the same cells at the same addresses. NOTES is JSON: {"notes": [...], "head": [...], "author",
"sheet"}.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import coordinate_to_tuple
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from .__main__ import confine, read
from .grafting import graft
from .output import Output
from .problems import Problem
from .remarking import mark_delimited
from .sniff import kind_of

FILLS = {
    "error": PatternFill("solid", start_color="F8D2CF", end_color="F8D2CF"),
    "warning": PatternFill("solid", start_color="FBE7C2", end_color="FBE7C2"),
}
EDGES = {
    "error": Border(*[Side(style="medium", color="B3261E")] * 4),
    "warning": Border(*[Side(style="medium", color="8A5A00")] * 4),
}
MAX_NOTES = 3_000
MAX_COMMENT = 900


def safe_text(cell: Cell, text: str) -> None:
    """Writes a text that no spreadsheet takes for a formula."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:32_000]
    cell.data_type = "s"
    if text[:1] in ("=", "+", "-", "@", "\t", "\r"):
        cell.quotePrefix = True


def copy_of(path: Path, max_bytes: int) -> Workbook:
    """The cells of any readable file at their addresses, in a new workbook."""
    text = io.StringIO()
    output = Output(text)
    read(path, output, max_bytes)
    book = Workbook()
    book.remove(book.active)
    text.seek(0)
    for line in text:
        kind, *items = json.loads(line)
        if kind == "sheet":
            name = re.sub(r"[\[\]:*?/\\]", " ", items[0])[:31].strip() or "Trang"
            sheet = book.create_sheet(name)
            sheet.sheet_state = {"hidden": "hidden", "veryhidden": "veryHidden"}.get(
                items[1], "visible"
            )
        elif kind == "rows":
            _copy_rows(book.worksheets[-1], *items)
        elif kind == "marks" and items[0] == "merges":
            for top, left, bottom, right in items[1][:2000]:
                if bottom < 100_000 and right < 1000:
                    book.worksheets[-1].merge_cells(
                        start_row=top + 1, start_column=left + 1,
                        end_row=bottom + 1, end_column=right + 1,
                    )  # fmt: skip
        elif kind == "marks" and items[0] == "errors":
            for row, column, value in items[1]:
                safe_text(book.worksheets[-1].cell(row + 1, column + 1), value)
    return book


def _copy_rows(sheet: Worksheet, first_row: int, first_column: int, rows: list[list]) -> None:
    for row, cells in enumerate(rows, first_row + 1):
        for column, value in enumerate(cells, first_column + 1):
            if value == "":
                continue
            cell = sheet.cell(row, column)
            if isinstance(value, list):
                safe_text(cell, value[1])
            elif isinstance(value, str):
                safe_text(cell, value)
            else:
                cell.value = value


def unmark(book: Workbook, author: str, results: str) -> None:
    """Takes away the marks of an earlier check."""
    for sheet in [sheet for sheet in book.worksheets if sheet.title == results]:
        book.remove(sheet)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.comment and cell.comment.author == author:
                    cell.comment = None
                    cell.fill, cell.border = PatternFill(), Border()


def mark(book: Workbook, notes: list[dict[str, Any]], author: str) -> None:
    """Fills and comments the cells that the notes name."""
    texts: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for note in notes:
        if note["cell"] and note["sheet"] in book.sheetnames:
            texts.setdefault((note["sheet"], note["cell"]), []).append(note)
    for (sheet_name, address), found in list(texts.items())[:MAX_NOTES]:
        cell = _anchor(book[sheet_name], address)
        if cell is None:
            continue
        severity = "error" if any(n["severity"] == "error" for n in found) else "warning"
        cell.fill, cell.border = FILLS[severity], EDGES[severity]
        message = "\n".join(note["message"] for note in found)
        if cell.comment is not None and cell.comment.author != author:
            message = f"{message}\n\n{cell.comment.text}"
        height = 60 + 18 * (len(message) // 34 + message.count("\n"))
        cell.comment = Comment(message[:MAX_COMMENT], author, height=min(height, 360), width=280)


def _anchor(sheet: Worksheet, address: str) -> Cell | None:
    """The cell, or the corner of the merged area that covers it."""
    try:
        row, column = coordinate_to_tuple(address)
    except ValueError:
        return None
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        return cell
    for area in sheet.merged_cells.ranges:
        if cell.coordinate in area:
            return sheet.cell(area.min_row, area.min_col)
    return None


def list_results(book: Workbook, notes: list[dict[str, Any]], title: str, head: list[str]) -> None:
    """The sheet that lists all issues, each with a link to its cell."""
    sheet = book.create_sheet(title)
    for row, text in enumerate(head, 1):
        safe_text(sheet.cell(row, 1), text)
        sheet.cell(row, 1).font = Font(name="Times New Roman", size=14 if row == 1 else 12,
                                       bold=row == 1)  # fmt: skip
    top = len(head) + 2
    widths = (8, 12, 22, 10, 44, 90)
    headings = ("STT", "Mức", "Trang tính", "Ô", "Cột, dòng", "Cần sửa")
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True), 1):
        cell = sheet.cell(top, column, heading)
        cell.font = Font(name="Times New Roman", size=12, bold=True)
        cell.fill = PatternFill("solid", start_color="EFEAE4", end_color="EFEAE4")
        sheet.column_dimensions[cell.column_letter].width = width
    for number, note in enumerate(notes, 1):
        row = top + number
        word = "Lỗi" if note["severity"] == "error" else "Cảnh báo"
        texts = (word, note["sheet"], note["cell"], note["heading"], note["message"])
        sheet.cell(row, 1, number)
        for column, text in enumerate(texts, 2):
            safe_text(sheet.cell(row, column), text)
        for column in range(1, 7):
            cell = sheet.cell(row, column)
            cell.font = Font(name="Times New Roman", size=12)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.cell(row, 2).fill = FILLS[note["severity"]]
        if note["cell"] and note["sheet"] in book.sheetnames:
            place = "'" + note["sheet"].replace("'", "''") + "'!" + note["cell"]
            link = sheet.cell(row, 4)
            link.hyperlink = Hyperlink(ref=link.coordinate, location=place)
            link.font = Font(name="Times New Roman", size=12, underline="single", color="1F5FA8")
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def main() -> None:
    path, notes_path, out, memory, seconds, max_bytes = sys.argv[1:7]
    confine(int(memory), int(seconds))
    task = json.loads(Path(notes_path).read_text("utf-8"))
    notes = task["notes"]
    container, _ = kind_of(Path(path), int(max_bytes))
    given = {"notes": notes, "head": task["head"], "author": task["author"], "title": task["sheet"]}
    if container == "xlsx":
        with contextlib.suppress(Exception):  # built in an unusual way: marked as a copy below
            graft(Path(path), Path(out), **given)
            return
    if container == "csv":
        mark_delimited(Path(path), Path(out), notes)
        return
    book = None
    if container == "xlsx":
        with contextlib.suppress(Exception):
            book = load_workbook(path, rich_text=True, keep_links=False)
    if book is None:
        book = copy_of(Path(path), int(max_bytes))
    unmark(book, task["author"], task["sheet"])
    mark(book, notes, task["author"])
    list_results(book, notes, task["sheet"], task["head"])
    book.save(out)


if __name__ == "__main__":
    try:
        main()
    except Problem:
        sys.exit(3)
