"""One line of a submission's history."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from portal.collection.models import Submission, SubmissionEvent

from .refusals import NotAllowed, NotEditable

if TYPE_CHECKING:
    from portal.accounts.models import User


def moment(now: datetime.datetime | None) -> datetime.datetime:
    """`now` as given, else the present."""
    return now or timezone.now()


def note(
    submission: Submission,
    what: SubmissionEvent.What,
    *,
    by: User,
    at: datetime.datetime,
    text: str = "",
    on_behalf_of: User | None = None,
) -> SubmissionEvent:
    return SubmissionEvent.objects.create(
        submission=submission,
        what=what,
        who=by,
        on_behalf_of=on_behalf_of,
        at=at,
        note=text[:500],
    )


def locked(submission: Submission) -> Submission:
    """The row as it is now, held until the transaction ends: one writer at a time."""
    return (
        Submission.objects.select_for_update(of=("self",))
        .select_related("dataset", "unit", "period")
        .get(pk=submission.pk)
    )


def editable(submission: Submission, *, by: User) -> Submission:
    """The locked row, when `by` may enter data into it.

    Raises:
        NotAllowed: not their area, or their role does not enter data.
        NotEditable: it is submitted or approved.
    """
    if not may(by, "collection.enter", submission):
        raise NotAllowed
    fresh = locked(submission)
    if not fresh.is_editable:
        raise NotEditable
    return fresh


def may(user: User, permission: str, submission: Submission) -> bool:
    """Whether the role carries `permission` and the submission is in the user's area."""
    return (
        user.has_perm(permission)
        and Submission.objects.visible_to(user).filter(pk=submission.pk).exists()
    )
