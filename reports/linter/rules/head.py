"""The head of a text: the nation's name, the day, number and symbol."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.units.names import fold
from reports.linter.departures import LAYOUT, Found, at, rule
from reports.linter.examined import Examined
from reports.linter.text import Line, Part

_NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
_IN_FIGURES = re.compile(r"ngày\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def _rows(examined: Examined, level: str) -> Iterator[tuple[int, Line]]:
    return ((place, one) for place, one in examined.text.of(Part.HEAD) if one.level == level)


@rule("quoc-hieu", "Quốc hiệu và Tiêu ngữ", LAYOUT)
def nation(examined: Examined) -> Iterator[Found]:
    """Letter by letter, hyphens between the three words of the motto."""
    for place, line in _rows(examined, "nation"):
        words = line.text.strip()
        for right in _NATION:
            if fold(words) == fold(right) and words.replace("HOÀ", "HÒA") != right:
                yield Found(f"Viết “{right}”.", at(place, 0, len(line.text), right))


@rule("ngay-ban-hanh", "Ngày ban hành", LAYOUT)
def day(examined: Examined) -> Iterator[Found]:
    """ "ngày 05 tháng 12 năm 2023", not in figures alone."""
    for place, line in _rows(examined, "day"):
        if found := _IN_FIGURES.search(line.text):
            number, month, year = found.groups()
            shown = f"{int(month):02d}" if int(month) < 3 else str(int(month))
            right = f"ngày {int(number):02d} tháng {shown} năm {year}"
            yield Found(
                f"Ngày ban hành viết bằng chữ “ngày, tháng, năm”: “{right}”.",
                at(place, found.start(), found.end(), right),
            )


@rule("so-van-ban-nay", "Số của văn bản này", LAYOUT)
def number(examined: Examined) -> Iterator[Found]:
    """ "Số: 12/BC-BDT"."""
    for place, line in _rows(examined, "number"):
        if found := re.match(r"Số(?!\s*:)", line.text):
            yield Found("Sau chữ “Số” có dấu hai chấm.", at(place, 0, found.end(), "Số:"))
