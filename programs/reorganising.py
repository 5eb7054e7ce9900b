"""What the programmes hold by unit: it stays with the old unit, and somebody sees to the new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Model

from portal.units.consequences import Consequence, Party, party
from portal.units.models import AdministrativeUnit, UnitSuccession
from portal.units.services.planning import Plan

from .models import Applicability, PublishedCapital, Target, WorksPlace

TOPIC = "Chương trình, dự án"
RULED = "dự án, tiểu dự án có quy định riêng"
WORKS = "công trình, hoạt động"
HELD: dict[str, type[Model]] = {
    "mục tiêu": Target,
    "khoản vốn đã công bố": PublishedCapital,
    RULED: Applicability,
    WORKS: WorksPlace,
}


@party("programs")
class Programmes(Party):
    def foresee(self, plan: Plan) -> Sequence[Consequence]:
        return [
            _ruled(unit, count) if noun == RULED else _kept(noun, unit, count)
            for noun, model in HELD.items()
            for unit, count in _counted(model, plan.ending)
        ]

    def left_open(self, ended: Mapping[int, AdministrativeUnit]) -> Sequence[Consequence]:
        """Rules for components of a province that ended, until its successor has one."""
        news = UnitSuccession.objects.filter(old__in=ended, new__isnull=False)
        ruled = set(
            Applicability.objects.filter(unit__in=news.values("new")).values_list("unit", flat=True)
        )
        seen_to = {old for old, new in news.values_list("old", "new") if new in ruled}
        return [
            _ruled(unit, count)
            for unit, count in _counted(Applicability, ended)
            if unit.pk not in seen_to
        ]

    def objections(self, units: Sequence[int]) -> Sequence[str]:
        return [
            f"Đã có {count} {noun} của {unit}, nên không hoàn tác được."
            for noun, model in HELD.items()
            for unit, count in _counted(model, AdministrativeUnit.objects.in_bulk(list(units)))
        ]


def _counted(
    model: type[Model], units: Mapping[int, AdministrativeUnit]
) -> list[tuple[AdministrativeUnit, int]]:
    rows = model._default_manager.filter(unit__in=list(units))
    if model is Applicability:
        rows = rows.filter(valid__endswith=None)
    once = ("unit", "works") if model is WorksPlace else ("unit", "pk")  # villages count once
    counts = Counter(unit for unit, _ in rows.order_by().values_list(*once).distinct())
    return [(units[pk], count) for pk, count in counts.items()]


def _kept(noun: str, unit: AdministrativeUnit, count: int) -> Consequence:
    effect = "vẫn ghi theo đơn vị cũ, không cộng lại"
    if noun == WORKS:
        effect = "vẫn thuộc đơn vị cũ; trang và bộ lọc của đơn vị mới cũng cho xem"
    return Consequence(TOPIC, f"{unit}: {count} {noun}", effect)


def _ruled(unit: AdministrativeUnit, count: int) -> Consequence:
    effect = "quy định không tự chuyển: nhập quy định của đơn vị mới"
    return Consequence(TOPIC, f"{unit}: {count} {RULED}", effect, True)
