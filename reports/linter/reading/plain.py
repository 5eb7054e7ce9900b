"""Plain text, as pasted or from a file: one paragraph a line, notes called by ¹ or [1]."""

from __future__ import annotations

import re

from reports.linter.letters import LOWER
from reports.linter.text import Call
from reports.text import typed

from .paragraphs import Pages, Paragraph

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_DIGITS = str.maketrans(_SUPERSCRIPTS, "0123456789")
_NOTE = re.compile(rf"^(?:(?P<high>[{_SUPERSCRIPTS}]+)|\[(?P<low>\d{{1,3}})\])\s+(?P<text>\S.*)$")
_CALL = re.compile(
    rf"(?<![\s\d]m)(?<!km)(?<!cm)(?P<high>[{_SUPERSCRIPTS}]+)|\[(?P<low>\d{{1,3}})\]"
)
_EMPHASIS = re.compile(r"\*{1,2}(?=\S)|(?<=\S)\*{1,2}")
_STOPS = ".;:!?"
_PAGE_WIDTH = 130
_NEW = re.compile(r"^(?:[-–+•*]|[a-zđ][.)]|\d+[.)]|[IVXLC]+\.)\s")


def pages(text: str, *, is_markdown: bool = False) -> Pages:
    """The paragraphs of a text; a line that goes on in small letters belongs to the one before."""
    paragraphs: list[Paragraph] = []
    notes: dict[int, str] = {}
    for written, after_blank in _lines(text):
        line = _EMPHASIS.sub("", written) if is_markdown else written
        if note := _NOTE.match(line):
            notes[_number(note)] = note["text"]
        else:
            paragraphs.append(_paragraph(line, after_blank))
    return Pages(tuple(paragraphs), notes)


def _lines(text: str) -> list[tuple[str, bool]]:
    """Lines that were broken by hand put together, and whether a blank line stands before."""
    lines: list[tuple[str, bool]] = []
    after_blank = True
    is_wrapped = _is_wrapped(text)
    for raw in text.replace("\x0c", "\n").splitlines():
        line = typed.seen(raw).strip()
        if not line:
            after_blank = True
        elif not after_blank and lines and _goes_on(lines[-1][0], line, is_wrapped=is_wrapped):
            lines[-1] = (f"{lines[-1][0]} {line}", lines[-1][1])
        else:
            lines.append((line, after_blank))
            after_blank = False
    return lines


def _is_wrapped(text: str) -> bool:
    """Whether every line was cut at the width of a page, as in text copied from a PDF."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    open_ones = [line for line in lines if line[-1] not in _STOPS]
    return (
        len(lines) >= 12 and max(map(len, lines)) <= _PAGE_WIDTH and len(open_ones) > len(lines) / 2
    )


def _goes_on(before: str, line: str, *, is_wrapped: bool) -> bool:
    if _NEW.match(line) or before[-1] in _STOPS:
        return False
    if line[0] in LOWER:
        return True
    is_address = before.startswith("Kính gửi")
    return is_wrapped and len(before) > 50 and not line.isupper() and not is_address


def _number(found: re.Match[str]) -> int:
    return int(found["low"] or found["high"].translate(_DIGITS))


def _paragraph(line: str, after_blank: bool) -> Paragraph:
    text, calls, last = "", [], 0
    for found in _CALL.finditer(line):
        text += line[last : found.start()]
        calls.append(Call(len(text), _number(found)))
        last = found.end()
    return Paragraph(text + line[last:], tuple(calls), after_blank=after_blank)
