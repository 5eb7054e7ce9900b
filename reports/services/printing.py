"""The clerk's books drawn into files that wait for whoever asked."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from portal import formats
from portal.documents.books import UnknownBook
from portal.documents.models import PreparedFile
from portal.documents.services.preparing import book_to_print, keep_prepared, refuse_prepared
from reports.rendering import RENDERING_ERRORS
from reports.rendering.books import print_book

if TYPE_CHECKING:
    from portal.jobs.lease import Lease

GONE = "Anh, chị không còn quyền xem sổ này, hoặc sổ không còn."


def draw(*, prepared_id: int, lease: Lease) -> None:
    """Print the book a waiting file is to hold; nothing to do when it is ready."""
    waiting = PreparedFile.objects.waiting().select_related("asked_by", "case_file__retention")
    prepared = waiting.filter(pk=prepared_id).first()
    if prepared is None:
        return
    try:
        book = book_to_print(prepared)
    except UnknownBook:
        refuse_prepared(prepared=prepared, problem=GONE)
        return

    def say(rows: int) -> None:
        lease.say(f"Đã dàn {formats.number(rows)} dòng")

    with tempfile.TemporaryDirectory() as folder:
        try:
            printed = print_book(book, folder=Path(folder), today=timezone.localdate(), say=say)
        except RENDERING_ERRORS as problem:
            refuse_prepared(prepared=prepared, problem=str(problem))
            return
        with lease.effect():
            keep_prepared(
                prepared=prepared, path=printed.path, rows=printed.rows, pages=printed.pages
            )
