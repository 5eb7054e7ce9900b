"""Send for review, take back, return, approve."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.db import transaction

from portal.collection.models import Remark, Submission, SubmissionEvent, WarningReason

from .confirming import confirm, digest_of, statement_of
from .judging import judge, shortcomings
from .reading import plain
from .rechecking import ask_recheck
from .refusals import (
    CoverLetterMissing,
    FileStillOpen,
    NotAllowed,
    NotAwaitingReview,
    NotComplete,
    NotEditable,
    NothingToSay,
    NotReconciled,
    OwnSubmission,
)
from .trail import editable, locked, may, moment, note

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.units.models import AdministrativeUnit

What = SubmissionEvent.What


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
    now: datetime.datetime | None = None,
) -> Submission:
    """Send a complete submission for review; `by` signs off its reconciliation with it.

    `reconciled` is the digest of the statement that the sender saw and confirmed; None confirms
    what stands now, for callers without a page.

    Raises:
        NotAllowed, NotEditable
        FileStillOpen: a file was uploaded but neither taken over nor put aside.
        NotComplete: a unit is missing, or a rule is broken.
        NotReconciled: the figures changed after the sender looked at them.
        CoverLetterMissing: the dataset wants a letter and none is there.
    """
    if not may(by, "collection.submit", submission):
        raise NotAllowed
    submission = editable(submission, by=by)
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
    submission.status = Submission.Status.SUBMITTED
    submission.submitted_by, submission.submitted_at = by, moment(now)
    confirm(submission=submission, by=by, at=submission.submitted_at)
    submission.typed = {}
    submission.save()
    note(submission, What.SUBMITTED, by=by, at=submission.submitted_at)
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
    """
    if not may(by, "collection.submit", submission):
        raise NotAllowed
    submission = locked(submission)
    if submission.status != Submission.Status.SUBMITTED:
        raise NotAwaitingReview
    submission.status = Submission.Status.DRAFT
    submission.submitted_by = submission.submitted_at = None
    submission.save(update_fields=["status", "submitted_by", "submitted_at"])
    note(submission, What.WITHDRAWN, by=by, at=moment(now))
    return submission


@transaction.atomic
def add_remark(
    *,
    submission: Submission,
    text: str,
    by: User,
    row_unit: AdministrativeUnit | None = None,
    group_code: str = "",
    column_key: str = "",
    sheet: str = "",
    cell: str = "",
    place: str = "",
    now: datetime.datetime | None = None,
) -> Remark:
    """Pin what should be changed to a cell, or say it of the whole.

    Raises:
        NotAllowed, NotAwaitingReview, NothingToSay
    """
    submission = _under_review(submission, by)
    text = plain(text).strip()
    if not text:
        raise NothingToSay
    return Remark.objects.create(
        submission=submission,
        row_unit=row_unit,
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
        NotAllowed, NotAwaitingReview
    """
    _under_review(remark.submission, by)
    if remark.author != by or remark.is_sent:
        raise NotAllowed
    remark.delete()


@transaction.atomic
def return_submission(
    *, submission: Submission, by: User, text: str = "", now: datetime.datetime | None = None
) -> Submission:
    """Give a submission back with its remarks, or with a word about the whole.

    Raises:
        NotAllowed, NotAwaitingReview
        NothingToSay: no remark and no word.
    """
    submission = _under_review(submission, by)
    at, text = moment(now), plain(text).strip()
    if text:
        add_remark(submission=submission, text=text, by=by, now=at)
    if not submission.remarks.filter(resolved_at=None).exists():
        raise NothingToSay
    submission.remarks.update(is_sent=True)
    submission.status = Submission.Status.RETURNED
    submission.save(update_fields=["status"])
    note(submission, What.RETURNED, by=by, at=at, text=text)
    return submission


@transaction.atomic
def resolve_remark(*, remark: Remark, by: User, now: datetime.datetime | None = None) -> None:
    """Mark a remark as attended to.

    Raises:
        NotAllowed, NotEditable
    """
    editable(remark.submission, by=by)
    if remark.resolved_at is None:
        remark.resolved_at = moment(now)
        remark.save(update_fields=["resolved_at"])


@transaction.atomic
def approve(
    *, submission: Submission, by: User, now: datetime.datetime | None = None
) -> Submission:
    """Approve and lock. The approved revision before it is superseded.

    Raises:
        NotAllowed, NotAwaitingReview
        OwnSubmission: `by` began it, submitted it, uploaded one of its files or typed into it.
    """
    submission = _under_review(submission, by)
    if by.pk in makers(submission):
        raise OwnSubmission
    at = moment(now)
    before = Submission.objects.approved().filter(
        dataset=submission.dataset, unit=submission.unit, period=submission.period
    )
    for older in before.select_for_update():
        older.status = Submission.Status.SUPERSEDED
        older.save(update_fields=["status"])
        text = f"Bản đính chính lần {submission.revision}: {submission.reason}"
        note(older, What.SUPERSEDED, by=by, at=at, text=text)
    submission.remarks.filter(resolved_at=None).update(resolved_at=at, is_sent=True)
    submission.status = Submission.Status.APPROVED
    submission.approved_by, submission.approved_at = by, at
    submission.save(update_fields=["status", "approved_by", "approved_at"])
    note(submission, What.APPROVED, by=by, at=at)
    ask_recheck(submission)
    return submission


def makers(submission: Submission) -> set[int | None]:
    """Everybody who had a hand in the data: they do not approve them."""
    hands = submission.events.filter(
        what__in=[
            What.OPENED,
            What.UPLOADED,
            What.COMMITTED,
            What.TYPED,
            What.UNDONE,
            What.SUBMITTED,
        ]
    )
    return {
        submission.created_by_id,
        submission.submitted_by_id,
        *submission.uploads.values_list("uploaded_by", flat=True),
        *hands.values_list("who", flat=True),
    }


def _under_review(submission: Submission, by: User) -> Submission:
    if not may(by, "collection.review", submission):
        raise NotAllowed
    submission = locked(submission)
    if submission.status != Submission.Status.SUBMITTED:
        raise NotAwaitingReview
    return submission


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

    Raises:
        NotAllowed, NotEditable
    """
    submission = editable(submission, by=by)
    place: dict[str, Any] = {
        "submission": submission,
        "rule": plain(rule)[:60],
        "unit_code": plain(unit_code)[:10],
        "group_code": plain(group_code)[:10],
        "column_key": plain(column_key)[:40],
    }
    text = plain(text).strip()
    if not text:
        WarningReason.objects.filter(**place).delete()
        return
    WarningReason.objects.update_or_create(
        **place, defaults={"text": text[:500], "author": by, "at": moment(now)}
    )


__all__ = [
    "CoverLetter",
    "NotEditable",
    "add_remark",
    "approve",
    "delete_remark",
    "explain_warning",
    "makers",
    "resolve_remark",
    "return_submission",
    "submit",
    "withdraw",
]
