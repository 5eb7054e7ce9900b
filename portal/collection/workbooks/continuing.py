"""A sheet without headings that goes on where the table of the sheet before it ended."""

from __future__ import annotations

from functools import cached_property

from .grid import Grid, as_text, is_value
from .headings import Block
from .names import GroupNames, UnitNames
from .outcome import Issue
from .source import Sheet
from .tables import Table

SCANNED_ROWS = 300
FEW = 2


class Continuation:
    """What one sheet is beside the table `before` it: `table` when its columns are the same,
    a `warning` when it holds rows of the kind whose columns nobody can tell."""

    def __init__(self, before: Table, sheet: Sheet, units: UnitNames, groups: GroupNames) -> None:
        self.before = before
        self.grid = Grid(sheet)
        self.find = {"unit": units.find, "group": groups.find}

    @property
    def table(self) -> Table | None:
        if not self._entries or self._misfits:
            return None
        block = Block(0, -1, self._start, end=self.grid.height, paths=dict(self.before.block.paths))
        return Table(self.grid, block, dict(self.before.meanings))

    @property
    def warning(self) -> Issue | None:
        if len(self._entries) < FEW:
            return None
        name, last = self.grid.sheet.name, self._entries[-1] + 1
        text = (
            f"Trang tính “{name}” (dòng {self._entries[0] + 1} đến {last}) có số liệu nhưng thiếu "
            "dòng tiêu đề cột nên không được đọc. Hãy chép các dòng này xuống dưới bảng, hoặc thêm "
            "dòng tiêu đề cột."
        )
        return Issue("warning", "sheet_aside", text, name, value=name)

    @cached_property
    def _stubs(self) -> dict[str, int]:
        kinds = {meaning.stub: column for column, meaning in self.before.meanings.items()}
        return {kind: column for kind, column in kinds.items() if kind in self.find}

    @cached_property
    def _entries(self) -> list[int]:
        """Rows with a known name and a number, when no row of headings stands above them."""
        found: list[int] = []
        for row in range(min(self.grid.height, SCANNED_ROWS)):
            cells = [self.grid.cell(row, column) for column in self.grid.filled(row)]
            named = any(
                self.find[kind](as_text(cell)).codes
                for kind in self._stubs
                for cell in cells[:4]
                if isinstance(cell, str)
            )
            if named and any(map(is_value, cells)):
                found.append(row)
            elif not found and len(cells) > 1:
                return []
        return found

    @property
    def _start(self) -> int:
        return self._entries[0]

    @property
    def _misfits(self) -> bool:
        """Whether names or numbers stand elsewhere than in the columns of the table before."""
        known = set(self.before.block.paths) | set(self.before.meanings)
        return any(
            not set(self.grid.filled(row)) <= known
            or not any(
                self.find[kind](self.grid.own_text(row, column)).codes
                for kind, column in self._stubs.items()
            )
            for row in self._entries
        )
