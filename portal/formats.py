"""How numbers, dates and missing values are written in Vietnamese.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I (dates in words: a zero before days below 10 and before
the months 1 and 2). Halves round away from zero, as in printed tables.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

NO_BREAK = "\u00a0"
MINUS = "\u2212"
NOTHING = "–"
MOST_DIGITS = 9  # of a number in an address; more fits no column

MISSING_WORDS = {
    "confidential": "Không công bố",
    "not_collected": "Không có số liệu",
    "not_applicable": "Không áp dụng",
    "no_share": "Không có số liệu tách riêng",
    "mixed": "Không cộng số toàn bộ với số mẫu",
}

PRECISION = 28
USUAL = Context(prec=PRECISION)
POINTS = str.maketrans(",.", ".,")  # of an English number, as a Vietnamese one has them

Number = int | float | Decimal | str


def as_decimal(value: object) -> Decimal | None:
    """Return a finite Decimal, or None for what is no number (None, "", NaN, words, True)."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Round half away from zero to `decimals` places."""
    step = Decimal(1).scaleb(-decimals)
    if value.adjusted() + decimals < PRECISION - 2:
        return value.quantize(step, ROUND_HALF_UP, context=USUAL)
    digits = len(value.as_tuple().digits) + abs(value.adjusted()) + decimals + 2
    return value.quantize(step, ROUND_HALF_UP, context=Context(prec=digits))


def number(value: object, decimals: int | None = None) -> str:
    """Write 1234.5 as "1.234,5".

    decimals: how many places are shown; None shows what the value has, without closing zeros, four
    at most. A value that is no number becomes a dash.
    """
    if type(value) is int and not decimals:  # most of all numbers on a page
        text = f"{abs(value):,}".translate(POINTS)
        return f"{MINUS}{text}" if value < 0 else text
    found = as_decimal(value)
    if found is None:
        return NOTHING
    shown = rounded(found, 4 if decimals is None else decimals)
    text = f"{shown.copy_abs():,f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    text = text.translate(POINTS)
    return f"{MINUS}{text}" if shown < 0 else text


def signed(value: object, decimals: int | None = None) -> str:
    """Write a change with its sign: "+3,1", "−3,1", "0"."""
    text = number(value, decimals)
    found = as_decimal(value)
    return f"+{text}" if found is not None and found > 0 and text.strip("0,") else text


def percent(value: object, decimals: int = 1) -> str:
    """Write 67.4 (already in percent) as "67,4 %"; 100.0 as "100 %"."""
    found = as_decimal(value)
    if found is None:
        return NOTHING
    whole = rounded(found, decimals) == rounded(found, 0)
    return f"{number(found, 0 if whole else decimals)}{NO_BREAK}%"


def share(part: object, whole: object, decimals: int = 1) -> str:
    """Write part of whole as a percentage; a dash when there is no whole."""
    above, below = as_decimal(part), as_decimal(whole)
    if above is None or not below:
        return NOTHING
    return percent(above / below * 100, decimals)


def points(value: object, decimals: int = 1) -> str:
    """Write a difference of two percentages: "−3,1 điểm phần trăm"."""
    text = signed(value, decimals)
    return text if text == NOTHING else f"{text}{NO_BREAK}điểm phần trăm"


def money(millions: object, decimals: int | None = None) -> str:
    """Write an amount given in million đồng: below 1000 as "triệu đồng", above as "tỷ đồng".

    One decimal place unless told; a whole amount has none.
    """
    found = as_decimal(millions)
    if found is None:
        return NOTHING
    in_billions = abs(found) >= 1000
    amount = found / 1000 if in_billions else found
    places = 1 if decimals is None else decimals
    if decimals is None and rounded(amount, 1) == rounded(amount, 0):
        places = 0
    return f"{number(amount, places)}{NO_BREAK}{'tỷ' if in_billions else 'triệu'}{NO_BREAK}đồng"


def local(moment: datetime) -> datetime:
    """Return the moment in the portal's time zone; a moment without zone is taken as local."""
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def day(value: date | datetime | None) -> str:
    """Write a date as dd/mm/yyyy."""
    if value is None or value == "":
        return NOTHING
    found = local(value) if isinstance(value, datetime) else value
    return f"{found.day:02}/{found.month:02}/{found.year:04}"


def read_day(text: str) -> date | None:
    """The day that was typed: "5/11/2026", "05.11.2026", "2026-11-05"; None for all else."""
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


def read_whole(text: str) -> int | None:
    """The whole number that an address names, of nine digits at most; None for all else.

    `str.isdigit` also finds "²", and `int` refuses thousands of digits.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def moment(value: datetime | None) -> str:
    """Write a point in time as dd/mm/yyyy HH:MM, in the portal's time zone."""
    if value is None or value == "":
        return NOTHING
    found = local(value)
    return f"{day(found)} {found.hour:02}:{found.minute:02}"


def lateness(days: int) -> str:
    """ "12 ngày", and from two years on "hơn 3 năm": days while they tell something."""
    years = days // 365
    return f"hơn {number(years)} năm" if years > 1 else f"{number(days)} ngày"


def day_in_words(value: date | datetime | None) -> str:
    """Write "ngày 06 tháng 11 năm 2023" as official documents do (Nghị định 30/2020/NĐ-CP)."""
    if value is None or value == "":
        return NOTHING
    found = local(value) if isinstance(value, datetime) else value
    month = f"{found.month:02}" if found.month < 3 else str(found.month)
    return f"ngày {found.day:02} tháng {month} năm {found.year}"


def file_size(size: object) -> str:
    """Write a size in bytes as "812 B", "12 KB" or "3,4 MB" (decimal units)."""
    found = as_decimal(size)
    if found is None:
        return NOTHING
    for unit, scale, places in (("GB", 10**9, 1), ("MB", 10**6, 1), ("KB", 10**3, 0)):
        if found >= scale:
            return f"{number(found / scale, places)}{NO_BREAK}{unit}"
    return f"{number(found, 0)}{NO_BREAK}B"


def missing_words(reason: object) -> str:
    """Return why there is no value, in words; a reason nobody listed reads "Không có số liệu"."""
    return MISSING_WORDS.get(str(reason), MISSING_WORDS["not_collected"])


def value_or_reason(value: object, reason: object = "", decimals: int | None = None) -> str:
    """Write the number, or in words why there is none. Zero is a number."""
    return missing_words(reason) if as_decimal(value) is None else number(value, decimals)


def trimmed(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's first values, decimals without zeros at their end: 2.0000 stands as 2."""
    return {
        name: Decimal(f"{value.normalize():f}") if isinstance(value, Decimal) else value
        for name, value in told.items()
    }
