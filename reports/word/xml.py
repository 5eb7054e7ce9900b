"""Pieces of WordprocessingML as text, where python-docx has no object for them or is slow."""

from __future__ import annotations

import functools
import re
from html import escape
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from reports.rendering.blocks import Content, LineBreak, NoteCall, Text
from reports.rendering.inlines import clean
from reports.rendering.unbroken import CALL, unbroken_spans

_NAME = re.compile(r"<[\w:]+")
_DECLARED = nsdecls("w", "wp", "a", "pic", "r")
NO_BREAK_SPACE = "\u00a0"
TWIPS_PER_MM = 1440 / 25.4


def twips(mm: float) -> int:
    return round(mm * TWIPS_PER_MM)


def element(xml: str) -> Any:
    """An element from its text; the prefixes w, wp, a, pic and r are declared."""
    return parse_xml(_NAME.sub(rf"\g<0> {_DECLARED}", xml, count=1))


def paragraph_xml(
    content: Content,
    *,
    style: str = "",
    align: str = "",
    size: float | None = None,
    bold: bool = False,
    keep_next: bool = False,
    indent_mm: float = 0,
) -> str:
    """A paragraph of inline content; `align` is left, center, right or both, `size` in points."""
    parts = [f'<w:pStyle w:val="{style}"/>'] if style else []
    parts += ["<w:keepNext/>"] if keep_next else []
    parts += [f'<w:ind w:left="{twips(indent_mm)}"/>'] if indent_mm else []
    parts += [f'<w:jc w:val="{align}"/>'] if align else []
    head = f"<w:pPr>{''.join(parts)}</w:pPr>" if parts else ""
    return f"<w:p>{head}{runs_xml(content, size=size, bold=bold)}</w:p>"


def runs_xml(content: Content, *, size: float | None = None, bold: bool = False) -> str:
    """Runs in which document numbers and dates do not break at the end of a line."""
    pieces = [_plain(inline) for inline in content]
    whole = _places(unbroken_spans("".join(pieces)))
    runs, place = [], 0
    for inline, piece in zip(content, pieces, strict=True):
        match inline:
            case NoteCall():
                runs.append(note_call_xml(inline.number))
            case LineBreak():
                runs.append("<w:r><w:br/></w:r>")
            case Text():
                kept = frozenset(n - place for n in whole if place <= n < place + len(piece))
                runs.append(_run(inline, piece, kept, size, bold))
        place += len(piece)
    return "".join(runs)


def note_call_xml(number: int) -> str:
    return (
        '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
        f'<w:footnoteReference w:id="{number}"/></w:r>'
    )


def _places(spans: list[tuple[int, int]]) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}


def _plain(inline: object) -> str:
    match inline:
        case Text():
            return clean(inline.text)
        case NoteCall():
            return CALL
        case _:
            return "\n"


def _run(text: Text, words: str, kept: frozenset[int], size: float | None, bold: bool) -> str:
    if not words:
        return ""
    look = _look(text.bold or bold, text.italic, text.raised, text.lowered, size)
    return f"<w:r>{look}{_text(words, kept)}</w:r>"


@functools.cache
def _look(bold: bool, italic: bool, raised: bool, lowered: bool, size: float | None) -> str:
    parts = ["<w:b/>"] if bold else []
    parts += ["<w:i/>"] if italic else []
    if size is not None:
        half = round(size * 2)
        parts.append(f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>')
    if raised or lowered:
        parts.append(f'<w:vertAlign w:val="{"superscript" if raised else "subscript"}"/>')
    return f"<w:rPr>{''.join(parts)}</w:rPr>" if parts else ""


def _text(words: str, kept: frozenset[int]) -> str:
    """The words; inside what is kept whole neither space nor hyphen breaks."""
    pieces, buffer = [], ""
    for place, char in enumerate(words):
        if place in kept and char == "-":
            pieces += [_plain_text(buffer), "<w:noBreakHyphen/>"]
            buffer = ""
        else:
            buffer += NO_BREAK_SPACE if place in kept and char == " " else char
    return "".join([*pieces, _plain_text(buffer)])


def _plain_text(words: str) -> str:
    return f'<w:t xml:space="preserve">{escape(words, quote=False)}</w:t>' if words else ""


def set_child(parent: Any, tag: str, **values: str) -> Any:
    """Put one child element in place of those of its name; `values` are attributes in w:."""
    for old in parent.findall(qn(tag)):
        parent.remove(old)
    child = parent.makeelement(qn(tag), {qn(f"w:{name}"): text for name, text in values.items()})
    parent.append(child)
    return child
