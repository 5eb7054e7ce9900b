"""Which time a file says it tells of: "năm 2023", "quý III/2023", "6 tháng đầu năm", "có đến
31-12-2023", the year in the file's name. What differs from the period at hand is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .layout import Layout
from .names import tidy
from .outcome import Issue, Option, Question

YES, NO = "yes", "no"
_ANY_YEAR = r"((?:19|20)\d\d)"
_QUARTER = re.compile(rf"\bquý\s*(iv|i{{1,3}}|[1-4])\s*(?:[/-]|,?\s*năm)?\s*{_ANY_YEAR}\b")
_HALF = re.compile(rf"\b(?:6|06|sáu)\s*tháng\s*(đầu|cuối)\s*(?:của\s*)?(?:năm)?\s*{_ANY_YEAR}\b")
_NINE = re.compile(rf"\b(?:9|09|chín)\s*tháng\s*(?:đầu)?\s*(?:năm)?\s*{_ANY_YEAR}\b")
_MONTH = re.compile(rf"(?<!\d\s)\btháng\s*(\d{{1,2}})\s*(?:/|-|\s+năm)\s*{_ANY_YEAR}\b")
_UNTIL = re.compile(
    r"(?:có đến|tính đến|đến hết|đến|thời điểm|tại)\s*(?:0h\s*)?(?:ngày\s*)?"
    rf"(?:(\d{{1,2}})\s*[/.-]\s*(\d{{1,2}})\s*[/.-]\s*{_ANY_YEAR}"
    rf"|(\d{{1,2}})\s*tháng\s*(\d{{1,2}})\s*năm\s*{_ANY_YEAR}"
    rf"|{_ANY_YEAR}-(\d\d)-(\d\d))\b"
)
_YEAR = re.compile(rf"(?:năm|nam|kỳ)\s+{_ANY_YEAR}\b(?!\s*[-–]\s*(?:19|20)\d\d)")
_CITED = re.compile(
    r"(?:(?:ngày|tháng|/|giai đoạn|đến|từ|so với|quyết định|nghị định|thông tư)\s*[\w/.,-]*"
    r"|số\s*\d[\w/.,-]*)\s*$"
)
_IN_NAME = re.compile(rf"(?<!\d){_ANY_YEAR}(?!\d)")
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
LAST_MONTH_OF_COUNTING = 3  # a count of a year may be dated as late as March of the next


class Claim(NamedTuple):
    """A year, the part of it ("H1", "Q3", "M06", "9M"; "" for the whole), and the words.

    `until` is the month of a reference date, 0 where the words give none.
    """

    year: int
    part: str
    words: str
    until: int = 0


def claims_of(texts: Iterable[str]) -> list[Claim]:
    """What titles say of the time of their data; cited documents and their dates are left out."""
    return [claim for text in texts for claim in _claims(tidy(text))]


def _claims(original: str) -> Iterable[Claim]:
    text = original.lower()
    if len(text) != len(original):
        original = text
    taken: list[tuple[int, int]] = []
    for match, part, year in _parts(text):
        taken.append(match.span())
        yield Claim(year, part, original[slice(*match.span())])
    for match in _UNTIL.finditer(text):
        year = int(match[3] or match[6] or match[7])
        month = int(match[2] or match[5] or match[8])
        taken.append(match.span())
        yield Claim(year, "", original[slice(*match.span())], month)
    for match in _YEAR.finditer(text):
        inside = any(start <= match.start() < end for start, end in taken)
        if not inside and not _CITED.search(text[: match.start()]):
            yield Claim(int(match[1]), "", original[slice(*match.span())])


def _parts(text: str) -> Iterable[tuple[re.Match[str], str, int]]:
    for match in _QUARTER.finditer(text):
        number = ROMAN.get(match[1]) or int(match[1])
        yield match, f"Q{number}", int(match[2])
    for match in _HALF.finditer(text):
        yield match, "H1" if match[1] == "đầu" else "H2", int(match[2])
    for match in _NINE.finditer(text):
        yield match, "9M", int(match[1])
    for match in _MONTH.finditer(text):
        if not re.search(r"ngày\s*\d{0,2}\s*$", text[: match.start()]):
            yield match, f"M{int(match[1]):02}", int(match[2])


def fits(claim: Claim, layout: Layout) -> bool:
    """Whether the words may speak of the period at hand."""
    if claim.until:
        late = claim.year == (layout.year or 0) + 1 and claim.until <= LAST_MONTH_OF_COUNTING
        return claim.year == layout.year or late
    part = layout.period.partition("-")[2]
    is_part = bool(re.fullmatch(r"[HQM]\d{1,2}", part))
    if claim.part and (claim.part != part if is_part else part == ""):
        return False
    return claim.year == layout.year


def ask(
    titles: list[str], name: str, layout: Layout, answers: Mapping[str, str]
) -> Question | None:
    """When the titles, or without them the file's name, speak of other times only."""
    if layout.year is None or "period" in answers:
        return None
    told, where = claims_of(titles), "Tiêu đề trong tệp"
    if not told:
        where = "Tên tệp"
        told = [Claim(int(year), "", f"năm {year}") for year in _IN_NAME.findall(name)]
    if not told or any(fits(claim, layout) for claim in told):
        return None
    named = ", ".join(dict.fromkeys(claim.words for claim in told))
    return Question(
        id="period",
        text=f"{where} ghi “{named}”, kỳ đang nộp là {layout.period_label}. "
        f"Số liệu trong tệp có đúng là của {layout.period_label} không?",
        options=(Option(YES, f"Đúng, là {layout.period_label}"), Option(NO, "Không phải")),
    )


def refuse(answers: Mapping[str, str], layout: Layout) -> Issue | None:
    if answers.get("period") != NO:
        return None
    text = f"Tệp không phải số liệu của {layout.period_label}. Hãy chọn đúng kỳ rồi tải lên lại."
    return Issue("error", "period", text)
