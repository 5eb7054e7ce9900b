"""Enter a reorganisation, confirm it, put it in force on its day, undo it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model, ProtectedError
from django.utils import timezone

from portal.jobs import services as jobs

from ..consequences import parties
from ..models import (
    AdministrativeUnit,
    Reorganisation,
    ReorganisationItem,
    UnitMembership,
    UnitParent,
    UnitSuccession,
)
from ..names import fold, sort_key
from .closure import rebuild_ancestors, rebuild_shares
from .planning import Beginning, Plan, plan_of, words_of

if TYPE_CHECKING:
    from portal.accounts.models import User

JOB = "put_reorganisation_in_force"
UNITS_LOCK = 0x756E6974  # one reorganisation at a time changes the units
State = Reorganisation.State
CHANGED = "Dữ liệu của các đơn vị này vừa thay đổi. Tải lại trang rồi thử lại."


class CannotReorganise(Exception):
    """Why not, in sentences for the administrator."""

    def __init__(self, *words: str) -> None:
        self.words = words
        super().__init__(" ".join(words))


@transaction.atomic
def enter(
    *, decision: str, date: datetime.date, items: Sequence[ReorganisationItem], by: User
) -> Reorganisation:
    """Keep a draft with its rows, right or wrong; its plan says what is wrong."""
    one = Reorganisation.objects.create(decision=decision, date=date, created_by=by)
    for item in items:
        item.reorganisation = one
    ReorganisationItem.objects.bulk_create(items)
    return one


@transaction.atomic
def mend(
    *,
    reorganisation: Reorganisation,
    decision: str,
    date: datetime.date,
    items: Sequence[ReorganisationItem],
) -> Reorganisation:
    """Write a draft anew.

    Raises:
        CannotReorganise: it is no draft any more.
    """
    one = _locked(reorganisation, State.DRAFT)
    one.items.all().delete()
    one.decision, one.date = decision, date
    one.save(update_fields=["decision", "date"])
    for item in items:
        item.reorganisation = one
    ReorganisationItem.objects.bulk_create(items)
    return one


@transaction.atomic
def confirm(*, reorganisation: Reorganisation, by: User, today: datetime.date) -> Reorganisation:
    """The draft is right; it takes force on its day, or at once for a day that has come.

    Raises:
        CannotReorganise: it is no draft any more, or something speaks against it.
    """
    one = _locked(reorganisation, State.DRAFT)
    _sound_plan(one)
    one.state, one.confirmed_by, one.confirmed_at = State.CONFIRMED, by, timezone.now()
    one.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    if one.date <= today:
        jobs.ask(JOB, one.pk)
    return one


@transaction.atomic
def put_in_force(*, reorganisation_id: int) -> bool:
    """Do it, all or nothing; False when there is nothing to do (any more). Facts stay as they are.

    Raises:
        CannotReorganise: units changed since it was confirmed; it stays confirmed.
    """
    _hold_units()
    one = Reorganisation.objects.select_for_update().get(pk=reorganisation_id)
    if one.state != State.CONFIRMED:
        return False
    plan = _sound_plan(one)
    try:
        done = _carry_out(plan, one.decision)
    except IntegrityError as error:
        raise CannotReorganise(CHANGED) from error
    one.state, one.in_force_at, one.done = State.IN_FORCE, timezone.now(), done
    one.save(update_fields=["state", "in_force_at", "done"])
    return True


def ask_for_due(*, today: datetime.date) -> int:
    """Ask for every confirmed reorganisation whose day has come; returns how many."""
    due = list(Reorganisation.objects.due(today).order_by("date", "pk"))
    for one in due:
        jobs.ask(JOB, one.pk)
    return len(due)


@transaction.atomic
def undo(*, reorganisation: Reorganisation) -> Reorganisation:
    """Take the new units away and let the old ones go on, while nothing depends on the new.

    Raises:
        CannotReorganise: it is not in force, or something holds on to the new units.
    """
    _hold_units()
    one = _locked(reorganisation, State.IN_FORCE)
    units = one.done["units"]
    words = [word for party in parties().values() for word in party.objections(units)]
    if UnitSuccession.objects.filter(old__in=units).exists():
        words.append("Đơn vị mới đã được sắp xếp tiếp. Hoàn tác lần sắp xếp sau trước.")
    if words:
        raise CannotReorganise(*words)
    for name, party in parties().items():
        party.go_back(one.done["parties"].get(name))
    try:
        _take_back(one, units)
        connection.check_constraints()  # a row of another connection may have come in between
    except ProtectedError as error:
        raise CannotReorganise(*_what_holds(error.protected_objects)) from error
    except IntegrityError as error:
        raise CannotReorganise(CHANGED) from error
    rebuild_ancestors()
    rebuild_shares()
    one.state = State.UNDONE
    one.save(update_fields=["state"])
    return one


@transaction.atomic
def discard(*, reorganisation: Reorganisation) -> None:
    """Throw a draft away, or one that waits for its day."""
    one = Reorganisation.objects.select_for_update().filter(pk=reorganisation.pk).first()
    if one is None or one.state not in (State.DRAFT, State.CONFIRMED):
        raise CannotReorganise("Sắp xếp này đã thực hiện, không xoá được.")
    one.delete()


def _what_holds(rows: Iterable[Model]) -> list[str]:
    """What would lose its unit, by kind of record and with its number."""
    counts = Counter(str(row._meta.verbose_name) for row in rows)
    return [
        f"Còn {count} bản ghi “{name}” gắn với đơn vị mới, nên không hoàn tác được."
        for name, count in sorted(counts.items())
    ]


def _carry_out(plan: Plan, decision: str) -> dict[str, Any]:
    """Units, links, lists and the rooms above; returns what `undo` needs."""
    done: dict[str, Any] = {"memberships": _end(plan)}
    begun = _begin(plan)
    _link(plan, begun, decision)
    connection.check_constraints()
    rebuild_ancestors()
    rebuild_shares()
    done["units"] = list(begun.values())
    done["parties"] = {name: party.follow(plan, begun) for name, party in parties().items()}
    return done


def _hold_units() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [UNITS_LOCK])


def _locked(reorganisation: Reorganisation, state: str) -> Reorganisation:
    one = Reorganisation.objects.select_for_update().filter(pk=reorganisation.pk).first()
    if one is None or one.state != state:
        raise CannotReorganise("Sắp xếp này đã được người khác xử lý. Tải lại trang để xem.")
    return one


def _sound_plan(one: Reorganisation) -> Plan:
    plan = plan_of(one)
    if plan.problems:
        raise CannotReorganise(*words_of(plan.problems))
    return plan


def _until(valid: DateRange, day: datetime.date) -> DateRange:
    return DateRange(valid.lower, day)


def _end(plan: Plan) -> list[tuple[int, str | None]]:
    """Close units, parents and lists on the day; returns the lists' former ends."""
    for unit in plan.ending.values():
        unit.valid = _until(unit.valid, plan.date)
    AdministrativeUnit.objects.bulk_update([*plan.ending.values()], ["valid"])
    links = [*plan._parents.values(), *(link for link, _ in plan.moving)]
    for link in links:
        link.valid = _until(link.valid, plan.date)
    UnitParent.objects.bulk_update(links, ["valid"])
    former = []
    for place in plan.listed:
        upper = place.valid.upper
        former.append((place.pk, upper.isoformat() if upper else None))
        closed = _until(place.valid, plan.date)
        UnitMembership.objects.filter(pk=place.pk).update(valid=closed)
    return former


