"""What a sentence or a row of paragraphs says that cannot be so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.linter.citing import Mention
from reports.linter.departures import PRACTICE, Found, Severity, at, rule
from reports.linter.examined import Examined
from reports.linter.text import Line, Part

_SENTENCE = re.compile(r"[^.;]*[.;]?")
_DRAFTING = re.compile(
    r"\b(?<!thực )(?:hiện nay|hiện tại|hiện|đến nay)\b[^.;]*\bđang\b[^.;]*"
    r"\b(?:tham mưu|xây dựng|dự thảo|soạn thảo|hoàn thiện|trình|lấy ý kiến)\b[^.;]*",
    re.IGNORECASE,
)
_NOW_DRAFTING = re.compile(
    r"\bđang\b[^.;]*?\b(?:tham mưu|xây dựng|dự thảo|soạn thảo|hoàn thiện|trình|lấy ý kiến)\b"
    r"(?P<object>[^.;]*)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?:\s|để|ban hành|dự thảo|trình|tham mưu|UBND tỉnh|xây dựng|,)*")
_FRAGMENT = re.compile(r"(?:^|(?<=[.] ))(?P<words>(?:Để|Nhằm) [^.]{20,}?)\.(?= [A-ZĐ]|$)")
_MAIN = re.compile(
    r"\b(?:đã|sẽ|cần|phải|đang|được|tiếp tục|đề nghị|yêu cầu|giao|xin|trân trọng|kính|là|có|"
    r"tổ chức|ban hành)\b"
)


#: Three dots or more; "v.v…" and "ngô, lúa, …" are no blanks, see what stands before.
_BLANK = re.compile(r"(?:…|\.{3,})+(?!\w)")


@rule("dang-soan", "Văn bản đã ban hành mà viết là đang soạn", PRACTICE)
def drafting(examined: Examined) -> Iterator[Found]:
    """ "hiện nay … đang tham mưu … ban hành Kế hoạch⁵" while note 5 dates the plan."""
    dated = _dated_notes(examined)
    for place, line in examined.text.of(Part.BODY):
        seen: set[int] = set()
        for found in (*_DRAFTING.finditer(line.text), *_NOW_DRAFTING.finditer(line.text)):
            for call in line.calls:
                mention = dated.get(call.note)
                if mention is None or not found.start() < call.at <= found.end():
                    continue
                is_loose = found.re is _DRAFTING
                if call.note in seen or not _is_drafted(found, mention, examined, loose=is_loose):
                    continue
                seen.add(call.note)
                yield Found(
                    f"Câu viết là đang soạn, nhưng chú thích {call.note} dẫn {mention.name} đã ban "
                    f"hành ngày {mention.day_written}.",
                    at(place, found.start(), min(found.end(), call.at)),
                )
    yield from _dated_in_the_sentence(examined)


def _is_drafted(found: re.Match[str], mention: Mention, examined: Examined, *, loose: bool) -> bool:
    """Whether what is drafted may be what the note dates: the first type named is the same one."""
    words = found[0].casefold() if loose else found["object"].casefold()
    named = [
        (place, name)
        for name in examined.catalogue.type_by_name
        if (place := words.find(name)) >= 0
    ]
    return min(named)[1] == mention.type_name.casefold() if named else loose


def _dated_in_the_sentence(examined: Examined) -> Iterator[Found]:
    """ "đang dự thảo Kế hoạch số 527/KH-BDT ngày 30/9/2021"."""
    for mention in examined.mentions:
        line = examined.line(mention)
        if line.part is not Part.BODY or mention.day is None or mention.day > examined.text.day:
            continue
        for found in _NOW_DRAFTING.finditer(line.text):
            begins = found.start("object")
            if begins <= mention.start and _BETWEEN.fullmatch(line.text, begins, mention.start):
                yield Found(
                    f"Câu viết là đang soạn, nhưng {mention.name} đã ban hành ngày "
                    f"{mention.day_written}.",
                    at(mention.line, found.start(), mention.symbol_end),
                )


def _dated_notes(examined: Examined) -> dict[int, Mention]:
    """By note: the first document it dates before the day of the text."""
    dated: dict[int, Mention] = {}
    for mention in examined.mentions:
        line = examined.line(mention)
        if line.part is Part.NOTE and mention.day and mention.day <= examined.text.day:
            dated.setdefault(line.note, mention)
    return dated


@rule("cau-thieu", "Câu chưa trọn", PRACTICE, Severity.LOOK)
def fragments(examined: Examined) -> Iterator[Found]:
    """A sentence of "Để …" or "Nhằm …" that never comes to its main clause."""
    for place, found in examined.search(_FRAGMENT, Part.BODY):
        if not _MAIN.search(found["words"]):
            yield Found(
                "Câu chỉ có phần mục đích, chưa có vế chính; xem có phải nối với câu sau.",
                at(place, found.start("words"), found.end("words")),
            )


@rule("cho-trong", "Chỗ còn để trống", PRACTICE)
def blanks(examined: Examined) -> Iterator[Found]:
    """The dots of an outline where words were to come: alone in a line, or after a colon."""
    for place, line in examined.text.of(Part.BODY):
        for begin, end in blanks_in(line.text):
            before = line.text[:begin].rstrip()
            start = before.rfind(" ", 0, max(len(before) - 40, 0)) + 1 if before else 0
            yield Found(
                "Chỗ này của đề cương chưa viết. Viết nội dung, hoặc bỏ mục nếu không có.",
                at(place, start, end),
            )


def blanks_in(words: str) -> Iterator[tuple[int, int]]:
    """Where the dots stand in place of words: (start, end) of each."""
    for found in _BLANK.finditer(words):
        before = words[: found.start()].rstrip()
        if not before or before[-1] in ":-–(+":
            yield found.span()


@rule("gach-dau-dong", "Gạch đầu dòng không đều", PRACTICE, Severity.LOOK)
def bullets(examined: Examined) -> Iterator[Found]:
    """A paragraph without a dash between paragraphs with one."""
    lines = [(place, line) for place, line in examined.text.of(Part.BODY, Part.HEADING)]
    for before, (place, line), after in zip(lines, lines[1:], lines[2:], strict=False):
        if _dashed(before[1]) and _dashed(after[1]) and _bare(line, before[1], after[1]):
            words = min(len(line.text), 60)
            yield Found(
                "Đoạn này đứng giữa các gạch đầu dòng mà không có gạch.", at(place, 0, words)
            )


def _dashed(line: Line) -> bool:
    return line.part is Part.BODY and line.label in ("-", "–", "+")


def _bare(line: Line, *around: Line) -> bool:
    return (
        line.part is Part.BODY
        and not line.label
        and all(line.section == one.section for one in around)
    )
