"""Ô 1 to 5 and 9a of the decree's diagram: agency and nation, number and date, type, addressees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reports.rendering.blocks import PrintedReport, Text
from reports.rendering.markup import date_phrase
from reports.rendering.measures import PORTRAIT_MM, width_em

from .tables import frame_xml
from .xml import paragraph_xml, twips

if TYPE_CHECKING:
    from .document import WordFacts

LEFT_MM, RIGHT_MM = 63.0, 97.0
_MM_PER_POINT = 25.4 / 72
_BLANK_NUMBER = "\u2007" * 6
#: The rule under the agency's name and the subject: 1/3 to 1/2 of the words above it.
_RULE = 0.42

COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"


def head_xml(report: PrintedReport, facts: WordFacts) -> Iterator[str]:
    agency = report.agency
    left = (
        _centred(agency.parent_name, 13)
        + _centred(agency.name, 13, bold=True)
        + _rule(agency.name, 13, LEFT_MM, _RULE)
    )
    right = (
        _centred(COUNTRY, 13, bold=True)
        + _centred(MOTTO, 14, bold=True)
        + _rule(MOTTO, 14, RIGHT_MM, 1.0)
    )
    number = facts.number or _BLANK_NUMBER
    about = ""
    if not report.type_name and report.subject.strip():
        about = _centred(f"V/v {report.subject}", 12)
    dated = facts.date or date_phrase(facts.month)
    yield frame_xml(
        [
            (LEFT_MM, left + _centred(f"Số: {number}/{agency.symbol}", 13) + about),
            (RIGHT_MM, right + _centred(f"{agency.place}, {dated}", 14, italic=True)),
        ]
    )
    yield _gap(8)


def title_xml(report: PrintedReport) -> Iterator[str]:
    if report.type_name:
        yield _centred(report.type_name, 14, bold=True)
        if report.subject.strip():
            yield _centred(report.subject, 14, bold=True)
            yield _rule(report.subject, 14, PORTRAIT_MM, _RULE)
        yield _gap(8)
    names = report.addressees
    if len(names) == 1:
        yield _centred(f"Kính gửi: {names[0]}", 14)
    elif names:
        yield paragraph_xml((Text("Kính gửi:"),), style="BodyText")
        for place, name in enumerate(names, 1):
            end = "." if place == len(names) else ";"
            yield paragraph_xml((Text(f"- {name.rstrip(' ;.')}{end}"),), style="BodyText")
    if names:
        yield _gap(6)


def _centred(words: str, size: float, *, bold: bool = False, italic: bool = False) -> str:
    return paragraph_xml((Text(words.strip(), bold, italic),), align="center", size=size)


def _rule(words: str, size: float, room_mm: float, part: float) -> str:
    """A drawn line below the words, so long a part of them, as the border of a low paragraph."""
    width = min(width_em(words, bold=True) * size * _MM_PER_POINT, room_mm) * part
    side = twips((room_mm - width) / 2)
    return (
        '<w:p><w:pPr><w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
        f'<w:spacing w:before="40" w:after="0" w:line="120" w:lineRule="exact"/>'
        f'<w:ind w:left="{side}" w:right="{side}"/></w:pPr></w:p>'
    )


def _gap(points: float) -> str:
    return (
        f'<w:p><w:pPr><w:spacing w:after="0" w:line="{round(points * 20)}" w:lineRule="exact"/>'
        "</w:pPr></w:p>"
    )
