"""Tables with one row for each unit: Biểu 05."""

from __future__ import annotations

from .. import labels
from ..entries import RowKey, number_of
from ..names import words
from .common import OF_PART, OF_WORK, SKIP, SKIPPED, Rows
from .villages import Villages

SUMS_TRIED = 20  # rows without a name that may be sums, in one table


class UnitRows(Rows):
    sums_tried = 0
    villages: Villages | None = None

    def read(self) -> None:
        self.villages = None if self.layout.has_records else Villages.of(self)
        super().read()
        if self.villages is not None:
            self.villages.close()

    # what a table by villages asks

    def told_label(self, row: int) -> str:
        """The label of a row with numbers, else nothing."""
        return self._label(row) if self.grid.filled(row) and self._has_numbers(row) else ""

    @staticmethod
    def heading_words(path: list[str]) -> str:
        return words(path[-1]) if path else ""

    def label_cell(self, row: int) -> str:
        return self._label_cell(row)

    def take(self, key: RowKey, row: int, label: str) -> None:
        self._append(key, row, label, self.columns, self.order)

    # the rows

    def _names_someone(self, row: int, label: str) -> bool:
        if self.layout.has_records and self._code_in(row):
            return True
        return bool(label) and bool(self.units.find(label).codes)

    def _entry_row(self, row: int, label: str) -> None:
        if (coded := self._coded(row, label)) is not None:
            if coded:
                self._append(RowKey(coded), row, label, self.columns, self.order)
            return
        if self.villages is not None and label and self.villages.row(row, label):
            return
        if not label and self.default_unit is None and "unit" not in self.stubs:
            self._ask_whose(row, label)
            return
        if not label and self.default_unit is None and self._sums_up(row):
            self._total(row, "Tổng", "total")
            return
        if not label and self.default_unit is None:
            text = "dòng có số liệu nhưng thiếu tên đơn vị. Hãy ghi tên xã, phường, thị trấn."
            if self.layout.has_records:
                noun = self.layout.row_noun
                text = f"dòng có số liệu nhưng thiếu mã và tên {noun}. Hãy ghi mã hoặc tên."
            self.harvest.wrong(self.sheet, row, label, self._label_cell(row), "unit", text)
            return
        code = self._unit_of(label, row) if label else self.default_unit
        if code == SKIP:
            self.harvest.skip(self.sheet, row, label, SKIPPED)
        elif code is None:
            self._other_row(row, label)
        elif code == self.layout.unit and len(self.layout.units) > 1:
            self._sender_row(row, label)
        else:
            self._append(RowKey(code), row, label, self.columns, self.order)

    def _sender_row(self, row: int, label: str) -> None:
        """The sending unit among its own: a sum, or in some tables a figure that is kept."""
        if not self.layout.keeps_own:
            self._total(row, label, "total")
            return
        self.harvest.totals.append(self._total_row(row, label, "own"))
        self._append(RowKey(self.layout.unit), row, label, self.columns, self.order)

    def _other_row(self, row: int, label: str) -> None:
        """A label that is no expected unit: a total, a part, a section's sum, or a mistake."""
        kind = self._kind(label)
        if kind in ("total", "minorities"):
            self._total(row, label, "total")
        elif kind == "part" or (self.in_part and label.lstrip().startswith(("-", "+", "•"))):
            self.in_part = True
            self.harvest.skip(self.sheet, row, label, OF_PART)
        elif kind == "village" and self.harvest.entries.keys:
            self.harvest.skip(self.sheet, row, label, "Dòng của thôn, bản; chỉ lấy số của xã")
        elif kind == "worked out":
            self.harvest.skip(self.sheet, row, label, OF_WORK)
        elif kind == "note":
            self.harvest.skip(self.sheet, row, label, "Dòng ghi chú")
        elif kind == "section" or self._is_section_sum(row, label):
            self._enter_section(label)
            self._total(row, label, "section")
        else:
            self._unknown_unit(row, label)

    def _sums_up(self, row: int) -> bool:
        """Whether a row without a name holds the sums of all rows above, number by number."""
        entries, agreeing = self.harvest.entries, 0
        self.sums_tried += 1
        if self.sums_tried > SUMS_TRIED:
            return False
        for position, key in enumerate(entries.columns):
            column = self.columns.get(key)
            printed = "" if column is None else self.grid.cell(row, column)
            if printed == "" or not entries.layout.by_key[key].is_entered:
                continue
            parts = [number_of(cells[position], None) for cells in entries.rows]
            if None in parts or sum(part or 0 for part in parts) != number_of(printed, None):
                return False
            agreeing += 1
        return agreeing > 0 and len(entries) > 1

    def _is_section_sum(self, row: int, label: str) -> bool:
        if self._is_place(label):
            return True
        index = self.grid.own_text(row, self.stubs["index"]) if "index" in self.stubs else ""
        return labels.is_section_number(index) and not self.units.elsewhere(label).codes
