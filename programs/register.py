"""What changes in the register of works: facts and places, states, decisions; for every door."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import connection, models, transaction

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.documents.models import Document
from portal.units.models import AdministrativeUnit
from programs.models import (
    DONE,
    FOLLOWING,
    Organisation,
    State,
    Works,
    WorksDecision,
    WorksEvent,
    WorksPlace,
)
from programs.models.works import Place, units_in

KEPT_BY_EVENTS = {"id", "state", "state_since", "is_demo", "created_by", "created_at"}


class WorksRefused(Exception):
    """What was asked does not fit the works; `field` is the field to blame."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def investors_for(user: User) -> models.QuerySet[Organisation]:
    """Whose works `user` may enter: any investor's, or of the own organisations."""
    investors = Organisation.objects.investors()
    return investors.of(user) if user.role == Role.INVESTOR else investors


def communes_for(user: User) -> models.QuerySet[AdministrativeUnit]:
    """Where works of `user` may lie: an officer's in the own area, of every time."""
    communes = AdministrativeUnit.objects.communes().filter(is_reference=False)
    if user.sees_every_unit or user.role == Role.INVESTOR:
        return communes
    return communes.filter(pk__in=units_in(user.area_id or 0).values("pk"))


@transaction.atomic
def save_works(*, works: Works, places: Sequence[Place], by: User) -> Works:
    """Store works that their form checked, and where they lie, the main place first.

    State and its day stay those of the last event.

    Raises:
        WorksRefused: they have capital, and component or investor would change.
        IntegrityError: a place is not in force on the planned start.
    """
    if works.pk is None:
        works.created_by = by
        works.save()
        _put(works, places)
        return works
    _check_places("DEFERRED")
    before = Works.objects.select_for_update().get(pk=works.pk)
    _refuse_other_money(before, works)
    fields = {field.name for field in Works._meta.concrete_fields} - KEPT_BY_EVENTS
    works.save(update_fields=fields)
    standing = [Place(row.unit, row.village) for row in works.place_rows.select_related("unit")]
    if standing != list(places):
        works.place_rows.all().delete()
        _put(works, places)
    _check_places("IMMEDIATE")
    return works


def _check_places(when: str) -> None:
    """Let the database look at days and places once both are stored, and then at once."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS works_place_in_force {when}")


def _refuse_other_money(before: Works, works: Works) -> None:
    for field, word in (("component", "dự án"), ("investor", "chủ đầu tư")):
        changes = getattr(before, f"{field}_id") != getattr(works, f"{field}_id")
        if changes and works.capital_plans.exists():
            raise WorksRefused(field, f"Công trình đã có vốn nên {word} giữ nguyên.")


def _put(works: Works, places: Sequence[Place]) -> None:
    WorksPlace.objects.bulk_create(
        WorksPlace(works=works, unit=place.unit, village=place.village, is_main=not n)
        for n, place in enumerate(places)
    )


def next_states(works: Works) -> list[State]:
    """The states that may follow; before the first event any but the last."""
    if works.state_since is None:
        return [state for state in State if state != State.SETTLED]
    return list(FOLLOWING[works.state])


@transaction.atomic
def change_state(
    *,
    works: Works,
    state: State,
    day: datetime.date,
    today: datetime.date,
    by: User,
    document: Document | None = None,
    note: str = "",
) -> WorksEvent:
    """From `day` on the works are in `state`; the history is only added to.

    Raises:
        WorksRefused: the state does not follow, the day is before the last one or still to come,
            the document is later than the day (but for the end of works, of which a report comes
            later), or finished works never began.
    """
    works = Works.objects.select_for_update().get(pk=works.pk)
    if state not in next_states(works):
        word = works.get_state_display()
        raise WorksRefused("state", f"Từ “{word}” không chuyển thẳng sang “{state.label}” được.")
    if works.state_since and day < works.state_since:
        raise WorksRefused(
            "day", f"Tình trạng trước có từ {works.state_since:%d/%m/%Y}; ghi ngày từ đó trở đi."
        )
    if day > today:
        raise WorksRefused("day", "Ngày này chưa đến.")
    # the report on the end comes after it
    if document is not None and document.date > day and state != State.FINISHED:
        raise WorksRefused("document", f"Văn bản ngày {document.date:%d/%m/%Y}, sau ngày trên.")
    if state in DONE and works.actual_start is None:
        raise WorksRefused("state", "Chưa có ngày khởi công: ghi “đang thực hiện” trước.")
    if state == State.FINISHED and works.actual_start and day < works.actual_start:
        raise WorksRefused("day", f"Khởi công ngày {works.actual_start:%d/%m/%Y}, sau ngày này.")
    return WorksEvent.objects.create(
        works=works, state=state, day=day, document=document, note=note, by=by
    )


@transaction.atomic
def cite_decision(*, works: Works, document: Document, role: str) -> WorksDecision:
    """Tie a document of the register to works.

    Raises:
        WorksRefused: it is tied to them already in that role.
    """
    decision, new = WorksDecision.objects.get_or_create(works=works, document=document, role=role)
    if not new:
        raise WorksRefused("document", "Văn bản này đã gắn với công trình.")
    return decision
