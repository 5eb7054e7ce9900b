"""Case files: opened, filled, put in order, closed.

A higher room files what it issues by `file_document`.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Max
from django.utils.text import Truncator
from django.utils.timezone import localdate

from portal.accounts.models import User
from portal.documents.models import (
    Assignment,
    CaseFile,
    CaseFileItem,
    Document,
    RetentionTerm,
)

LARGEST = 999  # documents of one file: its ordinal has three digits (Phụ lục VI)


class FilingRefused(Exception):
    """The step is not taken, nothing has changed; the message says why."""

    message = "Chưa thực hiện được."

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.message)


class NotYourFile(FilingRefused):
    message = "Hồ sơ này không do anh, chị lập."


class FileClosed(FilingRefused):
    message = "Hồ sơ đã đóng. Mở lại hồ sơ rồi mới thêm, bớt văn bản."


class FileFull(FilingRefused):
    message = f"Một hồ sơ giữ nhiều nhất {LARGEST} văn bản. Hãy lập tập tiếp theo."


class SecretOutside(FilingRefused):
    message = "Văn bản mật lập hồ sơ theo chế độ mật, không đưa vào hồ sơ trên cổng."


class StillFaulty(FilingRefused):
    message = "Hồ sơ còn điều phải sửa trước khi đóng."


class NoRetentionTerm(FilingRefused):
    message = "Chưa có bảng thời hạn bảo quản. Hãy nhập bảng thời hạn trước."


@dataclass(frozen=True)
class Fault:
    """What stands in the way of closing; a warning only wants a note."""

    words: str
    is_warning: bool = False
    item: CaseFileItem | None = None


def _kept(case_file: CaseFile, by: User) -> CaseFile:
    """The file as it is now, held until the transaction ends, if this person keeps it."""
    found = CaseFile.objects.select_for_update(of=("self",)).get(pk=case_file.pk)
    if not CaseFile.objects.kept_by(by).filter(pk=found.pk).exists():
        raise NotYourFile
    return found


def _open(case_file: CaseFile, by: User) -> CaseFile:
    found = _kept(case_file, by)
    if not found.is_open:
        raise FileClosed
    return found


@transaction.atomic
def file_document(
    *,
    case_file: CaseFile,
    document: Document,
    by: User,
    now: datetime.datetime,
    pages: int | None = None,
    note: str = "",
) -> CaseFileItem:
    """Put a document into an open case file, at its end; one that is there already stays.

    Raises:
        NotYourFile, FileClosed, FileFull, SecretOutside
    """
    case_file = _open(case_file, by)
    return _put(case_file, document, by, now, pages, note)


def _put(
    case_file: CaseFile, document: Document, by: User, now: datetime.datetime,
    pages: int | None = None, note: str = "",
) -> CaseFileItem:  # fmt: skip
    if item := case_file.items.filter(document=document).first():
        return item
    if document.secrecy:
        raise SecretOutside
    last = case_file.items.aggregate(last=Max("position"))["last"] or 0
    if last >= LARGEST:
        raise FileFull
    return CaseFileItem.objects.create(
        case_file=case_file, document=document, position=last + 1,
        pages=document.pages if pages is None else pages, note=note[:300], filed_by=by,
        filed_at=now,
    )  # fmt: skip


@transaction.atomic
def take_out(*, item: CaseFileItem, by: User) -> None:
    """Take a document out of an open file; those behind it move up.

    Raises:
        NotYourFile, FileClosed
    """
    case_file = _open(item.case_file, by)
    found = CaseFileItem.objects.filter(pk=item.pk, case_file=case_file).first()
    if found is None:
        return
    found.delete()
    case_file.items.filter(position__gt=found.position).update(position=F("position") - 1)


@transaction.atomic
def put_in_time_order(*, case_file: CaseFile, by: User) -> CaseFile:
    """Number the documents by their days. Raises NotYourFile, FileClosed."""
    case_file = _open(case_file, by)
    items = list(case_file.items.order_by("document__date", "document__pk"))
    for position, item in enumerate(items, start=1):
        item.position = position
    CaseFileItem.objects.bulk_update(items, ["position"])
    return case_file


@transaction.atomic
def case_file_for(
    *, assignment: Assignment, by: User, now: datetime.datetime,
    retention: RetentionTerm | None = None,
) -> CaseFile:  # fmt: skip
    """The case file of a piece of work, opened when it has none: the letter and what answered it.

    Its symbol is the next of the division in the year ("03.HC-TH").

    Raises:
        NotYourFile: the work is not this person's.
        NoRetentionTerm: the table of terms is empty.
    """
    theirs = Assignment.objects.handled_by(by).select_for_update(of=("self",))
    found = theirs.select_related("document", "division").filter(pk=assignment.pk).first()
    if found is None:
        raise NotYourFile("Việc này không giao cho anh, chị.")
    case_file = CaseFile.objects.filter(assignment=found).first()
    if case_file is None:
        term = retention or RetentionTerm.objects.filter(is_active=True).first()
        if term is None:
            raise NoRetentionTerm
        today = localdate(now)
        case_file = CaseFile.objects.create(
            year=today.year,
            symbol=next_symbol(found.division.code, today.year),
            title=Truncator(f"Giải quyết {found.document}: {found.document.subject}").chars(500),
            retention=term,
            division=found.division,
            maker=found.officer or by,
            assignment=found,
            opened_date=today,
            is_demo=found.is_demo,
        )
    if case_file.is_open:
        file_work(assignment=found, by=by, now=now)
    return case_file


def file_work(*, assignment: Assignment, by: User, now: datetime.datetime) -> None:
    """Letter and answer go into the work's own open case file; nothing when it has none."""
    case_file = CaseFile.objects.open().filter(assignment=assignment).first()
    if case_file is None:
        return
    for document in (assignment.document, assignment.answer):
        if document is not None:
            _put(case_file, document, by, now)


