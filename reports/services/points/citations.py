"""Cited documents of a copied report that ended, changed or belong to the old period."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from portal.documents.citation import written_day
from portal.documents.models import Document, DocumentRelation, Validity
from portal.units.names import fold
from reports.models import Citation, Report, Status
from reports.renewal import replaced, shifts, slips
from reports.services.editing import edit_section
from reports.services.sharing import need_places_of
from reports.services.trail import at_step, need, write_down
from reports.text import richtext

from .keys import key_of

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import ReportingPeriod

MOST_ALIKE = 200


@dataclass(frozen=True, slots=True)
class CitationPoint:
    """One citation to look at, why, and the documents of the register that may replace it."""

    key: str
    citation: Citation
    reason: str
    offers: tuple[Document, ...] = ()


def citation_points(report: Report, used: list[richtext.Atom]) -> Iterator[CitationPoint]:
    """Cited documents that should be looked at, in reading order."""
    known = {
        str(one.pk): one
        for one in report.citations.select_related("document__issuer", "document__document_type")
    }
    keys = dict.fromkeys(atom.key for atom in used if atom.kind == "citation")
    cited = [known[key] for key in keys if key in known]
    after = _successors({one.document_id for one in cited})
    old = report.source.period if report.source else None
    for citation in cited:
        document = citation.document
        relations = after.get(document.pk, [])
        reason, offers = _reason(document, relations, report.report_date)
        if not reason and old is not None and old.pk != report.period_id:
            reason, offers = _of_old_period(document, old, report.period)
        if reason:
            key = key_of("citation", str(citation.pk), str(document.pk), reason)
            yield CitationPoint(key, citation, reason, tuple(offers))


def _successors(documents: Collection[int]) -> dict[int, list[DocumentRelation]]:
    """What the register says other documents do to these."""
    found: dict[int, list[DocumentRelation]] = {}
    relations = DocumentRelation.objects.filter(
        target__in=documents,
        kind__in=[DocumentRelation.Kind.REPLACES, DocumentRelation.Kind.AMENDS],
    ).select_related("source__issuer", "source__document_type")
    for relation in relations:
        found.setdefault(relation.target_id, []).append(relation)
    return found


def _reason(
    document: Document, relations: list[DocumentRelation], day: datetime.date
) -> tuple[str, list[Document]]:
    """Why the document may not be cited as it is on `day`, and what may stand for it."""
    in_force = [one for one in relations if one.source.validity(on=day) != Validity.NOT_YET]
    replacing = [one.source for one in in_force if one.kind == DocumentRelation.Kind.REPLACES]
    amending = [one.source for one in in_force if one.kind == DocumentRelation.Kind.AMENDS]
    match document.validity(on=day):
        case Validity.ENDED:
            return f"hết hiệu lực từ {written(document.valid_to)}", _last(replacing, day)
        case Validity.NOT_YET:
            return f"chưa có hiệu lực, hiệu lực từ {written(document.valid_from)}", []
    if replacing:
        return "đã có văn bản thay thế", _last(replacing, day)
    if amending:
        names = ", ".join(str(one) for one in amending)
        return f"đã được sửa đổi, bổ sung bởi {names}", []
    return "", []


def written(day: datetime.date | None) -> str:
    return written_day(day) if day else "ngày chưa rõ"


def _last(documents: list[Document], day: datetime.date) -> list[Document]:
    """The chain of replacements to its end: a successor that ended too gives way to its own."""
    for _ in range(8):
        ended = [one for one in documents if one.validity(on=day) == Validity.ENDED]
        if not ended:
            break
        following = [
            relation.source
            for rows in _successors({one.pk for one in ended}).values()
            for relation in rows
            if relation.kind == DocumentRelation.Kind.REPLACES
            and relation.source.validity(on=day) != Validity.NOT_YET
        ]
        if not following:
            break
        documents = [one for one in documents if one not in ended] + following
    return documents


def _of_old_period(
    document: Document, old: ReportingPeriod, new: ReportingPeriod
) -> tuple[str, list[Document]]:
    """A document of the old period itself: the register may have the one of the new period."""
    if not old.start <= document.date <= old.end:
        return "", []
    known = shifts(old, new)
    subject = replaced(document.subject, slips(document.subject, known, old))
    later = Document.objects.filter(
        issuer=document.issuer,
        document_type=document.document_type,
        date__gt=document.date,
        date__lte=new.end,
    ).with_catalogue()
    alike = [one for one in later[:MOST_ALIKE] if fold(one.subject) == fold(subject)]
    return f"ban hành trong kỳ trước ({old.label})", alike[:3]


@transaction.atomic
def replace_citation(
    *, citation: Citation, document: Document, by: User, now: datetime.datetime
) -> Citation:
    """Cite `document` in the place of another; a day and issuer that follow in the sentence go with
    it where they are those of the old document.

    Raises:
        NotAllowed, NotNow, NotYourSection
    """
    need(by, "reports.draft")
    report = at_step(citation.report, Status.DRAFT)
    need_places_of(report, "citation", citation.pk, by)
    before, is_note = citation.document, citation.place == Citation.Place.NOTE
    words = document.citation(full=is_note)
    citation.document = document
    citation.printed = f"{words[:1].upper()}{words[1:]}" if is_note else words
    citation.save(update_fields=["document", "printed"])
    if not is_note:
        _follow(report, citation, before, by=by, now=now)
    what = f"Thay văn bản dẫn {before.number_and_symbol} bằng {document.number_and_symbol}"
    write_down(report, "citation_replaced", what[:300], who=by, at=now)
    return citation


def _follow(
    report: Report, citation: Citation, before: Document, *, by: User, now: datetime.datetime
) -> None:
    """Change day and issuer right after the citation, in every section that has it."""
    old_words = before.citation(full=True).removeprefix(before.citation(full=False))
    new_words = citation.document.citation(full=True).removeprefix(
        citation.document.citation(full=False)
    )
    days = [f" ngày {written_day(before.date)}", f" ngày {before.date:%d/%m/%Y}"]
    new_day = new_words.partition(" của ")[0]
    issued = [f"{one} của {before.issuer.name_in_text}" for one in days]
    pairs = [(old_words, new_words)]
    pairs += [(old, f"{new_day} của {citation.document.issuer.name_in_text}") for old in issued]
    pairs += [(old, new_day) for old in days]
    for section in report.sections.present():
        atoms = {atom.key for atom in richtext.atoms(section.lines) if atom.kind == "citation"}
        if str(citation.pk) not in atoms:
            continue
        lines = tuple(
            replace(line, pieces=_after_atom(line.pieces, str(citation.pk), pairs))
            for line in section.lines
        )
        edit_section(
            section=section, title=section.title, body=richtext.write(lines), by=by, now=now
        )


def _after_atom(
    pieces: tuple[richtext.Piece, ...], key: str, pairs: list[tuple[str, str]]
) -> tuple[richtext.Piece, ...]:
    changed: list[richtext.Piece] = []
    for piece in pieces:
        last = changed[-1] if changed else None
        follows = isinstance(last, richtext.Atom) and (last.kind, last.key) == ("citation", key)
        if follows and isinstance(piece, richtext.Run):
            for old, new in pairs:
                if piece.text.startswith(old):
                    piece = replace(piece, text=new + piece.text.removeprefix(old))
                    break
        changed.append(piece)
    return tuple(changed)
