"""Printed totals beside computed ones. A difference is shown, never repaired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import ValidationError

from portal.collection.resources import CellWidget

from .checking import Check
from .cleaned import Checked
from .grid import address
from .kept import Scope, ranges_of
from .names import fold
from .numbers import vietnamese
from .outcome import ControlTotal, Issue
from .rows import TotalRow

MAX_WARNINGS = 200


class Totals:
    """Compares the total rows of one file with the entries that they stand for."""

    def __init__(self, check: Check, rows: Sequence[TotalRow], file: str) -> None:
        self.checked: Checked = check.checked
        self.fields = check.resource.fields
        self.rows = rows
        self.file = file
        self.scopes: dict[tuple[str, str], list[Scope]] = {}
        self.keys = self.checked.entries.keys
        self.places = self.checked.entries.places
        self.groups = self.checked.entries.layout.group_by_code
        self.own: set[str] = set()  # cells of the sender's own row, kept as they are printed
        self.majority = {g.code for g in self.groups.values() if fold(g.name) == "kinh"}

    def compared(self) -> list[ControlTotal]:
        return [total for row in self.rows for total in self._compare(row)]

    def warnings(self, totals: Sequence[ControlTotal]) -> Iterator[Issue]:
        """One warning for each printed total that differs."""
        for total in [total for total in totals if not total.agrees][:MAX_WARNINGS]:
            printed, computed = total.printed, total.computed
            if printed is None or computed is None:
                continue
            used = "số in được giữ" if total.cell in self.own else "số cộng lại sẽ được dùng"
            text = (
                f"Ô {total.cell}, {total.heading}: dòng “{total.label}” ghi {vietnamese(printed)}, "
                f"cộng các dòng được {vietnamese(computed)} "
                f"(chênh {vietnamese(abs(printed - computed))}). Hãy kiểm tra lại; "
                f"{used}."
            )
            yield Issue("warning", "total", text, total.sheet, total.cell, total.heading,
                        vietnamese(printed), column=total.column, file=self.file)  # fmt: skip

    def _compare(self, row: TotalRow) -> Iterator[ControlTotal]:
        scopes = [scope for scope in self._scopes(row) if scope]
        if not scopes:
            return
        ranges = [ranges_of(scope) for scope in scopes]
        for column in self.checked.entries.layout.entered:
            printed = self._printed(row, column.key)
            if printed is None:
                continue
            sums = [self._sum(column.key, scope) for scope in scopes]
            place = (row.sheet, address(row.row, row.columns[column.key]))
            self.scopes[place] = [Scope(*pair) for pair in zip(ranges, sums, strict=True)]
            computed = printed if printed in sums else sums[0]
            cell = address(row.row, row.columns[column.key])
            if row.kind == "own":
                self.own.add(cell)
            heading = column.heading
            if row.group in self.groups:
                heading = f"{heading}, dân tộc {self.groups[row.group].name}"
            yield ControlTotal(
                row.sheet, cell, row.label, heading, column.key, printed, computed, self.file
            )

    def _printed(self, row: TotalRow, key: str) -> Decimal | None:
        widget: CellWidget = self.fields[key].widget
        raw = row.cells.get(key, "")
        if raw == "":
            return None
        try:
            value = widget.clean(raw)
        except ValidationError:
            return None
        return value if isinstance(value, Decimal) else None

    def _sum(self, key: str, scope: Sequence[int]) -> Decimal:
        cleaned = self.checked.columns.get(key, [])
        values = (cleaned[index] for index in scope)
        return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))

    @cached_property
    def _by_sheet(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for index, place in enumerate(self.places):
            found[place.sheet].append(index)
        return found

    @cached_property
    def _by_unit(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, (place, key) in enumerate(zip(self.places, self.keys, strict=True)):
            found[place.sheet, key.unit].append(index)
        return found

    def _scopes(self, row: TotalRow) -> list[list[int]]:
        """Sets of entries that a total may stand for, the likeliest first."""
        if row.unit is not None:
            mine = self._by_unit.get((row.sheet, row.unit), [])
            if row.kind == "minorities":
                mine = [i for i in mine if self.keys[i].group not in self.majority]
            return [mine]
        sheet = self._by_sheet.get(row.sheet, [])
        if row.of_file:
            sheet = list(range(len(self.keys)))
        if self.checked.entries.layout.keeps_own:
            own = self.checked.entries.layout.unit
            return [[i for i in sheet if self.keys[i].unit != own]]
        if row.group is not None:
            sheet = [i for i in sheet if self.keys[i].group == row.group]
        if row.of_file:
            minorities = row.kind == "minorities" and row.group is None
            return [[i for i in sheet if not minorities or self.keys[i].group not in self.majority]]
        later = [other for other in self.rows if other.sheet == row.sheet and other.row > row.row]
        end = later[0].start if later else len(self.keys)
        before = [i for i in sheet if row.section <= i < row.start]
        after = [i for i in sheet if row.start <= i < end]
        if row.kind == "section":
            return [after, before]
        if row.kind == "minorities" and row.group is None:
            sheet = [i for i in sheet if self.keys[i].group not in self.majority]
        return [sheet, before, after]
