"""The decree's look as Word's styles (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from .xml import set_child

FONT = "Times New Roman"
BLACK = RGBColor(0, 0, 0)
#: Line spacing as a multiple of the typeface's own: 1.25 of the letters' size, as in the PDF.
LINE = 1.25 / 1.15
HEADINGS = 5


def set_styles(document: Any) -> None:
    """Everything in Times New Roman, black, in Vietnamese; names that people find in Word."""
    styles = document.styles
    _defaults(styles)
    normal = styles["Normal"]
    _font(normal, 14)
    _paragraph(normal, after=0, line=1.0)
    body = styles["Body Text"]
    _font(body, 14)
    _paragraph(body, after=6, line=LINE, first=12.7, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    for level in range(1, HEADINGS + 1):
        heading = styles[f"Heading {level}"]
        _font(heading, 14, bold=True, italic=level > 3)
        _paragraph(
            heading, after=6, line=LINE, first=12.7, align=WD_ALIGN_PARAGRAPH.JUSTIFY, keep=True
        )
    caption = styles["Caption"]
    _font(caption, 14, bold=True)
    _paragraph(caption, after=3, line=LINE, align=WD_ALIGN_PARAGRAPH.CENTER, keep=True)
    _add_source(styles)
    _add_notes(styles)


def _defaults(styles: Any) -> None:
    run = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _fonts(run)
    set_child(run, "w:lang", val="vi-VN", eastAsia="vi-VN", bidi="ar-SA")


def _font(style: Any, size: float, *, bold: bool = False, italic: bool = False) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), BLACK
    style.font.bold, style.font.italic = bold, italic
    _fonts(style.element.get_or_add_rPr())


def _fonts(run: Any) -> None:
    """One typeface for every script; the theme's own would win otherwise."""
    fonts = run.find(qn("w:rFonts"))
    if fonts is None:
        fonts = run.makeelement(qn("w:rFonts"), {})
        run.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), FONT)


def _paragraph(
    style: Any,
    *,
    after: float,
    line: float,
    first: float = 0,
    align: Any = None,
    keep: bool = False,
) -> None:
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(0), Pt(after), line
    form.first_line_indent, form.alignment = Mm(first), align
    form.keep_with_next, form.widow_control = keep, True


def _add_source(styles: Any) -> None:
    style = styles.add_style("Nguồn", WD_STYLE_TYPE.PARAGRAPH)
    style.element.set(qn("w:styleId"), "Source")
    style.base_style = styles["Normal"]
    _font(style, 12, italic=True)
    _paragraph(style, after=8, line=1.0)


def _add_notes(styles: Any) -> None:
    text = styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH)
    text.element.set(qn("w:styleId"), "FootnoteText")
    text.base_style = styles["Normal"]
    _font(text, 10)
    _paragraph(text, after=2, line=1.0, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    call = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER)
    call.element.set(qn("w:styleId"), "FootnoteReference")
    call.font.superscript = True
