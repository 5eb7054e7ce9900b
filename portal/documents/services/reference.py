"""Load types, issuers, registers and the documents that the reports of the agency cite."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

from django.db import transaction

from portal.documents.models import (
    Direction,
    Document,
    DocumentRelation,
    DocumentType,
    IssuedNumber,
    Issuer,
    Register,
    RetentionTerm,
)

DATA = Path(__file__).parents[1] / "data"
OUTGOING_REGISTER = "di"
INCOMING_REGISTER = "den"


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@transaction.atomic
def load_reference() -> bool:
    """Load what is missing; what is there is left as people keep it. False: nothing was missing."""
    before = _size()
    _load_catalogue()
    _load_documents()
    _load_relations()
    _take_over_numbers()
    return _size() != before


def _size() -> tuple[int, ...]:
    models = (
        DocumentType,
        Issuer,
        Register,
        Document,
        DocumentRelation,
        IssuedNumber,
        RetentionTerm,
    )
    return tuple(model.objects.count() for model in models)


def _load_catalogue() -> None:
    DocumentType.objects.bulk_create(
        [
            DocumentType(
                code=row["code"],
                name=row["name"],
                group=row["group"],
                in_symbol=bool(row["in_symbol"]),
                cited_by_name=bool(row["cited_by_name"]),
                position=position,
            )
            for position, row in enumerate(_rows("document_types.csv"), start=1)
        ],
        ignore_conflicts=True,
    )
    Register.objects.bulk_create(
        [
            Register(**row, position=position)
            for position, row in enumerate(_rows("registers.csv"), start=1)
        ],
        ignore_conflicts=True,
    )
    RetentionTerm.objects.bulk_create(
        [
            RetentionTerm(
                kind=row["kind"],
                name=row["name"],
                years=int(row["years"]) if row["years"] else None,
                basis=row["basis"],
                position=position,
            )
            for position, row in enumerate(_rows("retention_terms.csv"), start=1)
        ],
        ignore_conflicts=True,
    )
    known = set(Issuer.objects.values_list("name", flat=True))
    for row in _rows("issuers.csv"):
        if row["name"] not in known:
            Issuer.objects.create(
                name=row["name"],
                short_name=row["short_name"],
                level=row["level"],
                symbols=row["symbols"].split(),
            )


def _load_documents() -> None:
    types = {kind.code: kind for kind in DocumentType.objects.all()}
    issuers = {issuer.name: issuer for issuer in Issuer.objects.all()}
    known = set(Document.objects.values_list("issuer_id", "number", "symbol", "date"))
    for row in _rows("documents.csv"):
        issuer = issuers[row["issuer"]]
        date = datetime.date.fromisoformat(row["date"])
        if (issuer.pk, row["number"], row["symbol"], date) in known:
            continue
        Document.objects.create(
            direction=row["direction"],
            number=row["number"],
            symbol=row["symbol"],
            date=date,
            issuer=issuer,
            document_type=types[row["type"]],
            subject=row["subject"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            is_public=bool(row["is_public"]),
            is_verified=bool(row["is_verified"]),
            printed_as=row["printed_as"],
            verification_note=row["verification_note"],
        )


def _load_relations() -> None:
    documents = {document.number_and_symbol: document for document in Document.objects.all()}
    DocumentRelation.objects.bulk_create(
        [
            DocumentRelation(
                source=documents[row["source"]], kind=row["kind"], target=documents[row["target"]]
            )
            for row in _rows("relations.csv")
        ],
        ignore_conflicts=True,
    )


def _take_over_numbers() -> None:
    """The agency's own documents of the years before the portal keep their numbers.

    The series of their year goes on after the highest of them.
    """
    register = Register.objects.get(code=OUTGOING_REGISTER)
    own = Document.objects.filter(direction=Direction.OUTGOING, issued_number=None, created_by=None)
    for document in own:
        IssuedNumber.objects.take_over(
            register=register,
            date=document.date,
            number=int(document.number),
            document=document,
            by=None,
            purpose="Chuyển từ sổ cũ",
        )
