"""Taking large files over in the background: asked for on a page, done by a worker."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from portal.collection.models import StagedRow, Submission, Takeover
from portal.jobs import services as jobs
from portal.jobs.models import Job

from .committing import commit_uploads, left_waiting
from .comparing import accepted_uploads
from .refusals import Refused
from .trail import editable, moment

if TYPE_CHECKING:
    from portal.accounts.models import User

COMMIT_JOB = "take_over"
AT_ONCE = 20_000  # values that a page takes over while the person waits


def is_large(submission: Submission) -> bool:
    """Whether more values wait than a page should take over itself."""
    uploads = [upload.pk for upload in accepted_uploads(submission)]
    waiting = StagedRow.objects.filter(upload__in=uploads)
    return (waiting.aggregate(count=Sum("value_count"))["count"] or 0) > AT_ONCE


@transaction.atomic
def ask_takeover(
    *, submission: Submission, by: User, now: datetime.datetime | None = None
) -> Takeover:
    """Ask for the accepted files to be taken over; asking again while it goes on is harmless.

    Raises:
        NotAllowed, NotEditable
    """
    submission = editable(submission, by=by)
    takeover = Takeover.objects.open().filter(submission=submission).first()
    if takeover is None:
        takeover = Takeover.objects.create(
            submission=submission,
            uploads=[upload.pk for upload in accepted_uploads(submission, by=by)],
            asked_by=by,
            asked_at=moment(now),
        )
    jobs.ask(COMMIT_JOB, takeover.pk)
    return takeover


def finish_takeover(takeover: Takeover) -> None:
    """Take the files over, all or nothing; a refusal is kept as a sentence. In a transaction."""
    takeover.state = Takeover.State.DONE
    try:
        with transaction.atomic():
            commit_uploads(
                submission=takeover.submission, by=takeover.asked_by, only=set(takeover.uploads)
            )
        if left := left_waiting(takeover.submission, takeover.uploads):
            takeover.state, takeover.refusal = Takeover.State.REFUSED, left[:500]
    except Refused as refusal:
        takeover.state, takeover.refusal = Takeover.State.REFUSED, refusal.message[:500]
    takeover.save(update_fields=["state", "refusal"])


def takeover_shown(submission: Submission) -> tuple[Takeover, Job | None] | None:
    """What is going on, or was refused last, with its job; None when nothing is to be said."""
    last = submission.takeovers.order_by("-pk").first()
    if last is None or last.state == Takeover.State.DONE:
        return None
    return last, Job.objects.last_of(COMMIT_JOB, last.pk)
