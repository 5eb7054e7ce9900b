"""A template out of a report: sections, figures, citations; the words of its period made names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from reports.exhibits.moving import with_names
from reports.models import Report, ReportTemplate
from reports.references import References, present
from reports.renewal import Shift, placeholders, replaced, slips
from reports.services.trail import need
from reports.text import richtext, typed
from reports.text.numbering import Node, numbered

from .outline import Row, with_keys
from .versions import EDIT, free_code

if TYPE_CHECKING:
    from portal.accounts.models import User
    from reports.models import Section


@transaction.atomic
def template_from_report(*, report: Report, title: str, by: User) -> ReportTemplate:
    """A draft of a new template with the report's text; "năm 2023" becomes "năm {nam}".

    Raises:
        NotAllowed
    """
    need(by, EDIT)
    making = _Making(report)
    outline = [making.row(node) for node in numbered(present(report))]
    kind = report.template
    title = typed.one_line(title)[:200] or kind.title
    return ReportTemplate.objects.create(
        code=free_code(title),
        title=title,
        subject=making.words(report.subject),
        document_type=report.document_type,
        outline=with_keys(outline),
        figures=making.figures,
        citations=making.citations,
        exhibits=making.exhibits,
        recipients=[_recipient(one) for one in report.recipients.all()],
        authority=report.authority,
        rhythm=report.period.frequency,
        division=report.division,
        signatory=report.signatory,
        created_by=by,
        change_note=f"Từ báo cáo {report.period.label} {report.number_and_symbol}"[:300],
    )


def _recipient(recipient: Any) -> Row:
    told = {"text": recipient.text, "relation": recipient.relation}
    if recipient.email:
        told |= {"email": recipient.email, "prints_email": recipient.prints_email}
    return told


class _Making:
    """What is collected while the sections are read."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.figures: dict[str, Row] = {}
        self.citations: dict[str, Row] = {}
        self.exhibits: dict[str, Row] = {}
        self._named = {
            "figure": self._figure,
            "citation": self._citation,
            "exhibit": self._exhibit,
        }
        self._references = References.of(report)
        self._known: list[Shift] = placeholders(report.period)

    def words(self, text: str) -> str:
        """The text with the names of its period as {names}."""
        found = slips(text, self._known, self.report.period)
        return replaced(text, [slip for slip in found if slip.offer])

    def row(self, node: Node[Section]) -> Row:
        section = node.row
        told: Row = {"level": section.level}
        if section.title:
            told["title"] = self.words(section.title)
        if section.body:
            told["body"] = richtext.write(richtext.with_pieces(section.lines, self._piece))
        if node.children:
            told["children"] = [self.row(child) for child in node.children]
        return told

    def _piece(self, piece: richtext.Piece) -> richtext.Piece:
        if isinstance(piece, richtext.Run):
            return replace(piece, text=self.words(piece.text))
        if isinstance(piece, richtext.Atom) and self._references.knows(piece):
            return replace(piece, key=self._named[piece.kind](piece.key), text="")
        return piece

    def _figure(self, key: str) -> str:
        figure = self._references.figures[key]
        row: Row = {"query": figure.query, "style": figure.style}
        if figure.parameters:
            row["parameters"] = figure.parameters
        return _named(self.figures, row, "so")

    def _citation(self, key: str) -> str:
        citation = self._references.citations[key]
        document = citation.document
        row = {
            "number": document.number,
            "symbol": document.symbol,
            "date": document.date.isoformat(),
            "printed": citation.printed,
            "place": citation.place,
        }
        return _named(self.citations, row, "vb")

    def _exhibit(self, key: str) -> str:
        exhibit = self._references.exhibits[key]
        row = {
            "kind": exhibit.kind,
            "source": exhibit.source,
            "query": with_names(exhibit.query, self.report.period),
            "title": self.words(exhibit.title),
            "caption": self.words(exhibit.caption),
            "orientation": exhibit.orientation,
        }
        return _named(self.exhibits, row, "bang")


def _named(known: dict[str, Row], row: Row, prefix: str) -> str:
    for name, other in known.items():
        if other == row:
            return name
    name = f"{prefix}-{len(known) + 1}"
    known[name] = row
    return name
