"""The list of what a case file holds (mục lục văn bản, tài liệu)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from portal.documents.models import CaseFile, Document

from .book import Book, Column, Period, Row
from .words import day, number

if TYPE_CHECKING:
    from portal.accounts.models import User

CONTENTS = (
    Column("Số thứ tự", 6, centred=True),
    Column("Số, ký hiệu văn bản", 14),
    Column("Ngày, tháng văn bản", 10, centred=True),
    Column("Tên loại và trích yếu nội dung văn bản", 36),
    Column("Tác giả văn bản", 18),
    Column("Số trang", 7, centred=True),
    Column("Ghi chú", 9),
)


def contents_book(case_file: CaseFile, user: User) -> Book:
    last = case_file.closed_date or max(timezone.localdate(), case_file.opened_date)
    return Book(
        key=f"muc-luc:{case_file.pk}",
        title="MỤC LỤC VĂN BẢN, TÀI LIỆU",
        period=Period(case_file.opened_date, last),
        columns=CONTENTS,
        rows=partial(_contents, case_file, user),
        called="Mục lục",
        keeper="Người lập hồ sơ",
        beside=(
            f"Hồ sơ số {case_file.symbol}: {case_file.title}",
            f"Thời hạn bảo quản: {case_file.retention.name}",
        ),
    )


def _contents(case_file: CaseFile, user: User) -> Iterator[Row]:
    items = case_file.items.filter(document__in=Document.objects.visible_to(user))
    items = items.select_related("document__document_type", "document__issuer")
    for item in items.order_by("position").iterator(chunk_size=500):
        document = item.document
        yield (
            str(item.position),
            document.number_and_symbol,
            day(document.date),
            document.type_and_subject,
            document.issuer.name,
            number(item.pages),
            item.note,
        )
