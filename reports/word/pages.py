"""Paper, margins and page numbers of each section."""

from __future__ import annotations

from html import escape
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm

from .xml import element

#: Top, right, bottom, left in mm, as in the PDF; the binding side is at the top of a turned page.
MARGINS = {False: (20, 20, 20, 30), True: (30, 20, 20, 20)}
_HEADER_MM = {False: 8, True: 14}

_PAGE = (
    '<w:p><w:pPr><w:jc w:val="center"/></w:pPr>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)


def set_page(section: Any, *, is_wide: bool) -> None:
    """A4, upright or turned."""
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if is_wide else (Mm(210), Mm(297))
    top, right, bottom, left = MARGINS[is_wide]
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance, section.footer_distance = Mm(_HEADER_MM[is_wide]), Mm(8)


def number_pages(section: Any, *, mark: str, from_one: bool) -> None:
    """The number centred in the top margin, hidden on the first page of what is counted anew.

    `mark` is printed in the bottom margin of every page.
    """
    section.different_first_page_header_footer = from_one
    for old in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(old)
    if from_one:
        numbering = element('<w:pgNumType w:start="1"/>')
        margins = section._sectPr.find(qn("w:pgMar"))
        margins.addnext(numbering)
    _fill(section.header, _PAGE)
    _fill(section.footer, _mark_xml(mark))
    if from_one:
        _fill(section.first_page_header, "<w:p/>")
        _fill(section.first_page_footer, _mark_xml(mark))


def _fill(part: Any, xml: str) -> None:
    part.is_linked_to_previous = False
    root = part._element
    for child in list(root):
        root.remove(child)
    root.append(element(xml))


def _mark_xml(mark: str) -> str:
    if not mark:
        return "<w:p/>"
    return (
        '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:sz w:val="18"/></w:rPr>'
        f"<w:t>{escape(mark, quote=False)}</w:t></w:r></w:p>"
    )
