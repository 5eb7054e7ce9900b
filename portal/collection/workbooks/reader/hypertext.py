"""The `.xls` that is really a web page, "save as web page" folders and MHT files.

The page becomes one sheet the way Excel shows it: tables below one another, text between them
on rows of its own, spans as merged cells. Hidden rows stay and are marked.
"""

from __future__ import annotations

import email
import email.policy
import re
from html.parser import HTMLParser
from pathlib import Path

from .markup import LEGACY_FONT
from .output import Output
from .problems import Problem
from .vietnamese import decode

MAX_SPAN = 1_000
MAX_CELLS = 3_000_000
IGNORED = {"script", "style", "title", "template", "noscript", "xml"}
BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "center", "caption", "body"}
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
_STYLE_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_FAMILY = re.compile(r"font-family\s*:\s*[\"']?([^;,\"']+)", re.IGNORECASE)
_PERCENT = re.compile(r"mso-number-format\s*:\s*[\"']?[^;]*(?:%|Percent)", re.IGNORECASE)


ENDING = 2_000


def write(path: Path, output: Output, max_bytes: int) -> str:
    """Writes the one sheet; returns the name of the encoding."""
    data = path.read_bytes()
    if len(data) > max_bytes:
        raise Problem("too_large")
    if data[:200].lstrip().lower().startswith(b"mime-version"):
        data = _page_of_mht(data)
    declared = _CHARSET.search(data[:4096])
    text, encoding = decode(data, declared[1].decode() if declared else None)
    page = Page(text)
    if not any(page.rows) and re.search(r"<frameset\b", text, re.IGNORECASE):
        raise Problem("frameset")
    if not page.rows:
        raise Problem("empty_content")
    if page.depth and not re.search(r"</(?:html|body)\s*>", text[-ENDING:], re.IGNORECASE):
        raise Problem("cut_off")  # the rows that are there may be half of them
    output.sheet("HTML", "visible")
    output.rows(
        [row.get(column, "") for column in range(max(row, default=-1) + 1)] for row in page.rows
    )
    output.marks("merges", page.merges)
    output.marks("hidden_rows", page.hidden_rows)
    output.marks("fonts", page.fonts)
    output.marks("errors", page.errors)
    output.marks("percent", page.percent)
    return encoding


def _page_of_mht(data: bytes) -> bytes:
    message = email.message_from_bytes(data, policy=email.policy.default)
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    bodies = [part.get_payload(decode=True) for part in pages]
    tables = [body for body in bodies if isinstance(body, bytes)]
    if not tables:
        raise Problem("not_spreadsheet", kind="web")
    return max(tables, key=lambda page: page.lower().count(b"<td"))


def _span(value: str | None) -> int:
    digits = re.match(r"\s*(\d{1,9})", value or "")
    return min(max(int(digits[1]), 1), MAX_SPAN) if digits else 1


def level_of(text: str) -> int:
    """How deep the tables of data lie: 2 where an outer table only lays the page out."""
    cells: dict[int, int] = {1: 0}
    depth = 0
    for match in re.finditer(r"<(/?)(table|td|th)\b", text, re.IGNORECASE):
        closing, tag = match[1], match[2].lower()
        if tag == "table":
            depth = max(depth + (-1 if closing else 1), 0)
        elif not closing and depth:
            cells[depth] = cells.get(depth, 0) + 1
    most = max(cells.values())
    return next(level for level in sorted(cells) if cells[level] * 2 > most or not most)


