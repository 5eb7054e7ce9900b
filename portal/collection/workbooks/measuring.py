"""Units of measure as people write them: "nghìn người", "(triệu đồng)", "Đơn vị tính: đồng"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from .names import tidy, words

PERCENT, MONEY = "%", "vnd"
_POWERS = {
    "chuc": 10, "tram": 100, "nghin": 1_000, "ngan": 1_000, "1000": 1_000, "van": 10_000,
    "trieu": 10**6, "ty": 10**9, "ti": 10**9,
}  # fmt: skip
_SAME = {"hogiadinh": "ho", "nhankhau": "nguoi", "khau": "nguoi", "dong": "vnd", "vnd": "vnd"}
COUNTED = frozenset({"ho", "nguoi", "vnd", "may", "thon", "xa", "km", "ha", "tan", "con", "cai"})
_IN_HEADING = re.compile(
    r"\(\s*(?:đvt\s*:?|đơn vị tính\s*:?)?\s*([^()]{1,30}?)\s*\)", re.IGNORECASE
)
_IN_TITLE = re.compile(r"(?:đơn vị(?: tính)?|đvt|unit)\s*:\s*([^()]{1,60})", re.IGNORECASE)


class Measure(NamedTuple):
    """A unit of measure: (1000, "nguoi") of "nghìn người"; "%" has the base "%"."""

    factor: Decimal
    base: str


def measure_of(text: str) -> Measure:
    """What a unit's name means; the base is empty where only a multiple is named."""
    if PERCENT in text:
        return Measure(Decimal(1), PERCENT)
    tokens = words(text.replace("1.000", "1000").replace("1,000", "1000")).split()
    factor = Decimal(1)
    while tokens and tokens[0] in _POWERS:
        factor *= _POWERS[tokens.pop(0)]
    base = "".join(tokens)
    return Measure(factor, _SAME.get(base, base))


def units_in_title(titles: Iterable[str]) -> list[str]:
    """ "Đơn vị tính: Nghìn người, %" -> ["Nghìn người", "%"]; what is no unit is left out."""
    found: list[str] = []
    for title in titles:
        for match in _IN_TITLE.finditer(tidy(title)):
            parts = re.split(r"\s*(?:[,;/+]|\bvà\b)\s*", match[1])
            found += [part.strip(" .") for part in parts if is_unit(part)]
    return found


def unit_in_heading(path: Iterable[str]) -> str:
    """The unit that the headings of one column give in brackets, the innermost first."""
    for text in reversed([*path]):
        for match in _IN_HEADING.finditer(text):
            if is_unit(match[1]):
                return match[1].strip()
    return ""


def is_unit(text: str) -> bool:
    measure = measure_of(text)
    is_multiple = measure.factor != 1 and (not measure.base or len(measure.base) < 12)
    return measure.base in COUNTED or measure.base == PERCENT or is_multiple
