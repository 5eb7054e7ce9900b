"""Name a substitute for some days; end it early; who may stand in for whom."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.collection.models import REVIEWING, Delegation, Submission
from portal.units.models import UnitAncestor

from .reading import plain
from .refusals import (
    DayPassed,
    NoDelegation,
    NotAllowed,
    OverlappingDays,
    WrongDays,
    WrongSubstitute,
)
from .telling import tell_delegation
from .trail import may, moment

if TYPE_CHECKING:
    from django.db.models import QuerySet

WORKING = ("collection.submit", *REVIEWING)


def has_work_to_delegate(user: User) -> bool:
    return any(user.has_perm(permission) for permission in WORKING)


def possible_substitutes(principal: User) -> QuerySet[User]:
    """Active colleagues who see the whole area of `principal` and do work of the kind.

    An officer's are those of the same area or one above, and whoever at the committee sends or
    reviews data; a reviewer's are the committee's.
    """
    people = User.objects.active().exclude(pk=principal.pk)
    above = areas_around(principal)
    fit = [
        person.pk
        for person in people.select_related("area")
        if has_work_to_delegate(person) and (person.sees_every_unit or person.area_id in above)
    ]
    return people.filter(pk__in=fit).order_by("sort_key", "username")


def areas_around(principal: User) -> set[int]:
    """The area of `principal` and those it lies in; nothing for whoever sees every unit."""
    if principal.sees_every_unit or principal.area_id is None:
        return set()
    above = UnitAncestor.objects.filter(unit=principal.area_id)
    return {principal.area_id, *above.values_list("ancestor_id", flat=True)}


@transaction.atomic
def delegate(
    *,
    principal: User,
    substitute: User,
    first: datetime.date,
    last: datetime.date,
    by: User,
    reason: str = "",
    now: datetime.datetime | None = None,
) -> Delegation:
    """Let `substitute` act for `principal` from the day `first` to the day `last`.

    People name their own substitute; an administrator names one for somebody who is away.

    Raises:
        NotAllowed, WrongSubstitute, DayPassed, WrongDays
        OverlappingDays: there is a substitute in these days.
    """
    at = moment(now)
    if by != principal and not by.has_perm("accounts.manage"):
        raise NotAllowed
    if not has_work_to_delegate(principal):
        raise NotAllowed
    if not possible_substitutes(principal).filter(pk=substitute.pk).exists():
        raise WrongSubstitute
    if first < timezone.localdate(at):
        raise DayPassed
    if last < first:
        raise WrongDays
    try:
        with transaction.atomic():
            made = Delegation.objects.create(
                principal=principal,
                substitute=substitute,
                valid=(first, last + datetime.timedelta(days=1)),
                reason=plain(reason).strip()[:300],
                named_by=by,
                named_at=at,
            )
    except IntegrityError as error:
        raise OverlappingDays("Trong thời gian này đã có người thay.") from error
    made.refresh_from_db()
    tell_delegation(made)
    return made


@transaction.atomic
def end_delegation(
    *, delegation: Delegation, by: User, now: datetime.datetime | None = None
) -> None:
    """End it after today; what has not begun goes altogether.

    Raises:
        NotAllowed
    """
    if by != delegation.principal and not by.has_perm("accounts.manage"):
        raise NotAllowed
    today = timezone.localdate(moment(now))
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if delegation.valid.lower > today:
        delegation.delete()
    elif delegation.valid.upper > today + datetime.timedelta(days=1):
        delegation.valid = (delegation.valid.lower, today + datetime.timedelta(days=1))
        delegation.save(update_fields=["valid"])


def check_stands_in(
    by: User, principal: User, submission: Submission, *, day: datetime.date
) -> None:
    """Raises NoDelegation unless `by` may send this submission for `principal` on `day`."""
    named = Delegation.objects.on(day).filter(principal=principal, substitute=by)
    if not named.exists() or not may(principal, "collection.submit", submission):
        raise NoDelegation
