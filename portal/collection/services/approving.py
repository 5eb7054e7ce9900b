"""The steps of review: approve level by level, send back a level, return to the unit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from portal.collection.models import Reviewer, ReviewStep, Submission, SubmissionEvent
from portal.jobs import services as jobs

from .changes import keep_returned
from .objecting import refuse_what_changed, take_effect
from .reading import plain
from .rechecking import ask_recheck
from .refusals import (
    NoDelegation,
    NoLevelBelow,
    NothingToSay,
    NotReadyForAll,
    NotYourTurn,
    OwnSubmission,
    Refused,
    SecondLevel,
)
from .review import add_remark, under_review
from .telling import tell_returned, tell_turn
from .trail import moment, note
from .turns import (
    Turn,
    approved_at_other_level,
    makers,
    next_level,
    principals_of,
    standings,
    turn_of,
)

if TYPE_CHECKING:
    from portal.accounts.models import User

What = SubmissionEvent.What
Outcome = ReviewStep.Outcome

#: What rooms above do once data are approved; a job, so that approving waits for nobody.
FOLLOW_JOB = "follow_approval"
#: The sums that pages read, brought up to date; until then the values themselves are read.
SUM_JOB = "sum_submission"


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody at the turn of one submission: who, for whom, at which level, when."""

    submission: Submission
    turn: Turn
    by: User
    on_behalf_of: User | None
    at: datetime.datetime

    @property
    def people(self) -> set[int]:
        return {self.by.pk} | ({self.on_behalf_of.pk} if self.on_behalf_of else set())

    def step(self, outcome: ReviewStep.Outcome, *, text: str = "", back_to: str = "") -> None:
        ReviewStep.objects.create(
            submission=self.submission,
            round=self.submission.round,
            reviewer=self.turn.reviewer,
            outcome=outcome,
            sent_back_to=back_to,
            by=self.by,
            on_behalf_of=self.on_behalf_of,
            at=self.at,
            remark=text[:1000],
        )

    def note(self, what: SubmissionEvent.What, text: str = "") -> None:
        note(
            self.submission,
            what,
            by=self.by,
            at=self.at,
            text=text,
            on_behalf_of=self.on_behalf_of,
        )


def take_turn(
    submission: Submission, by: User, on_behalf_of: User | None, now: datetime.datetime | None
) -> Act:
    """The turn in hand, held until the transaction ends. Without a name given, the own if it is.

    Raises:
        NotAllowed, NotAwaitingReview, NotYourTurn, NoDelegation
    """
    at = moment(now)
    day = timezone.localdate(at)
    submission = under_review(submission, by=by, at=at)
    names = standings(by, submission, day=day)
    if on_behalf_of is not None and on_behalf_of not in names:
        known = on_behalf_of in principals_of(by, day=day)
        raise NotYourTurn if known else NoDelegation
    if on_behalf_of is None and None not in names:
        on_behalf_of = names[0]
    turn = turn_of(submission, day=day)
    if turn is None:
        raise NotYourTurn
    return Act(submission, turn, by, on_behalf_of, at)


@transaction.atomic
def approve(
    *,
    submission: Submission,
    by: User,
    on_behalf_of: User | None = None,
    now: datetime.datetime | None = None,
) -> Submission:
    """Approve at the level in turn. After the last level the data are locked, and the approved
    revision before it is superseded; after any other the submission waits for the level above.

    Raises:
        NotAllowed, NotAwaitingReview, NotYourTurn, NoDelegation
        OwnSubmission: `by`, or who they stand in for, had a hand in the data.
        SecondLevel: one of them approved this round at another level.
        NoLongerRight: the domain holds something against the data by now.
        NotTakenUp, Refused: what follows from the last approval is not possible.
    """
    act = take_turn(submission, by, on_behalf_of, now)
    submission = act.submission
    if act.people & makers(submission):
        raise OwnSubmission
    if approved_at_other_level(submission, act.people, act.turn.reviewer):
        raise SecondLevel
    refuse_what_changed(submission)
    act.step(Outcome.APPROVED)
    following = next_level(submission, day=timezone.localdate(act.at))
    if following is not None:
        act.note(What.ENDORSED, f"{act.turn.label} đã duyệt, chuyển {following.label}.")
        tell_turn(submission, following, at=act.at)
        return submission
    return _finish(act)


