"""A Word file (.docx) as paragraphs and notes; it is read in a process of its own (see files).

Only three parts of the package are looked at, each within a bound; nothing outside it is loaded.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from reports.linter.text import Call
from reports.text import typed
from reports.text.numbering import roman

from .paragraphs import Pages, Paragraph

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_BYTES = 40 * 2**20
_MOST_PARAGRAPHS = 50_000
#: What is drawn beside the text, removed, or said a second time for older programs.
_SKIPPED = frozenset(
    (f"{_W}del", f"{_W}moveFrom", f"{_W}drawing", f"{_W}pict", f"{_W}object", f"{_W}instrText")
)
_OFF = frozenset(("0", "false", "off", "none"))


class NotWord(Exception):
    """The bytes are no Word file that can be read; the message is a code."""


def pages(content: bytes) -> Pages:
    """The paragraphs of a Word file, with the labels that Word counts itself, and its footnotes.

    Raises:
        NotWord: "corrupt", "bomb" or "too_large".
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            document = _part(package, "word/document.xml")
            notes = _part(package, "word/footnotes.xml", is_needed=False)
            numbering = _part(package, "word/numbering.xml", is_needed=False)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as problem:
        raise NotWord("corrupt") from problem
    return _Reader(_lists(numbering), _notes(notes)).read(document)


def _part(package: zipfile.ZipFile, name: str, *, is_needed: bool = True) -> Any:
    """One part as a tree; None when it is not there and need not be."""
    try:
        told = package.getinfo(name)
    except KeyError:
        if is_needed:
            raise NotWord("corrupt") from None
        return None
    if told.file_size > _MOST_BYTES:
        raise NotWord("bomb")
    with package.open(told) as stream:
        content = stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise NotWord("bomb")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise NotWord("corrupt")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise NotWord("corrupt") from problem


# notes and lists


def _notes(tree: Any) -> dict[str, str]:
    """By Word's own identifier: the words of a footnote."""
    if tree is None:
        return {}
    return {
        note.get(f"{_W}id"): " ".join(
            "".join(_plain(paragraph)) for paragraph in note.iter(f"{_W}p")
        ).strip()
        for note in tree.iter(f"{_W}footnote")
        if note.get(f"{_W}type") is None
    }


def _plain(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}noBreakHyphen"):
        yield (
            typed.seen(node.text or "")
            if node.tag == f"{_W}t"
            else "-"
            if "Hyphen" in node.tag
            else " "
        )


@dataclass
class _List:
    """One list: by level its kind of number and the text around it; how far each has come."""

    levels: dict[int, tuple[str, str, int]]
    counts: dict[int, int] = field(default_factory=dict)

    def label(self, level: int) -> str:
        kind, text, start = self.levels.get(level, ("bullet", "", 1))
        self.counts[level] = self.counts.get(level, start - 1) + 1
        for deeper in [one for one in self.counts if one > level]:
            del self.counts[deeper]
        if kind == "bullet":
            return "-"
        for number in range(level + 1):
            own_kind, _, own_start = self.levels.get(number, ("decimal", "", 1))
            value = self.counts.get(number, own_start)
            text = text.replace(f"%{number + 1}", _figure(value, own_kind))
        return text


def _figure(value: int, kind: str) -> str:
    if kind == "upperRoman":
        return roman(value)
    if kind == "lowerRoman":
        return roman(value).lower()
    if kind in ("lowerLetter", "upperLetter"):
        sign = chr(ord("a") + (value - 1) % 26)
        return sign if kind == "lowerLetter" else sign.upper()
    return str(value)


def _lists(tree: Any) -> dict[str, _List]:
    """By Word's number of the list; lists of one shape count on together, as in Word."""
    if tree is None:
        return {}
    shapes = {}
    for shape in tree.iter(f"{_W}abstractNum"):
        levels = {}
        for level in shape.iter(f"{_W}lvl"):
            start = _value(level.find(f"{_W}start")) or "1"
            levels[_number(level.get(f"{_W}ilvl"))] = (
                _value(level.find(f"{_W}numFmt")) or "decimal",
                _value(level.find(f"{_W}lvlText")) or "",
                _number(start, 1),
            )
        shapes[shape.get(f"{_W}abstractNumId")] = _List(levels)
    return {
        one.get(f"{_W}numId"): shapes[shape]
        for one in tree.iter(f"{_W}num")
        if (shape := _value(one.find(f"{_W}abstractNumId"))) in shapes
    }


