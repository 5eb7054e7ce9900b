"""Open submissions of units that end; what was collected in new units keeps them."""

from __future__ import annotations

from collections.abc import Sequence

from portal.units.consequences import Consequence, Party, party
from portal.units.services.planning import Plan

from .models import Submission


@party("collection")
class OpenSubmissions(Party):
    def foresee(self, plan: Plan) -> Sequence[Consequence]:
        waiting = Submission.objects.filter(
            unit__in=plan.ending, status__in=Submission.OPEN
        ).select_related("dataset", "unit", "period")
        return [
            Consequence(
                "Bộ số liệu đang mở",
                f"{one.dataset}, {one.unit}, {one.period.label}",
                f"{one.get_status_display().lower()}: vẫn của đơn vị cũ, cần nộp và duyệt xong",
                True,
            )
            for one in waiting
        ]

    def objections(self, units: Sequence[int]) -> Sequence[str]:
        count = Submission.objects.filter(unit__in=units).count()
        if not count:
            return ()
        return (f"Đã có {count} bộ số liệu của đơn vị mới, nên không hoàn tác được.",)