def _finish(act: Act) -> Submission:
    submission, at = act.submission, act.at
    before = Submission.objects.approved().filter(
        dataset=submission.dataset, unit=submission.unit, period=submission.period
    )
    for older in before.select_for_update():
        older.status = Submission.Status.SUPERSEDED
        older.save(update_fields=["status"])
        text = f"Bản đính chính lần {submission.revision}: {submission.reason}"
        note(older, What.SUPERSEDED, by=act.by, at=at, text=text)
    submission.remarks.filter(resolved_at=None).update(resolved_at=at, is_sent=True)
    submission.status = Submission.Status.APPROVED
    submission.approved_by, submission.approved_at = act.by, at
    submission.save(update_fields=["status", "approved_by", "approved_at"])
    act.note(What.APPROVED)
    take_effect(submission, by=act.by)
    ask_recheck(submission)
    jobs.ask(SUM_JOB, submission.pk)
    jobs.ask(FOLLOW_JOB, submission.pk)
    return submission


@transaction.atomic
def send_back(
    *,
    submission: Submission,
    by: User,
    text: str,
    on_behalf_of: User | None = None,
    now: datetime.datetime | None = None,
) -> Submission:
    """Give a submission back to the level below, which looks at it again.

    Raises:
        NotAllowed, NotAwaitingReview, NotYourTurn, NoDelegation
        NoLevelBelow: the level in turn is the first.
        NothingToSay
    """
    act = take_turn(submission, by, on_behalf_of, now)
    below, text = act.turn.below, plain(text).strip()
    if below is None:
        raise NoLevelBelow
    if not text:
        raise NothingToSay
    act.step(Outcome.SENT_BACK, text=text, back_to=below)
    act.note(What.SENT_BACK, f"{below.label}: {text}")
    tell_turn(act.submission, below, at=act.at)
    return act.submission


@transaction.atomic
def return_submission(
    *,
    submission: Submission,
    by: User,
    text: str = "",
    on_behalf_of: User | None = None,
    now: datetime.datetime | None = None,
) -> Submission:
    """Give a submission back to its unit with the remarks, or with a word about the whole.

    Raises:
        NotAllowed, NotAwaitingReview, NotYourTurn, NoDelegation
        NothingToSay: no remark and no word.
    """
    act = take_turn(submission, by, on_behalf_of, now)
    submission, text = act.submission, plain(text).strip()
    if text:
        add_remark(submission=submission, text=text, by=by, now=act.at)
    if not submission.remarks.filter(resolved_at=None).exists():
        raise NothingToSay
    keep_returned(submission, at=act.at)
    act.step(Outcome.RETURNED, text=text)
    submission.remarks.update(is_sent=True)
    submission.status = Submission.Status.RETURNED
    submission.save(update_fields=["status"])
    act.note(What.RETURNED, text)
    tell_returned(submission, at=act.at)
    return submission


@dataclass(frozen=True, slots=True)
class Approved:
    """What became of one of several: the sentence says it, `done` that it went through."""

    submission: Submission
    done: bool
    words: str


def approve_several(
    *, submissions: Iterable[Submission], by: User, now: datetime.datetime | None = None
) -> list[Approved]:
    """Approve each in its own transaction; what is refused is told and stops nothing else."""
    return [_approve_one(submission, by, now) for submission in submissions]


def _approve_one(submission: Submission, by: User, now: datetime.datetime | None) -> Approved:
    try:
        if hindrances(submission):
            raise NotReadyForAll
        done = approve(submission=submission, by=by, now=now)
    except Refused as refusal:
        return Approved(submission, False, refusal.message)
    if done.status == Submission.Status.APPROVED:
        return Approved(done, True, "Đã duyệt, số liệu đã khoá.")
    day = timezone.localdate(moment(now))
    following = next_level(done, day=day) or Reviewer.COMMITTEE
    return Approved(done, True, f"Đã duyệt, chuyển {following.label}.")


def hindrances(submission: Submission) -> list[str]:
    """What keeps a submission from being approved without being looked at by itself."""
    found = []
    if errors := submission.reconciliation.get("errors"):
        found.append(f"{errors} lỗi")
    if open_remarks := sum(remark.resolved_at is None for remark in submission.remarks.all()):
        found.append(f"{open_remarks} ý kiến chưa được trả lời")
    return found
