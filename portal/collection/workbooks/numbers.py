"""Numbers as people write them, and the one style that a file writes them in.

"1.845.492", "1,845,492", "8 053 663", "99,13", ".4", "76.878 (38,34%)" are read; "1.234" can be
two numbers, so it needs the style of the file, and without evidence the person is asked.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, NamedTuple

from .names import undirected, words
from .outcome import Missing

Style = Literal["1.234,5", "1,234.5"]
DOT_GROUPS: Style = "1.234,5"
COMMA_GROUPS: Style = "1,234.5"
STYLES: tuple[Style, ...] = (DOT_GROUPS, COMMA_GROUPS)

_SPACE = "[ \u00a0\u2007\u2009\u202f']"
_FORMS = {
    DOT_GROUPS: re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d+)?", re.ASCII),
    COMMA_GROUPS: re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?", re.ASCII),
}
_SPACED = re.compile(rf"[+-]?\d{{1,3}}(?:{_SPACE}\d{{3}})+(?=[.,]|$)", re.ASCII)
_NUMBER = r"[+-]?\s?(?:\d[\d.,\u00a0\u2007\u2009\u202f ']*|[.,]\d+)"
_WITH_SHARE = re.compile(rf"({_NUMBER}?)\s*\(\s*({_NUMBER}?)\s*%?\s*\)", re.ASCII)
_IN_BRACKETS = re.compile(r"\(\s*(\d[\d.,\u00a0\u2007\u2009\u202f ']*)\)", re.ASCII)
_RAISED = re.compile("[⁰¹²³⁴-⁹₀-₉①-⑳]")  # a note's number, no digit of this number
_WITH_UNIT = re.compile(rf"({_NUMBER}?)\s*([^\d\s.,()][^\d()]*)", re.ASCII)
_LOOKS = re.compile(_NUMBER, re.ASCII)
_MINUS = str.maketrans({"−": "-", "–": "-", "‑": "-", "—": "-"})

NIL_SIGNS = frozenset({"-", "--", "–", "—", "−"})
MISSING_SIGNS: dict[str, Missing] = {
    "…": "not_collected",
    "..": "not_collected",
    "...": "not_collected",
    "....": "not_collected",
    "x": "not_applicable",
    "n/a": "not_applicable",
    "#n/a": "not_collected",
    "kcsl": "not_collected",
    "kcsl.": "not_collected",
}
MISSING_WORDS: dict[str, Missing] = {
    "khong co so lieu": "not_collected",
    "chua co so lieu": "not_collected",
    "khong thu thap": "not_collected",
    "chua thu thap": "not_collected",
    "khong thong ke": "not_collected",
    "ko co so lieu": "not_collected",
    "k co so lieu": "not_collected",
    "chua ra soat": "not_collected",
    "chua tong hop": "not_collected",
    "dang cap nhat": "not_collected",
    "dang tong hop": "not_collected",
    "khong ro": "not_collected",
    "khong xac dinh": "not_collected",
    "chua thong ke": "not_collected",
    "khong ap dung": "not_applicable",
    "khong thuoc doi tuong": "not_applicable",
    "khong cong bo": "confidential",
    "bao mat": "confidential",
}


class NotANumber(ValueError):
    """Text that is no number in any style."""


class Unclear(ValueError):
    """Text that is a different number in each style ("1.234"), or a damaged one ("10.98")."""


class Written(NamedTuple):
    """A number's text without its share and unit: "76.878 (38,34%)" -> ("76.878", "38,34")."""

    number: str
    share: str = ""
    unit: str = ""


def clean(text: str) -> str:
    """NFKC text (full-width digits become plain), trimmed, with one kind of minus sign."""
    text = (
        unicodedata.normalize("NFKC", undirected(text).replace("\u00a0", " "))
        .strip()
        .strip("'\"“”")
    )
    return text.translate(_MINUS).strip()


def missing_reason(text: str) -> Missing | None:
    """Why there is no value, where the text is one of the signs or words for it."""
    sign = text.strip().lower().replace(" ", "")
    return MISSING_SIGNS.get(sign) or MISSING_WORDS.get(words(text))


def is_nil(text: str) -> bool:
    """ "-" in a statistical table: the phenomenon did not occur, so 0."""
    return text.strip() in NIL_SIGNS


def written(text: str) -> Written | None:
    """The parts of a text that may be a number; None when it cannot be one.

    A number in brackets is below zero, as bookkeepers write it.
    """
    if _RAISED.search(text):
        return None
    text = clean(text)
    if _LOOKS.fullmatch(text):
        return Written(text.strip())
    if match := _IN_BRACKETS.fullmatch(text):
        return Written(f"-{match[1].strip()}")
    if (match := _WITH_SHARE.fullmatch(text)) and re.search(r"[%.,]", match[2] + text[-2:]):
        return Written(match[1].strip(), match[2].strip())
    if match := _WITH_UNIT.fullmatch(text):
        return Written(match[1].strip(), unit=match[2].strip())
    return None


