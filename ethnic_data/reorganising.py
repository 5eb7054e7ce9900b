"""Series of units that change: which stay exact, which become estimates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count

from portal.jobs import services as jobs
from portal.units.consequences import Consequence, Party, party
from portal.units.services.planning import Plan

from .models import CouncilDeputy, Observation, PrestigiousPerson
from .services.rollups import SUM_EVERYTHING

TOPIC = "Chuỗi số liệu"
PEOPLE: dict[str, type[CouncilDeputy] | type[PrestigiousPerson]] = {
    "đại biểu Hội đồng nhân dân": CouncilDeputy,
    "người có uy tín": PrestigiousPerson,
}


@party("ethnic_data")
class Series(Party):
    def foresee(self, plan: Plan) -> Sequence[Consequence]:
        counted = dict(
            Observation.objects.filter(unit__in=plan.ending)
            .order_by()
            .values_list("unit")
            .annotate(n=Count("indicator", distinct=True))
        )
        series = [_series(plan, unit, count) for unit, count in counted.items()]
        return [*series, *_lists_of_people(plan)]

    def follow(self, plan: Plan, begun: Mapping[str, int]) -> None:
        """Other units hold other units now: their sums are made; till then values are read."""
        jobs.ask(SUM_EVERYTHING, plan.date.toordinal())

    def go_back(self, done: Any) -> None:
        jobs.ask(SUM_EVERYTHING, 0)

    def objections(self, units: Sequence[int]) -> Sequence[str]:
        if not Observation.objects.filter(unit__in=units).exists():
            return ()
        return ("Đã có số liệu ghi theo đơn vị mới, nên không hoàn tác được.",)


def _lists_of_people(plan: Plan) -> list[Consequence]:
    """How many, never who: the lists are read by those who have the right to them."""
    return [
        Consequence(
            "Danh sách người",
            f"{plan.ending[unit]}: {count} {noun}",
            "vẫn ghi theo đơn vị cũ; rà soát lại khi đơn vị mới hoạt động",
        )
        for noun, model in PEOPLE.items()
        for unit, count in Counter(
            model._default_manager.filter(unit__in=plan.ending).values_list("unit", flat=True)
        ).items()
    ]


def _series(plan: Plan, unit: int, count: int) -> Consequence:
    subject = f"{plan.ending[unit]}: {count} chỉ tiêu"
    if plan.is_split(unit):
        return Consequence(TOPIC, subject, "chia theo phần đã ghi, là ước tính")
    if code := plan.only_successor(unit):
        new = plan.beginning[code].full_name
        return Consequence(TOPIC, subject, f"cộng nguyên vào {new}, không đổi tổng")
    return Consequence(TOPIC, subject, "chỉ còn trong đơn vị cấp trên")
