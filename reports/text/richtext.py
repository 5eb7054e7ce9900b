"""The text of a section: a few kinds of lines, figures and citations as atoms, nothing else.

Whatever comes in (the editor, a paste from Word, a crafted request) is brought into one canonical
form: paragraphs and list items holding words, `<strong>`, `<em>`, `<br>`, and the atoms
`<span data-figure="12">02</span>` and `<span data-citation="3"></span>`; a table or chart is
`<span data-exhibit="5">Bảng 1. …</span>`, alone in a paragraph. Text that would load something is
refused, not quietly dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from html.entities import html5
from html.parser import HTMLParser
from itertools import dropwhile, groupby
from typing import Literal

import nh3

from . import pasted, typed


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """A forced new line."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A figure, a citation, a table or chart; `key` is its identifier, `text` what is seen."""

    kind: Literal["figure", "citation", "exhibit"]
    key: str
    text: str = ""
    bold: bool = False
    italic: bool = False


Piece = Run | Break | Atom


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph (`mark` ""), a bullet ("-") or a numbered item ("1."), `depth` from 0."""

    pieces: tuple[Piece, ...]
    mark: str = ""
    depth: int = 0

    @property
    def text(self) -> str:
        return "".join("\n" if isinstance(piece, Break) else piece.text for piece in self.pieces)


class RefusedContent(Exception):
    """The text holds something that would load a file or an address, or run."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"Nội dung có {what}. Báo cáo chỉ nhận chữ, danh sách, số liệu và chú thích; "
            "hãy bỏ phần này rồi lưu lại."
        )


_BLOCKS = frozenset(
    "p,div,blockquote,pre,section,article,header,footer,address,h1,h2,h3,h4,h5,h6,"  # noqa: SIM905
    "table,tr,td,th,caption,dl,dt,dd,figure,figcaption".split(",")
)
_LISTS = frozenset(("ul", "ol"))
_BOLD, _ITALIC = frozenset(("strong", "b")), frozenset(("em", "i"))
_KEPT = {*_BLOCKS, *_LISTS, *_BOLD, *_ITALIC, "li", "br", "span"}
_ATOMS = {"data-figure": "figure", "data-citation": "citation", "data-exhibit": "exhibit"}
_KEY = re.compile(r"[\w.-]{1,60}")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_AMPERSAND = re.compile(r"&(?:(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)?")
_AND, _HARD_SPACE = "\ufdd0", "\ufdd1"  # not characters: `without_controls` takes them away
_DEEPEST = 3

#: The sanitiser's time grows with the square of the depth. Elements that may stand without an end
#: are not counted.
_MOST_NESTED = 200
_ENDS_ITSELF = frozenset("p,li,br,hr,tr,td,th,dt,dd,col,thead,tbody,tfoot,colgroup,wbr".split(","))  # noqa: SIM905

_HARMFUL_LINK = re.compile(r"\s*(file|data|javascript|vbscript):", re.IGNORECASE)

#: What loads or runs, and how a reader calls it.
_LOADING = {
    **dict.fromkeys(("img", "picture", "svg", "canvas", "image"), "hình ảnh"),
    **dict.fromkeys(("video", "audio", "source", "track"), "phim hoặc âm thanh"),
    **dict.fromkeys(("iframe", "frame", "object", "embed", "portal"), "trang hoặc tệp nhúng"),
    **dict.fromkeys(("script", "link", "meta", "base", "style", "form", "input"), "mã lệnh"),
}
_LOADING_ATTRIBUTES = frozenset(
    ("src", "srcset", "data", "poster", "background", "xlink:href", "action", "formaction")
)

_cleaner = nh3.Cleaner(
    tags=_KEPT,
    clean_content_tags={"script", "style", "title", "noscript", "template", "textarea"},
    attributes={"span": set(_ATOMS)},
    strip_comments=True,
    link_rel=None,
)


def clean(html: str) -> str:
    """Return the canonical form of a text.

    Raises:
        RefusedContent: an image, an embedded file, a script: anything that would load or run.
    """
    return write(read(html))


def read(html: str, *, is_trusted: bool = False) -> tuple[Line, ...]:
    """Return the lines of a text, whatever its HTML was.

    `is_trusted` is for showing what is stored already: what would load is left out, not refused.

    Raises:
        RefusedContent: as `clean`.
    """
    if not is_trusted:
        html = pasted.tamed(pasted.from_word(html))
        _refuse_loading(html)
    reader = _Reader()
    reader.feed(_sanitised(typed.without_controls(html)))
    reader.close()
    return tuple(reader.finish())


