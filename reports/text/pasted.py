"""Text pasted from Word: its lists become lists, what only Word reads is left out.

Word writes a list item as a paragraph of the class MsoListParagraph with its level in the style
("mso-list: l0 level2 lfo1") and the mark as words of its own ("mso-list: Ignore"). Nothing here
decides what is allowed: the result goes through `richtext` like everything else.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

#: What tells Word's HTML from other HTML.
_WORD = re.compile(r"mso-|class=[\"']?Mso|urn:schemas-microsoft-com", re.IGNORECASE)
_LEVEL = re.compile(r"mso-list:\s{0,9}[^;\"']{0,60}?level(\d{1,9})", re.IGNORECASE)
_IGNORED = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
_FRAGMENT = re.compile(r"<!--\s*StartFragment\s*-->"), re.compile(r"<!--\s*EndFragment\s*-->")
_HEAD = re.compile(r"<head\b", re.IGNORECASE), re.compile(r"</head\s*>", re.IGNORECASE)
_CONDITIONAL = re.compile(r"<!--\[if", re.IGNORECASE), re.compile(r"<!\[endif\]-->", re.IGNORECASE)
_COMMENT = re.compile(r"<!--"), re.compile(r"-->")
_DECLARATION = re.compile(r"<[!?]"), re.compile(r">")
_ORDERED = re.compile(r"\(?(?:\d+|[a-zđ]|[ivx]+)[.)]\s*", re.IGNORECASE)
_DEEPEST = 4

#: Elements of Word's own that say nothing by themselves; their words stay.
_OFFICE = re.compile(r"(?:o|w|v|m|st1|x):", re.IGNORECASE)
_VOID = frozenset(("br", "img", "hr", "input", "meta", "link", "base", "source", "track", "col"))


def from_word(html: str) -> str:
    """Return HTML in which Word's lists are lists; HTML of other origin comes back as it is."""
    if not _WORD.search(html):
        return html
    html = _without(_without(_fragment(html), *_HEAD), *_CONDITIONAL)
    reader = _Reader()
    reader.feed(tamed(html))
    reader.close()
    return reader.finish()


def tamed(html: str) -> str:
    """The HTML without comments and declarations, and without a tag that does not end.

    Python's parser looks to the end of the text for each of them that stays open: a small text of
    nothing else would keep a process busy for minutes.
    """
    html = _without(html, *_COMMENT, drops_open=True)
    html = _without(html, *_DECLARATION, drops_open=True)
    closed = html.rfind(">") + 1
    return html[:closed] + html[closed:].replace("<", "&lt;")


def _fragment(html: str) -> str:
    """What stands between the marks of the clipboard; everything where there are none."""
    begins, ends = _FRAGMENT
    start = begins.search(html)
    end = ends.search(html, start.end()) if start else None
    return html[start.end() : end.start()] if start and end else html


def _without(
    html: str, begins: re.Pattern[str], ends: re.Pattern[str], *, drops_open: bool = False
) -> str:
    """The HTML without what stands between the two, each character looked at once; what does not
    end stays, or is dropped to the end of the text, as browsers do with comments."""
    kept: list[str] = []
    at = 0
    while start := begins.search(html, at):
        end = ends.search(html, start.end())
        if end is None:
            return "".join(kept) + html[at : start.start() if drops_open else len(html)]
        kept.append(html[at : start.start()])
        at = end.end()
    return "".join(kept) + html[at:]


class _Reader(HTMLParser):
    """Writes what it reads, paragraphs of lists as items."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._lists: list[str] = []
        self._level = 0
        self._mark: list[str] | None = None
        self._inside_mark = 0
        self._held: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if _OFFICE.match(tag):
            return
        given = {name: value or "" for name, value in attrs}
        style = given.get("style", "")
        if self._inside_mark:
            self._inside_mark += tag not in _VOID
            return
        if self._level and _IGNORED.search(style):
            self._mark, self._inside_mark = [], 1
            return
        if tag == "p":
            self._begin_paragraph(style)
            if self._level:
                return
        self._write(_tag(tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        if _OFFICE.match(tag):
            return
        if self._inside_mark:
            self._inside_mark -= tag not in _VOID
        elif tag == "p" and self._level:
            self._end_item()
        else:
            self._write(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._inside_mark and self._mark is not None:
            self._mark.append(data)
        elif data.strip() or self._level or not self._lists:
            self._write(escape(data, quote=False))

    def finish(self) -> str:
        if self._level:
            self._end_item()
        self._close_lists(0)
        return "".join(self._out)

    def _write(self, html: str) -> None:
        (self._held if self._level else self._out).append(html)

    def _begin_paragraph(self, style: str) -> None:
        if self._level:
            self._end_item()
        found = _LEVEL.search(style)
        if found is None:
            self._close_lists(0)
            return
        self._level, self._mark, self._held = min(int(found[1]) or 1, _DEEPEST), None, []

    def _end_item(self) -> None:
        """One item, in as many lists as its level says."""
        mark = "".join(self._mark or []).strip()
        kind = "ol" if _ORDERED.fullmatch(mark) else "ul"
        level, words = self._level, "".join(self._held)
        self._level, self._mark, self._held = 0, None, []
        self._close_lists(level)
        if len(self._lists) == level and self._lists[-1] != kind:
            self._close_lists(level - 1)
        while len(self._lists) < level:
            name = kind if len(self._lists) == level - 1 else "ul"
            self._out.append(f"<{name}>")
            self._lists.append(name)
        self._out.append(f"<li>{words}</li>")

    def _close_lists(self, keep: int) -> None:
        while len(self._lists) > keep:
            self._out.append(f"</{self._lists.pop()}>")


def _tag(name: str, attrs: list[tuple[str, str | None]]) -> str:
    told = "".join(f' {key}="{escape(value or "")}"' for key, value in attrs)
    return f"<{name}{told}>"
