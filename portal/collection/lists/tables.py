"""The table of a list in a workbook: its heading row, its columns, its rows with their cells."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

import tablib
from openpyxl import Workbook
from openpyxl.styles import Font

from portal.collection.workbooks.grid import address
from portal.collection.workbooks.source import Cell, DateCell, ErrorCell, Sheet, Source, Uncomputed
from portal.units.names import fold

from .resource import ListResource

SEARCHED = 30  # rows in which the headings stand
MOST_ROWS = 20_000
NUMBER_HEADINGS = {"stt", "tt", "so thu tu", "so tt"}


@dataclass
class ListTable:
    """`places[i]` is the row of the file (from 0) of `rows[i]`, `columns` the heading's columns.

    `anchor` is the heading that names a row; `passed_over` counts rows that say something but
    are none of the list: titles, signatures, numbers of columns.
    """

    headings: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    left_aside: list[str] = field(default_factory=list)
    anchor: str = ""
    passed_over: int = 0
    unread: list[str] = field(default_factory=list)  # other sheets with something on them
    repaired: dict[str, Any] = field(default_factory=dict)
    sheet: Sheet | None = None
    heading_row: int = 0

    def cell(self, index: int, heading: str = "") -> str:
        """The address of one cell, "D7"; of what names the row where no heading is to blame."""
        if index >= len(self.places):
            return ""
        wanted = next(
            (name for name in (heading, self.anchor) if name in self.headings), self.headings[0]
        )
        return address(self.places[index], self.columns[self.headings.index(wanted)])

    def name(self, index: int) -> str:
        """What the row speaks of, as its file writes it."""
        if self.anchor not in self.headings:
            return ""
        return str(self.rows[index][self.headings.index(self.anchor)] or "")

    def only(self, wanted: list[int]) -> ListTable:
        """The same table with some of its rows."""
        return replace(
            self,
            rows=[self.rows[index] for index in wanted],
            places=[self.places[index] for index in wanted],
        )

    def as_dataset(self) -> tablib.Dataset:
        """With a column of codes, empty where the file has none."""
        if "Mã" in self.headings:
            return tablib.Dataset(*self.rows, headers=self.headings)
        return tablib.Dataset(*([*row, ""] for row in self.rows), headers=[*self.headings, "Mã"])


def blank_workbook(resource: type[ListResource]) -> BytesIO:
    """An xlsx to fill in: the headings alone."""
    book = Workbook()
    sheet = book.active
    sheet.append(resource.blank_headings())
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 22
    sheet.freeze_panes = "A2"
    kept = BytesIO()
    book.save(kept)
    kept.seek(0)
    return kept


def table_of(source: Source, resource: ListResource) -> tuple[ListTable, list[dict[str, Any]]]:
    """The first table whose headings fit the list, and what is wrong with it as a whole."""
    known = _known_headings(resource)
    best: tuple[int, Sheet | None, int] = (0, None, 0)
    for sheet in source.sheets:
        if sheet.state != "visible":
            continue
        for row in range(min(SEARCHED, len(sheet.rows))):
            keys = {_key(cell, known) for cell in sheet.rows[row]}
            fitting = len({known[key] for key in keys if key in known})
            if fitting > best[0]:
                best = (fitting, sheet, row)
    fitting, chosen, row = best
    if chosen is None or fitting < resource.least_headings:
        text = "Không tìm thấy dòng tiêu đề của danh sách. Hãy dùng biểu mẫu của trang này."
        return ListTable(), [{"cell": "", "name": "", "text": text}]
    table = _read(chosen, row, known, resource)
    others = (sheet for sheet in source.sheets if sheet is not chosen and sheet.rows)
    table.unread = [sheet.name[:80] for sheet in others][:20]
    return table, _problems(table, resource, row)


def _known_headings(resource: ListResource) -> dict[str, str]:
    """Headings by their very words, then without marks: "Sổ" and "Số" are two, "So" is one."""
    known: dict[str, str] = {}
    written = [
        (name, one.column_name)
        for one in resource.get_export_fields()
        for name in (one.column_name, *resource.aliases.get(one.column_name, ()))
    ]
    for name, heading in written:
        known.setdefault(_words(name), heading)
    for name, heading in reversed(written):
        known.setdefault(fold(name), heading)
    return known


def _words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _key(cell: Cell, known: dict[str, str]) -> str:
    """The heading as `known` has it; what is unknown without its marks."""
    if not isinstance(cell, str):
        return ""
    return _words(cell) if _words(cell) in known else fold(cell)


def _read(
    sheet: Sheet, heading_row: int, known: dict[str, str], resource: ListResource
) -> ListTable:
    table = ListTable(anchor=resource.anchor, sheet=sheet, heading_row=heading_row)
    for column, cell in enumerate(sheet.rows[heading_row]):
        key = _key(cell, known)
        name = known.get(key)
        if name and name not in table.headings:
            table.headings.append(name)
            table.columns.append(column)
        elif key and key not in NUMBER_HEADINGS:
            table.left_aside.append(str(cell)[:80])
    for row in range(heading_row + 1, len(sheet.rows)):
        values = [plain(sheet.get(row, column)) for column in table.columns]
        told = [value for value in values if value not in ("", None)]
        if _is_of_the_list(told, values, table, resource):
            table.rows.append(values)
            table.places.append(row)
        elif told:
            table.passed_over += 1
    return table


def _is_of_the_list(
    told: list[Any], values: list[Any], table: ListTable, resource: ListResource
) -> bool:
    """A row has what names it and more; titles, signatures and (1) (2) (3) rows do not."""
    if len(told) < resource.least_told or table.anchor not in table.headings:
        return False
    if all(str(value).strip("() .").isdigit() for value in told):
        return False
    return bool(str(values[table.headings.index(table.anchor)]).strip()) or resource.takes_nameless


def plain(cell: Cell) -> Any:
    """A cell as a list takes it: text, a whole number as its digits, a date as ISO; a number
    with a fraction stays one, for as a text it may be unclear."""
    if isinstance(cell, DateCell):
        return cell.text[:10]
    if isinstance(cell, ErrorCell):
        return cell.text
    if isinstance(cell, Uncomputed):
        return ""
    if isinstance(cell, bool):
        return "có" if cell else "không"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, float):
        return float(f"{cell:.12g}")  # without the noise of a sum
    return str(cell).strip()


def _problems(table: ListTable, resource: ListResource, row: int) -> list[dict[str, Any]]:
    coded = "Mã" in table.headings and "Mã" not in resource.required
    missing = [name for name in resource.missing(table.headings) if not coded]
    said = []
    if missing or resource.anchor not in table.headings:
        names = ", ".join(f"“{name}”" for name in missing or [resource.anchor])
        said.append(f"Dòng tiêu đề (dòng {row + 1}) thiếu cột {names}.")
    elif not table.rows:
        said.append(f"Danh sách chưa có dòng nào có {resource.anchor.lower()}.")
    elif len(table.rows) > MOST_ROWS:
        said.append("Danh sách quá dài, hãy chia thành nhiều tệp.")
    return [{"cell": "", "name": "", "text": text} for text in said]
