"""What a sentence or a row of paragraphs says that cannot be so."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from reports.linter.citing import Mention
from reports.linter.departures import PRACTICE, Found, Severity, at, rule
from reports.linter.examined import Examined
from reports.linter.text import Line, Part

_SENTENCE = re.compile(r"[^.;]+")
_NOW = re.compile(r"\b(?<!thực )(?:hiện nay|hiện tại|hiện|đến nay)\b", re.IGNORECASE)
_ONGOING = re.compile(r"\bđang\b", re.IGNORECASE)
_DRAFTS = re.compile(
    r"\b(?:tham mưu|xây dựng|dự thảo|soạn thảo|hoàn thiện|trình|lấy ý kiến)\b", re.IGNORECASE
)
_BETWEEN = re.compile(r"(?:\s|để|ban hành|dự thảo|trình|tham mưu|UBND tỉnh|xây dựng|,)*")
_FRAGMENT = re.compile(r"(?:^|(?<=[.] ))(?P<words>(?:Để|Nhằm) [^.]{20,}?)\.(?= [A-ZĐ]|$)")
_MAIN = re.compile(
    r"\b(?:đã|sẽ|cần|phải|đang|được|tiếp tục|đề nghị|yêu cầu|giao|xin|trân trọng|kính|là|có|"
    r"tổ chức|ban hành)\b"
)


#: Three dots or more; "v.v…" and "ngô, lúa, …" are no blanks, see what stands before.
_BLANK = re.compile(r"(?:…|\.{3,})+(?!\w)")


@dataclass(frozen=True, slots=True)
class Drafting:
    """ "hiện nay Ban đang tham mưu …": what is drafted is said from `object` to `end`."""

    start: int
    object: int
    end: int
    says_now: bool


@rule("dang-soan", "Văn bản đã ban hành mà viết là đang soạn", PRACTICE)
def drafting(examined: Examined) -> Iterator[Found]:
    """ "hiện nay … đang tham mưu … ban hành Kế hoạch⁵" while note 5 dates the plan."""
    dated = _dated_notes(examined)
    named = _by_line(examined)
    for place, line in examined.text.of(Part.BODY):
        for told in _draftings(line.text):
            for call in line.calls:
                mention = dated.get(call.note)
                if mention is None or not told.start < call.at <= told.end:
                    continue
                if not _is_drafted(line.text, told, mention, examined):
                    continue
                yield Found(
                    f"Câu viết là đang soạn, nhưng chú thích {call.note} dẫn {mention.name} đã ban "
                    f"hành ngày {mention.day_written}.",
                    at(place, told.start, min(told.end, call.at)),
                )
            yield from _dated_here(line.text, told, named.get(place, []), examined)


def _draftings(words: str) -> Iterator[Drafting]:
    for sentence in _SENTENCE.finditer(words):
        ongoing = _ONGOING.search(words, *sentence.span())
        verb = _DRAFTS.search(words, ongoing.end(), sentence.end()) if ongoing else None
        if ongoing and verb:
            now = _NOW.search(words, sentence.start(), ongoing.start())
            yield Drafting((now or ongoing).start(), verb.end(), sentence.end(), bool(now))


def _is_drafted(words: str, told: Drafting, mention: Mention, examined: Examined) -> bool:
    """Whether what is drafted may be what the note dates: the first type named is the same one."""
    thing = words[told.object : told.end].casefold()
    found = ((thing.find(name), name) for name in examined.catalogue.type_by_name)
    named = [(place, name) for place, name in found if place >= 0]
    return min(named)[1] == mention.type_name.casefold() if named else told.says_now


def _by_line(examined: Examined) -> dict[int, list[Mention]]:
    lines: dict[int, list[Mention]] = {}
    for mention in examined.mentions:
        lines.setdefault(mention.line, []).append(mention)
    return lines


def _dated_here(
    words: str, told: Drafting, mentions: list[Mention], examined: Examined
) -> Iterator[Found]:
    """ "đang dự thảo Kế hoạch số 527/KH-BDT ngày 30/9/2021"."""
    first = bisect_left(mentions, told.object, key=lambda one: one.start)
    for mention in mentions[first : first + 1]:
        is_past = mention.day is not None and mention.day <= examined.text.day
        if is_past and _BETWEEN.fullmatch(words, told.object, mention.start):
            yield Found(
                f"Câu viết là đang soạn, nhưng {mention.name} đã ban hành ngày "
                f"{mention.day_written}.",
                at(mention.line, told.start, mention.symbol_end),
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
