"""Inline content as HTML: every word of a report passes through `clean` and `escape` here."""

import itertools
import re
import unicodedata
from collections.abc import Mapping
from html import escape

from .blocks import Content, LineBreak, NoteCall, Text
from .unbroken import CALL, unbroken_spans

#: Characters that draw nothing and can make a text read differently from what it says.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"[ \t\r\n\u2028\u2029\u0085]+")


#: The words of each note; None where a call is printed alone and the note stands elsewhere.
Notes = Mapping[int, Content | None]


def clean(text: str) -> str:
    """Return the text composed (NFC), on one line, without control and direction characters."""
    return _INVISIBLE.sub("", _SPACES.sub(" ", unicodedata.normalize("NFC", text)))


def content_html(content: Content, notes: Notes, *, longest_em: float | None = None) -> str:
    """Return inline HTML in which document numbers are kept whole, also across runs of style.

    The space before what is kept whole is an element of its own. As the end of a longer text that
    fits the line only without it, it makes the engine break that text far too early: a heading
    stood as "III." alone on its first line.
    """
    pieces = [_plain(inline) for inline in content]
    limits = {} if longest_em is None else {"longest_em": longest_em}
    text = "".join(pieces)
    spans = unbroken_spans(text, **limits)
    opening, ending = {start for start, _ in spans}, {end for _, end in spans}
    spaces = {start - 1 for start in opening if text[start - 1 : start] == " "}
    cuts = sorted(opening | ending | spaces)
    html: list[str] = []
    place = 0
    for inline, piece in zip(content, pieces, strict=True):
        for start, end in _sections(place, place + len(piece), cuts):
            if start in opening:
                html.append('<span class="whole">')
            words = _inline(inline, text[start:end], notes)
            html.append(f"<span>{words}</span>" if start in spaces else words)
            if end in ending:
                html.append("</span>")
        place += len(piece)
    return "".join(html)


def _sections(start: int, end: int, cuts: list[int]) -> list[tuple[int, int]]:
    places = [start, *(cut for cut in cuts if start < cut < end), end]
    return [(a, b) for a, b in itertools.pairwise(places) if a < b]


def _plain(inline: object) -> str:
    match inline:
        case Text():
            return clean(inline.text)
        case NoteCall():
            return CALL
        case _:
            return "\n"


def _inline(inline: object, piece: str, notes: Notes) -> str:
    match inline:
        case NoteCall():
            return _note(inline.number, notes)
        case LineBreak():
            return "<br/>"
        case Text():
            return _styled(inline, escape(piece))
    raise TypeError(inline)


def _styled(text: Text, html: str) -> str:
    for wanted, tag in (
        (text.italic, "em"),
        (text.bold, "strong"),
        (text.raised, "sup"),
        (text.lowered, "sub"),
    ):
        if wanted:
            html = f"<{tag}>{html}</{tag}>"
    return f'<span data-figure="{escape(text.figure)}">{html}</span>' if text.figure else html


def _note(number: int, notes: Notes) -> str:
    content = notes[number]
    if content is None:
        return f"<sup>{number}</sup>"
    words = content_html(content, {})
    return f'<span class="note" id="note-{number}" data-number="{number}">{words}</span>'
