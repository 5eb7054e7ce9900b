"""The table of people in a workbook: its heading row, its columns, its rows with their cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import tablib

from ethnic_data.resources.people import PersonResource
from portal.collection.workbooks.grid import address
from portal.collection.workbooks.source import Cell, DateCell, ErrorCell, Sheet, Source, Uncomputed
from portal.units.names import fold

SEARCHED = 30  # rows in which the headings stand
MOST_ROWS = 20_000
NUMBER_HEADINGS = {"stt", "tt", "so thu tu", "so tt"}


@dataclass
class PeopleTable:
    """`places[i]` is the row of the file (from 0) of `rows[i]`, `columns` the heading's columns."""

    headings: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    left_aside: list[str] = field(default_factory=list)

    def cell(self, index: int, heading: str = "") -> str:
        """The address of one cell, "D7"; of the row's name where no heading is to blame."""
        if index >= len(self.places):
            return ""
        wanted = heading if heading in self.headings else "Họ và tên"
        return address(self.places[index], self.columns[self.headings.index(wanted)])

    def as_dataset(self) -> tablib.Dataset:
        """With a column of codes, empty where the file has none."""
        if "Mã" in self.headings:
            return tablib.Dataset(*self.rows, headers=self.headings)
        return tablib.Dataset(*([*row, ""] for row in self.rows), headers=[*self.headings, "Mã"])


def table_of(source: Source, resource: PersonResource) -> tuple[PeopleTable, list[dict[str, Any]]]:
    """The first table whose headings fit the list, and what is wrong with it as a whole."""
    known = _known_headings(resource)
    best: tuple[int, Sheet | None, int] = (0, None, 0)
    for sheet in source.sheets:
        if sheet.state != "visible":
            continue
        for row in range(min(SEARCHED, len(sheet.rows))):
            fitting = len({known[key] for key in map(_key, sheet.rows[row]) if key in known})
            if fitting > best[0]:
                best = (fitting, sheet, row)
    fitting, chosen, row = best
    if chosen is None or fitting < 3:
        text = "Không tìm thấy dòng tiêu đề của danh sách. Hãy dùng biểu mẫu của trang này."
        return PeopleTable(), [{"cell": "", "name": "", "text": text}]
    table = _read(chosen, row, known)
    return table, _problems(table, resource, row)


def _known_headings(resource: PersonResource) -> dict[str, str]:
    known: dict[str, str] = {}
    for one in resource.get_export_fields():
        for name in (one.column_name, *resource.aliases.get(one.column_name, ())):
            known.setdefault(fold(name), one.column_name)
    return known


def _key(cell: Cell) -> str:
    return fold(cell) if isinstance(cell, str) else ""


def _read(sheet: Sheet, heading_row: int, known: dict[str, str]) -> PeopleTable:
    table = PeopleTable()
    for column, cell in enumerate(sheet.rows[heading_row]):
        name = known.get(_key(cell))
        if name and name not in table.headings:
            table.headings.append(name)
            table.columns.append(column)
        elif _key(cell) and _key(cell) not in NUMBER_HEADINGS:
            table.left_aside.append(str(cell)[:80])
    for row in range(heading_row + 1, len(sheet.rows)):
        values = [plain(sheet.get(row, column)) for column in table.columns]
        if _says_something(values, table.headings):
            table.rows.append(values)
            table.places.append(row)
    return table


def _says_something(values: list[Any], headings: list[str]) -> bool:
    """A person has a name and more; titles, signatures and (1) (2) (3) rows do not."""
    told = [value for value in values if value not in ("", None)]
    numbered = all(str(value).strip("() .").isdigit() for value in told)
    name = values[headings.index("Họ và tên")] if "Họ và tên" in headings else ""
    return len(told) >= 3 and not numbered and bool(str(name).strip())


def plain(cell: Cell) -> Any:
    """A cell as a list of people takes it: text, a whole number as its digits, a date as ISO."""
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
    return str(cell).strip()


def _problems(table: PeopleTable, resource: PersonResource, row: int) -> list[dict[str, Any]]:
    coded = "Mã" in table.headings
    missing = [name for name in resource.required if name not in table.headings and not coded]
    said = []
    if missing or "Họ và tên" not in table.headings:
        names = ", ".join(f"“{name}”" for name in missing or ["Họ và tên"])
        said.append(f"Dòng tiêu đề (dòng {row + 1}) thiếu cột {names}.")
    elif not table.rows:
        said.append("Danh sách chưa có dòng nào có họ tên.")
    elif len(table.rows) > MOST_ROWS:
        said.append("Danh sách quá dài, hãy chia thành nhiều tệp.")
    return [{"cell": "", "name": "", "text": text} for text in said]