def next_symbol(code: str, year: int) -> str:
    """ "03.HC-TH" after "02.HC-TH": by the highest number of the division in the year."""
    ending = f".{code}"[:15]
    taken = CaseFile.objects.filter(year=year, symbol__endswith=ending)
    numbers = [
        int(head)
        for symbol in taken.values_list("symbol", flat=True)
        if (head := symbol.removesuffix(ending)).isascii() and head.isdigit()
    ]
    return f"{max(numbers, default=0) + 1:02}{ending}"


def faults_of(case_file: CaseFile) -> list[Fault]:
    """What is to be mended before the file is closed: duplicates, drafts, gaps."""
    items = list(
        case_file.items.select_related("document__document_type", "document__issuer").order_by(
            "position"
        )
    )
    if not items:
        return [Fault("Hồ sơ chưa có văn bản nào.")]
    found = [*_duplicates(items), *_drafts(items)]
    work = case_file.assignment
    if work is not None and work.is_open:
        found.append(Fault("Việc của hồ sơ này chưa xong, chưa có văn bản trả lời."))
    without = [item for item in items if not item.document.file]
    if without:
        names = ", ".join(str(item.document) for item in without[:5])
        found.append(Fault(f"Chưa có tệp: {names}.", is_warning=True))
    if any(item.pages is None for item in items):
        found.append(Fault("Có văn bản chưa ghi số trang.", is_warning=True))
    return found


def _duplicates(items: list[CaseFileItem]) -> list[Fault]:
    def marks(item: CaseFileItem) -> list[tuple[object, ...]]:
        one = item.document
        named = (one.number_key, one.symbol_key, one.issuer_id, one.date.year)
        return [
            *([("file", one.sha256)] if one.sha256 else []),
            *([("name", *named)] if one.number_key else []),
        ]

    counts = Counter(mark for item in items for mark in marks(item))
    seen: set[tuple[object, ...]] = set()
    found = []
    for item in items:
        twice = [mark for mark in marks(item) if counts[mark] > 1]
        if any(mark in seen for mark in twice):
            found.append(Fault(f"Trùng: {item.document}.", item=item))
        seen.update(twice)
    return found


def _drafts(items: list[CaseFileItem]) -> list[Fault]:
    return [
        Fault(f"Bản nháp, chưa có số: {item.document.subject}.", item=item)
        for item in items
        if not item.document.number and item.document.direction == "outgoing"
    ]


@transaction.atomic
def close_case_file(
    *, case_file: CaseFile, by: User, on: datetime.date, note: str = ""
) -> CaseFile:
    """Close a file without faults; its warnings are answered by a note.

    Raises:
        NotYourFile, StillFaulty
        FilingRefused: the day lies before the opening.
    """
    case_file = _kept(case_file, by)
    if not case_file.is_open:
        return case_file
    faults, note = faults_of(case_file), note.strip()[:500]
    if any(not fault.is_warning for fault in faults):
        raise StillFaulty
    if faults and not note:
        raise StillFaulty("Hồ sơ còn thiếu. Hãy bổ sung, hoặc ghi chú vì sao thiếu rồi đóng.")
    if on < case_file.opened_date:
        raise FilingRefused("Ngày kết thúc không thể trước ngày mở hồ sơ.")
    case_file.closed_date, case_file.closed_by, case_file.closing_note = on, by, note
    case_file.save(update_fields=["closed_date", "closed_by", "closing_note"])
    return case_file


@transaction.atomic
def reopen_case_file(*, case_file: CaseFile, by: User) -> CaseFile:
    """Open a closed file again. Raises NotYourFile."""
    case_file = _kept(case_file, by)
    case_file.closed_date = case_file.closed_by = None
    case_file.closing_note = ""
    case_file.save(update_fields=["closed_date", "closed_by", "closing_note"])
    return case_file