def _begin(plan: Plan) -> dict[str, int]:
    made = AdministrativeUnit.objects.bulk_create(
        [_unit(new, plan.date) for new in plan.beginning.values()]
    )
    begun = {unit.code: unit.pk for unit in made}
    since = DateRange(plan.date, None)
    places = [(begun[new.code], new.parent) for new in plan.beginning.values() if new.parent]
    places += [(link.unit_id, place) for link, place in plan.moving]
    UnitParent.objects.bulk_create(
        UnitParent(
            unit_id=unit,
            parent_id=begun[place] if isinstance(place, str) else place.pk,
            valid=since,
        )
        for unit, place in places
    )
    UnitMembership.objects.bulk_create(
        UnitMembership(
            unit_list=place.unit_list,
            unit_id=begun[new.code],
            valid=DateRange(plan.date, place.valid.upper),
            zone=place.zone,
            is_verified=False,
            basis=f"Kế thừa từ {place.unit}",
        )
        for new in plan.beginning.values()
        for place in new.memberships
    )
    return begun


def _unit(new: Beginning, date: datetime.date) -> AdministrativeUnit:
    return AdministrativeUnit(
        code=new.code,
        name=new.name,
        kind=new.kind,
        level=new.level,
        valid=DateRange(date, None),
        name_key=fold(new.name),
        sort_key=sort_key(new.name),
        is_reference=all(item.old.is_reference for item in new.items),
    )


def _link(plan: Plan, begun: dict[str, int], decision: str) -> None:
    UnitSuccession.objects.bulk_create(
        UnitSuccession(
            old_id=item.old_id,
            new_id=begun.get(item.new_code),
            date=plan.date,
            kind=plan.kind_of(item),
            weight=item.weight if item.new_code else None,
            weight_is_estimate=bool(item.new_code) and plan.is_split(item.old_id),
            share_of_new=plan.beginning[item.new_code].shares.get(item.position)
            if item.new_code
            else None,
            decision=decision,
        )
        for item in plan.items
    )


def _take_back(one: Reorganisation, units: list[int]) -> None:
    olds = list(one.items.values_list("old", flat=True).distinct())
    UnitSuccession.objects.filter(old__in=olds, date=one.date).delete()
    moved = UnitParent.objects.filter(parent__in=units).exclude(unit__in=units)
    children = set(moved.values_list("unit", flat=True)) | set(
        UnitParent.objects.filter(parent__in=olds, valid__endswith=one.date).values_list(
            "unit", flat=True
        )
    )
    children -= set(olds)
    UnitMembership.objects.filter(unit__in=units).delete()
    UnitParent.objects.filter(unit__in=units).delete()
    UnitParent.objects.filter(unit__in=children, valid__startswith=one.date).delete()
    AdministrativeUnit.objects.filter(pk__in=units).delete()
    for unit in AdministrativeUnit.objects.filter(pk__in=olds):
        AdministrativeUnit.objects.filter(pk=unit.pk).update(
            valid=DateRange(unit.valid.lower, None)
        )
    for link in UnitParent.objects.filter(unit__in=[*olds, *children], valid__endswith=one.date):
        UnitParent.objects.filter(pk=link.pk).update(valid=DateRange(link.valid.lower, None))
    for pk, upper in one.done["memberships"]:
        place = UnitMembership.objects.get(pk=pk)
        until = datetime.date.fromisoformat(upper) if upper else None
        UnitMembership.objects.filter(pk=pk).update(valid=DateRange(place.valid.lower, until))