def _value(node: Any) -> str:
    return "" if node is None else node.get(f"{_W}val") or ""


def _number(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else otherwise


# the body


class _Reader:
    """Goes through the body once."""

    def __init__(self, lists: dict[str, _List], notes: dict[str, str]) -> None:
        self.lists, self.notes = lists, notes
        self.found: list[Paragraph] = []
        self.called: dict[str, int] = {}
        self.tables = 0

    def read(self, tree: Any) -> Pages:
        body = tree.find(f"{_W}body")
        if body is None:
            raise NotWord("corrupt")
        self._blocks(body, table=0, depth=0)
        return Pages(
            tuple(self.found), {number: self.notes[key] for key, number in self.called.items()}
        )

    def _blocks(self, parent: Any, *, table: int, depth: int) -> None:
        if depth > 30:
            raise NotWord("corrupt")
        for node in parent:
            if node.tag == f"{_W}p":
                self._paragraph(node, table)
            elif node.tag == f"{_W}tbl":
                self.tables += 1
                self._blocks(node, table=table or self.tables, depth=depth + 1)
            elif node.tag in (
                f"{_W}tr",
                f"{_W}tc",
                f"{_W}sdt",
                f"{_W}sdtContent",
                f"{_W}ins",
                f"{_W}customXml",
            ):
                self._blocks(node, table=table, depth=depth + 1)

    def _paragraph(self, node: Any, table: int) -> None:
        """One paragraph; a line broken by hand makes two."""
        if len(self.found) > _MOST_PARAGRAPHS:
            raise NotWord("too_large")
        label = self._label(node)
        text = f"{label} " if label else ""
        calls: list[Call] = []
        for words, note in self._pieces(node):
            if words == "\n":
                self._keep(text, calls, table)
                text, calls = "", []
            elif note:
                calls.append(Call(len(text), note))
            else:
                text += words
        self._keep(text, calls, table)

    def _keep(self, text: str, calls: list[Call], table: int) -> None:
        lead = len(text) - len(text.lstrip())
        if text.strip():
            moved = tuple(Call(max(call.at - lead, 0), call.note) for call in calls)
            self.found.append(Paragraph(text.strip(), moved, table))

    def _label(self, node: Any) -> str:
        told = node.find(f"{_W}pPr/{_W}numPr")
        if told is None:
            return ""
        found = self.lists.get(_value(told.find(f"{_W}numId")))
        level = _number(_value(told.find(f"{_W}ilvl")))
        return found.label(min(level, 8)) if found else ""

    def _pieces(self, node: Any) -> Iterator[tuple[str, int]]:
        """Words, line ends and calls of notes in the order they are read."""
        for child in node:
            if child.tag in _SKIPPED or child.tag.endswith("}Fallback"):
                continue
            if child.tag == f"{_W}t":
                yield self._words(child), 0
            elif child.tag in (f"{_W}br", f"{_W}cr"):
                yield "\n", 0
            elif child.tag == f"{_W}tab":
                yield " ", 0
            elif child.tag == f"{_W}noBreakHyphen":
                yield "-", 0
            elif child.tag == f"{_W}footnoteReference":
                key = child.get(f"{_W}id")
                if key in self.notes:
                    yield "", self.called.setdefault(key, len(self.called) + 1)
            elif len(child):
                yield from self._pieces(child)

    def _words(self, node: Any) -> str:
        """The text; what Word shows in capitals is in capitals."""
        caps = node.getparent().find(f"{_W}rPr/{_W}caps")
        text = typed.seen(node.text or "").replace("\xa0", " ")
        is_caps = caps is not None and (_value(caps) or "1").lower() not in _OFF
        return text.upper() if is_caps else text
