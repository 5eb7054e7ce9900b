"""A report of the portal as a neutral text, and the way back from a place in it to its row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from portal.units.models import IssuingAgency
from reports.linter.text import (
    Bound,
    Call,
    Line,
    OfficialText,
    Part,
    Titles,
    with_plain_spaces,
)
from reports.models import Level, Recipient, Report, Section
from reports.printing import addressed, is_annex, is_letter, recipient_lines, signature_block
from reports.references import NO_VALUE, References, nodes_of
from reports.text import richtext
from reports.text.numbering import Node

from .frame import is_basis

#: How levels of sections are called in a neutral text.
_STRUCTURE = {Level.DECIMAL: "arabic", Level.BULLET: "bullet"}


def official_text(report: Report) -> OfficialText:
    """The report as it would be printed: figures in words, citations as they are written."""
    day = report.issue_date or report.report_date
    lines = [Line(Part.SUBJECT, report.subject, origin="subject")]
    recipients = list(report.recipients.all())
    lines += _addressees(report, recipients)
    lines += _sections(report)
    lines += _recipients(report, recipients)
    lines += _signature(report)
    return OfficialText(
        day=day,
        lines=tuple(lines),
        type_name=report.document_type.name,
        number=report.number or "",
        symbol=report.symbol,
        titles=_titles(report, day),
        signer=report.signer_name,
    )


def _titles(report: Report, day: object) -> Titles:
    agency = IssuingAgency.objects.filter(valid__contains=day).first() or report.agency
    return Titles(agency.full_name, agency.head_title, agency.deputy_title, agency.symbol)


def _addressees(report: Report, recipients: list[Recipient]) -> Iterator[Line]:
    relations = addressed(is_letter(report))
    for one in recipients:
        if one.relation in relations:
            yield Line(
                Part.ADDRESSEE, one.text, relation=one.relation, origin=f"recipient:{one.pk}"
            )


def _recipients(report: Report, recipients: list[Recipient]) -> Iterator[Line]:
    """As printed: the marks are the printer's own."""
    relation = {one.text.rstrip(" ;."): one.relation for one in recipients}
    for text in recipient_lines(recipients, is_letter=is_letter(report)):
        bare = text.removeprefix("- ")
        yield Line(
            Part.RECIPIENT, bare, relation=relation.get(bare.rstrip(" ;."), ""), origin="recipients"
        )


def _signature(report: Report) -> Iterator[Line]:
    block = signature_block(report)
    for text in (*block.prefix_lines, block.title):
        yield Line(Part.SIGNATURE, text, origin="signature")
    if block.name:
        yield Line(Part.SIGNATURE, block.name, level="name", origin="signature")


def _sections(report: Report) -> Iterator[Line]:
    """Headings and paragraphs, every note behind the paragraph that calls it."""
    references = References.of(report)
    number = 0
    written: list[Line] = []
    in_annex = False
    for node in nodes_of(report):
        in_annex = in_annex or is_annex(node)
        for line in _of_section(node, references, in_annex=in_annex):
            notes = []
            calls = []
            for bound in line.bounds:
                if bound.kind == "note":
                    number += 1
                    calls.append(Call(bound.start, number))
                    notes.append(_note(number, bound.key, references, line.section))
            bounds = tuple(bound for bound in line.bounds if bound.kind != "note")
            if is_basis(line.text, written):
                line = replace(line, part=Part.BASIS)
            written += [replace(line, calls=tuple(calls), bounds=bounds), *notes]
    yield from written


def _note(number: int, key: str, references: References, section: str) -> Line:
    return Line(
        Part.NOTE,
        references.words_of(key),
        note=number,
        section=section,
        origin=f"citation:{key}",
    )


def _of_section(node: Node[Section], references: References, *, in_annex: bool) -> Iterator[Line]:
    section, label = node.row, node.label
    level = _STRUCTURE.get(Level(section.level), section.level)
    key = str(section.pk)
    if section.title:
        part = Part.BODY if section.level in (Level.LETTER, Level.BULLET) else Part.HEADING
        part = Part.ANNEX if in_annex else part
        yield Line(part, section.title, label, level, key, f"title:{section.pk}")
        label = ""
    for number, line in enumerate(section.lines):
        text, bounds = _words(line, references)
        if not text and not bounds:
            continue  # a table or chart stands there
        mark, kind = line.mark, "list"
        if number == 0 and label and not mark:
            mark, kind = label, level
        yield Line(
            Part.ANNEX if in_annex else Part.BODY,
            text,
            mark,
            kind if mark else "",
            key,
            f"body:{section.pk}:{number}",
            bounds=bounds,
        )


def _words(line: richtext.Line, references: References) -> tuple[str, tuple[Bound, ...]]:
    """The words of a line, and which of them stand for something."""
    text, bounds = "", []
    for piece in line.pieces:
        kind, words = said(piece, references)
        if isinstance(piece, richtext.Atom) and kind != "other":
            bounds.append(Bound(len(text), len(text) + len(words), kind, piece.key))
        text += with_plain_spaces(words)
    return text, tuple(bounds)


def said(piece: richtext.Piece, references: References) -> tuple[str, str]:
    """What kind of words a piece is, and the words; a note's call is none."""
    if isinstance(piece, richtext.Break):
        return "break", " "
    if isinstance(piece, richtext.Run):
        return "words", piece.text
    if piece.kind not in ("figure", "citation"):
        return "other", ""
    if not references.knows(piece):
        return "unknown", piece.text or NO_VALUE
    if piece.kind == "figure":
        return "figure", references.figures[piece.key].printed or NO_VALUE
    if references.is_note(piece):
        return "note", ""
    return "citation", references.citations[piece.key].printed
