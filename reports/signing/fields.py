"""The form fields of a report: their names, their words, and how the words are drawn."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.documents.citation import written_number
from reports.rendering.references import filled_reference

NUMBER_FIELD = "so_van_ban"
DATE_FIELD = "ngay_ban_hanh"
LEADER_FIELD = "chu_ky_lanh_dao"
AGENCY_FIELD = "chu_ky_co_quan"

#: One field for the line under each annex's title, counted from 1.
_REFERENCE_FIELD = "dong_phu_luc_"
_REFERENCE_NAME = re.compile(rf"{_REFERENCE_FIELD}[1-9][0-9]*")

#: Field flags of ISO 32000-1, tables 221 and 228.
READ_ONLY, MULTILINE = 1, 1 << 12


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Font resource, size in points, where the words stand in the field (0 left, 1 in the middle,
    2 right), and in points the line of writing above the lower edge and the step between lines.

    What print.css lays out of the same size stands on the same line.
    """

    font: str
    size: float
    quadding: int
    baseline: float = 3.0
    leading: float = 0.0

    @property
    def default_appearance(self) -> str:
        return f"/{self.font} {self.size:g} Tf 0 g"


REGULAR_FONT, ITALIC_FONT = "TinosRegular", "TinosItalic"
STYLES = {
    NUMBER_FIELD: TextStyle(REGULAR_FONT, 13, 2),
    DATE_FIELD: TextStyle(ITALIC_FONT, 14, 0),
}
_REFERENCE_STYLE = TextStyle(ITALIC_FONT, 14, 1, baseline=4.03, leading=17.5)


def reference_field(annex: int) -> str:
    """Name the field of the line under an annex's title; the first annex is 1."""
    return f"{_REFERENCE_FIELD}{annex}"


def is_reference(name: str) -> bool:
    return _REFERENCE_NAME.fullmatch(name) is not None


def style_of(name: str) -> TextStyle:
    """Raises KeyError for a field that holds no words."""
    return _REFERENCE_STYLE if is_reference(name) else STYLES[name]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """An embedded font's glyph numbers by character and widths (1/1000 em) by glyph number."""

    numbers: Mapping[str, int]
    widths: Mapping[int, float]

    def width(self, text: str, size: float) -> float:
        return sum(self.widths.get(self.numbers[char], 0) for char in text) * size / 1000


class NumberNotWritable(Exception):
    """The number holds a character that no document number has."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Số văn bản “{number[:20]}” không hợp lệ. Số văn bản gồm 1 đến 5 chữ số, có thể thêm "
            "một chữ cái ở cuối (ví dụ 05, 124, 124a)."
        )


def number_text(number: int | str) -> str:
    """Return a number as printed: below 10 with a leading zero (Nghị định 30/2020, Phụ lục I)."""
    text = str(number).strip()
    if not re.fullmatch(r"[0-9]{1,5}|[0-9]{1,4}[a-zđ]", text):
        raise NumberNotWritable(text)
    return written_number(text)


def date_text(day: date) -> str:
    """Return the date as printed; days below 10 and months 1 and 2 carry a leading zero."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def reference_text(blank: str, number: int | str, day: date) -> str:
    """Return the line under an annex's title with the four blanks of `blank` filled."""
    _, dd, _, month, _, year = date_text(day).split(" ")
    return filled_reference(blank, number_text(number), dd, month, year)


def blank_date_text(month: date) -> str:
    """Return the date line before the day is known."""
    return date_text(month).replace(f"ngày {month.day:02d}", f"ngày{' ' * 4}", 1)


def appearance(text: str, *, style: TextStyle, glyphs: Glyphs, width: float) -> bytes:
    """Return the content stream that draws a field's words inside a box of `width` points."""
    if not text:
        return b"/Tx BMC\nEMC\n"
    lines = text.replace("\u00a0", " ").split("\n")
    down = style.baseline + style.leading * (len(lines) - 1)
    drawn, before = [], 0.0
    for line in lines:
        room = max(width - glyphs.width(line, style.size), 0.0)
        left = round(room * style.quadding / 2, 2)
        codes = "".join(f"{glyphs.numbers[char]:04x}" for char in line)
        drawn.append(f"{left - before:.2f} {down:g} Td\n<{codes}> Tj\n")
        before, down = left, -style.leading
    return (
        f"/Tx BMC\nq\nBT\n0 g\n/{style.font} {style.size:g} Tf\n{''.join(drawn)}ET\nQ\nEMC\n"
    ).encode("ascii")
