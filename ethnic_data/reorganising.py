"""Series of units that change: which stay exact, which become estimates."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count

from portal.units.consequences import Consequence, Party, party
from portal.units.services.planning import Plan

from .models import Observation

TOPIC = "Chuỗi số liệu"


@party("ethnic_data")
class Series(Party):
    def foresee(self, plan: Plan) -> Sequence[Consequence]:
        counted = dict(
            Observation.objects.filter(unit__in=plan.ending)
            .order_by()
            .values_list("unit")
            .annotate(n=Count("indicator", distinct=True))
        )
        return [_series(plan, unit, count) for unit, count in counted.items()]

    def objections(self, units: Sequence[int]) -> Sequence[str]:
        if not Observation.objects.filter(unit__in=units).exists():
            return ()
        return ("Đã có số liệu ghi theo đơn vị mới, nên không hoàn tác được.",)


def _series(plan: Plan, unit: int, count: int) -> Consequence:
    subject = f"{plan.ending[unit]}: {count} chỉ tiêu"
    if plan.is_split(unit):
        return Consequence(TOPIC, subject, "chia theo phần đã ghi, là ước tính")
    if code := plan.only_successor(unit):
        new = plan.beginning[code].full_name
        return Consequence(TOPIC, subject, f"cộng nguyên vào {new}, không đổi tổng")
    return Consequence(TOPIC, subject, "chỉ còn trong đơn vị cấp trên")
