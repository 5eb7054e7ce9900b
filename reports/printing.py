"""From the rows of a report to what is printed: words and numbers copied out, nothing drawn yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.urls import reverse

from portal import formats
from portal.units.models import IssuingAgency
from reports.text import richtext
from reports.text.numbering import ANNEXES, BULLET, LETTER, WIDE_ANNEX, Node

from .exhibits.blocks import block_of
from .models import (
    Authority,
    Exhibit,
    Figure,
    Recipient,
    Relation,
    Report,
    Section,
)
from .references import NO_VALUE, References, nodes_of, used_atoms
from .rendering import (
    AgencyHeader,
    Annex,
    Block,
    Heading,
    Item,
    Note,
    Paragraph,
    PrintedReport,
    SignatureBlock,
    Text,
    blank_reference,
    blocks_from_html,
    filled_reference,
    month_in_words,
)

_HEADING_LEVELS = {"roman": 1, "arabic": 2}


def printed_report(
    report: Report,
    *,
    is_preview: bool = False,
    nodes: Sequence[Node[Section]] | None = None,
    first_note: int = 1,
) -> PrintedReport:
    """Copy the report into the tree of blocks that the renderers know.

    `nodes` prints these sections only, as they are in memory, their notes counted from
    `first_note`.

    Raises:
        UnknownReference: an atom stands for nothing (a preview prints what the atom showed).
        RefusedContent: a text would load something.
    """
    references = References.of(report, with_data=True)
    figures = {key: figure.printed or NO_VALUE for key, figure in references.figures.items()}
    citations = {key: references.words_of(key) for key in references.citations}
    exhibits = {
        key: block_of(exhibit, references.labels.get(key, ""))
        for key, exhibit in references.exhibits.items()
    }
    main: list[Block] = []
    annexes: list[tuple[Node[Section], list[Block]]] = []
    notes: list[Note] = []
    for node in nodes_of(report) if nodes is None else nodes:
        found = blocks_from_html(
            _printable(node, references, is_preview=is_preview),
            figures=figures,
            citations=citations,
            exhibits=exhibits,
            first_note=first_note + len(notes),
        )
        notes += found.notes
        if is_annex(node):
            annexes.append((node, list(found.blocks)))
            continue
        (annexes[-1][1] if annexes and node.depth else main).extend(
            _headed(node, list(found.blocks))
        )
    recipients = list(report.recipients.all())
    return PrintedReport(
        agency=agency_header(report.agency, report.symbol),
        type_name="" if is_letter(report) else report.document_type.name.upper(),
        subject=report.subject,
        blocks=tuple(main),
        notes=tuple(notes),
        addressees=addressees(recipients, is_letter=is_letter(report)),
        recipients=recipient_lines(recipients, is_letter=is_letter(report)),
        signature=signature_block(report),
        annexes=tuple(_annex(report, node, blocks) for node, blocks in annexes),
        verify_url=verify_url(report),
    )


def printed_extract(report: Report, only: Collection[int]) -> PrintedReport:
    """Some sections of an issued report in its full form, with number, day and who signed it.

    Nghị định 30/2020, điều 25: an extract has the whole form, and of the text what is wanted.
    """
    return replace(
        printed_report(report, nodes=nodes_of(report, only)),
        number=report.number or "",
        dated=formats.day_in_words(report.issue_date),
        signed_words="(Đã ký)",
        verify_url="",
    )


def is_annex(node: Node[Section]) -> bool:
    return node.row.level in ANNEXES and node.depth == 0


def _annex(report: Report, node: Node[Section], blocks: list[Block]) -> Annex:
    return Annex(
        label=node.label,
        title=node.row.title,
        blocks=tuple(blocks),
        landscape=node.row.level == WIDE_ANNEX,
        reference=annex_reference(report),
    )


def annex_reference(report: Report) -> str:
    """The line under an annex's title, with blanks until number and day are given."""
    kind = "Công văn" if is_letter(report) else report.document_type.name
    words = blank_reference(kind, report.symbol, report.agency.full_name)
    day = report.issue_date
    if not report.number or day is None:
        return words
    return filled_reference(
        words, report.printed_number, f"{day.day:02d}", month_in_words(day), f"{day.year}"
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


def titles(agency: IssuingAgency, authority: str, *, own_title: str = "") -> tuple[str, str]:
    """The lines of authority and title that the agency's titles of the day give.

    Whoever signs by order or authorisation stands there with the `own_title`.
    """
    match authority:
        case Authority.DEPUTY:
            return f"KT. {agency.head_title}", agency.deputy_title
        case Authority.HEAD:
            return "", agency.head_title
        case Authority.ACTING:
            return "", f"Q. {agency.head_title}"
        case Authority.COLLECTIVE:
            return f"TM. {agency.name}", agency.head_title
    return f"{authority} {agency.head_title}", own_title.upper() or agency.deputy_title


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
    """What travels inside the PDF: every figure, table and chart of the text with its source."""
    used = {atom.key for atom in used_atoms(report) if atom.kind == "figure"}
    references = References.of(report, with_data=True)
    found: dict[str, Any] = {
        "report": report.subject,
        "period": report.period.label,
        "frozen_at": report.frozen_at,
        "freeze": _freeze(report),
        "figures": [
            _figure_evidence(figure) for key, figure in references.figures.items() if key in used
        ],
        "exhibits": [
            _exhibit_evidence(references.exhibits[key], label)
            for key, label in references.labels.items()
        ],
    }
    if annexes := list(report.annex_files.values("title", "sha256", "size")):
        found["annexes"] = annexes
    return found


def _exhibit_evidence(exhibit: Exhibit, label: str) -> dict[str, Any]:
    return {
        "label": label,
        "title": exhibit.title,
        "source": exhibit.source,
        "query": exhibit.query,
        "data": exhibit.data,
        "computed_at": exhibit.computed_at,
        "provenance": exhibit.provenance,
    }


def _freeze(report: Report) -> dict[str, Any] | None:
    """The record of the frozen values with its SHA-256; None while the report is a draft."""
    if report.frozen_at is None:
        return None
    found = report.freezes.filter(draft_no=report.draft_no).first()
    return {"sha256": found.sha256, "content": found.content} if found else None


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
