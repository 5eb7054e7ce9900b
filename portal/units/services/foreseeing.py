"""What a reorganisation means elsewhere: foreseen before, still open afterwards."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable

from ..consequences import Consequence, parties
from ..models import AdministrativeUnit, Reorganisation, UnitMembership, UnitSuccession
from .planning import Plan

RECENT = datetime.timedelta(days=366)  # how long open work is shown away from its own page
LISTS = "Danh sách địa bàn"


def foreseen(plan: Plan) -> list[Consequence]:
    """Everything that changes elsewhere: lists first, then what the rooms above foresee."""
    found = [
        Consequence(
            LISTS,
            f"{place.unit}: {place.unit_list}",
            "xếp lại: các đơn vị nhập vào không cùng danh sách hoặc khu vực",
            True,
        )
        for place in plan.undecided
    ]
    for party in parties().values():
        found.extend(party.foresee(plan))
    return found


def left_open(reorganisations: Iterable[Reorganisation]) -> list[Consequence]:
    """What still waits for a decision after these reorganisations took force."""
    ended = AdministrativeUnit.objects.in_bulk(
        {item.old_id for one in reorganisations for item in one.items.all()}
    )
    if not ended:
        return []
    found = _lists_left(ended)
    for party in parties().values():
        found.extend(party.left_open(ended))
    return found


def recently_in_force(*, today: datetime.date) -> list[Reorganisation]:
    return list(
        Reorganisation.objects.filter(
            state=Reorganisation.State.IN_FORCE, date__gt=today - RECENT
        ).prefetch_related("items")
    )


def _lists_left(ended: dict[int, AdministrativeUnit]) -> list[Consequence]:
    """Places on lists that ended with their unit and that none of its successors has taken."""
    successors: dict[int, set[int]] = defaultdict(set)
    for old, new in UnitSuccession.objects.filter(old__in=ended).values_list("old", "new"):
        successors[old].add(new)
    taken = set(
        UnitMembership.objects.filter(
            unit__in={new for news in successors.values() for new in news if new}
        ).values_list("unit_list", "unit")
    )
    places = UnitMembership.objects.filter(unit__in=ended).select_related("unit_list")
    return [
        Consequence(
            LISTS,
            f"{ended[place.unit_id]}: {place.unit_list}",
            "chưa có đơn vị mới trong danh sách này",
            True,
            ended[place.unit_id].get_absolute_url(),
        )
        for place in places
        if place.valid.upper == ended[place.unit_id].valid.upper
        and not any((place.unit_list_id, new) in taken for new in successors[place.unit_id])
    ]
