"""Forms with a row for each measure and one value column."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from ..entries import RowKey
from ..layout import Column
from .form import Form


class MeasureForm(Form):
    def label_columns(self) -> list[tuple[str, float]]:
        return [("STT", 6.0), (self.layout.measure_heading, 62.0), ("Đơn vị tính", 14.0)]

    def value_columns(self) -> list[Column]:
        """One column of values, headed by the layout; its rows are the declared columns."""
        return [Column(key="", measure="", heading=self.layout.value_heading, number="1")]

    def body(self, top: int) -> int:
        rows = dict(enumerate(self.layout.columns, top))
        letter = get_column_letter(self.first)
        cells = {column.key: f"{letter}{row}" for row, column in rows.items()}
        for row, column in rows.items():
            number = int(column.number) if column.number.isdigit() else row - top + 1
            self.label(row, 1, number, centred=True)
            self.label(row, 2, column.heading)
            self.label(row, 3, column.unit_of_measure, centred=True)
            given = self.values.get((RowKey(self.layout.unit), column.key))
            self.value(row, self.first, column, given, cells)
        return top + len(rows) - 1
