"""From the rows of a report to what is printed: words and numbers copied out, nothing drawn yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.urls import reverse

from portal.units.models import IssuingAgency

from . import richtext
from .models import Authority, Citation, Figure, Recipient, Relation, Report, Section
from .numbering import BULLET, LETTER, Node, in_order
from .rendering import (
    AgencyHeader,
    Block,
    Heading,
    Item,
    Note,
    Paragraph,
    PrintedReport,
    SignatureBlock,
    Text,
    blocks_from_html,
)

#: What a draft shows for a figure that has no value yet.
NO_VALUE = "…"

_HEADING_LEVELS = {"roman": 1, "arabic": 2}


class UnknownReference(Exception):
    """A section quotes a figure or cites a document that this report does not have."""

    def __init__(self, atom: richtext.Atom, where: str) -> None:
        self.atom = atom
        what = "số liệu" if atom.kind == "figure" else "văn bản"
        verb = "dùng" if atom.kind == "figure" else "dẫn"
        super().__init__(
            f"Mục “{where}” {verb} {what} “{atom.text or atom.key}” không có trong báo cáo này. "
            f"Hãy xoá chỗ đó rồi chèn lại {what} từ danh sách."
        )


@dataclass(frozen=True, slots=True)
class References:
    """What the atoms of a report stand for, by the text of their identifiers."""

    figures: dict[str, Figure]
    citations: dict[str, Citation]

    @classmethod
    def of(cls, report: Report) -> References:
        return cls(
            {str(figure.pk): figure for figure in report.figures.all()},
            {
                str(citation.pk): citation
                for citation in report.citations.select_related("document")
            },
        )

    def knows(self, atom: richtext.Atom) -> bool:
        return atom.key in (self.figures if atom.kind == "figure" else self.citations)

    def check(self, lines: tuple[richtext.Line, ...], where: str) -> None:
        """Raise UnknownReference for the first atom that stands for nothing."""
        for atom in richtext.atoms(lines):
            if not self.knows(atom):
                raise UnknownReference(atom, where)

    def is_note(self, atom: richtext.Atom) -> bool:
        return atom.kind == "citation" and self.citations[atom.key].place == Citation.Place.NOTE


def nodes_of(report: Report) -> list[Node[Section]]:
    """The report's sections that were not taken out, in reading order, with their labels."""
    return in_order(present(report))


def present(report: Report) -> list[Section]:
    """Sections that stand in the text: neither they nor what they are below was taken out."""
    sections = {section.pk: section for section in report.sections.present()}

    def stands(section: Section) -> bool:
        while section.parent_id is not None:
            if section.parent_id not in sections:
                return False
            section = sections[section.parent_id]
        return True

    return [section for section in sections.values() if stands(section)]


def used_atoms(report: Report) -> Iterator[richtext.Atom]:
    """Every figure and citation in the order it is read."""
    for node in nodes_of(report):
        yield from richtext.atoms(node.row.lines)


def shown_body(body: str, references: References, *, first_note: int = 1) -> tuple[str, int]:
    """The text with each atom saying what it stands for now, and the number of the next note."""
    number = first_note

    def say(atom: richtext.Atom) -> richtext.Atom:
        nonlocal number
        if not references.knows(atom):
            return atom
        if atom.kind == "figure":
            return replace(atom, text=references.figures[atom.key].printed or NO_VALUE)
        if references.is_note(atom):
            number += 1
            return replace(atom, text=str(number - 1))
        return replace(atom, text=references.citations[atom.key].printed)

    html = richtext.write(richtext.with_atoms(richtext.read(body, is_trusted=True), say))
    return html, number


def printed_report(report: Report, *, is_preview: bool = False) -> PrintedReport:
    """Copy the report into the tree of blocks that the renderers know.

    Raises:
        UnknownReference: an atom stands for nothing (a preview prints what the atom showed).
        RefusedContent: a text would load something.
    """
    references = References.of(report)
    blocks: list[Block] = []
    notes: list[Note] = []
    for node in nodes_of(report):
        body = _printable(node, references, is_preview=is_preview)
        found = blocks_from_html(
            body,
            figures={key: figure.printed or NO_VALUE for key, figure in references.figures.items()},
            citations={key: citation.printed for key, citation in references.citations.items()},
            first_note=len(notes) + 1,
        )
        blocks += _headed(node, list(found.blocks))
        notes += found.notes
    recipients = list(report.recipients.all())
    return PrintedReport(
        agency=agency_header(report.agency, report.symbol),
        type_name="" if is_letter(report) else report.document_type.name.upper(),
        subject=report.subject,
        blocks=tuple(blocks),
        notes=tuple(notes),
        addressees=addressees(recipients, is_letter=is_letter(report)),
        recipients=recipient_lines(recipients, is_letter=is_letter(report)),
        signature=signature_block(report),
        verify_url=verify_url(report),
    )


