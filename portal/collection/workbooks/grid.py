"""A sheet with its merged cells filled in: what a person sees in every cell."""

from __future__ import annotations

from functools import lru_cache

from .names import tidy, undirected
from .numbers import is_nil, missing_reason, written
from .source import Cell, DateCell, ErrorCell, Sheet, Uncomputed

AROUND = " \t\r\n\u00a0\u2007\u202f\ufeff'\"‘’“”"  # stands around numbers and is none of them
MAX_SPREAD = 200_000  # merged cells that are filled in; beyond it is decoration


@lru_cache(maxsize=4096)
def letters(column: int) -> str:
    """ "A" for 0, "AA" for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(row: int, column: int) -> str:
    """ "E17" for row 16, column 4."""
    return f"{letters(column)}{row + 1}"


def as_text(cell: Cell) -> str:
    """A cell as one line of text: numbers without a needless ".0"."""
    if isinstance(cell, str):
        return tidy(cell)
    if isinstance(cell, bool):
        return "ĐÚNG" if cell else "SAI"
    if isinstance(cell, float):
        return str(int(cell)) if cell == cell // 1 and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, DateCell | ErrorCell | Uncomputed):
        return cell.text
    return str(cell)


def is_value(cell: Cell) -> bool:
    """Whether a cell looks like an entry of a table: a number, or a sign for none."""
    if isinstance(cell, bool):
        return True
    if isinstance(cell, float | int | ErrorCell | Uncomputed):
        return True
    if not isinstance(cell, str) or not cell or len(cell) > 40:
        return False
    cell = undirected(cell).strip(AROUND)
    if not cell:
        return False
    if cell[0].isdigit() or cell[0] in "+-.,…":
        parts = written(cell)
        return (
            (parts is not None and len(parts.unit) < 12)
            or is_nil(cell)
            or bool(missing_reason(cell))
        )
    return is_nil(cell) or bool(missing_reason(cell))


class Grid:
    """Reads one sheet cell by cell, merged areas included."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.height = len(sheet.rows)
        self.width = sheet.width
        self.anchors: dict[tuple[int, int], tuple[int, int]] = {}
        self.spans: dict[tuple[int, int], tuple[int, int]] = {}
        budget = MAX_SPREAD
        for top, left, bottom, right in sheet.merges:
            bottom, right = min(bottom, self.height - 1), min(right, self.width - 1)
            budget -= max(bottom - top + 1, 0) * max(right - left + 1, 0)
            if budget < 0:
                break
            self.spans[top, left] = (bottom, right)
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    self.anchors[row, column] = (top, left)

    def cell(self, row: int, column: int) -> Cell:
        """The cell's own content; "" inside a merged area except at its corner."""
        return self.sheet.get(row, column)

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        return self.anchors.get((row, column), (row, column))

    def seen(self, row: int, column: int) -> Cell:
        """What is seen there: the content of the merged area that covers the cell."""
        return self.sheet.get(*self.anchor(row, column))

    def text(self, row: int, column: int) -> str:
        return as_text(self.seen(row, column))

    def own_text(self, row: int, column: int) -> str:
        return as_text(self.sheet.get(row, column))

    def filled(self, row: int) -> list[int]:
        """Columns with content of their own in a row."""
        if row >= self.height:
            return []
        return [
            column
            for column, cell in enumerate(self.sheet.rows[row])
            if cell.__class__ is float
            or (cell != "" and not (isinstance(cell, str) and not cell.strip()))
        ]

    def is_blank(self, row: int) -> bool:
        return not self.filled(row)

    def label(self, row: int, column: int) -> str:
        """A row's label: spread downwards from a merged cell, never sideways."""
        top, left = self.anchor(row, column)
        return as_text(self.sheet.get(top, left)) if left == column else ""
