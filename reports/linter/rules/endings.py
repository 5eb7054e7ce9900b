"""Where a text begins and ends: its basis, "./."."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.linter.departures import LAYOUT, Found, Severity, Spot, at, rule
from reports.linter.examined import Examined
from reports.linter.text import Line, Part

_END = "./."
_NEEDS_BASIS = frozenset(("Quyết định", "Nghị quyết"))
_SHOULD_NAME_BASIS = frozenset(("Báo cáo", "Kế hoạch", "Tờ trình", "Phương án", "Đề án"))
_BASIS_WORDS = re.compile(
    r"^(?:Căn cứ|Thực hiện|Theo|Xét|Trên cơ sở|Để|Triển khai|Tiếp tục|Nhằm|Sau khi|Ngày)\b"
)


@rule("can-cu", "Căn cứ ban hành", LAYOUT)
def basis(examined: Examined) -> Iterator[Found]:
    """Decisions and resolutions name their basis; other texts say what they rest on."""
    text = examined.text
    if not text.has_frame or any(text.of(Part.BASIS)):
        return
    body = [(place, line) for place, line in text.of(Part.BODY)]
    if not body:
        return
    place, line = body[0]
    if text.type_name in _NEEDS_BASIS:
        yield Found(f"{text.type_name} chưa có căn cứ ban hành.", at(place, 0, _some(line)))
    elif text.type_name in _SHOULD_NAME_BASIS:
        lines = {one.line for one in examined.mentions}
        if not any(_BASIS_WORDS.match(one.text) or number in lines for number, one in body[:3]):
            yield Found(
                f"Phần mở đầu của {text.type_name} chưa nêu căn cứ hoặc văn bản yêu cầu.",
                at(place, 0, _some(line)),
                Severity.LOOK,
            )


def _some(line: Line) -> int:
    return min(len(line.text), 60)


@rule("cham-can-cu", "Dấu cuối dòng căn cứ", LAYOUT)
def basis_marks(examined: Examined) -> Iterator[Found]:
    """Every line of the basis ends with ";", the last with "."."""
    lines = list(examined.text.of(Part.BASIS))
    for number, (place, line) in enumerate(lines):
        if line.label:
            yield Found("Dòng căn cứ không có gạch đầu dòng.", at(place, 0, _some(line)))
        is_last = number == len(lines) - 1
        right = "." if is_last else ";"
        words = line.text.rstrip()
        if words[-1:] == right or (is_last and words[-1:] in (";", ":", ",")):
            continue
        bare = words.rstrip(".,;:")
        which = "cuối cùng kết thúc bằng dấu chấm" if is_last else "kết thúc bằng dấu chấm phẩy"
        yield Found(f"Dòng căn cứ {which}.", _end_spot(place, bare, words, right))


def _end_spot(place: int, bare: str, words: str, right: str) -> tuple[Spot, ...]:
    """From the last word to the end, so that the quote says something."""
    start = bare.rfind(" ") + 1
    return at(place, start, len(words), f"{bare[start:]}{right}")


@rule("ket-thuc", "Dấu kết thúc “./.”", LAYOUT)
def end_mark(examined: Examined) -> Iterator[Found]:
    """Once, at the end of the last paragraph."""
    body = list(examined.text.of(Part.BODY))
    if not body or not examined.text.has_frame:
        return
    last, line = body[-1]
    words = line.text.rstrip()
    if not words.endswith(_END) or words.endswith(("././.", ".../.", "..…")):
        bare = re.sub(r"[\s./;:]+$", "", words)
        yield Found("Cuối nội dung phải có dấu “./.”.", _end_spot(last, bare, line.text, _END))
    elif words.endswith((" ./.", "../.", ",./.", ";./.")):
        bare = re.sub(r"[\s./;,]+$", "", words)
        yield Found(
            "Dấu “./.” viết liền sau chữ cuối cùng.", _end_spot(last, bare, line.text, _END)
        )
    for place, one in body:
        for found in re.finditer(r"\./\.", one.text):
            if place == last and found.end() >= len(words):
                continue
            if place == last and words.endswith("././."):
                continue
            start = one.text.rfind(" ", 0, found.start()) + 1
            right = f"{one.text[start : found.start()]}."
            yield Found(
                "Dấu “./.” chỉ đứng một lần, ở cuối nội dung.",
                at(place, start, found.end(), right),
            )
