"""The open work of somebody who leaves or moves, and its way to a successor in one step."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portal.collection.models import (
    Delegation,
    HandOver,
    Notice,
    Remark,
    Submission,
    SubmissionEvent,
)

from .refusals import NotAllowed, NothingToHandOver, WrongSubstitute
from .standing_in import end_delegation, possible_substitutes
from .telling import tell
from .trail import moment, note
from .turns import waiting_for

if TYPE_CHECKING:
    from portal.accounts.models import User

KINDS = {
    "draft": "Đang nhập",
    "returned": "Được trả lại",
    "review": "Chờ duyệt",
    "remark": "Ý kiến chưa gửi",
    "delegation": "Uỷ quyền",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of open work: its kind (of KINDS), what it is, where, and the row's number."""

    kind: str
    label: str
    url: str
    pk: int

    @property
    def word(self) -> str:
        return KINDS[self.kind]


def open_work(user: User, *, today: datetime.date) -> list[Item]:
    """Drafts and returned data they began or sent, reviews in their turn, remarks not yet sent,
    and delegations that are not over."""
    begun = Submission.objects.with_names().filter(Q(created_by=user) | Q(submitted_by=user))
    found = [
        Item(submission.status, str(submission), submission.get_absolute_url(), submission.pk)
        for submission in begun.filter(status__in=["draft", "returned"])
    ]
    found += [
        Item("review", str(one), reverse("collection:review", args=[one.pk]), one.pk)
        for one in waiting_for(user, day=today).with_names()
    ]
    found += [
        Item(
            "remark",
            remark.text,
            reverse("collection:review", args=[remark.submission_id]),
            remark.pk,
        )
        for remark in unsent_remarks(user)
    ]
    found += [
        Item(
            "delegation",
            f"{one.substitute} thay {one.principal}",
            reverse("collection:delegations"),
            one.pk,
        )
        for one in running_delegations(user, today=today)
    ]
    return found


def unsent_remarks(user: User):  # type: ignore[no-untyped-def]
    return Remark.objects.filter(author=user, is_sent=False, resolved_at=None)


def running_delegations(user: User, *, today: datetime.date):  # type: ignore[no-untyped-def]
    return (
        Delegation.objects.filter(Q(principal=user) | Q(substitute=user), valid__endswith__gt=today)
        .select_related("principal", "substitute")
        .order_by("pk")
    )


@transaction.atomic
def hand_over(
    *, leaver: User, successor: User, by: User, now: datetime.datetime | None = None
) -> HandOver:
    """Give everything open of `leaver` to `successor`, who sees the same area, and keep record.

    Remarks become the successor's, who sends or drops them; delegations of the leaver end, those
    to the leaver go on with the successor; submissions say so in their history; notices follow.

    Raises:
        NotAllowed, WrongSubstitute
        NothingToHandOver: nothing is open.
    """
    if not by.has_perm("accounts.manage"):
        raise NotAllowed
    if not possible_substitutes(leaver).filter(pk=successor.pk).exists():
        raise WrongSubstitute
    at = moment(now)
    today = timezone.localdate(at)
    work = open_work(leaver, today=today)
    if not work:
        raise NothingToHandOver
    made = HandOver.objects.create(
        leaver=leaver,
        successor=successor,
        by=by,
        at=at,
        work=[{"kind": item.kind, "label": item.label, "pk": item.pk} for item in work],
    )
    for pk in {item.pk for item in work if item.kind in ("draft", "returned", "review")}:
        note(
            Submission.objects.get(pk=pk),
            SubmissionEvent.What.HANDED_OVER,
            by=by,
            at=at,
            text=f"{leaver} bàn giao cho {successor}.",
        )
    unsent_remarks(leaver).update(author=successor)
    _pass_delegations_on(leaver, successor, by, at)
    _pass_notices_on(leaver, successor)
    tell(
        [successor],
        kind=Notice.Kind.WORK,
        key=f"hand-over:{made.pk}",
        text=f"Bạn nhận {len(work)} việc {leaver} bàn giao.",
        url=reverse("home"),
        at=at,
    )
    return made


def _pass_delegations_on(leaver: User, successor: User, by: User, at: datetime.datetime) -> None:
    today = timezone.localdate(at)
    for running in list(running_delegations(leaver, today=today)):
        last, first = running.valid.upper, max(running.valid.lower, today)
        stood_in_for = running.principal if running.substitute == leaver else None
        end_delegation(delegation=running, by=by, now=at)
        after = max(first, today + datetime.timedelta(days=1))
        if stood_in_for is not None and stood_in_for != successor and after < last:
            Delegation.objects.create(
                principal=stood_in_for,
                substitute=successor,
                valid=(after, last),
                reason=running.reason,
                named_by=by,
                named_at=at,
            )


def _pass_notices_on(leaver: User, successor: User) -> None:
    told = Notice.objects.of(successor).values("key")
    waiting = Notice.objects.of(leaver).unseen().exclude(kind=Notice.Kind.WORK)
    waiting.exclude(key__in=told).update(person=successor, mail=None)
