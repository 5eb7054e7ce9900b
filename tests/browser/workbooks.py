"""Filling the officer's workbook the way an officer does: by the names of rows and columns."""

from __future__ import annotations

import io
from dataclasses import dataclass

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ethnic_data.models import Observation

HEADINGS = {
    "D01": "Tổng số hộ",
    "D02": "Số hộ dân tộc thiểu số",
    "N03": "Số hộ nghèo dân tộc thiểu số",
    "N04": "Số hộ cận nghèo dân tộc thiểu số",
    "N09": "Số hộ dân tộc thiểu số thoát nghèo",
    "N10": "Số hộ nghèo dân tộc thiểu số phát sinh mới",
    "N11": "Số hộ dân tộc thiểu số tái nghèo",
}


@dataclass
class Form05:
    """Biểu 05 as a workbook: rows by the commune's name, columns by heading."""

    book: Workbook
    sheet: Worksheet

    @classmethod
    def read(cls, content: bytes) -> Form05:
        book = load_workbook(io.BytesIO(content))
        return cls(book, book.worksheets[0])

    def place(self, commune: str, measure: str) -> str:
        """The cell's address, such as "E9"."""
        return f"{self._columns()[HEADINGS[measure]]}{self.rows()[commune]}"

    def rows(self) -> dict[str, int]:
        """Communes by name: every text of the column of names that has a number before it."""
        numbered = (row for row in self.sheet.iter_rows(min_row=6) if isinstance(row[0].value, int))
        return {str(row[1].value): row[0].row for row in numbered if row[1].value}

    def _columns(self) -> dict[str, str]:
        heading = next(
            row for row in self.sheet.iter_rows() if HEADINGS["D01"] in [c.value for c in row]
        )
        return {str(cell.value): cell.column_letter for cell in heading}

    def fill(self, commune: str, measure: str, value: int | str) -> str:
        place = self.place(commune, measure)
        self.sheet[place] = value
        return place

    def comments(self) -> dict[str, str]:
        """What is remarked at which cell."""
        cells = (cell for row in self.sheet.iter_rows() for cell in row)
        return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}

    def as_file(self, name: str) -> dict[str, str | bytes]:
        """As the browser takes it."""
        stream = io.BytesIO()
        self.book.save(stream)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return {"name": name, "mimeType": kind, "buffer": stream.getvalue()}


def counts_of_last_year(district: str, year: str) -> dict[str, dict[str, int]]:
    """Approved counts by commune's name and measure, for making this year's from."""
    found = Observation.objects.filter(
        submission__dataset__code="BIEU-05",
        submission__unit__code=district,
        submission__period__code=year,
        indicator__code__in=HEADINGS,
    ).select_related("unit", "indicator")
    counts: dict[str, dict[str, int]] = {}
    for one in found:
        counts.setdefault(one.unit.full_name, {})[one.indicator.code] = int(one.value or 0)
    return counts


def a_year_on(counts: dict[str, int]) -> dict[str, int]:
    """A year later: one poor household in five has left poverty, nobody fell into it."""
    left = counts["N03"] // 5
    return counts | {
        "N03": counts["N03"] - left,
        "N04": counts["N04"] - counts["N04"] // 10,
        "N09": left,
        "N10": 0,
        "N11": 0,
    }
