"""Documents enter the register: going out, coming in, and in relation to others."""

from __future__ import annotations

import datetime

from django.core.files import File
from django.db import transaction

from portal.accounts.models import User
from portal.documents.citation import written_number
from portal.documents.models import (
    Direction,
    Document,
    DocumentQuerySet,
    DocumentRelation,
    DocumentType,
    IssuedNumber,
    Issuer,
    Register,
)
from portal.units.models import IssuingAgency

from .filing import attach_file
from .numbering import (
    NumberInUse,
    NumberMissing,
    NumberRefused,
    accept_given_number,
    take_number,
)


class DuplicateDocument(NumberRefused):
    message = "Đã có văn bản cùng số, ký hiệu và cơ quan ban hành trong năm này."


class WrongBook(NumberRefused):
    message = "Văn bản mật vào sổ văn bản mật; văn bản khác vào sổ chung hoặc sổ của ban, tổ."


class ContradictoryRelation(Exception):
    """Two documents cannot replace each other."""


def own_issuer(*, on: datetime.date) -> Issuer:
    """The agency itself as issuer, as it was named on `on`.

    Raises:
        IssuingAgency.DoesNotExist: no agency is recorded for that day.
    """
    agency = IssuingAgency.objects.on(on)
    found = Issuer.objects.named(agency.full_name).first()
    return found or Issuer.objects.create(
        name=agency.full_name,
        short_name=agency.full_name.split(" tỉnh ")[0],
        level=Issuer.Level.PROVINCE,
        symbols=[agency.symbol],
    )


def duplicates_of(
    *, number: str, symbol: str, issuer: Issuer, excluding: Document | None = None
) -> DocumentQuerySet:
    """Documents that carry the same number, symbol and issuer, of any year and register."""
    found = Document.objects.like(number=number, symbol=symbol, issuer=issuer).exclude(
        number_key=""
    )
    return found.exclude(pk=excluding.pk) if excluding is not None and excluding.pk else found


@transaction.atomic
def register_outgoing(
    *,
    register: Register,
    number: int,
    on: datetime.date,
    symbol: str,
    document_type: DocumentType,
    subject: str,
    by: User,
    signer_title: str = "",
    signer_name: str = "",
    recipients: str = "",
    kept_by: str = "",
    copies: int | None = None,
    pages: int | None = None,
    sent_date: datetime.date | None = None,
    file: File | None = None,
    is_public: bool = False,
    is_demo: bool = False,
    secrecy: str = "",
    priority: int = 0,
    language: str = "Tiếng Việt",
    description: str = "",
    due_date: datetime.date | None = None,
) -> Document:
    """Enter an issued document under a number taken before; the same again returns the document.

    `number` was taken from `register` in the year of `on`. `symbol` is "BC-BDT", without number.
    The book of an advisory body says who issues; a secret document stands in the book of such.

    Raises:
        NumberMissing: the number was not taken, or is void.
        NumberInUse: another document carries it.
        DuplicateDocument: number, symbol and year exist already.
        WrongBook: a secret document in another book, or one that is not secret in theirs.
        UnacceptableFile: the file is of no accepted kind.
    """
    issued = _number_to_use(register, number, on)
    if issued.document is not None:
        same = (issued.document.symbol, issued.document.subject) == (symbol, subject)
        if not same:
            raise NumberInUse
        return issued.document
    if bool(secrecy) != (register.kind == Register.Kind.SECRET):
        raise WrongBook
    issuer = register.issuer or own_issuer(on=on)
    written = written_number(number)
    alike = duplicates_of(number=written, symbol=symbol, issuer=issuer).of_year(on.year)
    alike = alike.exclude(secrecy="") if secrecy else alike.filter(secrecy="")
    if alike.exists():
        raise DuplicateDocument
    document = Document.objects.create(
        direction=Direction.OUTGOING,
        number=written,
        symbol=symbol,
        date=on,
        issuer=issuer,
        document_type=document_type,
        subject=subject,
        signer_title=signer_title,
        signer_name=signer_name,
        recipients=recipients,
        kept_by=kept_by,
        copies=copies,
        pages=pages,
        sent_date=sent_date,
        valid_from=on,
        is_public=is_public,
        is_verified=True,
        is_demo=is_demo,
        secrecy=secrecy,
        priority=priority,
        language=language,
        description=description,
        due_date=due_date,
        created_by=by,
    )
    if file is not None:
        attach_file(document=document, file=file)
    issued.document = document
    issued.save(update_fields=["document"])
    return document


