"""From the printed tree to a Word file."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.shared import Mm

from reports.rendering.blocks import (
    Annex,
    Block,
    Chart,
    Content,
    Heading,
    Item,
    Paragraph,
    PrintedReport,
    Table,
    Text,
)
from reports.rendering.measures import LANDSCAPE_MM, PORTRAIT_MM

from .drawings import chart_picture
from .footnotes import add_footnotes
from .heading import head_xml, title_xml
from .pages import number_pages, set_page
from .signature import closing_xml
from .styles import set_styles
from .tables import table_xml
from .xml import element, paragraph_xml

#: The spacing of a paragraph that only has to be there.
LOW = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'

#: Charts are not higher than this, in mm, as in the PDF.
_HIGHEST = {False: 150.0, True: 120.0}


@dataclass(frozen=True, slots=True)
class WordFacts:
    """What the file says beside the report's text.

    `number` and `date` are empty until they are given; `mark` stands on top of every page.
    """

    title: str
    author: str
    now: datetime.datetime
    month: datetime.date
    number: str = ""
    date: str = ""
    mark: str = ""


def word_file(report: PrintedReport, facts: WordFacts) -> bytes:
    """Return the report as a .docx file.

    Raises RefusedResource or UnfitDrawing for a drawing that is not plain.
    """
    writer = _Writer(Document(), facts)
    writer.write(report)
    kept = BytesIO()
    writer.document.save(kept)
    return kept.getvalue()


class _Writer:
    """Adds the parts of a report one behind the other."""

    def __init__(self, document: Any, facts: WordFacts) -> None:
        self.document, self.facts = document, facts
        self.is_wide = False
        set_styles(document)
        body = document.element.body
        for child in list(body)[:-1]:
            body.remove(child)
        set_page(document.sections[0], is_wide=False)

    @property
    def width_mm(self) -> float:
        return LANDSCAPE_MM if self.is_wide else PORTRAIT_MM

    def write(self, report: PrintedReport) -> None:
        self._about()
        number_pages(self.document.sections[0], mark=self.facts.mark, from_one=True)
        for xml in (*head_xml(report, self.facts), *title_xml(report)):
            self._add(xml)
        for basis in report.bases:
            italic = tuple(_italic(inline) for inline in basis.content)
            self._add(paragraph_xml(italic, style="BodyText"))
        for place, block in enumerate(report.blocks, 1):
            self._main_block(block, is_last=place == len(report.blocks))
        self._turn(is_wide=False)
        self._add(closing_xml(report, self.document))
        if not report.annexes:
            self._add(f"<w:p><w:pPr>{LOW}</w:pPr></w:p>")
        for annex in report.annexes:
            self._annex(annex)
        add_footnotes(self.document, report.notes)

    def _about(self) -> None:
        told = self.document.core_properties
        told.title, told.author, told.language = self.facts.title, self.facts.author, "vi-VN"
        told.created = told.modified = self.facts.now
        told.last_modified_by, told.comments = self.facts.author, self.facts.mark
        told.revision = 1

    def _add(self, xml: str | Any) -> Any:
        """Put an element before the last section's properties."""
        found = element(xml) if isinstance(xml, str) else xml
        self.document.element.body[-1].addprevious(found)
        return found

    def _main_block(self, block: Block, *, is_last: bool) -> None:
        """A wide table or chart stands on turned pages of its own."""
        self._turn(is_wide=isinstance(block, Table | Chart) and block.landscape)
        self._block(block, keep_next=is_last)

    def _turn(self, *, is_wide: bool) -> None:
        if is_wide == self.is_wide:
            return
        self.is_wide = is_wide
        self._new_section(is_wide=is_wide, from_one=False)

    def _new_section(self, *, is_wide: bool, from_one: bool) -> None:
        """A new page; the paragraph that ends the section before is too low to be seen."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        ending = self.document.element.body[-2]
        ending.pPr.insert(0, element(LOW))
        set_page(section, is_wide=is_wide)
        number_pages(section, mark=self.facts.mark, from_one=from_one)

    def _block(self, block: Block, *, keep_next: bool = False) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Paragraph():
                self._add(paragraph_xml(block.content, style="BodyText", keep_next=keep_next))
            case Item():
                self._item(block, keep_next=keep_next)
            case Table():
                self._table(block)
            case Chart():
                self._chart(block)

    def _heading(self, heading: Heading) -> None:
        level = min(max(heading.level, 1), 5)
        title = heading.title.upper() if level == 1 else heading.title
        words = f"{heading.label} {title}".strip()
        self._add(paragraph_xml((Text(words),), style=f"Heading{level}"))

    def _item(self, item: Item, *, keep_next: bool) -> None:
        label: Content = (Text(f"{item.label} "),) if item.label else ()
        indent = 6.0 * min(max(item.depth, 0), 4)
        words = (*label, *item.content)
        self._add(paragraph_xml(words, style="BodyText", keep_next=keep_next, indent_mm=indent))

    def _table(self, table: Table) -> None:
        if table.caption:
            self._add(paragraph_xml((Text(table.caption),), style="Caption", keep_next=True))
        if table.unit:
            words = (Text(f"Đơn vị tính: {table.unit}", italic=True),)
            self._add(paragraph_xml(words, align="right", size=12, keep_next=True))
        self._add(table_xml(table, width_mm=self.width_mm))
        self._below(table)

    def _chart(self, chart: Chart) -> None:
        picture, ratio = chart_picture(chart.svg)
        width = min(self.width_mm, _HIGHEST[self.is_wide] / ratio)
        paragraph = self.document.add_paragraph()
        paragraph.alignment, paragraph.paragraph_format.keep_with_next = 1, True
        shape = paragraph.add_run().add_picture(BytesIO(picture), width=Mm(width))
        shape._inline.docPr.set("descr", chart.title)
        words = (Text(chart.title, italic=True),)
        self._add(paragraph_xml(words, align="center", size=13))
        self._below(chart)

    def _below(self, block: Table | Chart) -> None:
        source = f"Nguồn: {block.source.rstrip('. ')}." if block.source.strip() else ""
        words = " ".join(filter(None, (source, block.remark)))
        self._add(paragraph_xml((Text(words),) if words else (), style="Source"))

    def _annex(self, annex: Annex) -> None:
        """Pages of its own, counted from 1; the first without its number."""
        self.is_wide = annex.landscape
        self._new_section(is_wide=annex.landscape, from_one=True)
        self._add(paragraph_xml((Text(annex.label, bold=True),), align="center", keep_next=True))
        title = (Text(annex.title.upper(), bold=True),)
        self._add(paragraph_xml(title, align="center", keep_next=True))
        if annex.reference:
            words = (Text(annex.reference, italic=True),)
            self._add(paragraph_xml(words, align="center", keep_next=True))
        self._add("<w:p><w:pPr><w:keepNext/></w:pPr></w:p>")
        for block in annex.blocks:
            self._block(block)


def _italic(inline: Any) -> Any:
    if isinstance(inline, Text):
        return Text(inline.text, inline.bold, True, inline.figure, inline.raised, inline.lowered)
    return inline
