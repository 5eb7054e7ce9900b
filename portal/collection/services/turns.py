"""Whose turn a submission is, and in whose name a person may take it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from portal.accounts.models import User
from portal.collection.models import (
    REVIEWING,
    Delegation,
    Reviewer,
    ReviewStep,
    Submission,
    SubmissionEvent,
)
from portal.collection.models.reviewing import PERMISSIONS
from portal.units.models import AdministrativeUnit, UnitAncestor

if TYPE_CHECKING:
    from portal.collection.models.submissions import SubmissionQuerySet


@dataclass(frozen=True, slots=True)
class Turn:
    """The level that reviews now, since when, and the levels below and above it."""

    reviewer: Reviewer
    since: datetime.datetime
    below: Reviewer | None
    above: Reviewer | None

    @property
    def label(self) -> str:
        return self.reviewer.label


def levels_of(submission: Submission, *, day: datetime.date) -> list[Reviewer]:
    """The levels that approve this submission by the rules of `day`, the first first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reviewer FROM collection_levels(%s, %s, %s) ORDER BY position",
            [submission.dataset_id, submission.unit_id, day],
        )
        return [Reviewer(row[0]) for row in cursor.fetchall()]


def turn_of(submission: Submission, *, day: datetime.date) -> Turn | None:
    """Whose turn it is on `day`; None when the submission is not under review."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collection_turn(%s, %s), collection_turn_since(%s)",
            [submission.pk, day, submission.pk],
        )
        found, since = cursor.fetchone()
    if found is None:
        return None
    reviewer, levels = Reviewer(found), levels_of(submission, day=day)
    place = levels.index(reviewer) if reviewer in levels else len(levels)
    return Turn(
        reviewer,
        since,
        below=levels[place - 1] if place else None,
        above=levels[place + 1] if place + 1 < len(levels) else None,
    )


def next_level(submission: Submission, *, day: datetime.date) -> Reviewer | None:
    """The first level that has not approved this round; None when all have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT collection_next_level(%s, %s)", [submission.pk, day])
        (found,) = cursor.fetchone()
    return Reviewer(found) if found else None


def principals_of(user: User, *, day: datetime.date) -> list[User]:
    """The people `user` stands in for on `day`."""
    named = Delegation.objects.on(day).filter(substitute=user)
    return [
        row.principal for row in named.select_related("principal__area").order_by("principal__pk")
    ]


def reviews_at(user: User, reviewer: Reviewer) -> bool:
    return user.has_perm(PERMISSIONS[reviewer])


def of_own_turn(user: User, *, day: datetime.date) -> Q:
    """Submissions (with their turn) that wait for a level at which `user` reviews."""
    everywhere = [level for level in (Reviewer.COMMITTEE, Reviewer.HEAD) if reviews_at(user, level)]
    found = Q(turn__in=everywhere, unit__in=AdministrativeUnit.objects.visible_to(user))
    if reviews_at(user, Reviewer.DISTRICT):
        below = UnitAncestor.objects.filter(ancestor=user.area, valid__contains=day)
        found |= Q(turn=Reviewer.DISTRICT, unit__in=below.values("unit"))
    return found


def waiting_for(user: User, *, day: datetime.date) -> SubmissionQuerySet:
    """What waits for a step of `user`, in the own name or for somebody; never what they made."""
    found = of_own_turn(user, day=day)
    for principal in principals_of(user, day=day):
        own = of_own_turn(principal, day=day)
        found |= own & ~Q(created_by=principal) & ~Q(submitted_by=principal)
    return (
        Submission.objects.awaiting_review()
        .visible_to(user)
        .exclude(Q(submitted_by=user) | Q(created_by=user))
        .with_turn(day)
        .filter(found)
    )


def standings(user: User, submission: Submission, *, day: datetime.date) -> list[User | None]:
    """In whose name `user` may take the turn in hand: None the own, or somebody stood in for."""
    turning = Submission.objects.filter(pk=submission.pk).visible_to(user).with_turn(day)
    names: list[User | None] = [None, *principals_of(user, day=day)]
    return [who for who in names if turning.filter(of_own_turn(who or user, day=day)).exists()]


def may_review_at_all(user: User, *, day: datetime.date | None = None) -> bool:
    """Whether any level is theirs, by role or for somebody they stand in for."""
    if any(user.has_perm(permission) for permission in REVIEWING):
        return True
    today = day or timezone.localdate()
    return any(
        principal.has_perm(permission)
        for principal in principals_of(user, day=today)
        for permission in REVIEWING
    )


def may_review(user: User, submission: Submission, *, day: datetime.date) -> bool:
    """Whether a level of this submission may ever be theirs; an officer's own unit's is not."""
    if not Submission.objects.visible_to(user).filter(pk=submission.pk).exists():
        return False
    people = [user, *principals_of(user, day=day)]
    return any(_reviews_of(person, submission) for person in people)


def _reviews_of(person: User, submission: Submission) -> bool:
    if reviews_at(person, Reviewer.COMMITTEE) or reviews_at(person, Reviewer.HEAD):
        return True
    return reviews_at(person, Reviewer.DISTRICT) and person.area_id != submission.unit_id


def makers(submission: Submission) -> set[int | None]:
    """Everybody who had a hand in the data: they do not approve them."""
    what = SubmissionEvent.What
    hands = submission.events.filter(
        what__in=[
            what.OPENED,
            what.UPLOADED,
            what.COMMITTED,
            what.TYPED,
            what.UNDONE,
            what.SUBMITTED,
        ]
    )
    acted = hands.values_list("who", "on_behalf_of")
    return {
        submission.created_by_id,
        submission.submitted_by_id,
        *submission.uploads.values_list("uploaded_by", flat=True),
        *(person for pair in acted for person in pair if person),
    }


def approved_at_other_level(submission: Submission, people: set[int], reviewer: str) -> bool:
    """Whether one of `people` already approved this round at another level."""
    done = submission.steps.filter(round=submission.round, outcome=ReviewStep.Outcome.APPROVED)
    return (
        done.exclude(reviewer=reviewer)
        .filter(Q(by__in=people) | Q(on_behalf_of__in=people))
        .exists()
    )


@dataclass(frozen=True, slots=True)
class PathLevel:
    """One level on a submission's way: `state` is done, current or todo; `step` when done."""

    label: str
    state: str
    step: ReviewStep | None = None
    since: datetime.datetime | None = None


def path_of(submission: Submission, *, day: datetime.date) -> list[PathLevel]:
    """Every level of the round in hand, in order; empty for what is not under or past review."""
    if submission.status not in (
        Submission.Status.SUBMITTED,
        Submission.Status.APPROVED,
        Submission.Status.SUPERSEDED,
    ):
        return []
    steps = submission.steps.filter(round=submission.round).select_related("by", "on_behalf_of")
    approved: dict[str, ReviewStep] = {}
    for step in steps:
        if step.outcome == ReviewStep.Outcome.APPROVED:
            approved[step.reviewer] = step
        elif step.sent_back_to:
            approved.pop(step.sent_back_to, None)
    done = [PathLevel(Reviewer(level).label, "done", step=step) for level, step in approved.items()]
    turn = turn_of(submission, day=day)
    if turn is None:
        return done
    todo = [
        PathLevel(level.label, "todo")
        for level in levels_of(submission, day=day)
        if level not in approved and level != turn.reviewer
    ]
    return [*done, PathLevel(turn.label, "current", since=turn.since), *todo]
