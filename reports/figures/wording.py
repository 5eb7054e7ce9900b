"""How a figure is written in the sentence of a report."""

from __future__ import annotations

from decimal import Decimal

from portal import formats
from reports.models import Style

from .spelling import spelled

ALL = "toàn bộ"
_WHOLE = Decimal(100)
_MOST_PLACES = 4


def printed(value: Decimal, style: str) -> str:
    """Write `value` as the sentence wants it: "02", "95,2%", "toàn bộ", "1.234,5".

    TWO_DIGITS puts a zero before whole numbers below 10 (practice of official documents).
    A share is rounded to one place, to more where that would make it a full 100 or a bare 0; other
    numbers to three, which is million đồng of tỷ đồng, to four where three would leave a bare 0.
    """
    match style:
        case Style.TWO_DIGITS:
            return _two_digits(value)
        case Style.PERCENT:
            return _percent(value)
        case Style.ALL_OR_PERCENT:
            return ALL if value == _WHOLE else _percent(value)
        case Style.WORDS:
            return spelled(formats.rounded(value, _MOST_PLACES))
        case Style.CHANGE:
            return _change(value)
    return _number(value)


def _number(value: Decimal) -> str:
    shown = formats.rounded(value, 3)
    return formats.number(shown if shown or not value else value)


def _change(value: Decimal) -> str:
    """ "tăng 12", "giảm 3", "không đổi", with at most two places."""
    amount = formats.rounded(abs(value), 2)
    if amount == 0:
        return "không đổi"
    text = formats.number(amount, 2)
    words = text.rstrip("0").rstrip(",") if "," in text else text
    return f"{'tăng' if value > 0 else 'giảm'} {words}"


def _two_digits(value: Decimal) -> str:
    if value == value.to_integral_value() and 0 < value < 10:
        return f"{int(value):02}"
    return formats.number(value, None if value == value.to_integral_value() else 2)


def _percent(value: Decimal) -> str:
    for places in range(1, _MOST_PLACES + 1):
        shown = formats.rounded(value, places)
        if value in (0, _WHOLE) or shown not in (0, _WHOLE):
            break
    text = formats.number(value, places)
    return f"{text.rstrip('0').rstrip(',') if ',' in text else text}%"
