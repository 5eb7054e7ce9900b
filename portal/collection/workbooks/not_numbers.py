"""What people type where a number belongs, and what each of them should do about it."""

from __future__ import annotations

import datetime
import re

from .names import words
from .numbers import STYLES, Style, clean, from_float, in_style, vietnamese, written
from .source import DateCell

MULTIPLES = {"tram": 100, "nghin": 1_000, "ngan": 1_000, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,3}", re.ASCII)
_RANGE = re.compile(r"\d[\d.,]*\s*(?:-|đến|tới|~)\s*\d[\d.,]*")
_FRACTION = re.compile(r"\d[\d.,]*\s*/\s*\d[\d.,]*")
_NOTED = re.compile(r"\d[\d.,]*\s*[(\[]\s*\d+\s*[)\]]")
_RAISED = re.compile("[⁰¹²³⁴-⁹₀-₉①-⑳*†]")
_ABOUT = re.compile(r"^(?:~|≈|khoảng|gần|hơn|trên|dưới|ước)\s*", re.IGNORECASE)
_LIMIT = re.compile(r"^[<>≤≥]")
EPOCH = datetime.date(1899, 12, 30)
FIRST_YEAR = 1990  # a date before it is a number that was formatted as a date


def what_to_do(text: str, style: Style | None = None) -> str:
    """The end of the sentence for a text that is no number; "" when nothing special is known."""
    shown = f"“{text.strip()}”"
    plain = clean(text)
    if _SCIENTIFIC.fullmatch(plain):
        return (
            f"{shown} là số bị Excel viết gọn, có thể đã mất chữ số. "
            "Hãy mở rộng cột hoặc đổi ô về kiểu số rồi lưu lại."
        )
    if multiple := _multiple(plain, style):
        return multiple.format(shown=shown)
    if _RAISED.search(text) and any(char.isdigit() for char in text):
        return f"{shown} có ký hiệu chú thích. Hãy chuyển chú thích ra ngoài ô, chỉ để lại số."
    if _NOTED.fullmatch(plain):
        return f"{shown} có hai số hoặc ký hiệu chú thích. Hãy chỉ để lại một số trong ô."
    if _RANGE.fullmatch(plain):
        return f"{shown} là một khoảng hoặc ngày tháng. Hãy nhập một số."
    if _FRACTION.fullmatch(plain):
        return f"{shown} có hai số. Hãy chỉ để lại một số trong ô."
    if _ABOUT.match(plain) or _LIMIT.match(plain):
        return f"{shown} là số ước chừng. Hãy nhập số cụ thể, hoặc “…” nếu không có số liệu."
    if words(text) in ("khong", "khong co", "ko", "k", "chua co", "khong phat sinh"):
        return f"{shown} có thể là 0 hoặc không có số liệu. Hãy nhập 0, hoặc “…”."
    if re.fullmatch(r"[oO]", plain):
        return f"{shown} là chữ O, không phải số 0. Hãy nhập lại."
    return ""


def _multiple(text: str, style: Style | None) -> str:
    """ "1,5 triệu": the whole number is named, and left to the person to type."""
    parts = written(text)
    factor = MULTIPLES.get(words(parts.unit).split(" ", 1)[0]) if parts and parts.unit else None
    if parts is None or factor is None:
        return ""
    values = {in_style(parts.number, form) for form in ([style] if style else STYLES)} - {None}
    if len(values) != 1:
        return "{shown} ghi kèm đơn vị. Hãy nhập đủ các chữ số."
    value = vietnamese((values.pop() or 0) * factor)
    return f"{{shown}} ghi kèm đơn vị. Hãy nhập đủ các chữ số: {value}."


def of_date(cell: DateCell) -> str:
    """A number that Excel took for a date: "1.5" becomes the 1st of May, 1 200 a day in 1903."""
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)", cell.text)
    if match is None:
        return f"ô đang là giờ ({cell.text}). Hãy đổi ô về kiểu số rồi nhập lại."
    year, month, day = map(int, match.groups())
    shown = f"{day:02}/{month:02}/{year}"
    if year < FIRST_YEAR:
        try:
            serial = (datetime.date(year, month, day) - EPOCH).days
        except ValueError:
            serial = 0
        hint = f", có thể là số {vietnamese(from_float(float(serial)))}" if serial > 0 else ""
    else:
        hint = f", có thể là “{day}.{month}” hoặc “{day}/{month}” bị Excel đổi thành ngày"
    return f"ô đang là ngày ({shown}){hint}. Hãy đổi ô về kiểu số rồi nhập lại."
