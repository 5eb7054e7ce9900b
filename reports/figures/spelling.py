"""Whole numbers in Vietnamese words, as sentences of reports write them: "hai mươi mốt"."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu", "tỷ")
_BILLION = 10**9


def spelled(value: Decimal) -> str:
    """Write a number in words: 21 "hai mươi mốt", 105 "một trăm linh năm", 2,5 "hai phẩy năm"."""
    whole, _, rest = f"{abs(value):f}".partition(".")
    rest = rest.rstrip("0")
    words = _whole(int(whole))
    if rest:
        words += " phẩy " + " ".join(_DIGITS[int(digit)] for digit in rest)
    return f"âm {words}" if value < 0 else words


def _whole(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    if number >= _BILLION:
        above, below = divmod(number, _BILLION)
        words = f"{_whole(above)} tỷ"
        return f"{words} {_below_billion(below, is_led=True)}" if below else words
    return _below_billion(number, is_led=False)


def _below_billion(number: int, *, is_led: bool) -> str:
    """Groups of three digits; `is_led` by higher ones, so that hundreds are always said."""
    groups = [number // 10**6, number // 1000 % 1000, number % 1000]
    said: list[str] = []
    for group, scale in zip(groups, _SCALES[2::-1], strict=True):
        if group:
            words = _group(group, is_led=is_led or bool(said))
            said.append(f"{words} {scale}".strip())
    return " ".join(said)


def _group(number: int, *, is_led: bool) -> str:
    hundreds, rest = divmod(number, 100)
    said: list[str] = []
    if hundreds or is_led:
        said.append(f"{_DIGITS[hundreds]} trăm")
    if rest:
        said.append(_below_hundred(rest, is_led=bool(said)))
    return " ".join(said)


def _below_hundred(number: int, *, is_led: bool) -> str:
    tens, units = divmod(number, 10)
    if tens == 0:
        return f"linh {_DIGITS[units]}" if is_led else _DIGITS[units]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if units == 0:
        return head
    if units == 5:
        return f"{head} lăm"
    if tens > 1 and units in (1, 4):
        return f"{head} {'mốt' if units == 1 else 'tư'}"
    return f"{head} {_DIGITS[units]}"
