"""Days: a zero before days below 10 and months 1 and 2; days that exist."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from reports.linter.departures import LAYOUT, Found, Severity, Spot, rule
from reports.linter.examined import Examined
from reports.linter.text import WORDED, Part

_IN_WORDS = re.compile(
    r"(?P<before>[Nn]gày )(?P<day>\d{1,2})(?P<between> tháng )(?P<month>\d{1,2})(?!\d)"
    r"(?:(?P<last> năm )(?P<year>\d{4})(?!\d))?"
)
_SHORT = re.compile(
    r"(?<![\d/.,–-])(?P<day>\d{1,2})(?P<between>/| / )(?P<month>\d{1,2})(?P<last>/| / )"
    r"(?P<year>\d{4})(?![\d/])"
)
_DOTTED = re.compile(
    r"(?<=[Nn]gày )(?P<day>\d{1,2})(?P<between>[.-])(?P<month>\d{1,2})(?P<last>[.-])"
    r"(?P<year>\d{4})(?!\d)"
)
_NO_YEAR = re.compile(
    r"(?<=[Nn]gày )(?P<day>\d{1,2})(?P<between>/)(?P<month>\d{1,2})(?![\d/])(?P<last>)(?P<year>)"
)
_MONTH = re.compile(r"[Tt]háng (?P<month>[12]|0[3-9])(?P<last>/| năm )(?P<year>\d{4})(?!\d)")
_SHORT_YEAR = re.compile(
    r"(?<=[Nn]gày )(?P<day>\d{1,2})(?P<between>[/.-])(?P<month>\d{1,2})(?P<last>[/.-])"
    r"(?P<year>\d\d)(?![\d/.-]\d|\d)"
)
#: "từ ngày 5 đến ngày 10/8/2023", "trước ngày 5 hằng tháng".
_ALONE = re.compile(
    r"(?<!\w)(?:[Tt]ừ|đến|[Tt]rước|[Ss]au|vào) ngày (?P<day>[1-9])"
    r"(?=(?: đến| và| hằng tháng| hàng tháng)(?!\w)|\s?[-–] ?\d)"
)


@dataclass(frozen=True, slots=True)
class Written:
    """One day as it stands in a line."""

    line: int
    start: int
    end: int
    text: str
    day: str
    month: str
    year: str
    right: str
    in_words: bool = False

    @property
    def is_possible(self) -> bool:
        try:
            datetime.date(int(self.year or 2024), int(self.month), int(self.day))
        except ValueError:
            return False
        return True


@rule("ngay-thang", "Cách viết ngày, tháng", LAYOUT)
def zeros(examined: Examined) -> Iterator[Found]:
    """Days below 10 and months 1 and 2 get a zero; the other months none."""
    groups: dict[str, list[Written]] = {}
    for one in _days(examined):
        if one.is_possible and one.right != one.text:
            groups.setdefault(one.text, []).append(one)
    for same in groups.values():
        first = same[0]
        hard = len(first.day) < 2 or first.month in ("1", "2") or first.in_words
        yield Found(
            f"“{first.text}” viết là “{first.right}”: ngày dưới 10 và tháng 1, tháng 2 có chữ số 0 "
            "ở trước, tháng khác thì không.",
            tuple(Spot(one.line, one.start, one.end, one.right) for one in same),
            None if hard else Severity.LOOK,
        )


@rule("nam-hai-chu-so", "Năm viết thiếu chữ số", LAYOUT)
def years(examined: Examined) -> Iterator[Found]:
    """ "ngày 15/4/23" is "ngày 15/4/2023"."""
    for place, found in examined.search(_SHORT_YEAR, *WORDED):
        day, month = int(found["day"]), int(found["month"])
        if 1 <= day <= 31 and 1 <= month <= 12:
            shown = f"{month:02d}" if month < 3 else str(month)
            right = f"{day:02d}/{shown}/20{found['year']}"
            yield Found(
                f"“{found[0]}” viết là “{right}”: năm ghi đủ bốn chữ số.",
                (Spot(place, found.start(), found.end(), right),),
            )


@rule("ngay-le", "Ngày dưới 10 đứng một mình", LAYOUT, Severity.LOOK)
def alone(examined: Examined) -> Iterator[Found]:
    """ "từ ngày 5 đến ngày 10/8/2023" is "từ ngày 05 …"."""
    for place, found in examined.search(_ALONE, *WORDED):
        yield Found(
            f"“{found[0]}” viết là “{found[0][:-1]}0{found['day']}”.",
            (Spot(place, found.start(), found.end(), f"{found[0][:-1]}0{found['day']}"),),
        )


@rule("ngay-khong-co", "Ngày không có thật", LAYOUT)
def possible(examined: Examined) -> Iterator[Found]:
    """No 30/02."""
    for one in _days(examined):
        if not one.is_possible:
            yield Found(f"Không có ngày “{one.text}”.", (Spot(one.line, one.start, one.end),))


@rule("thang", "Cách viết tháng", LAYOUT, Severity.LOOK)
def months(examined: Examined) -> Iterator[Found]:
    """ "tháng 2/2023" is "tháng 02/2023", "tháng 09/2023" is "tháng 9/2023"."""
    for place, found in examined.search(_MONTH, *WORDED):
        before = found.string[max(found.start() - 9, 0) : found.start()]
        if re.search(r"\d $|ngày \d{1,2} $", before):
            continue  # "6 tháng 2 năm": a day's month is the other rule's
        month = int(found["month"])
        shown = f"{month:02d}" if month < 3 else str(month)
        right = f"{found[0][:6]}{shown}{found['last']}{found['year']}"
        yield Found(
            f"“{found[0]}” viết là “{right}”.", (Spot(place, found.start(), found.end(), right),)
        )


def _days(examined: Examined) -> Iterator[Written]:
    for place, line in examined.text.of(*WORDED, Part.HEAD):
        if "/" not in line.text and "ày " not in line.text:
            continue
        in_head = line.part is Part.HEAD  # there figures alone are another rule's
        for pattern in (_IN_WORDS,) if in_head else (_IN_WORDS, _SHORT, _NO_YEAR, _DOTTED):
            for found in pattern.finditer(line.text):
                yield _written(place, found, pattern)


def _written(place: int, found: re.Match[str], pattern: re.Pattern[str]) -> Written:
    is_short = pattern in (_DOTTED, _SHORT)
    between = "/" if is_short else found["between"]
    last = "/" if is_short else (found["last"] or "")
    before = found["before"] if pattern is _IN_WORDS else ""
    month = int(found["month"])
    shown = f"{month:02d}" if month < 3 else str(month)
    right = f"{before}{int(found['day']):02d}{between}{shown}{last}{found['year'] or ''}"
    return Written(
        place,
        found.start(),
        found.end(),
        found[0],
        found["day"],
        found["month"],
        found["year"] or "",
        right,
        pattern is _IN_WORDS,
    )
