"""From the editor's restricted HTML to blocks.

The markup agreed on with the editor: p, br, strong (b), em (i), sup, sub, ul, ol, li, table with
caption, thead, tbody, tr, th and td, and the atoms that stand for something else:
`<span data-figure="ID">`, `<span data-citation="ID">`, `<span data-note="words">`, and
`<span data-exhibit="ID">`, which is a table or chart between paragraphs. Their own text is only
what the editor showed; the report prints what the ID means today or meant when frozen. Unknown
elements lose their tags and keep their words; elements that load or run something are
refused by name, so that an attack is seen and not quietly mended.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import tinyhtml5

from .blocks import Block, Cell, Content, Inline, Item, LineBreak, Note, NoteCall, Paragraph, Text
from .blocks import Table as TableBlock
from .layout import RefusedResource, shortened

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LOADING = re.compile(
    "img|picture|source|audio|video|track|iframe|frame|object|embed|applet|link|style|script|base|"
    "meta|form|input|button|textarea|select|svg|math|image|portal|template|noscript"
)
_LOADING_ATTRIBUTES = frozenset(("src", "srcset", "poster", "background", "data", "action"))
_STYLE_ADDRESS = re.compile(r"url\s*\(|@import|expression\s*\(", re.I)
_PARAGRAPHS = re.compile("p|div|blockquote|pre|section|article|address|h[1-6]|d[ltd]")
_INLINE_STYLES: dict[str, dict[str, Any]] = {
    "strong": {"bold": True},
    "b": {"bold": True},
    "em": {"italic": True},
    "i": {"italic": True},
    "sup": {"raised": True},
    "sub": {"lowered": True},
}
_MARKS = ("-", "+", "•")
#: The letters of the decree's own lists (Nghị định 30/2020, Phụ lục I): no f, j, w, z.
_LETTERS = "abcdđeghiklmnopqrstuvxy"
_DEEPEST = 60
_LONGEST = 2_000_000


class UnknownFigure(Exception):
    """The text quotes a figure that the report does not have."""

    def __init__(self, figure: str) -> None:
        self.figure = figure
        super().__init__(
            f"Nội dung nhắc đến số liệu “{shortened(figure, 40)}” không có trong báo cáo. "
            "Hãy chèn lại số liệu từ danh sách rồi kết xuất lại."
        )


class UnknownCitation(Exception):
    """The text cites a document that the report does not have."""

    def __init__(self, citation: str) -> None:
        self.citation = citation
        super().__init__(
            f"Nội dung viện dẫn văn bản “{shortened(citation, 40)}” không có trong báo cáo. "
            "Hãy chèn lại văn bản từ sổ rồi kết xuất lại."
        )


class UnknownExhibit(Exception):
    """The text holds a table or chart that the report does not have."""

    def __init__(self, exhibit: str) -> None:
        self.exhibit = exhibit
        super().__init__(
            f"Nội dung có bảng hoặc biểu đồ “{shortened(exhibit, 40)}” không thuộc báo cáo. "
            "Hãy chèn lại từ danh sách rồi kết xuất lại."
        )


class UnreadableText(Exception):
    """The text of a section is too long or too deeply nested to be a report's."""

    def __init__(self) -> None:
        super().__init__(
            "Nội dung của mục quá dài hoặc lồng nhau quá nhiều lớp. Hãy chia nhỏ rồi lưu lại."
        )


@dataclass(frozen=True, slots=True)
class RichText:
    """Blocks of one section, and the notes called in them in order."""

    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]


def blocks_from_html(
    html: str,
    *,
    figures: Mapping[str, str],
    citations: Mapping[str, str | Content],
    exhibits: Mapping[str, Block] | None = None,
    first_note: int = 1,
) -> RichText:
    """Return the blocks of one section's rich text.

    `figures` maps identifiers to the printed value, `citations` to the words of their footnote,
    `exhibits` to tables and charts. Notes are numbered from `first_note` in the order of their
    calls. Raises RefusedResource, UnknownFigure, UnknownCitation, UnknownExhibit or
    UnreadableText, each with a Vietnamese sentence.
    """
    if len(html) > _LONGEST:
        raise UnreadableText
    body = tinyhtml5.parse(f"<body>{html}", namespace_html_elements=False).find("body")
    reader = _Reader(figures, citations, exhibits or {}, first_note)
    if body is not None:
        reader.read_flow(body, Text(""), 0)
    reader.end_paragraph()
    return RichText(tuple(reader.blocks), tuple(reader.notes))


