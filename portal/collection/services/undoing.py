"""Undo a file that was taken over, as one change, while nothing later depends on it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from portal import formats
from portal.collection.models import Submission, SubmissionEvent, Upload
from portal.collection.stores import Written, store_of

from .beside import layout_of
from .committing import in_words
from .judging import judge
from .owning import check_own_file
from .refusals import StillNeeded
from .trail import editable, moment, note

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def undo_upload(*, upload: Upload, by: User, now: datetime.datetime | None = None) -> Written:
    """Put the submission back to where it was before `upload` was taken over.

    The file stays in the list, marked as undone. A second call changes nothing.

    Raises:
        NotAllowed, NotEditable
        StillNeeded: a later file or typing stands on it; the sentence names it.
    """
    submission = editable(upload.submission, by=by)
    check_own_file(upload, by=by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state == Upload.State.UNDONE:
        return Written()
    if reason := what_stands_on(submission, upload):
        raise StillNeeded(reason)
    written = store_of(submission.dataset).undo(submission, upload)
    upload.state, upload.undone_by, upload.undone_at = Upload.State.UNDONE, by, moment(now)
    upload.save(update_fields=["state", "undone_by", "undone_at"])
    judge(submission)
    text = f"{upload.original_name}: {in_words(written)}"
    note(submission, SubmissionEvent.What.UNDONE, by=by, at=upload.undone_at, text=text)
    return written


def what_stands_on(submission: Submission, upload: Upload) -> str:
    """Why `upload` cannot be undone now, as a sentence; "" when it can."""
    if upload.state != Upload.State.COMMITTED:
        return f"Tệp {upload.original_name} chưa ghi nhận nên không có gì để hoàn tác."
    if found := _told_again(submission, upload):
        later, unit = found
        return (
            f"Chưa hoàn tác được {upload.original_name}: tệp {later.original_name} ghi nhận sau "
            f"cũng có số liệu của {unit}. Hoàn tác tệp đó trước."
        )
    over = store_of(submission.dataset).written_over(submission, upload)
    if newest := Upload.objects.filter(pk__in=over.uploads).order_by("-pk").first():
        return (
            f"Chưa hoàn tác được {upload.original_name}: tệp {newest.original_name} ghi nhận sau "
            "đã thay số liệu của tệp này. Hoàn tác tệp đó trước."
        )
    if over.typed:
        return _typed_over(submission, upload)
    return ""


def _told_again(submission: Submission, upload: Upload) -> tuple[Upload, str] | None:
    """A file taken over after this one that tells of the same unit, and the unit's name."""
    mine = set(upload.units)
    others = submission.uploads.filter(state=Upload.State.COMMITTED).exclude(pk=upload.pk)
    for other in others.order_by("-committed_at", "-pk"):
        is_later = (other.committed_at, other.pk) > (upload.committed_at, upload.pk)
        if is_later and (shared := sorted(mine.intersection(other.units))):
            unit = layout_of(submission).unit_by_code.get(shared[0])
            return other, unit.label if unit else shared[0]
    return None


def _typed_over(submission: Submission, upload: Upload) -> str:
    last = submission.events.filter(
        what=SubmissionEvent.What.TYPED, at__gte=upload.committed_at
    ).first()
    who = f" ({last.who.full_name}, {formats.moment(last.at)})" if last else ""
    return (
        f"Chưa hoàn tác được {upload.original_name}: có ô lấy từ tệp này đã được nhập lại "
        f"trên trang{who}. Sửa tiếp trên trang hoặc tải lên tệp mới."
    )
