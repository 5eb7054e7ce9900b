"""Abbreviations are explained where they are used first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.linter.departures import LAYOUT, Found, Severity, at, rule
from reports.linter.examined import Examined
from reports.linter.text import RUNNING, Part

#: Abbreviations of the committee's texts; UBND, HĐND and the like need no explanation.
EXPANSIONS = {
    "CNTT": "công nghệ thông tin",
    "TTHC": "thủ tục hành chính",
    "DTTS": "dân tộc thiểu số",
    "DTTS&MN": "dân tộc thiểu số và miền núi",
    "CTMTQG": "Chương trình mục tiêu quốc gia",
    "KT-XH": "kinh tế - xã hội",
    "CĐS": "chuyển đổi số",
    "ĐBKK": "đặc biệt khó khăn",
    "NTM": "nông thôn mới",
    "CSDL": "cơ sở dữ liệu",
    "DVCTT": "dịch vụ công trực tuyến",
    "ATTT": "an toàn thông tin",
    "QLNN": "quản lý nhà nước",
    "CBCC": "cán bộ, công chức",
    "CCHC": "cải cách hành chính",
    "NSTW": "ngân sách trung ương",
    "NSĐP": "ngân sách địa phương",
    "NSNN": "ngân sách nhà nước",
    "NCUT": "người có uy tín",
    "ANTT": "an ninh trật tự",
    "BHYT": "bảo hiểm y tế",
    "PBGDPL": "phổ biến, giáo dục pháp luật",
    "MTTQ": "Mặt trận Tổ quốc",
    "GDTX": "giáo dục thường xuyên",
}
_LONGEST_FIRST = sorted(EXPANSIONS, key=len, reverse=True)
_USED = re.compile(rf"(?<![\w/&-])(?:{'|'.join(map(re.escape, _LONGEST_FIRST))})(?![\w/&-])")


@rule("viet-tat", "Chữ viết tắt chưa giải thích", LAYOUT, Severity.LOOK)
def unexplained(examined: Examined) -> Iterator[Found]:
    """The first use stands in brackets behind the whole words, or the text says what it means."""
    seen: set[str] = set()
    for place, found in examined.search(_USED, *RUNNING, Part.HEADING):
        sign = found[0]
        if sign in seen:
            continue
        seen.add(sign)
        if not _explained(found, sign):
            whole = EXPANSIONS[sign]
            start = found.start()
            if not found.string[:start].strip():
                whole = f"{whole[0].upper()}{whole[1:]}"
            yield Found(
                f"“{sign}” dùng lần đầu chưa có giải thích: viết “{whole} ({sign})”.",
                at(place, start, found.end(), f"{whole} ({sign})"),
            )


def _explained(found: re.Match[str], sign: str) -> bool:
    before = found.string[max(found.start() - 60, 0) : found.start()]
    after = found.string[found.end() : found.end() + 3]
    return bool(
        re.search(r"(?:viết tắt|gọi tắt)(?: là)?:? $", before)
        or (before.endswith("(") and after.startswith(")"))
        or re.search(r"viết tắt|gọi tắt", before[-25:])
    )
