"""Officers' areas when units change: they follow where there is one way only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.units.consequences import Consequence, Party, party
from portal.units.services.planning import Plan

from .models import User


@party("accounts")
class Areas(Party):
    def foresee(self, plan: Plan) -> Sequence[Consequence]:
        return [_area_of(plan, person) for person in _people(plan)]

    def follow(self, plan: Plan, begun: Mapping[str, int]) -> Any:
        moved = []
        for person in _people(plan):
            if code := plan.only_successor(person.area_id or 0):
                moved.append([person.pk, person.area_id])
                User.objects.filter(pk=person.pk).update(area_id=begun[code])
        return moved

    def go_back(self, done: Any) -> None:
        for pk, area in done or ():
            User.objects.filter(pk=pk).update(area_id=area)

    def objections(self, units: Sequence[int]) -> Sequence[str]:
        """Accounts that were given a new unit since by hand cannot be left without one."""
        return ()


def _people(plan: Plan) -> list[User]:
    return list(User.objects.active().filter(area__in=plan.ending).select_related("area"))


def _area_of(plan: Plan, person: User) -> Consequence:
    who = f"{person.full_name} ({person.username}), {person.area}"
    if code := plan.only_successor(person.area_id or 0):
        return Consequence(
            "Địa bàn của tài khoản", who, f"chuyển sang {plan.beginning[code].full_name}"
        )
    if plan.is_split(person.area_id or 0):
        return Consequence("Địa bàn của tài khoản", who, "chọn địa bàn mới: đơn vị bị chia", True)
    return Consequence("Địa bàn của tài khoản", who, "chọn địa bàn mới: đơn vị kết thúc", True)