def write(lines: Iterable[Line]) -> str:
    """Return lines as canonical HTML."""
    html: list[str] = []
    open_lists: list[str] = []
    for line in lines:
        wanted = _lists_of(line)
        shared = 0
        while shared < min(len(wanted), len(open_lists)) and wanted[shared] == open_lists[shared]:
            shared += 1
        while len(open_lists) > shared:
            html.append(f"</li></{open_lists.pop()}>")
        if wanted and len(wanted) == shared:
            html.append("</li><li>")
        for name in wanted[shared:]:
            html.append(f"<{name}><li>")
            open_lists.append(name)
        html.append(f"<p>{''.join(map(_piece_html, line.pieces))}</p>")
    html += [f"</li></{name}>" for name in reversed(open_lists)]
    return "".join(html)


def plain(html: str) -> str:
    """Return the words of a text, one line each."""
    return "\n".join(line.text for line in read(html, is_trusted=True))


def atoms(lines: Iterable[Line]) -> Iterator[Atom]:
    """Yield the figures, citations, tables and charts in the order they are read."""
    return (piece for line in lines for piece in line.pieces if isinstance(piece, Atom))


def with_atoms(lines: Iterable[Line], change: Callable[[Atom], Atom]) -> tuple[Line, ...]:
    """Return the lines with every atom passed through `change`."""
    return with_pieces(lines, lambda piece: change(piece) if isinstance(piece, Atom) else piece)


def with_pieces(lines: Iterable[Line], change: Callable[[Piece], Piece]) -> tuple[Line, ...]:
    """Return the lines with every piece passed through `change`."""
    return tuple(replace(line, pieces=tuple(map(change, line.pieces))) for line in lines)


def _sanitised(html: str) -> str:
    """What the sanitiser leaves of the HTML.

    Its time grows with the square of the "&" and hard spaces of a text (6 s for a megabyte of
    them), so that two characters that no text has stand for them meanwhile.
    """
    bare = _AMPERSAND.sub(_told, html)
    kept = _cleaner.clean(bare.replace("\u00a0", _HARD_SPACE))
    return kept.replace(_AND, "&amp;").replace(_HARD_SPACE, "\u00a0")


def _told(found: re.Match[str]) -> str:
    words = found[0]
    is_reference = words[1:2] == "#" or words[1:] in html5
    return words if is_reference else f"{_AND}{words[1:]}"


def _lists_of(line: Line) -> list[str]:
    if not line.mark:
        return []
    return ["ul"] * line.depth + ["ul" if line.mark == "-" else "ol"]


def _piece_html(piece: Piece) -> str:
    match piece:
        case Break():
            return "<br>"
        case Atom():
            html = f'<span data-{piece.kind}="{escape(piece.key)}">{escape(piece.text)}</span>'
        case Run():
            html = escape(piece.text, quote=False)
    for wanted, tag in ((piece.italic, "em"), (piece.bold, "strong")):
        if wanted:
            html = f"<{tag}>{html}</{tag}>"
    return html


class _Watcher(HTMLParser):
    """Looks at the raw text for what would load or run, or stands too deep to be read in time."""

    found = ""
    _depth = 0

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag not in _ENDS_ITSELF and self._depth > 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = self.found or _LOADING.get(tag, "")
        self._depth += tag not in _ENDS_ITSELF
        if self._depth > _MOST_NESTED:
            self.found = self.found or f"hơn {_MOST_NESTED} lớp định dạng lồng nhau"
        for name, value in attrs:
            if name in _LOADING_ATTRIBUTES and (value or "").strip():
                self.found = self.found or "địa chỉ tải tệp"
            if name == "style" and re.search(r"url\s*\(|@import|expression", value or "", re.I):
                self.found = self.found or "địa chỉ tải tệp"
            if name == "href" and re.match(
                r"\s*(file|data|javascript|vbscript):", value or "", re.I
            ):
                self.found = self.found or "liên kết tới tệp hoặc mã lệnh"


def _refuse_loading(html: str) -> None:
    watcher = _Watcher(convert_charrefs=True)
    watcher.feed(html)
    watcher.close()
    if watcher.found:
        raise RefusedContent(watcher.found)


