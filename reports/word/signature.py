"""Ô 7 and 9b: recipients at the left, title and name at the right, never apart nor alone."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx.shared import Mm, Pt

from reports.rendering.blocks import PrintedReport, Text

from .drawings import qr_picture
from .tables import frame_xml
from .xml import element, paragraph_xml

LEFT_MM, RIGHT_MM, ROOM_MM, QR_MM = 72.0, 88.0, 30.0, 18.0
_VERIFY = " Quét mã để xác thực văn bản"


def closing_xml(report: PrintedReport, document: Any) -> Any:
    """The block as one row that is not cut; what stands before it keeps with it."""
    made = element(frame_xml([(LEFT_MM, _recipients(report)), (RIGHT_MM, _signature(report))]))
    if report.verify_url:
        _add_qr(made, report.verify_url, document)
    return made


def _recipients(report: PrintedReport) -> str:
    lines = []
    if report.recipients:
        lead = (Text("Nơi nhận:", bold=True, italic=True),)
        lines.append(paragraph_xml(lead, size=12, keep_next=True))
    for line in report.recipients:
        own_mark = line.lstrip().startswith(("-", "+"))
        words = (Text(line if own_mark else f"- {line}"),)
        lines.append(paragraph_xml(words, size=11, keep_next=True))
    return "".join(lines) or "<w:p/>"


def _signature(report: PrintedReport) -> str:
    block = report.signature
    titles = (*block.prefix_lines, block.title)
    lines = [
        paragraph_xml((Text(line, bold=True),), align="center", keep_next=True) for line in titles
    ]
    room = round(ROOM_MM / 25.4 * 72 * 20)
    lines.append(
        f'<w:p><w:pPr><w:keepNext/><w:spacing w:line="{room}" w:lineRule="exact"/></w:pPr></w:p>'
    )
    lines.append(paragraph_xml((Text(block.name, bold=True),), align="center"))
    return "".join(lines)


def _add_qr(frame: Any, url: str, document: Any) -> None:
    """The code that leads to the verify page, below the recipients."""
    paragraph = document.add_paragraph()
    shape = paragraph.add_run().add_picture(BytesIO(qr_picture(url)), width=Mm(QR_MM))
    shape._inline.docPr.set("descr", "Mã QR dẫn đến trang xác thực văn bản")
    paragraph.add_run(_VERIFY).font.size = Pt(11)
    frame.tr_lst[0].tc_lst[0].append(paragraph._p)
