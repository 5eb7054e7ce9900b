"""Keep the lists: add, change, review, remove; and the log of all of it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from ethnic_data.models import PeopleAccess, PrestigiousPerson, PrestigiousReview
from ethnic_data.models.people import PersonRecord
from portal.documents.models import Document

if TYPE_CHECKING:
    from portal.accounts.models import User

What = PeopleAccess.What
LIST_OF = {"councildeputy": "deputies", "prestigiousperson": "prestigious"}


class NotOnTheList(Exception):
    """The person was taken off the list before."""

    message = "Người này đã được đưa ra khỏi danh sách."


def list_of(person: PersonRecord) -> str:
    return LIST_OF[person._meta.model_name or ""]


def record_access(
    *,
    which: str,
    what: str,
    by: User,
    person: PersonRecord | None = None,
    count: int = 1,
    detail: str = "",
) -> None:
    """One row of the log: who looked at what."""
    PeopleAccess.objects.create(
        which=which,
        what=what,
        who=by,
        person_id=person.pk if person else None,
        count=count,
        detail=detail[:300],
    )


@transaction.atomic
def save_person(*, person: PersonRecord, by: User, now: datetime.datetime) -> PersonRecord:
    """Store a new or changed record that was checked by its form; log it."""
    detail = "Sửa" if person.pk else "Thêm"
    person.changed_by, person.changed_at = by, now
    if isinstance(person, PrestigiousPerson):
        link_decisions(person)
    person.save()
    record_access(which=list_of(person), what=What.CHANGED, by=by, person=person, detail=detail)
    return person


def link_decisions(person: PrestigiousPerson) -> None:
    """Connect the written decisions with the register, where exactly one document fits."""
    person.recognised_document = decision_named(person.recognised_by)
    person.removed_document = decision_named(person.removed_by)


def decision_named(text: str) -> Document | None:
    found = list(Document.objects.named(text)[:2]) if text else []
    return found[0] if len(found) == 1 else None


@transaction.atomic
def remove_prestigious(
    *,
    person: PrestigiousPerson,
    decision: str,
    date: datetime.date,
    reason: str,
    by: User,
    now: datetime.datetime,
) -> PrestigiousPerson:
    """Take a person off the list from `date` on.

    Raises:
        NotOnTheList: somebody else did so before.
        ValidationError: the constraints refuse, e.g. a date before the recognition.
    """
    person = PrestigiousPerson.objects.select_for_update().get(pk=person.pk)
    if person.removed_date is not None:
        raise NotOnTheList
    person.removed_by, person.removed_date, person.removed_reason = decision, date, reason
    person.changed_by, person.changed_at = by, now
    person.full_clean()
    link_decisions(person)
    person.save()
    detail = f"{decision}, {person.get_removed_reason_display()}"
    record_access(which="prestigious", what=What.REMOVED, by=by, person=person, detail=detail)
    return person


@transaction.atomic
def review_prestigious(
    *,
    person: PrestigiousPerson,
    year: int,
    outcome: str,
    note: str,
    by: User,
    now: datetime.datetime,
) -> PrestigiousReview:
    """Say what the review of `year` found; saying it again puts it right.

    Raises:
        ValidationError: a proposal to remove without its reason.
    """
    review, _ = PrestigiousReview.objects.select_for_update().get_or_create(
        person=person,
        year=year,
        defaults={"outcome": "kept", "reviewed_by": by, "reviewed_at": now},
    )
    review.outcome, review.note = outcome, note
    review.reviewed_by, review.reviewed_at = by, now
    review.full_clean()
    review.save()
    record_access(
        which="prestigious",
        what=What.REVIEWED,
        by=by,
        person=person,
        detail=f"Năm {year}: {review.get_outcome_display()}",
    )
    return review
