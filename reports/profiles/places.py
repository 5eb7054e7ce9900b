"""Where a unit lies: what it belongs to, what lies beside and below it, its zone, its past."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from portal import formats
from portal.units import outlines
from portal.units.models import (
    AdministrativeUnit,
    AdministrativeUnitQuerySet,
    Level,
    UnitAncestor,
    UnitMembership,
    UnitShare,
    UnitShareQuerySet,
    UnitSuccession,
)

from .asking import Asked, seen_by

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True)
class Places:
    """above: nearest first, those this person may see; `around`: what is ranked together."""

    above: list[AdministrativeUnit]
    siblings: list[AdministrativeUnit]
    neighbours: list[AdministrativeUnit]
    below: list[AdministrativeUnit]

    @property
    def around(self) -> list[AdministrativeUnit]:
        """Every unit that is compared, each once."""
        return list(
            {one.pk: one for one in (*self.siblings, *self.neighbours, *self.above)}.values()
        )


def places(asked: Asked, user: User) -> Places:
    """At most five queries."""
    unit, day = asked.unit, asked.day
    above = _above(unit, day)
    seen = seen_by(user).on(day)
    siblings, neighbours = _beside(unit, day, above[0] if above else None, seen)
    below = []
    if unit.level != Level.COMMUNE:
        inner = list(seen.within(unit, on=day).exclude(pk=unit.pk))
        districts = [one for one in inner if one.level == Level.DISTRICT]
        below = districts or [one for one in inner if one.level == Level.COMMUNE]
    if not user.sees_every_unit and above:
        shown = set(seen.filter(pk__in=[one.pk for one in above]).values_list("pk", flat=True))
        above = [one for one in above if one.pk in shown]
    return Places(above, siblings, neighbours, below)


def _above(unit: AdministrativeUnit, day: datetime.date) -> list[AdministrativeUnit]:
    if unit.level == Level.PROVINCE:
        return []
    links = UnitAncestor.objects.filter(unit=unit, valid__contains=day)
    links = links.exclude(ancestor__is_reference=True).select_related("ancestor")
    return [one.ancestor for one in links.order_by("depth")]


def _beside(
    unit: AdministrativeUnit,
    day: datetime.date,
    parent: AdministrativeUnit | None,
    seen: AdministrativeUnitQuerySet,
) -> tuple[list[AdministrativeUnit], list[AdministrativeUnit]]:
    """Units of the same level under the same one, itself among them, and those it touches."""
    if parent is None:
        return [unit], []
    belongs = UnitAncestor.objects.filter(unit=OuterRef("pk"), ancestor=parent, valid__contains=day)
    found = seen.filter(level=unit.level).annotate(is_sibling=Exists(belongs))
    if unit.level == Level.COMMUNE:
        touched = _touched(unit, day).filter(target=OuterRef("pk"))
        found = found.annotate(is_touched=Exists(touched)).filter(
            Q(is_sibling=True) | Q(is_touched=True)
        )
    else:
        found = found.filter(is_sibling=True)
    units: list[AdministrativeUnit] = list(found)
    siblings = [one for one in units if one.is_sibling]  # type: ignore[attr-defined]
    return siblings, [
        one for one in units if one.pk != unit.pk and getattr(one, "is_touched", False)
    ]


def _touched(unit: AdministrativeUnit, day: datetime.date) -> UnitShareQuerySet:
    """What the communes of the map that touch this one's are on `day`."""
    beside = outlines.neighbours()
    if outlines.DAY in unit.valid and day in unit.valid:
        own = {unit.code}
    else:
        parts = UnitShare.objects.on(day).filter(
            target=unit, unit__level=Level.COMMUNE, unit__valid__contains=outlines.DAY
        )
        own = set(parts.values_list("unit__code", flat=True))
    codes = {code for one in own for code in beside.get(one, ())} - own
    return UnitShare.objects.on(day).filter(
        unit__level=Level.COMMUNE, unit__valid__contains=outlines.DAY, unit__code__in=codes
    )


@dataclass(frozen=True)
class Listing:
    """A sentence on the list of communes or the zone; `is_sure` when checked with the text."""

    words: str
    is_sure: bool


