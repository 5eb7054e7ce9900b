"""CT-DG: the yearly evaluation by project and subproject; its values stay with the submission."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.db.models import Sum

from portal.collection.workbooks.layout import RowUnit
from portal.units.models import AdministrativeUnit, Level, UnitShare
from programs.models import CapitalPlan, Component, Programme

from . import RecordStore

if TYPE_CHECKING:
    from portal.collection.models import Dataset, ReportingPeriod


def carried_out(unit: AdministrativeUnit, period: ReportingPeriod) -> list[Component]:
    """Projects without subprojects, and subprojects, that apply where `unit` lies, in order."""
    programmes = Programme.objects.on(period.end)
    province = (
        AdministrativeUnit.objects.on(period.end)
        .filter(level=Level.PROVINCE, is_reference=False)
        .filter(pk__in=UnitShare.objects.on(period.end).filter(unit=unit).values("target"))
        .first()
    )
    parts = Component.objects.filter(programme__in=programmes).exclude(kind=Component.Kind.CONTENT)
    if province is not None:
        ruled_out = Component.objects.excluded_from(province, on=period.end)
        parts = parts.exclude(pk__in=ruled_out.values("pk"))
    divided = {part.parent_id for part in parts if part.parent_id}
    tree = parts.select_related("programme", "parent").as_tree()
    return [
        branch.component
        for top in tree
        for branch in top.walk()
        if branch.component.pk not in divided
    ]


class EvaluationStore(RecordStore):
    """Rows are projects and subprojects."""

    guards = False
    row_noun: ClassVar[str] = "dự án"
    row_heading: ClassVar[str] = "Dự án, tiểu dự án"
    code_heading: ClassVar[str] = "Mã dự án"
    expected_noun: ClassVar[str] = "vốn được giao trong năm"

    def row_units(
        self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
    ) -> Sequence[RowUnit]:
        found = carried_out(unit, period)
        several = len({component.programme_id for component in found}) > 1
        given = _given(found, unit, period.end.year)
        return [
            RowUnit(
                code=f"{one.programme.code}.{one.code}" if several else one.code,
                name=f"{_label(one)}: {one.name}",
                expected=given.get(one.pk),
            )
            for one in found
        ]


def _given(
    components: Sequence[Component], unit: AdministrativeUnit, year: int
) -> dict[int, Decimal]:
    """What `unit` has of the year's capital for each of `components` and all below it."""
    asked = {one.pk for one in components}
    lines = (
        CapitalPlan.objects.filter(year=year, unit=unit)
        .order_by()
        .values_list("component", "component__parent", "component__parent__parent")
        .annotate(total=Sum("received"))
    )
    found: dict[int, Decimal] = defaultdict(Decimal)
    for *chain, total in lines:
        for pk in chain:
            if pk in asked:
                found[pk] += total
    return {pk: total for pk, total in found.items() if total}


def _label(component: Component) -> str:
    above = f"{component.parent.label} – " if component.parent else ""
    return f"{above}{component.label}"