class _Reader(HTMLParser):
    """Turns sanitised HTML into lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[Line] = []
        self._pieces: list[Piece] = []
        self._lists: list[list[object]] = []
        self._mark, self._depth = "", 0
        self._bold = self._italic = 0
        self._atom: Atom | None = None
        self._atom_words: list[str] = []
        self._spans: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._atom is not None and tag != "span":
            return
        if tag in _LISTS:
            self._end_line()
            self._lists.append([tag, 0])
        elif tag == "li":
            self._end_line()
            self._begin_item()
        elif tag in _BLOCKS:
            self._end_line()
        elif tag == "br":
            self._pieces.append(Break())
        elif tag == "span":
            self._begin_span(attrs)
        else:
            self._bold += tag in _BOLD
            self._italic += tag in _ITALIC

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._end_span()
        elif self._atom is not None:
            return
        elif tag in _LISTS:
            self._end_line()
            if self._lists:
                self._lists.pop()
            if not self._lists:
                self._mark, self._depth = "", 0
        elif tag == "li" or tag in _BLOCKS:
            self._end_line()
        else:
            self._bold -= tag in _BOLD and self._bold > 0
            self._italic -= tag in _ITALIC and self._italic > 0

    def handle_data(self, data: str) -> None:
        text = _SPACES.sub(" ", data)
        if self._atom is not None:
            self._atom_words.append(text)
        else:
            self._pieces.append(Run(text, bool(self._bold), bool(self._italic)))

    def finish(self) -> list[Line]:
        while self._spans:
            self._end_span()
        self._end_line()
        return self._lines

    def _begin_item(self) -> None:
        if not self._lists:
            self._mark, self._depth = "-", 0
            return
        inner = self._lists[-1]
        inner[1] = int(str(inner[1])) + 1
        self._mark = "-" if inner[0] == "ul" else f"{inner[1]}."
        self._depth = min(len(self._lists) - 1, _DEEPEST)

    def _begin_span(self, attrs: list[tuple[str, str | None]]) -> None:
        found = [
            (_ATOMS[name], value or "")
            for name, value in attrs
            if name in _ATOMS and _KEY.fullmatch(value or "")
        ]
        begins = self._atom is None and len(found) == 1
        if begins:
            kind, key = found[0]
            self._atom = Atom(kind, key, "", bool(self._bold), bool(self._italic))  # type: ignore[arg-type]
        self._spans.append(begins)

    def _end_span(self) -> None:
        if self._spans and self._spans.pop() and self._atom is not None:
            self._pieces.append(replace(self._atom, text="".join(self._atom_words).strip()))
            self._atom, self._atom_words = None, []

    def _end_line(self) -> None:
        for part in _apart(self._pieces):
            pieces = _tidy(part)
            if pieces and _is_exhibit(pieces[0]):
                self._lines.append(Line(pieces))
            elif pieces:
                self._lines.append(Line(pieces, self._mark, self._depth))
        self._pieces = []
        if not self._lists:
            self._mark, self._depth = "", 0


def _apart(pieces: list[Piece]) -> list[list[Piece]]:
    """Cut a line so that every table or chart stands alone, in no style."""
    parts: list[list[Piece]] = [[]]
    for piece in pieces:
        if isinstance(piece, Atom) and piece.kind == "exhibit":
            parts += [[replace(piece, bold=False, italic=False)], []]
        else:
            parts[-1].append(piece)
    return parts


def _is_exhibit(piece: Piece) -> bool:
    return isinstance(piece, Atom) and piece.kind == "exhibit"


def _tidy(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Join runs of one style, drop blanks and breaks at both ends."""
    joined: list[Piece] = []
    told = (piece for piece in pieces if not isinstance(piece, Run) or piece.text)
    for style, group in groupby(told, key=_style):
        if style is None:
            joined += group
        else:
            words = "".join(run.text for run in group if isinstance(run, Run))
            joined.append(Run(_SPACES.sub(" ", words), *style))
    joined = list(dropwhile(_is_blank, joined))
    while joined and _is_blank(joined[-1]):
        joined.pop()
    if joined and isinstance(joined[0], Run):
        joined[0] = replace(joined[0], text=joined[0].text.lstrip(" \u00a0"))
    if joined and isinstance(joined[-1], Run):
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip(" \u00a0"))
    return tuple(joined)


def _style(piece: Piece) -> tuple[bool, bool] | None:
    return (piece.bold, piece.italic) if isinstance(piece, Run) else None


def _is_blank(piece: Piece) -> bool:
    return isinstance(piece, Break) or (isinstance(piece, Run) and not piece.text.strip(" \u00a0"))
