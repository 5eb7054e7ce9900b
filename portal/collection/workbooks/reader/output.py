"""The lines a reader prints: one JSON value per line, never a whole sheet at once.

["sheet", name, state]                     a sheet begins; state visible, hidden, veryhidden
["rows", first_row, first_column, rows]    rows of cells from 0; "" is an empty cell
["marks", kind, list]                      see `marks`
["mark", text]                             the version mark of our own template
["end", container]                         everything was read
["problem", code, facts]                   nothing can be read, and why

A cell is a string, number or boolean; ["d", iso] a date or time, ["e", text] an error value,
["f"] a formula that was never computed.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

BLOCK = 500
MAX_GAP = 200
MAX_TEXT = 32_767


def _special(value: object) -> list[str]:
    if isinstance(value, datetime.timedelta):
        return ["d", str(value)]
    if isinstance(value, datetime.date | datetime.time):
        return ["d", value.isoformat()]
    return ["d", str(value)]


class Output:
    """Writes rows in blocks; leaves out runs of empty rows without losing their numbers."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.encode = json.JSONEncoder(
            ensure_ascii=False, separators=(",", ":"), default=_special
        ).encode
        self.block: list[Sequence[Any]] = []
        self.first = 0
        self.column = 0

    def line(self, *items: object) -> None:
        self.stream.write(self.encode(items).replace("\u2028", " "))
        self.stream.write("\n")

    def sheet(self, name: str, state: str) -> None:
        self.flush()
        self.line("sheet", name, state)

    def rows(self, rows: Iterable[list[Any]], *, first_row: int = 0, first_column: int = 0) -> None:
        """Cells of one sheet in order; `first_*` are the 0-based address of the first one."""
        self.flush()
        gap = 0
        self.column = first_column
        for number, row in enumerate(rows, first_row):
            end = len(row)
            while end and row[end - 1] == "":
                end -= 1
            if not end:
                gap += 1
                continue
            if gap > MAX_GAP or not self.block or len(self.block) >= BLOCK:
                self.flush()
                self.first = number
            else:
                self.block.extend([()] * gap)
            gap = 0
            self.block.append(row if end == len(row) else row[:end])
        self.flush()

    def flush(self) -> None:
        if self.block:
            self.line("rows", self.first, self.column, self.block)
            self.block = []

    def marks(self, kind: str, items: Sequence[Any]) -> None:
        """`merges` [r1,c1,r2,c2]; `hidden_rows`, `hidden_columns` [first,last]; `errors`
        [r,c,text]; `uncomputed`, `percent` [r,c]; `fonts` [r,c,name]. All from 0."""
        if items:
            self.line("marks", kind, items)
