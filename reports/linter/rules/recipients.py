""" "Nơi nhận" and "Kính gửi"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.units.names import fold
from reports.linter.departures import LAYOUT, Found, Severity, at, rule
from reports.linter.examined import Examined
from reports.linter.text import Line, Part

_FILED = re.compile(r"^[-+ ]*Lưu\b")
_AS_ABOVE = re.compile(r"^[-+ ]*Như (?:trên|kính gửi)", re.IGNORECASE)
#: Types that are addressed: letters always, these only to a body above.
_ADDRESSED = frozenset(("Tờ trình",))
_MAY_BE_ADDRESSED = frozenset(("Báo cáo", "Tờ trình", "Công văn", "Công điện", "Giấy mời", ""))


@rule("noi-nhan", "Nơi nhận", LAYOUT)
def present(examined: Examined) -> Iterator[Found]:
    """There are recipients; the last line says where the text is filed."""
    text = examined.text
    lines = list(text.of(Part.RECIPIENT))
    if not text.has_frame or not text.lines:
        return
    if not lines:
        yield Found("Văn bản chưa có “Nơi nhận”.", at(len(text.lines) - 1, 0, 0))
        return
    filed = [(place, line) for place, line in lines if _FILED.match(line.text)]
    last = lines[-1]
    if not filed:
        yield Found("Nơi nhận thiếu dòng “Lưu: VT, …”.", at(last[0], 0, len(last[1].text)))
    for place, line in filed[:1]:
        if place != last[0]:
            yield Found("Dòng “Lưu:” đứng cuối cùng.", at(place, 0, len(line.text)))
        yield from _filed_line(place, line)
    yield from _twice(lines)


def _filed_line(place: int, line: Line) -> Iterator[Found]:
    words = line.text
    if not re.search(r"Lưu\s*:", words):
        right = re.sub(r"Lưu\s*", "Lưu: ", words, count=1)
        yield Found("Sau chữ “Lưu” có dấu hai chấm.", at(place, 0, len(words), right))
    elif not re.search(r"\b(?:VT|Văn thư|văn thư)\b", words):
        yield Found("Dòng “Lưu:” phải có “VT” (văn thư).", at(place, 0, len(words)))


def _twice(lines: list[tuple[int, Line]]) -> Iterator[Found]:
    seen: set[str] = set()
    for place, line in lines:
        key = fold(line.text)
        if key and key in seen:
            yield Found("Nơi nhận này đã có ở trên.", at(place, 0, len(line.text)), Severity.LOOK)
        seen.add(key)


@rule("dau-noi-nhan", "Dấu cuối dòng nơi nhận", LAYOUT)
def marks(examined: Examined) -> Iterator[Found]:
    """Every line ends with ";", the last with "."."""
    lines = list(examined.text.of(Part.RECIPIENT))
    for number, (place, line) in enumerate(lines):
        words = line.text.rstrip()
        is_last = number == len(lines) - 1
        right = "." if is_last else ";"
        if words.endswith(right):
            continue
        which = (
            "Dòng cuối của nơi nhận kết thúc bằng dấu chấm"
            if is_last
            else ("Mỗi dòng nơi nhận kết thúc bằng dấu chấm phẩy")
        )
        yield Found(f"{which}.", at(place, 0, len(words), words.rstrip(" .,;:") + right))


@rule("kinh-gui", "Kính gửi", LAYOUT)
def addressed(examined: Examined) -> Iterator[Found]:
    """On letters and on what goes to a body above, nowhere else; then "Như trên" comes first."""
    text = examined.text
    if not text.has_frame:
        return
    to = list(text.of(Part.ADDRESSEE))
    lines = list(text.of(Part.RECIPIENT))
    as_above = [(place, line) for place, line in lines if _AS_ABOVE.match(line.text)]
    yield from _needed(examined, bool(to), lines)
    if to and text.type_name not in _MAY_BE_ADDRESSED:
        place, line = to[0]
        yield Found(
            f"{text.type_name} không có “Kính gửi”; nơi nhận ghi ở cuối.",
            at(place, 0, len(line.text)),
        )
    if to and lines and not as_above:
        place, line = lines[0]
        yield Found(
            "Có “Kính gửi” thì dòng đầu của nơi nhận là “- Như trên;”.",
            at(place, 0, len(line.text)),
        )
    if as_above and not to:
        place, line = as_above[0]
        yield Found(
            "Nơi nhận ghi “Như trên” mà văn bản không có “Kính gửi”.",
            at(place, 0, len(line.text)),
        )


def _needed(
    examined: Examined, is_addressed: bool, lines: list[tuple[int, Line]]
) -> Iterator[Found]:
    text = examined.text
    above = [(place, line) for place, line in lines if line.relation == "above"]
    known = {line.relation for _, line in text.of(Part.ADDRESSEE)} - {""}
    if not is_addressed:
        if text.type_name in ("Công văn", *_ADDRESSED):
            place = lines[0][0] if lines else len(text.lines) - 1
            yield Found(f"{text.type_name} phải có “Kính gửi”.", at(place, 0, 0))
        elif above and text.type_name == "Báo cáo":
            place, line = above[0]
            yield Found("Báo cáo gửi cấp trên phải có “Kính gửi”.", at(place, 0, len(line.text)))
    elif known and "above" not in known and text.type_name in ("Báo cáo", *_ADDRESSED):
        place, line = next(text.of(Part.ADDRESSEE))
        yield Found(
            f"{text.type_name} chỉ ghi “Kính gửi” khi gửi cấp trên.",
            at(place, 0, len(line.text)),
            Severity.LOOK,
        )
