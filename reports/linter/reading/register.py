"""What the linter knows, from the register: types, issuers, and the documents a text may mean."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q

from portal.documents.citation import number_key
from portal.documents.models import Document, DocumentRelation, DocumentType, Issuer
from reports.linter.catalogue import Catalogue, DocumentFacts, IssuerFacts, TypeFacts
from reports.linter.citing import mentions
from reports.linter.text import OfficialText

#: More documents of one number or day than this are not looked at.
MOST = 5000


def bare_catalogue() -> Catalogue:
    """Types and issuers, without documents."""
    return Catalogue(types=_types(), issuers=tuple(_issuers().values()), has_register=False)


def catalogue_for(text: OfficialText) -> Catalogue:
    """Types, issuers, and every document of a number or a day that the text names."""
    issuers = _issuers()
    bare = Catalogue(types=_types(), issuers=tuple(issuers.values()))
    named = mentions(text, bare)
    numbers = {number_key(one.number) for one in named}
    days = {one.day for one in named if one.day}
    if not numbers:
        return bare
    documents = (
        Document.objects.filter(Q(number_key__in=numbers) | Q(date__in=days))
        .exclude(number_key="")
        .select_related("document_type")
        .order_by("pk")[:MOST]
    )
    return Catalogue(
        types=bare.types, issuers=bare.issuers, documents=_facts(list(documents), issuers)
    )


def _types() -> tuple[TypeFacts, ...]:
    return tuple(
        TypeFacts(one.name, one.code, one.in_symbol and not one.cited_by_name, one.cited_by_name)
        for one in DocumentType.objects.exclude(group=DocumentType.Group.COPY)
    )


def _issuers() -> dict[int, IssuerFacts]:
    return {
        one.pk: IssuerFacts(
            one.name, one.short_name, tuple(one.symbols), one.level == Issuer.Level.PARTY
        )
        for one in Issuer.objects.all()
    }


def _facts(documents: list[Document], issuers: dict[int, IssuerFacts]) -> tuple[DocumentFacts, ...]:
    """Facts of the documents, each with what replaced it."""
    replaced: dict[int, list[Document]] = defaultdict(list)
    relations = DocumentRelation.objects.filter(
        kind=DocumentRelation.Kind.REPLACES, target__in=documents
    ).select_related("source__document_type")
    for relation in relations:
        replaced[relation.target_id].append(relation.source)
    return tuple(
        _fact(one, issuers, min(replaced[one.pk], key=_begins, default=None)) for one in documents
    )


def _begins(document: Document):
    return document.valid_from or document.date


def _fact(one: Document, issuers: dict[int, IssuerFacts], after: Document | None) -> DocumentFacts:
    return DocumentFacts(
        number=one.number,
        symbol=one.symbol,
        date=one.date,
        issuer=issuers[one.issuer_id],
        type_name=one.document_type.name,
        subject=one.subject_in_text,
        printed_as=one.printed_as,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        replaced_by=after.citation(full=False) if after else "",
        replaced_from=_begins(after) if after else None,
    )
