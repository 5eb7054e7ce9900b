"""A file of a list at the door, and one that is put aside."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from portal.collection.models import ListFile, ListImport, ListState
from portal.jobs import services as jobs

if TYPE_CHECKING:
    from portal.accounts.models import User

One = TypeVar("One", bound=ListFile)
READ_JOB, APPLY_JOB = "read_list", "apply_list"


class FileNotTaken(Exception):
    """The file was refused at the door; the message is for the sender."""


def refuse_at_door(file: File) -> None:
    """Raises FileNotTaken: empty or too large."""
    if not file.size:
        raise FileNotTaken("Tệp rỗng (0 byte). Hãy kiểm tra lại tệp rồi tải lên lần nữa.")
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise FileNotTaken("Tệp lớn quá mức cho phép.")


def shown_name(name: str) -> str:
    """The name as pages show it."""
    return "".join(c for c in PurePath(name).name if c.isprintable())[:200] or "tep"


@transaction.atomic
def receive_list(
    *, which: str, file: File, name: str, by: User, now: datetime.datetime
) -> ListImport:
    """Keep a file and ask for it to be read; an older open one of this sender is put aside.

    Raises:
        FileNotTaken: empty or too large.
    """
    refuse_at_door(file)
    for older in ListImport.objects.of(by).open().filter(which=which).select_for_update():
        older.end(ListState.DISCARDED)
    one = ListImport(which=which, original_name=shown_name(name), by=by, at=now)
    one.sha256 = _hash_of(file)
    one.file.save("tep", file, save=True)
    jobs.ask(READ_JOB, one.pk)
    return one


def _hash_of(file: File) -> str:
    digest = hashlib.sha256()
    for part in file.chunks():
        digest.update(part)
    file.seek(0)
    return digest.hexdigest()


def locked(one: One) -> One:
    """The row as it stands now, held until the transaction ends."""
    found: Any = type(one)._default_manager.select_for_update(of=("self",)).select_related("by")
    return found.get(pk=one.pk)  # type: ignore[no-any-return]


@transaction.atomic
def discard(*, one: ListFile) -> bool:
    """Put the file aside; False when it has ended or is being taken over."""
    one = locked(one)
    if one.state not in (ListState.RECEIVED, ListState.READ):
        return False
    one.end(ListState.DISCARDED)
    return True
