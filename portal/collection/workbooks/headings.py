"""Finds the tables of a sheet: where the headings stand and what each column's headings are.

A heading block is one to six rows that name columns of the layout (or the stubs beside them),
with an optional "A B 1 2" row below. A sheet may print several blocks, one below the other.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from .grid import Grid, as_text, is_value
from .names import GroupNames, UnitNames, fold, words
from .source import Cell
from .vocabulary import Vocabulary, telling, unnumbered

MAX_UP = 5
MAX_DOWN = 5
MAX_COLUMNS = 400
_KEY_CELL = re.compile(
    r"[(\[]?\s*(?:(?:cột|c)?\s*([A-Za-z])|(?:cột|c)?\s*(\d{1,3}))\s*[)\].]?(?:\s*=.*)?",
    re.IGNORECASE,
)
_MOTTO = ("conghoaxahoichunghiavietnam", "doclaptudohanhphuc", "ubnd", "uybannhandan")


@dataclass
class Block:
    """One table: heading rows [top, bottom], data from `first`, up to but not including `end`.

    `paths[column]` are the headings above a column, outermost first; `numbers[column]` its mark
    in the key row. `titles` are the lines above. All rows and columns count from 0.
    """

    top: int
    bottom: int
    first: int
    key_row: int | None = None
    end: int = 0
    paths: dict[int, list[str]] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)

    @property
    def heading_rows(self) -> tuple[int, ...]:
        last = self.bottom if self.key_row is None else self.key_row
        return tuple(range(self.top + 1, last + 2))


def key_marks(grid: Grid, row: int, *, below_heading: bool = False) -> dict[int, str]:
    """The marks of an "A B 1 2", "(1) (2)" row by column; {} when it is not one.

    Right below a heading "A 1" is enough.
    """
    marks: dict[int, str] = {}
    numbers: list[int] = []
    for column in grid.filled(row):
        match = _KEY_CELL.fullmatch(as_text(grid.cell(row, column)))
        if match is None:
            return {}
        marks[column] = match[1] or match[2]
        if match[2]:
            numbers.append(int(match[2]))
    rising = all(after == before + 1 for before, after in itertools.pairwise(numbers))
    starts = bool(numbers) and (numbers[0] == 1 or (len(numbers) > 3))
    letters = [mark for mark in marks.values() if mark.isalpha()]
    enough = len(numbers) >= 2 or (len(numbers) == 1 and len(letters) >= 2)
    if below_heading and len(numbers) == len(letters) == 1 and numbers[0] == 1:
        return marks
    return marks if rising and starts and enough and len(marks) >= 3 else {}


class Headings:
    """Looks for blocks in one grid with the words of one layout."""

    def __init__(
        self, grid: Grid, vocabulary: Vocabulary, units: UnitNames, groups: GroupNames
    ) -> None:
        self.grid = grid
        self.vocabulary = vocabulary
        self.units = units
        self.groups = groups
        self._scores: dict[int, int] = {}

    def blocks(self) -> list[Block]:
        """All tables of the sheet in order; [] when no heading is recognised."""
        blocks: list[Block] = []
        row = 0
        while row < self.grid.height:
            numeric = blocks and float in map(type, self.grid.sheet.rows[row])
            if not numeric and self.score(row) >= 2 and not self._is_entry(row):
                block = self._grow(row, blocks[-1].first if blocks else 0)
                if blocks:
                    blocks[-1].end = block.top
                blocks.append(block)
                row = block.first
            else:
                row += 1
        if not blocks and (only := self._by_key_row() or self._above_data()):
            blocks.append(only)
        for block in blocks:
            block.end = block.end or self.grid.height
            self._fill(block, blocks)
        return blocks

    def score(self, row: int) -> int:
        """How many different headings of the layout stand in a row."""
        if row not in self._scores:
            texts = {
                text
                for column in self.grid.filled(row)[:MAX_COLUMNS]
                if isinstance(cell := self.grid.cell(row, column), str) and (text := as_text(cell))
            }
            known = {fold(text) for text in texts if self.vocabulary.knows(text)}
            groups = sum(
                len(text) < 30 and self.groups.find(text).code is not None for text in texts
            )
            self._scores[row] = len(known) + (groups if groups >= 3 else 0)
        return self._scores[row]

    def _is_entry(self, row: int) -> bool:
        """A row of data: a value beside a text, or a known unit in front."""
        cells = [(column, self.grid.cell(row, column)) for column in self.grid.filled(row)]
        if len(cells) > 1 and all(self._is_heading(as_text(cell)) for _, cell in cells):
            return False
        values = [cell for _, cell in cells if is_value(cell) and not self._names_a_column(cell)]
        if values and not key_marks(self.grid, row):
            return True
        if not values and self.vocabulary.layout.has_groups and self._names_units(cells):
            return False
        return any(
            isinstance(cell, str) and self.units.find(as_text(cell)).codes for _, cell in cells[:3]
        )

    def _names_a_column(self, cell: Cell) -> bool:
        """ "2023", and "3. Tổng số hộ" that only begins like a number."""
        text = as_text(cell)
        is_numbered = isinstance(cell, str) and unnumbered(text) != text
        return self._is_year(text) or (is_numbered and self.vocabulary.knows(text))

    def _names_units(self, cells: list[tuple[int, Cell]]) -> bool:
        """Whether units of one level stand side by side: they head columns."""
        found = {
            code: self.units.units[code].district
            for _, cell in cells[:MAX_COLUMNS]
            if isinstance(cell, str) and (code := self.units.find(as_text(cell)).code)
        }
        return len(found) > 1 and (len(found) > 2 or len(set(found.values())) == 1)

    def _is_heading(self, text: str) -> bool:
        """ "3 người" is the name of a column where the layout says so, and no number."""
        return (
            bool(text)
            and len(text) < 160
            and bool(self.vocabulary.exact(telling(unnumbered(text))))
        )

    @staticmethod
    def _is_year(text: str) -> bool:
        return bool(re.fullmatch(r"(?:19|20)\d\d", text))

    def _grow(self, anchor: int, floor: int) -> Block:
        """The whole block around a row that names headings."""
        top = bottom = anchor
        while anchor - top < MAX_UP and top > floor and self._belongs_above(top - 1, top):
            top -= 1
        while bottom - anchor < MAX_DOWN and self._belongs_below(bottom + 1, anchor):
            bottom += 1
        return self._closed(top, bottom)

    def _closed(self, top: int, bottom: int) -> Block:
        """With the key row below, if there is one."""
        first = bottom + 1
        key_row = next(
            (
                row
                for row in range(bottom + 1, min(bottom + 3, self.grid.height))
                if key_marks(self.grid, row, below_heading=row == bottom + 1)
            ),
            None,
        )
        if key_row is not None:
            first = key_row + 1
        return Block(top=top, bottom=bottom, first=first, key_row=key_row)

    def _belongs_above(self, row: int, below: int) -> bool:
        filled = self.grid.filled(row)
        if not filled or self._is_entry(row) or key_marks(self.grid, row):
            return False
        texts = {as_text(self.grid.cell(row, column)) for column in filled}
        if any(mark in fold(text) for text in texts for mark in _MOTTO):
            return False
        reaches = any(
            self.grid.spans.get((row, column), (row, column))[0] >= below for column in filled
        )
        if reaches or len(texts) >= 2:
            return max(map(len, texts)) < 160
        text = texts.pop()
        return (
            filled[0] >= 2
            and len(text) < 60
            and (
                fold(text) in self.vocabulary.parents
                or any(parent in words(text) for parent in ("chia theo", "trong do", "chia ra"))
            )
        )

    def _belongs_below(self, row: int, anchor: int) -> bool:
        filled = self.grid.filled(row)
        if not filled or key_marks(self.grid, row) or self._is_entry(row):
            return False
        if len(filled) == 1 and filled[0] < 2 and self.score(row) == 0:
            return False
        if any(self._is_stub(anchor, column) for column in filled) and self.score(row) < 2:
            return False
        first = as_text(self.grid.cell(row, filled[0]))
        return not (filled[0] < 2 and self.groups.find(first).codes and self.score(row) < 3)

    def _is_stub(self, anchor: int, column: int) -> bool:
        """A column of labels: what stands below its heading names rows, not columns."""
        stub = self.vocabulary.stub(self.grid.text(anchor, column))
        return stub in ("index", "unit", "group", "measure")

    def _by_key_row(self) -> Block | None:
        """Headings in words nobody declared, above an "A B 1 2" row."""
        for row in range(self.grid.height):
            if key_marks(self.grid, row):
                top = row
                while top > 0 and row - top < MAX_UP and self._belongs_above(top - 1, top):
                    top -= 1
                if top < row:
                    return Block(top=top, bottom=row - 1, first=row + 1, key_row=row)
        return None

    def _above_data(self) -> Block | None:
        """The rows of texts above the first row that carries a known unit or group."""
        for row in range(1, self.grid.height):
            labels = [as_text(self.grid.cell(row, column)) for column in self.grid.filled(row)[:3]]
            known = any(
                self.units.find(label).codes or self.groups.find(label).code for label in labels
            )
            if known and self._is_entry(row) and len(self.grid.filled(row)) >= 2:
                top = row
                while top > 0 and row - top < MAX_UP and self._belongs_above(top - 1, top):
                    top -= 1
                return Block(top=top, bottom=row - 1, first=row) if top < row else None
        return None

    def _fill(self, block: Block, blocks: list[Block]) -> None:
        before = [other.end for other in blocks if other.top < block.top]
        rows = range(
            max(block.top - 15, *before, 0) if before else max(block.top - 15, 0), block.top
        )
        for row in rows:
            texts = [as_text(self.grid.cell(row, column)) for column in self.grid.filled(row)]
            if texts:
                block.titles.append(" ".join(texts))
        if block.key_row is not None:
            block.numbers = key_marks(self.grid, block.key_row, below_heading=True)
        last = max(
            (max(self.grid.filled(row), default=-1) for row in range(block.top, block.first)),
            default=-1,
        )
        for column in range(min(last + 1, self.grid.width)):
            if path := self._path(block, column):
                block.paths[column] = path

    def _path(self, block: Block, column: int) -> list[str]:
        path: list[str] = []
        for row in range(block.top, block.bottom + 1):
            text = self.grid.text(row, column)
            if not text and row < block.bottom:
                text = self._parent_to_the_left(block, row, column)
            if text and (not path or path[-1] != text):
                path.append(text)
        return path

    def _parent_to_the_left(self, block: Block, row: int, column: int) -> str:
        """Without merged cells a parent stands only above its first child."""
        if any(block.top <= top <= block.bottom for top, _ in self.grid.spans):
            return ""
        if not any(self.grid.own_text(below, column) for below in range(row + 1, block.bottom + 1)):
            return ""
        for left in range(column - 1, -1, -1):
            if text := self.grid.own_text(row, left):
                below = range(row + 1, block.bottom + 1)
                return text if any(self.grid.own_text(r, left) for r in below) else ""
        return ""
