"""Tell people what concerns them: a notice each, once for each key."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from portal import formats
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.collection.models import Delegation, LockException, Notice, Reviewer, Submission
from portal.units.models import Level, UnitAncestor

if TYPE_CHECKING:
    from portal.units.models import AdministrativeUnit

Kind = Notice.Kind


def tell(
    people: Iterable[User],
    *,
    kind: str,
    key: str,
    text: str,
    url: str = "",
    at: datetime.datetime,
) -> int:
    """A notice to each of `people`; how many were told. The same key is told to nobody twice."""
    rows = [
        Notice(person=person, kind=kind, key=key[:200], text=text[:500], url=url, at=at)
        for person in {person.pk: person for person in people if person.is_active}.values()
    ]
    before = Notice.objects.filter(key=key[:200], person__in=[row.person for row in rows])
    known = set(before.values_list("person", flat=True))
    fresh = [row for row in rows if row.person_id not in known]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def senders_of(unit: AdministrativeUnit, *, day: datetime.date) -> list[User]:
    """Who may send for `unit` and is concerned: its officers, else those of the unit above it;
    of the province, the committee's. Their substitutes of the day are concerned as well.
    """
    if unit.level == Level.PROVINCE:
        people = list(User.objects.having("collection.submit").exclude(role=Role.OFFICER))
    else:
        officers = User.objects.having("collection.submit").filter(role=Role.OFFICER)
        people = list(officers.filter(area=unit))
        if not people:
            above = UnitAncestor.objects.filter(unit=unit, valid__contains=day).values("ancestor")
            people = list(officers.filter(area__in=above))
    return with_substitutes(people, day=day)


def with_substitutes(people: list[User], *, day: datetime.date) -> list[User]:
    named = Delegation.objects.on(day).filter(principal__in=people).select_related("substitute")
    return [*people, *(row.substitute for row in named)]


def reviewers_of(unit: AdministrativeUnit, reviewer: str, *, day: datetime.date) -> list[User]:
    """Who reviews at a level what `unit` sends, and their substitutes of the day."""
    if reviewer == Reviewer.DISTRICT:
        above = UnitAncestor.objects.filter(unit=unit, valid__contains=day).values("ancestor")
        people = list(
            User.objects.having("collection.review_own_area").filter(
                area__in=above, area__level=Level.DISTRICT
            )
        )
    else:
        permission = (
            "collection.review" if reviewer == Reviewer.COMMITTEE else "collection.review_finally"
        )
        people = list(User.objects.having(permission))
    return with_substitutes(people, day=day)


def tell_turn(submission: Submission, reviewer: str, *, at: datetime.datetime) -> None:
    """A level got its turn from another; those who review there are told.

    The committee's own queue is not told one by one: its list and the weekly reminder say it.
    """
    if reviewer == Reviewer.COMMITTEE:
        return
    steps = submission.steps.count()
    tell(
        reviewers_of(submission.unit, reviewer, day=timezone.localdate(at)),
        kind=Kind.REVIEW,
        key=f"turn:{submission.pk}:{submission.round}:{reviewer}:{steps}",
        text=f"{submission} chờ duyệt ở cấp của bạn.",
        url=submission.get_absolute_url(),
        at=at,
    )


def tell_returned(submission: Submission, *, at: datetime.datetime) -> None:
    people = senders_of(submission.unit, day=timezone.localdate(at))
    if submission.submitted_by is not None:
        people = [submission.submitted_by, *people]
    tell(
        people,
        kind=Kind.RETURNED,
        key=f"returned:{submission.pk}:{submission.round}",
        text=f"{submission} được trả lại để sửa.",
        url=submission.get_absolute_url(),
        at=at,
    )


def tell_exception(granted: LockException) -> None:
    dataset, unit, period = granted.dataset, granted.unit, granted.period
    tell(
        senders_of(unit, day=timezone.localdate(granted.granted_at)),
        kind=Kind.OPENED,
        key=f"opened:{granted.pk}",
        text=f"{dataset} · {unit} · {period}: được nộp đến hết ngày {formats.day(granted.until)}.",
        url=reverse("collection:start", args=[dataset.code, unit.code, period.code]),
        at=granted.granted_at,
    )


def tell_delegation(made: Delegation) -> None:
    last = made.valid.upper - datetime.timedelta(days=1)
    tell(
        [made.substitute],
        kind=Kind.WORK,
        key=f"delegation:{made.pk}",
        text=f"Bạn thay {made.principal} từ {formats.day(made.valid.lower)} "
        f"đến {formats.day(last)}.",
        url=reverse("collection:delegations"),
        at=made.named_at,
    )