class Page(HTMLParser):
    """Collects cells: `rows[r][c]` is text or a number, from 0."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[dict[int, str | float]] = []
        self.merges: list[list[int]] = []
        self.hidden_rows: list[list[int]] = []
        self.fonts: list[list] = []
        self.errors: list[list] = []
        self.percent: list[list[int]] = []
        self.taken: dict[int, int] = {}  # column -> rows still covered by a span from above
        self.depth = 0
        self.level = level_of(text)
        self.skipping: list[str] = []
        self.parts: list[str] = []
        self.cell: dict | None = None
        self.column = 0
        self.cells = 0
        self.font: list[str] = []
        self.class_styles = self._class_styles(text)
        self.feed(text)
        self.close()
        self._end_cell()
        self._end_text()

    @staticmethod
    def _class_styles(text: str) -> dict[str, str]:
        sheets = re.findall(r"<style[^>]*>(.{0,400000}?)</style>", text, re.DOTALL | re.IGNORECASE)
        return {
            selector.strip().lower().lstrip("td").lstrip("."): body
            for sheet in sheets
            for selectors, body in _STYLE_RULE.findall(sheet)
            for selector in selectors.split(",")
        }

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag in IGNORED:
            self.skipping.append(tag)
        elif tag == "table":
            if self.cell is None:
                self._end_text()
            self.depth += 1
            self.taken = {} if self.depth == self.level else self.taken
        elif tag in ("tr", "td", "th") and self.depth < self.level:
            self._end_text()
        elif tag == "tr" and self.depth <= self.level:
            self._end_cell()
            self._end_text()
            self._start_row(attributes)
        elif tag in ("td", "th") and self.depth <= self.level:
            self._end_cell()
            self._start_cell(attributes)
        elif tag == "br" or (tag in BLOCKS and self.cell is not None):
            self.parts.append(" ")
        elif tag in BLOCKS:
            self._end_text()
        elif tag == "font" and attributes.get("face"):
            self._saw_font(attributes["face"] or "")
        if tag == "span" and attributes.get("style"):
            self._saw_style(attributes["style"] or "")

    def handle_endtag(self, tag: str) -> None:
        if self.skipping:
            if tag == self.skipping[-1]:
                self.skipping.pop()
            return
        if tag == "table":
            if self.depth <= self.level:
                self._end_cell()
            self.depth = max(self.depth - 1, 0)
        elif tag in ("td", "th", "tr") and self.depth < self.level:
            self._end_text()
        elif tag in ("td", "th", "tr") and self.depth <= self.level:
            self._end_cell()
        elif tag in BLOCKS and self.cell is None:
            self._end_text()

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.parts.append(data)

    def _text(self) -> str:
        text = " ".join("".join(self.parts).split())
        self.parts = []
        return text

    def _end_text(self) -> None:
        """Text between tables takes a row of its own."""
        if self.cell is None and (text := self._text()):
            self.rows.append({0: text})

    def _start_row(self, attributes: dict[str, str | None]) -> None:
        self.rows.append({})
        self.column = 0
        self.taken = {column: left - 1 for column, left in self.taken.items() if left > 1}
        if "display:none" in (attributes.get("style") or "").replace(" ", "").lower():
            self.hidden_rows.append([len(self.rows) - 1] * 2)

    def _start_cell(self, attributes: dict[str, str | None]) -> None:
        if not self.rows or self.depth == 0:
            self.rows.append({})
        while self.column in self.taken:
            self.column += 1
        self.parts = []
        self.font = []
        self.cell = dict(attributes)
        style = self.cell.get("style") or ""
        for name in (self.cell.get("class") or "").lower().split():
            style = f"{self.class_styles.get(name, '')};{style}"
        self._saw_style(style)
        self.cell["style"] = style

    def _saw_style(self, style: str) -> None:
        if family := _FAMILY.search(style):
            self._saw_font(family[1])

    def _saw_font(self, name: str) -> None:
        if LEGACY_FONT.match(name.strip()):
            self.font.append(name.strip())

    def _end_cell(self) -> None:
        if self.cell is None:
            return
        cell, self.cell = self.cell, None
        text = self._text()
        row = len(self.rows) - 1
        width, height = _span(cell.get("colspan")), _span(cell.get("rowspan"))
        self.cells += width
        if self.cells > MAX_CELLS:
            raise Problem("too_large")
        value: str | float = text
        if number := cell.get("x:num"):
            try:
                value = float(number)
            except ValueError:
                value = text
        if value != "":
            self.rows[row][self.column] = value
        at = [row, self.column]
        if cell.get("x:err") or re.fullmatch(r"#(REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)", text):
            self.errors.append([*at, cell.get("x:err") or text])
        if self.font and text:
            self.fonts.append([*at, self.font[-1]])
        if isinstance(value, float) and _PERCENT.search(cell["style"] or ""):
            self.percent.append(at)
        if width > 1 or height > 1:
            self.merges.append([*at, row + height - 1, self.column + width - 1])
        if height > 1:
            for column in range(self.column, self.column + width):
                self.taken[column] = height
        self.column += width
