"""Files that a worker prepares and a person fetches: books printed, case files exported."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from portal.accounts.models import User
from portal.documents.books import Book, Period, UnknownBook, book_of
from portal.documents.books.cases import contents_book
from portal.documents.models import CaseFile, PreparedFile
from portal.jobs import services as jobs

#: Drawn by the room that knows paper; it declares the job of this name.
PRINT_JOB = "print_book"
EXPORT_JOB = "export_case_file"
KEPT = datetime.timedelta(days=7)
MOST_WAITING = 5

JOBS = {
    PreparedFile.Kind.BOOK: PRINT_JOB,
    PreparedFile.Kind.CASE_CONTENTS: PRINT_JOB,
    PreparedFile.Kind.CASE_ZIP: EXPORT_JOB,
}


class TooManyWaiting(Exception):
    """The person has several files under way already; the message says so."""

    def __init__(self) -> None:
        super().__init__(f"Đang lập {MOST_WAITING} tệp cho anh, chị. Hãy đợi xong rồi lập tiếp.")


def prepare_book(*, key: str, period: Period, by: User, now: datetime.datetime) -> PreparedFile:
    """Ask for a book over a period as PDF; the same asked while it waits is the same file.

    Raises:
        UnknownBook, TooManyWaiting
    """
    book = book_of(key, user=by, period=period)
    about = {
        "book": key,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
    }
    return _prepare(PreparedFile.Kind.BOOK, f"{book.title.capitalize()}, {period}", about, by, now)


def prepare_case(
    *, case_file: CaseFile, kind: str, by: User, now: datetime.datetime
) -> PreparedFile:
    """Ask for a case file's list of documents as PDF, or for the whole of it as zip.

    Raises:
        TooManyWaiting
    """
    label = PreparedFile.Kind(kind).label
    return _prepare(kind, f"{label}: {case_file}", {}, by, now, case_file)


@transaction.atomic
def _prepare(
    kind: str, title: str, about: dict[str, Any], by: User, now: datetime.datetime,
    case_file: CaseFile | None = None,
) -> PreparedFile:  # fmt: skip
    mine = PreparedFile.objects.visible_to(by).waiting()
    same = mine.filter(kind=kind, about=about, case_file=case_file).first()
    if same is not None:
        return same
    if mine.count() >= MOST_WAITING:
        raise TooManyWaiting
    prepared = PreparedFile.objects.create(
        kind=kind, title=Truncator(title).chars(300), about=about, case_file=case_file,
        asked_by=by, asked_at=now,
    )  # fmt: skip
    jobs.ask(JOBS[PreparedFile.Kind(kind)], prepared.pk)
    return prepared


def book_to_print(prepared: PreparedFile) -> Book:
    """The book a waiting file is to hold, with what its asker may see today.

    Raises:
        UnknownBook: the asker may not have it any more.
    """
    if prepared.case_file_id is not None:
        return _contents(prepared)
    about = prepared.about
    first, last = (datetime.date.fromisoformat(about[name]) for name in ("first", "last"))
    return book_of(about["book"], user=prepared.asked_by, period=Period(first, last))


def _contents(prepared: PreparedFile) -> Book:
    found = (
        CaseFile.objects.visible_to(prepared.asked_by).filter(pk=prepared.case_file_id or 0).first()
    )
    if found is None:
        raise UnknownBook(str(prepared.case_file_id))
    return contents_book(found, prepared.asked_by)


@transaction.atomic
def keep_prepared(
    *, prepared: PreparedFile, path: Path, rows: int | None = None, pages: int | None = None
) -> PreparedFile:
    """Store what was drawn; a file that is ready already stays."""
    prepared = PreparedFile.objects.select_for_update().get(pk=prepared.pk)
    if prepared.state != PreparedFile.State.WAITING:
        return prepared
    with path.open("rb") as content:
        prepared.file.save(path.name, File(content), save=False)
    prepared.size, prepared.rows, prepared.pages = path.stat().st_size, rows, pages
    prepared.state, prepared.ready_at = PreparedFile.State.READY, timezone.now()
    prepared.save()
    return prepared


def refuse_prepared(*, prepared: PreparedFile, problem: str) -> None:
    PreparedFile.objects.waiting().filter(pk=prepared.pk).update(
        state=PreparedFile.State.REFUSED, problem=Truncator(problem).chars(300)
    )


def forget_prepared(*, now: datetime.datetime) -> int:
    """Take files older than a week away; they can be made again. Returns how many."""
    old = list(PreparedFile.objects.filter(asked_at__lt=now - KEPT)[:500])
    for prepared in old:
        storage, name = prepared.file.storage, prepared.file.name
        prepared.delete()
        if name:
            storage.delete(name)
    return len(old)
