"""Clear away what was put aside: files that made no value."""

from __future__ import annotations

import datetime
from functools import partial
from pathlib import PurePath

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from portal.collection.models import Upload

FOLDER = "collection/uploads"
YOUNG = datetime.timedelta(hours=24)  # a file that may still be on its way into a row


def purge_discarded(*, days: int, now: datetime.datetime | None = None) -> int:
    """Delete uploads put aside that were sent more than `days` days ago; returns how many."""
    before = (now or timezone.now()) - datetime.timedelta(days=days)
    uploads = list(Upload.objects.filter(state=Upload.State.DISCARDED, uploaded_at__lte=before))
    for upload in uploads:
        with transaction.atomic():
            transaction.on_commit(partial(default_storage.delete, str(upload.file.name)))
            upload.delete()
    return len(uploads)


def purge_orphans(*, now: datetime.datetime | None = None) -> int:
    """Delete kept files older than a day that no upload names; returns how many.

    They come from a server that stopped between keeping a file and writing its row.
    """
    if not default_storage.exists(FOLDER):
        return 0
    _, names = default_storage.listdir(FOLDER)
    known = set(Upload.objects.values_list("file", flat=True))
    before = (now or timezone.now()) - YOUNG
    orphans = [
        path
        for name in names
        if (path := str(PurePath(FOLDER) / name)) not in known
        and default_storage.get_modified_time(path) < before
    ]
    for path in orphans:
        default_storage.delete(path)
    return len(orphans)