def listings(asked: Asked) -> list[Listing]:
    """What the dated lists say of the unit, or of the communes that it holds; one query."""
    unit = asked.unit
    rows = UnitMembership.objects.select_related("unit", "unit_list").order_by(
        "unit_list__code", "unit__sort_key", "valid"
    )
    if unit.level != Level.COMMUNE:
        below = UnitAncestor.objects.filter(ancestor=unit, valid__contains=asked.day)
        return _counted(list(rows.filter(unit__in=below.values("unit"))), asked.day)
    parts = UnitShare.objects.on(asked.day).filter(target=unit).exclude(weight=0)
    found = list(rows.filter(Q(unit=unit) | Q(unit__in=parts.values("unit"))))
    if not found:
        return [Listing("Không có tên trong danh sách 73 xã theo Quyết định 861/QĐ-TTg.", True)]
    return [_listing(one, unit) for one in found]


def _listing(one: UnitMembership, unit: AdministrativeUnit) -> Listing:
    zone = f"khu vực {one.zone}" if one.zone else "khu vực chưa rõ"
    first, end = one.valid.lower, one.valid.upper
    words = f"{one.unit_list.decision}: {zone}, từ ngày {formats.day(first)}"
    if end is not None:
        words += f" đến ngày {formats.day(end - datetime.timedelta(days=1))}"
    if one.unit_id != unit.pk:
        words = f"{one.unit.full_name} (đơn vị cũ): {words}"
    return Listing(f"{words}.", one.is_verified)


def _counted(rows: list[UnitMembership], day: datetime.date) -> list[Listing]:
    found = []
    for name, of_list in groupby(rows, key=lambda one: one.unit_list.decision):
        there = [one for one in of_list if day in one.valid]
        zones = Counter(one.zone or "chưa rõ" for one in there)
        told = ", ".join(f"khu vực {zone}: {count} xã" for zone, count in sorted(zones.items()))
        if there:
            sure = all(one.is_verified for one in there)
            found.append(Listing(f"{name}: {len(there)} xã ({told}).", sure))
    return found or [
        Listing(f"Ngày {formats.day(day)} không có xã nào trong danh sách 73 xã.", True)
    ]


@dataclass(frozen=True)
class Event:
    """One day of a unit's past or end: what happened, with which units, by what."""

    day: datetime.date
    what: str
    units: list[tuple[AdministrativeUnit, str]]
    decision: str


def history(unit: AdministrativeUnit) -> list[Event]:
    """What it came from and what became of it, latest first; one query."""
    steps = UnitSuccession.objects.filter(Q(old=unit) | Q(new=unit)).select_related("old", "new")
    ordered = list(steps.order_by("-date", "old__sort_key", "new__sort_key"))
    came = [one for one in ordered if one.new_id == unit.pk]
    went = [one for one in ordered if one.old_id == unit.pk]
    found = [
        Event(day, _came(steps), [(one.old, _brought(one)) for one in steps], steps[0].decision)
        for day, steps in _by_day(came)
    ]
    found += [
        Event(
            day,
            _went(steps),
            [(one.new, _part(one)) for one in steps if one.new],
            steps[0].decision,
        )
        for day, steps in _by_day(went)
    ]
    return sorted(found, key=lambda one: one.day, reverse=True)


def _by_day(steps: list[UnitSuccession]) -> list[tuple[datetime.date, list[UnitSuccession]]]:
    return [(day, list(some)) for day, some in groupby(steps, key=lambda one: one.date)]


def _came(steps: list[UnitSuccession]) -> str:
    if steps[0].kind in (UnitSuccession.Kind.MERGED, UnitSuccession.Kind.SPLIT):
        return "Lập từ"
    return f"{steps[0].form[:1].upper()}{steps[0].form[1:]} từ"


def _went(steps: list[UnitSuccession]) -> str:
    first = steps[0]
    if first.new is None:
        return "Kết thúc"
    if len(steps) > 1 or first.kind == UnitSuccession.Kind.SPLIT:
        return "Chia về"
    if first.kind == UnitSuccession.Kind.MERGED:
        return "Nhập vào"
    return f"{first.form[:1].upper()}{first.form[1:]}, nay là"


def _part(step: UnitSuccession) -> str:
    if step.weight is None or step.weight == 1:
        return ""
    sure = "ước tính " if step.weight_is_estimate else ""
    return f"{sure}{formats.share(step.weight, 1)}"


def _brought(step: UnitSuccession) -> str:
    part = _part(step)
    return f"{part} của đơn vị này" if part else ""
