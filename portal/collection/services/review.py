"""Send for review and take back; remarks and their answers; reasons of warnings."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from portal.collection.models import Remark, Submission, SubmissionEvent, WarningReason
from portal.collection.models.datasets import ROW_CODE
from portal.collection.stores import store_of

from .closing import check_open
from .confirming import confirm, digest_of, statement_of
from .judging import judge, shortcomings
from .owning import check_own_row
from .reading import plain
from .reasons import PlaceOfWarning, value_warned_of
from .refusals import (
    AlreadyReviewed,
    CoverLetterMissing,
    FileStillOpen,
    NotAllowed,
    NotAwaitingReview,
    NotComplete,
    NothingToSay,
    NotReconciled,
    NotYourTurn,
)
from .standing_in import check_stands_in
from .trail import editable, locked, may, moment, note
from .turns import may_review, standings

if TYPE_CHECKING:
    from portal.accounts.models import User

What = SubmissionEvent.What
PLACE = ("rule", "unit_code", "group_code", "column_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverLetter:
    """The letter that goes with a submission: its number, date and scan."""

    number: str
    date: datetime.date
    scan: File | None = None


@transaction.atomic
def submit(
    *,
    submission: Submission,
    by: User,
    cover_letter: CoverLetter | None = None,
    reconciled: str | None = None,
    on_behalf_of: User | None = None,
    now: datetime.datetime | None = None,
) -> Submission:
    """Send a complete submission for review, in the own name or for somebody who named `by`,
    who signs off its reconciliation with it.

    `reconciled` is the digest of the statement that the sender saw and confirmed; None confirms
    what stands now, for callers without a page.

    Raises:
        NotAllowed, NotEditable, NoDelegation
        PeriodClosed: the period is closed, and the unit was given no more time.
        FileStillOpen: a file was uploaded but neither taken over nor put aside.
        NotComplete: a unit is missing, or a rule is broken.
        NotReconciled: the figures changed after the sender looked at them.
        CoverLetterMissing: the dataset wants a letter and none is there.
        Refused: the domain wants something that is not there.
    """
    if not may(by, "collection.submit", submission):
        raise NotAllowed
    at = moment(now)
    if on_behalf_of is not None:
        check_stands_in(by, on_behalf_of, submission, day=timezone.localdate(at))
    submission = editable(submission, by=by)
    check_open(submission, day=timezone.localdate(at))
    if open_files := list(submission.uploads.open().values_list("original_name", flat=True)[:3]):
        raise FileStillOpen(f"{FileStillOpen.message} ({', '.join(open_files)})")
    judge(submission)
    if found := shortcomings(submission):
        raise NotComplete(" ".join([NotComplete.message, *found]))
    if reconciled is not None and reconciled != digest_of(statement_of(submission)):
        raise NotReconciled
    if cover_letter is not None:
        _attach(submission, cover_letter)
    if submission.dataset.wants_cover_letter and not _has_letter(submission):
        raise CoverLetterMissing
    store_of(submission.dataset).before_sending(submission, by=by)
    submission.status = Submission.Status.SUBMITTED
    submission.submitted_by, submission.submitted_at = by, at
    confirm(submission=submission, by=by, at=at)
    submission.typed = {}
    submission.save()
    submission.refresh_from_db(fields=["round"])
    note(submission, What.SUBMITTED, by=by, at=at, on_behalf_of=on_behalf_of)
    return submission


@transaction.atomic
def attach_letter(*, submission: Submission, letter: CoverLetter, by: User) -> Submission:
    """Put the cover letter with a submission before it is sent; another takes its place.

    Raises:
        NotAllowed, NotEditable
    """
    if not may(by, "collection.submit", submission):
        raise NotAllowed
    submission = editable(submission, by=by)
    _attach(submission, letter)
    submission.save(update_fields=["cover_letter_number", "cover_letter_date", "cover_letter_file"])
    return submission


def _attach(submission: Submission, letter: CoverLetter) -> None:
    submission.cover_letter_number = plain(letter.number).strip()[:60]
    submission.cover_letter_date = letter.date
    if letter.scan is not None:
        submission.cover_letter_file.save(
            letter.scan.name or "cong-van.pdf", letter.scan, save=False
        )


def _has_letter(submission: Submission) -> bool:
    return bool(
        submission.cover_letter_number
        and submission.cover_letter_date
        and submission.cover_letter_file
    )


@transaction.atomic
def withdraw(
    *, submission: Submission, by: User, now: datetime.datetime | None = None
) -> Submission:
    """Take a submission back that nobody has reviewed yet, to go on working on it.

    Raises:
        NotAllowed, NotAwaitingReview
        AlreadyReviewed: a level has made its step.
    """
    if not may(by, "collection.submit", submission):
        raise NotAllowed
    submission = locked(submission)
    if submission.status != Submission.Status.SUBMITTED:
        raise NotAwaitingReview
    if submission.steps.filter(round=submission.round).exists():
        raise AlreadyReviewed
    submission.status = Submission.Status.DRAFT
    submission.submitted_by = submission.submitted_at = None
    submission.save(update_fields=["status", "submitted_by", "submitted_at"])
    note(submission, What.WITHDRAWN, by=by, at=moment(now))
    return submission


def under_review(submission: Submission, *, by: User, at: datetime.datetime) -> Submission:
    """The locked row, when it waits for a level at which `by` reviews, for whomever.

    Raises:
        NotAllowed, NotAwaitingReview, NotYourTurn
    """
    day = timezone.localdate(at)
    if not may_review(by, submission, day=day):
        raise NotAllowed
    submission = locked(submission)
    if submission.status != Submission.Status.SUBMITTED:
        raise NotAwaitingReview
    if not standings(by, submission, day=day):
        raise NotYourTurn
    return submission


@transaction.atomic
def add_remark(
    *,
    submission: Submission,
    text: str,
    by: User,
    row_code: str = "",
    group_code: str = "",
    column_key: str = "",
    sheet: str = "",
    cell: str = "",
    place: str = "",
    now: datetime.datetime | None = None,
) -> Remark:
    """Pin what should be changed to a cell, or say it of the whole.

    Raises:
        NotAllowed, NotAwaitingReview, NotYourTurn, NothingToSay
    """
    submission = under_review(submission, by=by, at=moment(now))
    text = plain(text).strip()
    if not text:
        raise NothingToSay
    return Remark.objects.create(
        submission=submission,
        row_code=row_code,
        group_code=group_code,
        column_key=column_key,
        sheet=sheet[:120],
        cell=cell[:12],
        place=place[:300],
        text=text[:1000],
        author=by,
        at=moment(now),
    )


@transaction.atomic
def delete_remark(*, remark: Remark, by: User) -> None:
    """Take back a remark that was not sent yet.

    Raises:
        NotAllowed, NotAwaitingReview, NotYourTurn
    """
    under_review(remark.submission, by=by, at=timezone.now())
    if remark.author != by or remark.is_sent:
        raise NotAllowed
    remark.delete()


@transaction.atomic
def resolve_remark(
    *, remark: Remark, by: User, answer: str = "", now: datetime.datetime | None = None
) -> None:
    """Mark a remark as attended to, with a word to the reviewer where there is one.

    Raises:
        NotAllowed, NotEditable
    """
    editable(remark.submission, by=by)
    if remark.resolved_at is None:
        remark.resolved_at = moment(now)
        remark.answer, remark.answered_by = plain(answer).strip()[:500], by
        remark.save(update_fields=["resolved_at", "answer", "answered_by"])


@transaction.atomic
def explain_warning(
    *,
    submission: Submission,
    rule: str,
    text: str,
    by: User,
    unit_code: str = "",
    group_code: str = "",
    column_key: str = "",
    now: datetime.datetime | None = None,
) -> None:
    """Say why a value that a rule warns of is right; an empty text takes the reason back.

    The reason holds for that value: another one asks for its own.

    Raises:
        NotAllowed, NotEditable, NotOwn
    """
    submission = editable(submission, by=by)
    check_own_row(submission, unit_code, by=by)
    place: dict[str, Any] = {
        "submission": submission,
        "rule": plain(rule)[:60],
        "unit_code": plain(unit_code)[:ROW_CODE],
        "group_code": plain(group_code)[:10],
        "column_key": plain(column_key)[:40],
    }
    text = plain(text).strip()
    if not text:
        WarningReason.objects.filter(**place).delete()
        return
    about = PlaceOfWarning(*(str(place[name]) for name in PLACE))
    said = {"text": text[:500], "value": value_warned_of(submission, about)}
    WarningReason.objects.update_or_create(
        **place, defaults={**said, "author": by, "at": moment(now)}
    )