def _joined(number: str) -> str:
    """Without spaces between groups; "" when the spaces are not group separators."""
    number = re.sub(r"^([+-])\s", r"\1", number)
    if not re.search(_SPACE, number):
        return number
    if not _SPACED.match(number):
        return ""
    return re.sub(_SPACE, "", number)


def in_style(number: str, style: Style) -> Decimal | None:
    """The value of a number's text in one style; None when it is not well formed there."""
    joined = _joined(number)
    if not joined or not _FORMS[style].fullmatch(joined) or not joined.strip("+-"):
        return None
    groups, point = (".", ",") if style == DOT_GROUPS else (",", ".")
    if re.search(_SPACE, number) and groups in joined:
        return None
    return Decimal(joined.replace(groups, "").replace(point, "."))


def parse(text: str, style: Style | None) -> Decimal:
    """The number that a text stands for. Units and shares are for the caller to judge.

    Raises `Unclear` when the style leaves it open or damaged, `NotANumber` otherwise.
    """
    parts = written(text)
    if parts is None:
        raise NotANumber(text)
    values = {form: in_style(parts.number, form) for form in STYLES}
    if style is not None and (value := values[style]) is not None:
        return value
    known = {value for value in values.values() if value is not None}
    if not known:
        raise NotANumber(text)
    if style is None and len(known) == 1:
        return known.pop()
    raise Unclear(text)


class Evidence(NamedTuple):
    """How many texts of a file can be read in one style only, and one that fits both."""

    dots: int = 0
    commas: int = 0
    open_text: str = ""
    spaces: int = 0

    @property
    def style(self) -> Style | None:
        """The style of the file when its unambiguous numbers agree on one."""
        if self.dots and not self.commas:
            return DOT_GROUPS
        if self.commas and not self.dots:
            return COMMA_GROUPS
        return None


SEVERAL = 3  # different counts that are whole in one style only, before they tell that style


def evidence(texts: Iterable[str], *, whole: bool) -> Evidence:
    """What the texts of one column say about the style of the file.

    In a column of whole numbers a decimal part is damage ("10.98" for 10.980), not evidence. One
    "1.213" there may be damage too; several can only be counts with their thousands apart.
    """
    dots = commas = spaces = 0
    only_whole: dict[Style, list[str]] = {DOT_GROUPS: [], COMMA_GROUPS: []}
    open_text = ""
    for text in texts:
        parts = written(text)
        for number, is_whole in ((parts.number, whole), (parts.share, False)) if parts else ():
            if not number:
                continue
            spaces += re.search(_SPACE, number) is not None
            by_dots, by_commas = in_style(number, DOT_GROUPS), in_style(number, COMMA_GROUPS)
            if by_dots is not None and by_commas is not None:
                if is_whole and (only := _only_whole(by_dots, by_commas)):
                    only_whole[only].append(text)
                open_text = open_text or (text if by_dots != by_commas else "")
            elif by_dots is not None:
                dots += not is_whole or by_dots == by_dots.to_integral_value()
            elif by_commas is not None:
                commas += not is_whole or by_commas == by_commas.to_integral_value()
    told = [style for style, found in only_whole.items() if found]
    if len(told) == 1 and len(only_whole[told[0]]) >= SEVERAL:
        dots += told[0] == DOT_GROUPS
        commas += told[0] == COMMA_GROUPS
    return Evidence(dots, commas, open_text, spaces)


def _only_whole(by_dots: Decimal, by_commas: Decimal) -> Style | None:
    """The one style in which a count is whole, when the other would leave a part of one."""
    dots, commas = (value == value.to_integral_value() for value in (by_dots, by_commas))
    if dots == commas:
        return None
    return DOT_GROUPS if dots else COMMA_GROUPS


def from_float(value: float) -> Decimal:
    """A spreadsheet's number with the 15 digits that it really holds."""
    if not math.isfinite(value):
        raise NotANumber(str(value))
    if value == int(value) and abs(value) < 1e15:
        return Decimal(int(value))
    return Decimal(format(value, ".15g"))


def vietnamese(value: Decimal | int, decimals: int | None = None) -> str:
    """1234.5 -> "1.234,5": for messages."""
    value = Decimal(value)
    if decimals is not None:
        value = round(value, decimals)
    text = f"{value.normalize():,f}" if value else "0"
    return text.translate(str.maketrans(",.", ".,"))
