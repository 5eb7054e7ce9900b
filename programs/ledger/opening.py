"""A line for what money is for and who holds it: found, else opened empty."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from portal.units.models import AdministrativeUnit, Level
from programs.models import (
    CapitalPlan,
    Component,
    FundingSource,
    Organisation,
    Phase,
    Programme,
    Works,
)

from .lines import label
from .refusals import LedgerRefused, translated

Holder = AdministrativeUnit | Organisation | Works
HOLDERS = {
    Level.PROVINCE: CapitalPlan.Holder.PROVINCE,
    Level.DISTRICT: CapitalPlan.Holder.DISTRICT,
    Level.COMMUNE: CapitalPlan.Holder.COMMUNE,
}


def held_by(holder: Holder) -> dict[str, object]:
    """The columns of a line that say who holds it."""
    if isinstance(holder, Works):
        return {"holder": CapitalPlan.Holder.WORKS, "works": holder}
    if isinstance(holder, Organisation):
        return {"holder": holder.kind, "organisation": holder}
    level = HOLDERS.get(Level(holder.level))
    if level is None:
        raise LedgerRefused("Vốn giao cho tỉnh, huyện, xã, cơ quan, chủ đầu tư hoặc công trình.")
    return {"holder": level, "unit": holder}


@transaction.atomic
def open_line(
    *,
    programme: Programme,
    component: Component,
    source: FundingSource,
    kind: str,
    holder: Holder,
    year: int | None = None,
    phase: Phase | None = None,
    parent: CapitalPlan | None = None,
    is_demo: bool = False,
) -> CapitalPlan:
    """The line of a year (or of a medium-term phase) for a holder: found, else opened empty.

    Raises:
        LedgerRefused: it does not fit the line above, or the works are financed through another.
    """
    period = {"programme": programme, "year": year, "phase": phase, "source": source, "kind": kind}
    owner = held_by(holder)
    if isinstance(holder, Works):
        found = CapitalPlan.objects.filter(**period, works=holder).first()
        if found is not None and found.parent_id != (parent.pk if parent else None):
            above = label(found.parent) if found.parent else "cấp trên"
            raise LedgerRefused(
                f"Công trình {holder.code} đã có dòng vốn này, phân bổ từ {above}. "
                f"Hãy ghi thay đổi ở dòng đó.",
                rule="capital_plan_of_works_once",
                line=found,
            )
    else:
        found = CapitalPlan.objects.filter(
            **period, component=component, parent=parent, **owner
        ).first()
    if found is not None:
        return found
    try:
        with translated():
            return CapitalPlan.objects.create(
                **period, component=component, parent=parent, is_demo=is_demo, **owner
            )
    except LedgerRefused as refused:
        if refused.rule not in ("capital_plan_once", "capital_plan_of_works_once"):
            raise
    return CapitalPlan.objects.get(**period, component=component, parent=parent, **owner)


@transaction.atomic
def open_works_lines(wanted: Iterable[tuple[Works, CapitalPlan]]) -> None:
    """Lines of works, each below the line that gives it money, opened empty in one statement;
    a works' line of that source, kind and year that is there already stays as it is.

    Raises:
        LedgerRefused: works do not fit the line above.
    """
    with translated():
        CapitalPlan.objects.bulk_create(
            (
                CapitalPlan(
                    programme_id=above.programme_id,
                    year=above.year,
                    phase_id=above.phase_id,
                    component_id=works.component_id,
                    source_id=above.source_id,
                    kind=above.kind,
                    parent=above,
                    is_demo=above.is_demo,
                    **held_by(works),
                )
                for works, above in wanted
            ),
            ignore_conflicts=True,
            batch_size=500,
        )
