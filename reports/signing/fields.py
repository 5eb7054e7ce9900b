"""The form fields of a report: their names, their words, and how the words are drawn."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

NUMBER_FIELD = "so_van_ban"
DATE_FIELD = "ngay_ban_hanh"
LEADER_FIELD = "chu_ky_lanh_dao"
AGENCY_FIELD = "chu_ky_co_quan"

#: Field flag 1 of ISO 32000-1, table 221.
READ_ONLY = 1


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Font resource, size in points, and where the words stand in the field (0 left, 2 right)."""

    font: str
    size: float
    quadding: int

    @property
    def default_appearance(self) -> str:
        return f"/{self.font} {self.size:g} Tf 0 g"


REGULAR_FONT, ITALIC_FONT = "TinosRegular", "TinosItalic"
STYLES = {
    NUMBER_FIELD: TextStyle(REGULAR_FONT, 13, 2),
    DATE_FIELD: TextStyle(ITALIC_FONT, 14, 0),
}

#: Height of the line of writing above the field's lower edge; print.css lowers the room by it.
_BASELINE = 3.0


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
    return f"0{text}" if re.fullmatch(r"[1-9][a-zđ]?", text) else text


def date_text(day: date) -> str:
    """Return the date as printed; days below 10 and months 1 and 2 carry a leading zero."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def blank_date_text(month: date) -> str:
    """Return the date line before the day is known."""
    return date_text(month).replace(f"ngày {month.day:02d}", f"ngày{' ' * 4}", 1)


def appearance(text: str, *, style: TextStyle, glyphs: Glyphs, width: float) -> bytes:
    """Return the content stream that draws a field's words inside a box of `width` points."""
    if not text:
        return b"/Tx BMC\nEMC\n"
    room = max(width - glyphs.width(text, style.size), 0.0)
    left = room if style.quadding == 2 else 0.0
    codes = "".join(f"{glyphs.numbers[char]:04x}" for char in text)
    return (
        f"/Tx BMC\nq\nBT\n0 g\n/{style.font} {style.size:g} Tf\n"
        f"{left:.2f} {_BASELINE:g} Td\n<{codes}> Tj\nET\nQ\nEMC\n"
    ).encode("ascii")
