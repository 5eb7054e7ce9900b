"""Take accepted files over into the submission, all or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from portal.collection.models import Dataset, Submission, SubmissionEvent, Upload
from portal.collection.stores import Written, store_of

from .comparing import accepted_uploads, overlaps
from .foreseeing import judge_after
from .objecting import object_again
from .refusals import FilesOverlap, NothingToCommit
from .staging import staged_values, unstage
from .trail import editable, moment, note
from .uploading import put_aside

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def commit_uploads(
    *,
    submission: Submission,
    by: User,
    only: Collection[int] | None = None,
    now: datetime.datetime | None = None,
) -> Written:
    """Write the values of every accepted waiting file; files with errors stay waiting.

    `only` names the uploads that are meant, when not all are.

    A file against which the domain holds something by now stays waiting as well, with what is said
    at its cells.

    Each value is linked to file, sheet and cell. Values equal to what is stored are not touched, so
    the same file twice changes nothing. A second call finds nothing waiting and writes nothing.

    Raises:
        NotAllowed, NotEditable
        NothingToCommit: files wait, but none of them is free of errors and questions.
        FilesOverlap: two files tell of the same unit.
    """
    submission = editable(submission, by=by)
    waiting = submission.uploads.open()
    accepted = [
        upload
        for upload in accepted_uploads(submission, by=by)
        if only is None or upload.pk in only
    ]
    uploads = [upload for upload in accepted if not object_again(upload)]
    if accepted and not uploads:
        return Written()
    if not uploads:
        if waiting.exists():
            raise NothingToCommit
        return Written()
    if shared := overlaps(uploads):
        names = "; ".join(f"{item.unit}: {', '.join(item.files)}" for item in shared[:5])
        raise FilesOverlap(f"{FilesOverlap.message} ({names})")
    at, total = moment(now), Written()
    for upload in uploads:
        total += _commit_one(submission, upload, by, at)
    _put_replaced_aside(submission, uploads)
    judge_after(submission, uploads, total)
    return total


def left_waiting(submission: Submission, uploads: Collection[int]) -> str:
    """A sentence when the domain held some of `uploads` back as they were taken over, else ""."""
    waiting = submission.uploads.open().filter(pk__in=uploads)
    names = ", ".join(upload.original_name for upload in waiting if upload.errors)
    if not names:
        return ""
    return f"Chưa ghi nhận {names}: số liệu liên quan đã thay đổi. Xem lỗi ở từng ô của tệp."


def _put_replaced_aside(submission: Submission, uploads: Sequence[Upload]) -> None:
    """Files with mistakes that tell of nothing but what was just taken over are done with."""
    told = {unit for upload in uploads for unit in upload.units}
    latest = max(upload.pk for upload in uploads)
    for waiting in submission.uploads.open().filter(pk__lt=latest):
        if waiting.units and told.issuperset(waiting.units):
            put_aside(waiting)


def _commit_one(submission: Submission, upload: Upload, by: User, at: datetime.datetime) -> Written:
    store = store_of(submission.dataset)
    if repeats_a_place(submission.dataset):
        values = staged_values(upload).values
        written = store.write(submission, values, upload, units=upload.units)
    else:
        written = store.write_staged(submission, upload)
    upload.state, upload.committed_at = Upload.State.COMMITTED, at
    upload.outcome = written._asdict()
    upload.save(update_fields=["state", "committed_at", "outcome"])
    unstage(upload)
    upload.rows.all().delete()
    note(
        submission,
        SubmissionEvent.What.COMMITTED,
        by=by,
        at=at,
        text=f"{upload.original_name}: {in_words(written)}",
    )
    return written


def repeats_a_place(dataset: Dataset) -> bool:
    """Whether two columns are about the same thing, so that the later value of a row stands."""
    places = list(dataset.columns.values_list("measure", "group_code", "sex", "category"))
    return len(set(places)) < len(places)


def in_words(written: Written) -> str:
    """ "12 mới, 3 thay đổi, 1.269 không đổi": what a commit did."""
    parts = [
        (written.new, "mới"),
        (written.changed, "thay đổi"),
        (written.same, "không đổi"),
        (written.removed, "bỏ đi"),
    ]
    told = [f"{count:,}".replace(",", ".") + f" {word}" for count, word in parts if count]
    return ", ".join(told) or "không có giá trị nào"
