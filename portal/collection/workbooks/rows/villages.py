"""A commune's own table by villages: its total is the commune's row, the villages only add up."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from .. import labels
from ..entries import RowKey, number_of
from ..grid import address
from ..names import split_kind, strip_enumeration
from ..numbers import vietnamese
from ..outcome import Issue
from ..vocabulary import VILLAGES
from .common import OF_TOTAL

if TYPE_CHECKING:
    from .by_unit import UnitRows

OF_VILLAGE = "Dòng của thôn, bản; chỉ cộng để đối chiếu với dòng tổng của xã"
NO_TOTAL = (
    "bảng ghi theo thôn, bản mà không có dòng tổng của xã. Hãy thêm dòng “Tổng cộng” "
    "hoặc dòng mang tên xã."
)


class Villages:
    """The villages of one table of one commune, and the row that stands for the commune."""

    def __init__(self, rows: UnitRows, unit: str, *, by_heading: bool) -> None:
        self.rows = rows
        self.unit = unit
        self.by_heading = by_heading  # then a bare name is a village's, though a commune has it
        self.told: list[tuple[int, str]] = []  # rows of villages
        self.whole: tuple[int, str] | None = None  # the row of the commune

    @classmethod
    def of(cls, rows: UnitRows) -> Villages | None:
        """None where the table names other units, or no village."""
        unit = rows.default_unit
        if unit is None or rows.layout.has_records:
            return None
        heading = rows.block.paths.get(rows.stubs.get("unit", -1), [""])
        by_heading = rows.heading_words(heading) in VILLAGES
        is_told = by_heading
        for row in range(rows.block.first, rows.block.end):
            label = rows.told_label(row)
            if not label:
                continue
            if not by_heading and set(rows.units.find(label).codes) - {unit}:
                return None
            is_told = is_told or labels.kind_of(label) == "village"
        return cls(rows, unit, by_heading=by_heading) if is_told else None

    def row(self, row: int, label: str) -> bool:
        """Take a row of the table; False where it is neither a village nor the commune."""
        kind = labels.kind_of(label)
        if kind == "total" or self._is_commune(label):
            self._commune(row, label)
        elif kind in ("village", "name"):
            self.told.append((row, label))
            self.rows.harvest.skip(self.rows.sheet, row, label, OF_VILLAGE)
        else:
            return False
        return True

    def _is_commune(self, label: str) -> bool:
        named = self.unit in self.rows.units.find(label).codes
        return named and (not self.by_heading or bool(split_kind(strip_enumeration(label))[0]))

    def _commune(self, row: int, label: str) -> None:
        if self.whole is not None:
            self.rows.harvest.skip(self.rows.sheet, row, label, OF_TOTAL)
            return
        self.whole = (row, label)
        self.rows.take(RowKey(self.unit), row, label)

    def close(self) -> None:
        """After the last row: no total is a mistake, another sum is said."""
        if self.whole is not None:
            for key, column in self.rows.columns.items():
                self._compare(self.whole, key, column)
        elif self.told:
            self._refuse()

    def _refuse(self) -> None:
        rows = self.rows
        row, label = self.told[0]
        cell = rows.label_cell(row)
        message = f"Ô {cell}: {NO_TOTAL}"
        rows.harvest.issues.append(
            Issue("error", "unit", message, rows.sheet, cell, "", label, file=rows.harvest.file)
        )

    def _compare(self, whole: tuple[int, str], key: str, column: int) -> None:
        rows = self.rows
        printed = number_of(rows.grid.cell(whole[0], column), None)
        parts = [number_of(rows.grid.cell(row, column), None) for row, _ in self.told]
        declared = rows.layout.by_key[key]
        if not declared.is_entered or declared.value_type not in ("count", "decimal"):
            return
        if printed is None or None in parts:
            return
        computed = sum((part for part in parts if part is not None), Decimal(0))
        if computed == printed:
            return
        cell, name = address(whole[0], column), declared.name
        message = (
            f"Ô {cell}, {name}: dòng “{whole[1]}” ghi {vietnamese(printed)}, cộng các thôn "
            f"được {vietnamese(computed)}. Hãy kiểm tra lại; số ở dòng tổng sẽ được dùng."
        )
        rows.harvest.issues.append(
            Issue("warning", "total", message, rows.sheet, cell, name, vietnamese(printed),
                  column=key, file=rows.harvest.file)
        )  # fmt: skip
