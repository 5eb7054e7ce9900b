"""Numbers: 1.234,5, percent, ranges of years, counts below ten."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from reports.linter.departures import PRACTICE, Found, Severity, Spot, at, rule
from reports.linter.examined import Examined
from reports.linter.text import RUNNING, WORDED, Part

_ENGLISH = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])")
#: What is counted one by one has no decimals: "1,845 người" is "1.845 người".
_WHOLE = re.compile(
    r"(?<![\w.,/-])(?P<whole>\d{1,3}),(?P<part>\d{3})"
    r"(?= (?:người|hộ|nhân khẩu|lượt|học sinh|thôn|xã|công trình)(?![\w/]))"
)
_POINT = re.compile(
    r"(?<![\w.,/-])(?P<whole>\d{1,3})\.(?P<part>\d{1,2})"
    r"(?=\s?(?:%|tỷ|triệu|điểm phần trăm|km|ha|tấn|m2|m²|lần)(?!\w))"
)
_SPACED = re.compile(
    r"(?<![\w.,/])\d{1,3}(?: \d{3})+(?! ?\d)(?=\s+(?:người|hộ|đồng|triệu|tỷ|ha)\b)"
)
_LONG = re.compile(
    r"(?<![\w.,/-])\d{5,9}(?=\s+(?:người|hộ|đồng|triệu đồng|tỷ đồng|ha|lượt|nhân khẩu)\b)"
)
_PERCENT = re.compile(r"\d(?P<space>\s?)%")
_YEARS = re.compile(
    r"(?<!\d)(?P<from>(?:19|20)\d\d)(?P<dash>\s?[-–]\s?)(?P<to>(?:19|20)\d\d)(?!\d)"
)
_COUNTED = (
    "lớp|hội nghị|cuộc|buổi|xã|thôn|công chức|cán bộ|viên chức|người|hộ|video|Video|văn bản|"
    "kế hoạch|đơn vị|mô hình|công trình|dự án|máy tính|phòng|đồng chí|biên chế|đợt|tin|bài|nhà|"
    "tuyến|phần mềm|hệ thống|trường hợp|đoàn|mô đun|thủ tục"
)
_COUNT = re.compile(rf"(?<![\w.,/–“\"-])(?P<count>0?[1-9])(?= (?:{_COUNTED})\b)")
#: Words before a digit that make it an order, not a count.
_ORDER = re.compile(
    r"(?:khoản|Điều|điểm|Mục|mục|Biểu|biểu|số|thứ|khu vực|cấp|loại|nhóm|Quý|quý|lớp|và) $"
)


@rule("so-kieu-anh", "Dấu phân cách trong số", PRACTICE)
def separators(examined: Examined) -> Iterator[Found]:
    """ "1.234,5": a point between thousands, a comma before decimals."""
    for place, found in examined.search(_ENGLISH, *RUNNING):
        written = found[0]
        if written.count(",") == 1 and "." not in written:
            continue  # "1,234" may be a decimal
        right = written.replace(",", "\0").replace(".", ",").replace("\0", ".")
        yield _number(place, found, right, None)
    for place, found in examined.search(_WHOLE, *RUNNING):
        yield _number(place, found, f"{found['whole']}.{found['part']}", None)
    for place, found in examined.search(_POINT, *RUNNING):
        yield _number(place, found, f"{found['whole']},{found['part']}", None)
    for place, found in examined.search(_SPACED, *RUNNING):
        yield _number(place, found, found[0].replace(" ", "."), Severity.LOOK)
    for place, found in examined.search(_LONG, *RUNNING):
        right = f"{int(found[0]):,}".replace(",", ".")
        yield _number(place, found, right, Severity.LOOK)


def _number(place: int, found: re.Match[str], right: str, severity: Severity | None) -> Found:
    spots = at(place, found.start(), found.end(), right)
    return Found(f"Số “{found[0]}” viết là “{right}”.", spots, severity)


@rule("phan-tram", "Dấu phần trăm", PRACTICE, Severity.LOOK)
def percent(examined: Examined) -> Iterator[Found]:
    """One way in one text: "95,2%" or "95,2 %"."""
    spots: dict[str, list[Spot]] = {"": [], " ": []}
    for place, found in examined.search(_PERCENT, *RUNNING):
        way = " " if found["space"] else ""
        spots[way].append(Spot(place, found.start(), found.end(), f"{found[0][0]}%"))
    if spots[""] and spots[" "]:
        yield Found("Dấu % viết hai kiểu; viết liền sau số.", tuple(spots[" "]))


@rule("khoang-nam", "Khoảng năm viết nhiều kiểu", PRACTICE, Severity.LOOK)
def ranges(examined: Examined) -> Iterator[Found]:
    """ "2021 - 2025", "2021-2025" and "2021 – 2030" in one text."""
    found = [(place, one) for place, one in examined.search(_YEARS, *WORDED)]
    ways = Counter(one["dash"] for _, one in found)
    if len(ways) < 2:
        return
    usual = max(ways, key=lambda way: (ways[way], way == " - "))
    spots = tuple(
        Spot(place, one.start(), one.end(), f"{one['from']}{usual}{one['to']}")
        for place, one in found
        if one["dash"] != usual
    )
    shown = ", ".join(f"“2021{way}2025”" for way in ways)
    yield Found(f"Khoảng năm viết {len(ways)} kiểu ({shown}); nên viết thống nhất.", spots)


@rule("so-dem", "Số đếm hai chữ số", PRACTICE, Severity.LOOK)
def counts(examined: Examined) -> Iterator[Found]:
    """Where counts below ten are written 01, 02, all of them are."""
    padded, bare = 0, []
    for place, found in examined.search(_COUNT, Part.BODY):
        before = found.string[max(found.start() - 12, 0) : found.start()]
        if found["count"].startswith("0"):
            padded += 1
        elif not _ORDER.search(before):
            bare.append(Spot(place, found.start(), found.end(), f"0{found['count']}"))
    if padded and bare:
        yield Found(
            "Số đếm dưới 10 có chỗ viết hai chữ số, có chỗ một chữ số; nên viết thống nhất.",
            tuple(bare),
        )
