"""Footnotes as Word knows them: a part of their own, with its two separators.

python-docx writes none; the parts are those of ECMA-376, part 1, 17.11.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls

from reports.rendering.blocks import Note

from .xml import element, runs_xml

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
SEPARATOR, CONTINUED = -1, 0

_MARK = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
_GAP = '<w:r><w:t xml:space="preserve"> </w:t></w:r>'


def add_footnotes(document: Any, notes: Sequence[Note]) -> None:
    """Give the document its notes; calls in the text carry their numbers. None without notes."""
    if not notes:
        return
    package = document.part.package
    name = PackURI("/word/footnotes.xml")
    part = Part(name, CONTENT_TYPE, footnotes_xml(notes).encode(), package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    told = element(
        f'<w:footnotePr><w:footnote w:id="{SEPARATOR}"/><w:footnote w:id="{CONTINUED}"/>'
        "</w:footnotePr>"
    )
    settings = document.settings.element
    # the schema wants footnotePr before compat, and most of what the template has after it
    place = next(
        (child for child in settings if child.tag.endswith(("}endnotePr", "}compat"))), None
    )
    if place is None:
        settings.append(told)
    else:
        place.addprevious(told)


def footnotes_xml(notes: Sequence[Note]) -> str:
    rows = "".join(_note(note) for note in notes)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f"<w:footnotes {nsdecls('w', 'r')}>"
        f"{_separator(SEPARATOR, 'separator')}{_separator(CONTINUED, 'continuationSeparator')}"
        f"{rows}</w:footnotes>"
    )


def _separator(number: int, kind: str) -> str:
    return (
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0" '
        f'w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/></w:pPr>'
        f"<w:r><w:{kind}/></w:r></w:p></w:footnote>"
    )


def _note(note: Note) -> str:
    return (
        f'<w:footnote w:id="{note.number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
        f"{_MARK}{_GAP}{runs_xml(note.content)}</w:p></w:footnote>"
    )
