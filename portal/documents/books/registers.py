"""The books of outgoing and incoming documents, and that of following incoming ones up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.utils import timezone

from portal.documents.models import (
    Assignment,
    Direction,
    DocumentRelation,
    IssuedNumber,
    Register,
)

from .book import Book, Column, Period, Row
from .words import day, named, number, progress_words

if TYPE_CHECKING:
    from portal.documents.models.register import IssuedNumberQuerySet

AT_ONCE = 500

OUTGOING = (
    Column("Số, ký hiệu văn bản", 10),
    Column("Ngày, tháng văn bản", 8, centred=True),
    Column("Tên loại và trích yếu nội dung văn bản", 26),
    Column("Người ký", 9),
    Column("Nơi nhận văn bản", 14),
    Column("Đơn vị, người nhận bản lưu", 8),
    Column("Số lượng bản", 5, centred=True),
    Column("Ngày chuyển", 8, centred=True),
    Column("Ký nhận", 5),
    Column("Ghi chú", 7),
)
INCOMING = (
    Column("Ngày đến", 8, centred=True),
    Column("Số đến", 5, centred=True),
    Column("Tác giả", 13),
    Column("Số, ký hiệu văn bản", 11),
    Column("Ngày, tháng văn bản", 8, centred=True),
    Column("Tên loại và trích yếu nội dung văn bản", 22),
    Column("Đơn vị hoặc người nhận", 12),
    Column("Ngày chuyển", 8, centred=True),
    Column("Ký nhận", 6),
    Column("Ghi chú", 7),
)
FOLLOWED = (
    Column("Số đến", 6, centred=True),
    Column("Tên loại, số và ký hiệu, ngày tháng, cơ quan ban hành văn bản", 28),
    Column("Đơn vị hoặc người nhận", 18),
    Column("Thời hạn giải quyết", 10, centred=True),
    Column("Tiến độ giải quyết", 15),
    Column("Số, ký hiệu văn bản trả lời", 12),
    Column("Ghi chú", 11),
)


def register_book(register: Register, period: Period) -> Book:
    outgoing = register.direction == Direction.OUTGOING
    return Book(
        key=f"dang-ky:{register.code}",
        title=register_title(register),
        period=period,
        columns=OUTGOING if outgoing else INCOMING,
        rows=partial(_outgoing if outgoing else _incoming, register, period),
        noun="số",
        beside=(str(register.issuer),) if register.issuer else (),
    )


def register_title(register: Register) -> str:
    if register.kind == Register.Kind.COPIES:
        return "SỔ ĐĂNG KÝ BẢN SAO VĂN BẢN"
    kept = "ĐI" if register.direction == Direction.OUTGOING else "ĐẾN"
    secret = " MẬT" if register.kind == Register.Kind.SECRET else ""
    return f"SỔ ĐĂNG KÝ VĂN BẢN{secret} {kept}"


def follow_up_book(register: Register, period: Period) -> Book:
    return Book(
        key=f"theo-doi:{register.code}",
        title="SỔ THEO DÕI GIẢI QUYẾT VĂN BẢN ĐẾN",
        period=period,
        columns=FOLLOWED,
        rows=partial(_followed, register, period),
    )


def _numbers(register: Register, period: Period) -> IssuedNumberQuerySet:
    found = IssuedNumber.objects.filter(register=register, date__range=period.days)
    return found.select_related("document__document_type", "document__issuer").order_by(
        "year", "number"
    )


def _outgoing(register: Register, period: Period) -> Iterator[Row]:
    for issued in _numbers(register, period).with_remarks().iterator(chunk_size=AT_ONCE):
        document = issued.document
        if document is None:
            yield (
                issued.written, day(issued.date), issued.purpose, *[""] * 6, issued.remarks
            )  # fmt: skip
            continue
        yield (
            document.number_and_symbol,
            day(issued.date),
            document.type_and_subject,
            document.signer_name,
            document.recipients,
            document.kept_by,
            number(document.copies),
            day(document.sent_date),
            "",
            issued.remarks,
        )


def _incoming(register: Register, period: Period) -> Iterator[Row]:
    for issued in _numbers(register, period).with_remarks().iterator(chunk_size=AT_ONCE):
        document = issued.document
        if document is None:
            yield (
                day(issued.date), issued.written, "", "", "", issued.purpose, "", "", "",
                issued.remarks,
            )  # fmt: skip
            continue
        yield (
            day(issued.date),
            issued.written,
            document.issuer.name,
            document.number_and_symbol,
            day(document.date),
            document.type_and_subject,
            document.assigned_to,
            day(document.sent_date),
            "",
            issued.remarks,
        )


def _followed(register: Register, period: Period) -> Iterator[Row]:
    """Every document of the book with who has it, how far it is and what answered it."""
    today = timezone.localdate()
    answers = DocumentRelation.objects.filter(kind=DocumentRelation.Kind.ANSWERS)
    answers = answers.filter(source__secrecy="").select_related("source")
    numbers = _numbers(register, period).exclude(document=None)
    numbers = numbers.prefetch_related(
        Prefetch(
            "document__assignments",
            Assignment.objects.select_related("division", "officer", "answer"),
        ),
        Prefetch("document__inverse_relations", answers, to_attr="answering"),
    )
    for issued in numbers.iterator(chunk_size=AT_ONCE):
        document = issued.document
        assert document is not None  # noqa: S101 - excluded above
        given = list(document.assignments.all())
        answered = {one.source.number_and_symbol for one in document.answering}  # type: ignore[attr-defined]
        notes = [one.closing_note for one in given if one.closing_note] or [document.note]
        yield (
            issued.written,
            named(document),
            document.assigned_to,
            day(document.due_date),
            progress_words(document, given, today),
            "; ".join(sorted(answered)),
            "; ".join(filter(None, notes)),
        )
