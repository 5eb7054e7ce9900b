"""Headings in two rows, one over the other: "Chứng từ" over "Số" and "Ngày" is two columns.

A heading that spans columns stands in the first of them, one that spans both rows in the upper. The
two rows become one, in the lower, where that gives more known columns than either of them.
"""

from __future__ import annotations

from collections.abc import Collection

from portal.collection.lists.tables import SEARCHED
from portal.collection.workbooks.source import Cell, Sheet
from portal.units.names import fold

WHOLE = frozenset({"tong so", "tong cong", "cong", "tong"})
Stated = dict[tuple[str, int, int], str]  # units of headings by sheet and place


def join_headings(sheet: Sheet, known: Collection[str], stated: Stated) -> None:
    """Join the best pair of heading rows of `sheet` in place; `known` are folded headings."""
    rows = sheet.rows[:SEARCHED]
    best, at = 0, -1
    for row in range(len(rows) - 1):
        upper, lower = rows[row], rows[row + 1]
        joined = _joined(upper, lower, known)
        alone = max(_count(upper, known), _count(lower, known))
        if (count := _count(joined, known)) > max(alone, best):
            best, at = count, row
    if at < 0:
        return
    upper, lower = rows[at], rows[at + 1]
    for column, source in enumerate(_above(upper, lower)):
        if unit := stated.get((sheet.name, at, source)):
            stated.setdefault((sheet.name, at + 1, column), unit)
    sheet.rows[at + 1][:] = _joined(upper, lower, known)
    upper[:] = [""] * len(upper)


def _text(row: list[Cell], column: int) -> str:
    cell = row[column] if column < len(row) else ""
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _above(upper: list[Cell], lower: list[Cell]) -> list[int]:
    """The column of the upper heading over each column: its own, else the one that spans it."""
    found, last = [], 0
    for column in range(max(len(upper), len(lower))):
        if _text(upper, column) or not _text(lower, column):
            last = column
        found.append(last)
    return found


def _joined(upper: list[Cell], lower: list[Cell], known: Collection[str]) -> list[Cell]:
    above = _above(upper, lower)
    return [
        _heading(_text(upper, source), _text(lower, column), above.count(source) > 1, known)
        for column, source in enumerate(above)
    ]


def _heading(over: str, under: str, spans: bool, known: Collection[str]) -> str:
    """What the two say together: the first reading that is known."""
    if not over or not under:
        return over or under
    if fold(under) in WHOLE:
        return over
    readings = [f"{under} {over}", f"{over} {under}", under, *([] if spans else [over])]
    return next((one for one in readings if fold(one) in known), f"{over} {under}")


def _count(row: list[Cell], known: Collection[str]) -> int:
    return len({key for cell in row if isinstance(cell, str) and (key := fold(cell)) in known})
