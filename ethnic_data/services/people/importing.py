"""Lists of people from files: the way of every list, and nothing personal stays behind."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.db import transaction

from ethnic_data.models import PeopleAccess, PeopleImport
from ethnic_data.resources.people import RESOURCES, PersonResource
from portal.collection.lists.tables import ListTable
from portal.collection.services import lists
from portal.collection.services.lists import FileNotTaken
from portal.collection.services.lists.receiving import locked, refuse_at_door, shown_name
from portal.jobs import services as jobs

from .keeping import record_access

if TYPE_CHECKING:
    from portal.accounts.models import User

__all__ = ["FileNotTaken"]
READ_JOB, APPLY_JOB = "read_people", "apply_people"
State = PeopleImport.State


@transaction.atomic
def receive_people_file(
    *, which: str, file: File, name: str, by: User, now: datetime.datetime
) -> PeopleImport:
    """Keep a file and ask for it to be read; an older open one of this sender is put aside.

    Raises:
        FileNotTaken: empty or too large.
    """
    refuse_at_door(file)
    for older in PeopleImport.objects.of(by).open().filter(which=which).select_for_update():
        older.end(State.DISCARDED)
    one = PeopleImport(which=which, original_name=shown_name(name), by=by, at=now)
    one.file.save("tep", file, save=True)
    jobs.ask(READ_JOB, one.pk)
    return one


def resource_of(one: PeopleImport) -> PersonResource:
    return RESOURCES[one.which](by=one.by)


def read_import(one: PeopleImport) -> tuple[ListTable, list[dict[str, Any]]]:
    """The table in the file, and why there is none; writes nothing."""
    return lists.read_list(one.file.path, resource_of(one))


def keep_reading(*, one: PeopleImport, table: ListTable, problems: list[dict[str, Any]]) -> bool:
    """Compare the table with the list; one bad row keeps all of them out."""
    return lists.keep_reading(
        one=one, table=table, problems=problems, resource=resource_of(one), whole=True
    )


def confirm_import(*, one: PeopleImport) -> bool:
    """The sender agrees; False when there is nothing to agree to (any more)."""
    return lists.confirm_list(one=one, job=APPLY_JOB)


@transaction.atomic
def apply_import(*, one: PeopleImport) -> bool:
    """Take the confirmed rows over, all or nothing; False when nothing was stored."""
    if not lists.take_over_list(one=one, resource=resource_of(one)):
        return False
    one = locked(one)
    told = f"{one.counts.get('new', 0)} mới, {one.counts.get('update', 0)} sửa"
    _record(one, PeopleAccess.What.IMPORTED, one.stored_count, told, by=one.by)
    return True


@transaction.atomic
def undo_import(*, one: PeopleImport, by: User) -> int:
    """Take the people of a file off the list again, while nobody changed them.

    Raises:
        CannotUndo: see `undo_list`.
    """
    count = lists.undo_list(one=one, resource=resource_of(one))
    _record(one, PeopleAccess.What.UNDONE, count, f"{count} người", by=by)
    return count


def _record(one: PeopleImport, what: str, count: int, told: str, *, by: User) -> None:
    detail = f"{one.original_name}: {told}"
    record_access(which=one.which, what=what, by=by, count=count, detail=detail)