@dataclass(slots=True)
class _Reader:
    figures: Mapping[str, str]
    citations: Mapping[str, str | Content]
    exhibits: Mapping[str, Block]
    first_note: int
    blocks: list[Block] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    line: list[Inline] = field(default_factory=list)
    lists: list[tuple[str, int]] = field(default_factory=list)
    label: str = ""

    def read_flow(self, element: "Element", style: Text, depth: int) -> None:
        self.add_text(element.text, style)
        for child in element:
            if isinstance(child.tag, str):
                self.read_element(child, style, depth + 1)
            self.add_text(child.tail, style)

    def read_element(self, element: "Element", style: Text, depth: int) -> None:
        if depth > _DEEPEST:
            raise UnreadableText
        _refuse_loading(element)
        name = element.tag
        if self.read_atom(element, style):
            return
        if name == "br":
            self.line.append(LineBreak())
        elif name == "table":
            self.read_table(element, depth)
        elif name in ("ul", "ol"):
            self.read_list(element, style, depth)
        elif name == "li":
            self.read_item(element, style, depth)
        elif _PARAGRAPHS.fullmatch(name):
            self.end_paragraph(keep_label=True)
            self.read_flow(element, style, depth)
            self.end_paragraph()
        else:
            self.read_flow(element, replace(style, **_INLINE_STYLES.get(name, {})), depth)

    def read_atom(self, element: "Element", style: Text) -> bool:
        """Read what the span stands for; its own words are only the editor's picture of it."""
        if (figure := element.get("data-figure")) is not None:
            if figure not in self.figures:
                raise UnknownFigure(figure)
            self.line.append(replace(style, text=self.figures[figure], figure=figure))
        elif (citation := element.get("data-citation")) is not None:
            if citation not in self.citations:
                raise UnknownCitation(citation)
            self.add_note(self.citations[citation])
        elif (words := element.get("data-note")) is not None:
            self.add_note(words)
        elif (exhibit := element.get("data-exhibit")) is not None:
            if exhibit not in self.exhibits:
                raise UnknownExhibit(exhibit)
            self.end_paragraph()
            self.blocks.append(self.exhibits[exhibit])
        else:
            return False
        return True

    def add_note(self, words: str | Content) -> None:
        content = (Text(words),) if isinstance(words, str) else tuple(words)
        number = self.first_note + len(self.notes)
        self.notes.append(Note(number, content))
        self.line.append(NoteCall(number))

    def add_text(self, text: str | None, style: Text) -> None:
        if text:
            self.line.append(replace(style, text=text))

    def end_paragraph(self, *, keep_label: bool = False) -> None:
        content = _trimmed(self.line)
        self.line = []
        if content:
            in_list = bool(self.lists)
            block = (
                Item(content, self.label, len(self.lists) - 1) if in_list else Paragraph(content)
            )
            self.blocks.append(block)
        if content or not keep_label:
            self.label = ""

    def read_list(self, element: "Element", style: Text, depth: int) -> None:
        self.end_paragraph()
        self.lists.append((element.tag, 0))
        self.read_flow(element, style, depth)
        self.end_paragraph()
        self.lists.pop()

    def read_item(self, element: "Element", style: Text, depth: int) -> None:
        self.end_paragraph()
        kind, count = self.lists[-1] if self.lists else ("ul", 0)
        if self.lists:
            self.lists[-1] = (kind, count + 1)
        self.label = _item_label(kind, count, max(len(self.lists) - 1, 0))
        self.read_flow(element, style, depth)
        self.end_paragraph()

    def read_table(self, element: "Element", depth: int) -> None:
        self.end_paragraph()
        rows: list[tuple[Cell, ...]] = []
        head_rows = 0
        for row in element.iter("tr"):
            cells = tuple(self.read_cell(cell, depth) for cell in row if cell.tag in ("td", "th"))
            if cells:
                only_headings = all(cell.heading for cell in cells)
                head_rows += only_headings and head_rows == len(rows)
                rows.append(cells)
        caption = " ".join("".join(words.itertext()) for words in element.iter("caption"))
        for other in element.iter():
            _refuse_loading(other)
        if rows:
            self.blocks.append(TableBlock(tuple(rows), head_rows, caption.strip()))

    def read_cell(self, element: "Element", depth: int) -> Cell:
        inner = _Reader(self.figures, self.citations, {}, self.first_note + len(self.notes))
        inner.read_flow(element, Text(""), depth + 3)
        inner.end_paragraph()
        self.notes.extend(inner.notes)
        content = _joined(inner.blocks)
        numeric = re.fullmatch(r"[-+]?[\d.,\s%]+", _words(content)) is not None
        heading = element.tag == "th"
        return Cell(
            content,
            heading=heading,
            align="center" if heading else "right" if numeric else "left",
            colspan=_span(element.get("colspan")),
            rowspan=_span(element.get("rowspan")),
        )


def _refuse_loading(element: "Element") -> None:
    if not isinstance(element.tag, str):
        return
    name = element.tag.split("}")[-1]
    asked = next((v for k, v in element.attrib.items() if k in _LOADING_ATTRIBUTES), "")
    if _LOADING.fullmatch(name) or asked:
        raise RefusedResource(asked or element.get("href") or f"<{name}>")
    if _STYLE_ADDRESS.search(element.get("style", "")):
        raise RefusedResource(element.get("style", ""))


def _item_label(kind: str, count: int, depth: int) -> str:
    if kind == "ul":
        return _MARKS[min(depth, len(_MARKS) - 1)]
    if depth == 0:
        return f"{count + 1}."
    return f"{_LETTERS[count % len(_LETTERS)]})"


def _trimmed(line: list[Inline]) -> Content:
    """Return the line without white space and breaks at its ends, () when nothing is left."""
    line = list(line)
    while line and _blank(line[0]):
        line.pop(0)
    while line and _blank(line[-1]):
        line.pop()
    if line and isinstance(line[0], Text):
        line[0] = replace(line[0], text=line[0].text.lstrip())
    if line and isinstance(line[-1], Text):
        line[-1] = replace(line[-1], text=line[-1].text.rstrip())
    return tuple(line)


def _blank(inline: Inline) -> bool:
    if isinstance(inline, Text):
        return not inline.text.strip() and not inline.figure
    return isinstance(inline, LineBreak)


def _joined(blocks: list[Block]) -> Content:
    """Return the words of a table cell, one paragraph after the other."""
    content: list[Inline] = []
    for block in blocks:
        if isinstance(block, Paragraph | Item):
            label = [Text(f"{block.label} ")] if isinstance(block, Item) and block.label else []
            content += [LineBreak()] * bool(content) + label + list(block.content)
    return tuple(content)


def _words(content: Content) -> str:
    return "".join(inline.text for inline in content if isinstance(inline, Text)).strip()


def _span(value: str | None) -> int:
    return min(max(int(value), 1), 200) if value and value.isascii() and value.isdigit() else 1
