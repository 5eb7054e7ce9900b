"""Workbooks of any size, the same for the same seed; written as Excel writes them."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from .province import DECIMAL, HEADINGS, PART_OF

Row = tuple[str, str, list[str]]  # commune, group, values as text with a decimal point
NOT_COLLECTED = "…"
WRONG = "chưa rõ"
TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"""  # noqa: E501
RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"""  # noqa: E501
BOOK = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Bieu" sheetId="1" r:id="rId1"/></sheets></workbook>"""  # noqa: E501
BOOK_RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"""  # noqa: E501
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def rows(
    communes: Sequence[str],
    groups: Sequence[str],
    count: int,
    columns: int,
    *,
    seed: int = 1719,
    changed: float = 0,
    wrong: int = 0,
) -> Iterator[Row]:
    """`count` rows; a share `changed` of the cells differs from those of the same seed without.

    In `wrong` rows, spread over the file, the last cell is no number.
    """
    chance, change = random.Random(seed), random.Random(seed + 1)  # noqa: S311 - made-up figures
    for number in range(count):
        values = _values(chance, columns)
        if changed:
            for column in range(columns):
                if change.random() < changed:
                    values[column] = _another(values, column)
        commune = communes[number // len(groups)]
        texts = [_text(value) for value in values]
        if wrong and number % (count // wrong) == 7:
            texts[-1] = WRONG
        yield commune, groups[number % len(groups)], texts


def _values(chance: random.Random, columns: int) -> list[float | None]:
    households = 40 + int(chance.random() * 460)
    male, female = 60 + int(chance.random() * 900), 60 + int(chance.random() * 900)
    people = male + female
    fixed: dict[int, float] = {0: households, 5: people, 6: male, 7: female}
    values: list[float | None] = []
    for column in range(columns):
        if column in fixed:
            values.append(fixed[column])
        elif column in PART_OF:
            whole = fixed[PART_OF[column]]
            values.append(int(chance.random() * whole * 0.9))
        elif column in DECIMAL:
            values.append(int(chance.random() * 90_000) / 100)
        elif column == 18 and chance.random() < 0.2:
            values.append(None)
        else:
            values.append(int(chance.random() * 400))
    return values


def _another(values: list[float | None], column: int) -> float | None:
    """Another value that keeps the rules."""
    value = values[column]
    if column in (5, 6, 7) or value is None:
        return value
    return value + 1


def _text(value: float | None) -> str:
    return (
        NOT_COLLECTED
        if value is None
        else f"{value:.2f}"
        if isinstance(value, float)
        else str(value)
    )


def headings(columns: int) -> list[str]:
    named = [HEADINGS[c] if c < len(HEADINGS) else f"Chỉ tiêu {c + 1}" for c in range(columns)]
    return ["STT", "Tên xã", "Dân tộc", *named]


def letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def write_xlsx(path: Path, columns: int, content: Iterator[Row]) -> Path:
    shared: dict[str, int] = {}
    names = [letters(column) for column in range(columns + 3)]

    def text(cell: str, value: str) -> str:
        return f'<c r="{cell}" t="s"><v>{shared.setdefault(value, len(shared))}</v></c>'

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, part in (
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", RELS),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ):
            archive.writestr(name, part)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>'.encode())
            head = "".join(text(f"{names[c]}1", h) for c, h in enumerate(headings(columns)))
            sheet.write(f'<row r="1">{head}</row>'.encode())
            for number, (commune, group, values) in enumerate(content, 2):
                cells = [
                    f'<c r="A{number}"><v>{number - 1}</v></c>',
                    text(f"B{number}", commune),
                    text(f"C{number}", group),
                ]
                for column, value in enumerate(values, 3):
                    cell = f"{names[column]}{number}"
                    cells.append(
                        text(cell, value)
                        if value in (NOT_COLLECTED, WRONG)
                        else f'<c r="{cell}"><v>{value}</v></c>'
                    )
                sheet.write(f'<row r="{number}">{"".join(cells)}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{escape(value)}</t></si>" for value in shared)
        archive.writestr(
            "xl/sharedStrings.xml",
            f'<?xml version="1.0"?><sst xmlns="{MAIN}" uniqueCount="{len(shared)}">{items}</sst>',
        )
    return path


def write_csv(path: Path, columns: int, content: Iterator[Row]) -> Path:
    with path.open("w", encoding="utf-8-sig") as file:
        file.write(";".join(headings(columns)) + "\r\n")
        for number, (commune, group, values) in enumerate(content, 1):
            cells = [value.replace(".", ",") for value in values]
            file.write(f"{number};{commune};{group};{';'.join(cells)}\r\n")
    return path
