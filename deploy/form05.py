"""Biểu 05 as officers fill it: the whole district's template, and a file from each commune."""

from __future__ import annotations

import io
import unicodedata

from openpyxl import Workbook, load_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# of the template as the demo has it: row 7 is the first commune, E poor and F near-poor households
MISTAKES: dict[str, object] = {"E7": 9999, "F9": "hai"}
FIRST_ROW = 7
Counts = dict[str, list[int]]


def a_year_on(counts: list[int]) -> list[int]:
    """One poor household in ten has left poverty, nobody fell into it."""
    everybody, minorities, poor, near_poor, *_ = counts
    left = poor // 10
    return [everybody, minorities, poor - left, near_poor - near_poor // 10, left, 0, 0]


def filled(template: bytes, known: Counts, spoiled: dict[str, object] | None = None) -> bytes:
    """The district's template with a year's counts, and with other things in some cells."""
    book = load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=FIRST_ROW):
        if row[1].value in known:
            for cell, value in zip(row[2:9], a_year_on(known[row[1].value]), strict=True):
                cell.value = value
    for place, value in (spoiled or {}).items():
        sheet[place] = value
    return content_of(book)


def of_communes(template: bytes, known: Counts, stranger: str) -> list[dict[str, object]]:
    """What seventeen communes send: one is missing, one comes twice, one is another district's;
    one wrote a word for a number, one wrote 1.234 so that it can be read in two ways."""
    headings = headings_of(template)
    *names, _missing = known
    files = []
    for index, name in enumerate(names):
        values: list[object] = list(a_year_on(known[name]))
        if index == 0:
            values[3] = "hai"
        if index == 4:
            values = [f"{value:,}".replace(",", ".") for value in values]  # type: ignore[str-format]
        shown = unicodedata.normalize("NFD", name.upper()) if index % 3 == 1 else name
        files.append(as_file(f"{name}.xlsx", of_one(headings, shown, values)))
    files.append(as_file("ban sao.xlsx", files[3]["buffer"]))
    files.append(as_file("gui nham.xlsx", of_one(headings, stranger, a_year_on(known[names[3]]))))
    return files


def headings_of(template: bytes) -> list[object]:
    sheet = load_workbook(io.BytesIO(template)).worksheets[0]
    for row in sheet.iter_rows(max_row=FIRST_ROW):
        if row[2].value == "Tổng số hộ":
            return [cell.value for cell in row[2:9]]
    raise ValueError("The template of Biểu 05 has other headings.")


def of_one(headings: list[object], name: str, values: list[object] | list[int]) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(["Biểu 05. Số hộ nghèo, cận nghèo dân tộc thiểu số, năm 2023"])
    sheet.append(["TT", "Tên đơn vị", *headings])
    sheet.append([1, name, *values])
    return content_of(book)


def content_of(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_file(name: str, content: object) -> dict[str, object]:
    """As the browser takes it."""
    return {"name": name, "mimeType": XLSX, "buffer": content}
