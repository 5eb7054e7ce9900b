"""The books of what goes by post, of kept copies used, and the year's list of case files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from portal.documents.models import CaseFile, Document, KeptCopyUse, PostalDispatch

from .book import Book, Column, Period, Row
from .words import day, number

if TYPE_CHECKING:
    from portal.accounts.models import User

AT_ONCE = 500

POST = (
    Column("Ngày chuyển", 12, centred=True),
    Column("Số, ký hiệu văn bản", 20),
    Column("Nơi nhận văn bản", 28),
    Column("Số lượng bì", 10, centred=True),
    Column("Ký nhận và dấu bưu điện", 18),
    Column("Ghi chú", 12),
)
COPIES = (
    Column("Ngày, tháng", 8, centred=True),
    Column("Họ và tên người sử dụng", 13),
    Column("Số, ký hiệu, ngày, tháng văn bản", 14),
    Column("Tên loại và trích yếu nội dung văn bản", 25),
    Column("Hồ sơ số", 8),
    Column("Ký nhận", 7),
    Column("Ngày trả", 8, centred=True),
    Column("Người cho phép sử dụng", 10),
    Column("Ghi chú", 7),
)
CASES = (
    Column("Số và ký hiệu hồ sơ", 14),
    Column("Đề mục và tiêu đề hồ sơ", 44),
    Column("Thời hạn bảo quản", 14),
    Column("Đơn vị, người lập hồ sơ", 18),
    Column("Ghi chú", 10),
)


def post_book(user: User, period: Period) -> Book:
    return Book(
        key="buu-dien",
        title="SỔ GỬI VĂN BẢN ĐI BƯU ĐIỆN",
        period=period,
        columns=POST,
        rows=partial(_posted, user, period),
        noun="lần gửi",
    )


def copies_book(user: User, period: Period) -> Book:
    return Book(
        key="ban-luu",
        title="SỔ SỬ DỤNG BẢN LƯU",
        period=period,
        columns=COPIES,
        rows=partial(_used, user, period),
        noun="lần sử dụng",
    )


def cases_book(user: User, period: Period) -> Book:
    return Book(
        key="ho-so",
        title="DANH MỤC HỒ SƠ",
        period=period,
        columns=CASES,
        rows=partial(_cases, user, period),
        noun="hồ sơ",
        called="Danh mục",
    )


def _posted(user: User, period: Period) -> Iterator[Row]:
    found = PostalDispatch.objects.of_documents(Document.objects.visible_to(user))
    found = found.filter(date__range=period.days).select_related("document")
    for one in found.order_by("date", "pk").iterator(chunk_size=AT_ONCE):
        yield (
            day(one.date),
            one.document.number_and_symbol,
            one.destination,
            number(one.envelopes),
            "",
            one.note,
        )


def _used(user: User, period: Period) -> Iterator[Row]:
    found = KeptCopyUse.objects.of_documents(Document.objects.visible_to(user))
    found = found.filter(date__range=period.days).select_related("document__document_type")
    for one in found.order_by("date", "pk").iterator(chunk_size=AT_ONCE):
        document = one.document
        yield (
            day(one.date),
            one.reader,
            f"{document.number_and_symbol}, {day(document.date)}",
            document.type_and_subject,
            one.case_file,
            "",
            day(one.returned_date),
            one.allowed_by,
            one.note,
        )


def _cases(user: User, period: Period) -> Iterator[Row]:
    """By division; the division's name stands as a heading in the second column."""
    years = range(period.first.year, period.last.year + 1)
    found = CaseFile.objects.visible_to(user).filter(year__in=years).with_names()
    before = ""
    for one in found.order_by("year", "division__name", "symbol").iterator(chunk_size=AT_ONCE):
        if str(one.division) != before:
            before = str(one.division)
            yield ("", before.upper(), "", "", "")
        yield (
            one.symbol,
            one.title,
            one.retention.name,
            str(one.maker),
            one.description,
        )
