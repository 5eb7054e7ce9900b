"""Lists of people from files: read in a confined process, compared, taken over as a whole."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from import_export.results import RowResult

from ethnic_data.models import PeopleAccess, PeopleImport
from ethnic_data.resources.people import RESOURCES, PersonResource
from portal.collection.workbooks.source import Unreadable, open_source
from portal.jobs import services as jobs

from .keeping import record_access
from .tables import PeopleTable, table_of

if TYPE_CHECKING:
    from portal.accounts.models import User

READ_JOB, APPLY_JOB = "read_people", "apply_people"
MOST_SHOWN = 500
State = PeopleImport.State


class FileNotTaken(Exception):
    """The file was refused at the door; the message is for the sender."""


@transaction.atomic
def receive_people_file(
    *, which: str, file: File, name: str, by: User, now: datetime.datetime
) -> PeopleImport:
    """Keep a file and ask for it to be read; an older open one of this sender is put aside.

    Raises:
        FileNotTaken: empty or too large.
    """
    if file.size == 0:
        raise FileNotTaken("Tệp rỗng (0 byte). Hãy kiểm tra lại tệp rồi tải lên lần nữa.")
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise FileNotTaken("Tệp lớn quá mức cho phép.")
    for older in PeopleImport.objects.of(by).open().filter(which=which).select_for_update():
        _end(older, State.DISCARDED)
    shown = "".join(letter for letter in PurePath(name).name if letter.isprintable())[:200]
    one = PeopleImport(which=which, original_name=shown or "tep", by=by, at=now)
    one.file.save(shown, file, save=True)
    jobs.ask(READ_JOB, one.pk)
    return one


def read_import(one: PeopleImport) -> tuple[PeopleTable, list[dict[str, Any]]]:
    """The table in the file, and why there is none; writes nothing."""
    resource = RESOURCES[one.which](by=one.by)
    try:
        source = open_source(one.file.path)
    except Unreadable as problem:
        return PeopleTable(), [{"cell": "", "name": "", "text": problem.message}]
    return table_of(source, resource)


@transaction.atomic
def keep_reading(*, one: PeopleImport, table: PeopleTable, problems: list[dict[str, Any]]) -> bool:
    """Compare the table with the list and keep the outcome; False when nobody waits for it."""
    one = PeopleImport.objects.select_for_update().get(pk=one.pk)
    if one.state != State.RECEIVED:
        return False
    one.changes, one.counts = [], {}
    if not problems:
        one.changes, found, one.counts = _compared(one, table)
        problems = found
    one.problems = problems[:MOST_SHOWN]
    one.counts |= {"problems": len(problems), "left_aside": table.left_aside}
    one.rows = {"headings": table.headings, "rows": table.rows} if not problems else {}
    one.state = State.READ
    one.save()
    return True


def _compared(
    one: PeopleImport, table: PeopleTable
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, int]]:
    resource = RESOURCES[one.which](by=one.by)
    result = resource.import_data(table.as_dataset(), dry_run=True)
    changes: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    counts = {"new": 0, "update": 0, "same": 0}
    for index, row in enumerate(result.rows):
        name = str(table.rows[index][table.headings.index("Họ và tên")] or "")
        if row.import_type in (RowResult.IMPORT_TYPE_INVALID, RowResult.IMPORT_TYPE_ERROR):
            problems += list(_problems(row, resource, table, index, name))
        elif row.import_type == RowResult.IMPORT_TYPE_SKIP:
            counts["same"] += 1
        else:
            is_new = row.import_type == RowResult.IMPORT_TYPE_NEW
            counts["new" if is_new else "update"] += 1
            if len(changes) < MOST_SHOWN:
                cells = [] if is_new else resource.changes(row.original, row.instance)
                changes.append({"name": name, "new": is_new, "cells": cells})
    return changes, problems, counts


def _problems(
    row: RowResult, resource: PersonResource, table: PeopleTable, index: int, name: str
) -> Iterator[dict[str, Any]]:
    """Each thing wrong with one row, at its cell where a column is to blame."""
    error = row.validation_error
    if error is None:
        for one in row.errors:
            said = (
                str(one.error) if isinstance(one.error, ValueError) else "Dòng này chưa đọc được."
            )
            yield {"cell": table.cell(index), "name": name, "text": said}
        return
    columns = {field.attribute: field.column_name for field in resource.fields.values()}
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for attribute, messages in by_field.items():
        heading = columns.get(attribute, "")
        for text in messages:
            said = f"{heading}: {text}" if heading else text
            yield {"cell": table.cell(index, heading), "name": name, "text": said}


@transaction.atomic
def confirm_import(*, one: PeopleImport) -> bool:
    """The sender agrees; False when there is nothing to agree to (any more)."""
    one = PeopleImport.objects.select_for_update().get(pk=one.pk)
    if not one.is_ready or not one.rows:
        return False
    one.state = State.CONFIRMED
    one.save(update_fields=["state"])
    jobs.ask(APPLY_JOB, one.pk)
    return True


@transaction.atomic
def apply_import(*, one: PeopleImport) -> bool:
    """Take the confirmed rows over, all or nothing; False when it was done before.

    What changed in the list meanwhile and no longer fits sends the import back to the sender.
    """
    one = PeopleImport.objects.select_for_update().select_related("by").get(pk=one.pk)
    if one.state != State.CONFIRMED:
        return False
    table = PeopleTable(**one.rows)
    counts = dict(one.counts)
    try:
        with transaction.atomic():
            RESOURCES[one.which](by=one.by).import_data(
                table.as_dataset(), dry_run=False, use_transactions=False, raise_errors=True
            )
    except Exception as error:
        text = "Danh sách vừa thay đổi nên tệp không còn khớp. Hãy tải tệp lên lại để so sánh."
        one.problems = [{"cell": "", "name": "", "text": text}]
        one.rows, one.state = {}, State.READ
        one.counts |= {"problems": 1, "cause": type(error).__name__}
        one.save()
        return True
    record_access(
        which=one.which,
        what=PeopleAccess.What.IMPORTED,
        by=one.by,
        count=counts.get("new", 0) + counts.get("update", 0),
        detail=f"{one.original_name}: {counts.get('new', 0)} mới, {counts.get('update', 0)} sửa",
    )
    _end(one, State.DONE)
    return True


@transaction.atomic
def discard_import(*, one: PeopleImport) -> None:
    one = PeopleImport.objects.select_for_update().get(pk=one.pk)
    if one.state not in PeopleImport.ENDED:
        _end(one, State.DISCARDED)


def _end(one: PeopleImport, state: str) -> None:
    """Nothing personal stays behind: not the file, not its rows."""
    kept = one.file.name
    one.state, one.file, one.rows, one.changes, one.problems = state, "", {}, [], []
    one.save()
    if kept:
        storage = PeopleImport._meta.get_field("file").storage  # type: ignore[union-attr]
        transaction.on_commit(lambda: storage.delete(kept))
