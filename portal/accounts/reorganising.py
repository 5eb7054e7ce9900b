"""Officers' areas when units change: they follow where there is one way only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from portal.units.consequences import Consequence, Party, party
from portal.units.models import AdministrativeUnit
from portal.units.services.planning import Plan

from .models import User

TOPIC = "Địa bàn của tài khoản"


@party("accounts")
class Areas(Party):
    def foresee(self, plan: Plan) -> Sequence[Consequence]:
        return [_area_of(plan, person) for person in _people(plan.ending)]

    def follow(self, plan: Plan, begun: Mapping[str, int]) -> Any:
        moved = []
        for person in _people(plan.ending):
            if code := plan.only_successor(person.area_id or 0):
                moved.append([person.pk, person.area_id, begun[code]])
                User.objects.filter(pk=person.pk).update(area_id=begun[code])
        return moved

    def go_back(self, done: Any) -> None:
        """Whoever was given another area by hand since then keeps it."""
        for pk, area, moved_to in done or ():
            User.objects.filter(pk=pk, area=moved_to).update(area_id=area)

    def left_open(self, ended: Mapping[int, AdministrativeUnit]) -> Sequence[Consequence]:
        return [
            Consequence(TOPIC, _who(person), "chọn địa bàn mới", True, _page(person))
            for person in _people(ended)
        ]


def _people(units: Iterable[int]) -> list[User]:
    people = User.objects.active().filter(area__in=list(units))
    return list(people.select_related("area").order_by("username"))


def _who(person: User) -> str:
    return f"{person.full_name} ({person.username}), {person.area}"


def _page(person: User) -> str:
    return reverse("accounts:user_update", args=[person.pk])


def _area_of(plan: Plan, person: User) -> Consequence:
    if code := plan.only_successor(person.area_id or 0):
        new = plan.beginning[code].full_name
        return Consequence(TOPIC, _who(person), f"chuyển sang {new}")
    why = "bị chia" if plan.is_split(person.area_id or 0) else "kết thúc"
    effect = f"chọn địa bàn mới: đơn vị {why}"
    return Consequence(TOPIC, _who(person), effect, True, _page(person))