def _number_to_use(register: Register, number: int, on: datetime.date) -> IssuedNumber:
    issued = (
        IssuedNumber.objects.select_for_update(of=("self",))
        .select_related("document")
        .of(register, on.year)
        .filter(number=number, voided_at=None)
        .first()
    )
    if issued is None:
        raise NumberMissing
    return issued


@transaction.atomic
def register_incoming(
    *,
    document: Document,
    by: User,
    given_number: int | None = None,
    register: Register | None = None,
    acknowledged_at: datetime.datetime | None = None,
) -> IssuedNumber:
    """Enter a document that came in; it takes the arrival number of its day of arrival.

    `document` is not saved yet and has its arrival_date. `given_number` is typed when the
    register's numbers come from outside. `register` is the common book unless the document is
    secret. `acknowledged_at`: when the sender was told that it came.

    Raises:
        NumberRefused: no arrival number can be had.
        WrongBook: a secret document in another book than theirs.
    """
    register = register or Register.objects.fitting(Direction.INCOMING, secrecy=document.secrecy)
    on = document.arrival_date
    if register is None or on is None:
        raise NumberRefused("Hãy ghi ngày đến và lập sổ văn bản đến trước.")
    if bool(document.secrecy) != (register.kind == Register.Kind.SECRET):
        raise WrongBook
    document.direction, document.created_by = Direction.INCOMING, by
    document.acknowledged_at = acknowledged_at
    document.save()
    purpose = f"Đăng ký văn bản đến {document.number_and_symbol}".strip()
    if register.numbering == Register.Numbering.GIVEN:
        if given_number is None:
            raise NumberRefused("Hãy nhập số đến do hệ thống của tỉnh cấp.")
        number = accept_given_number(
            register=register, on=on, number=given_number, by=by, purpose=purpose
        )
    else:
        number = take_number(register=register, on=on, by=by, purpose=purpose)
    issued = IssuedNumber.objects.of(register, on.year).get(number=number)
    issued.document = document
    issued.save(update_fields=["document"])
    return issued


@transaction.atomic
def relate(*, source: Document, kind: str, target: Document) -> DocumentRelation:
    """Record what `source` does to `target`; a replaced document ends when the new one begins.

    Raises:
        ContradictoryRelation: the target already replaces or amends the source.
    """
    if source.pk == target.pk:
        raise ContradictoryRelation("Văn bản không thể có quan hệ với chính nó.")
    if DocumentRelation.objects.filter(source=target, target=source, kind=kind).exists():
        raise ContradictoryRelation("Hai văn bản không thể có quan hệ này theo cả hai chiều.")
    relation, _ = DocumentRelation.objects.get_or_create(source=source, kind=kind, target=target)
    if kind == DocumentRelation.Kind.REPLACES and target.valid_to is None:
        end = source.valid_from or source.date
        if target.valid_from is None or end >= target.valid_from:
            target.valid_to = end
            target.save(update_fields=["valid_to"])
    return relation


def call_back(*, document: Document, on: datetime.date) -> None:
    """A document that its issuer called back ends that day, and its book says so."""
    said = f"Đã thu hồi ngày {on:%d/%m/%Y}"
    document.note = "; ".join(filter(None, [said, document.note]))[:500]
    end = max(on, document.valid_from or on)
    document.valid_to = min(end, document.valid_to or end)
    document.save(update_fields=["note", "valid_to"])


def unrelate(*, relation: DocumentRelation) -> None:
    """Take a wrongly recorded relation away; dates of validity stay as they are."""
    relation.delete()