def _printable(node: Node[Section], references: References, *, is_preview: bool) -> str:
    """The body with citations inside sentences turned into their printed words."""
    lines = richtext.read(node.row.body, is_trusted=is_preview)
    if not is_preview:
        references.check(lines, f"{node.label} {node.row}".strip())

    def words(piece: richtext.Piece) -> richtext.Piece:
        if not isinstance(piece, richtext.Atom):
            return piece
        if not references.knows(piece):
            return richtext.Run(piece.text or NO_VALUE, piece.bold, piece.italic)
        if piece.kind == "citation" and not references.is_note(piece):
            text = references.citations[piece.key].printed
            return richtext.Run(text, piece.bold, piece.italic)
        return piece

    return richtext.write(
        replace(line, pieces=tuple(words(piece) for piece in line.pieces)) for line in lines
    )


def _headed(node: Node[Section], blocks: list[Block]) -> list[Block]:
    """Put the label before the title, or, without one, before the first words."""
    section, label = node.row, node.label
    if section.title:
        if section.level in (LETTER, BULLET):
            return [Item((Text(section.title, bold=True),), label), *blocks]
        return [Heading(label, section.title, _heading_level(node)), *blocks]
    if label and blocks and isinstance(blocks[0], Paragraph):
        return [Item(blocks[0].content, label), *blocks[1:]]
    return blocks


def _heading_level(node: Node[Section]) -> int:
    if node.row.level in _HEADING_LEVELS:
        return _HEADING_LEVELS[node.row.level]
    return min(max(node.depth + 1, 3), 5)


def agency_header(agency: IssuingAgency, symbol: str) -> AgencyHeader:
    return AgencyHeader(
        parent_name=agency.parent_name, name=agency.name, place=agency.place, symbol=symbol
    )


def signature_block(report: Report) -> SignatureBlock:
    """ "KT. TRƯỞNG BAN" over "PHÓ TRƯỞNG BAN" for a deputy, one line for the head."""
    prefix = (report.signature_prefix,) if report.signature_prefix else ()
    return SignatureBlock(report.signature_title, report.signer_name, prefix)


def titles(agency: IssuingAgency, authority: str) -> tuple[str, str]:
    """The lines of authority and title that the agency's titles of the day give."""
    match authority:
        case Authority.DEPUTY:
            return f"KT. {agency.head_title}", agency.deputy_title
        case Authority.HEAD:
            return "", agency.head_title
        case Authority.ACTING:
            return "", f"Q. {agency.head_title}"
        case Authority.COLLECTIVE:
            return f"TM. {agency.name}", agency.head_title
    return f"{authority} {agency.head_title}", agency.deputy_title


def is_letter(report: Report) -> bool:
    """A công văn: no name of its type, but "V/v …" under the number (Phụ lục I, ô 5b)."""
    return not report.document_type.in_symbol


def addressees(recipients: list[Recipient], *, is_letter: bool = False) -> tuple[str, ...]:
    """A letter is addressed to everybody outside; of other types only to bodies above.

    Nghị định 30/2020, Phụ lục I, ô 9a: "Kính gửi" stands on letters, and on reports from lower to
    higher bodies.
    """
    return tuple(found.text for found in recipients if found.relation in addressed(is_letter))


def addressed(is_letter: bool) -> tuple[str, ...]:
    if is_letter:
        return (Relation.ABOVE, Relation.PEER, Relation.BELOW)
    return (Relation.ABOVE,)


def recipient_lines(recipients: list[Recipient], *, is_letter: bool = False) -> tuple[str, ...]:
    """The lines of "Nơi nhận", each with its mark: "- …;", the last one "- Lưu: …."."""
    lines = ["- Như trên"] if addressees(recipients, is_letter=is_letter) else []
    for recipient in recipients:
        if recipient.relation not in addressed(is_letter):
            lines.append(f"- {recipient.text.rstrip(' ;.')}")
        if recipient.prints_email and recipient.email:
            lines.append(f"+ {recipient.email}")
    return tuple(
        f"{line}{'.' if place == len(lines) - 1 else ';'}" for place, line in enumerate(lines)
    )


def verify_url(report: Report) -> str:
    """The address in the QR code."""
    return settings.PUBLIC_URL + reverse("reports:verify_report", args=[report.verify_code])


def evidence(report: Report) -> dict[str, Any]:
    """What travels inside the PDF: every figure of the text with its provenance."""
    used = {atom.key for atom in used_atoms(report) if atom.kind == "figure"}
    return {
        "report": report.subject,
        "period": report.period.label,
        "frozen_at": report.frozen_at,
        "figures": [
            _figure_evidence(figure) for figure in report.figures.all() if str(figure.pk) in used
        ],
    }


def _figure_evidence(figure: Figure) -> dict[str, Any]:
    return {
        "key": figure.query,
        "title": figure.title,
        "printed": figure.printed,
        "value": None if figure.value is None else f"{figure.value.normalize():f}",
        "unit_of_measure": figure.unit_of_measure,
        "computed_at": figure.computed_at,
        "provenance": figure.provenance,
    }
