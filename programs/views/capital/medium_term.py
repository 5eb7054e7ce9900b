"""The medium-term plan of a phase beside what its years were given."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from portal.formats import number
from programs.models import CapitalChange, CapitalKind, CapitalPlan, FundingSource, Phase
from programs.views.structure import ProgrammePartMixin

ZERO = Decimal(0)
NAMED = 3
CARRYING = (CapitalChange.What.CARRIED_IN, CapitalChange.What.CARRIED_OUT)


@dataclass
class Row:
    """One component, source and kind: the phase's plan, and each year's."""

    component: str
    source: str
    kind: str
    planned: Decimal = ZERO
    years: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    @property
    def name(self) -> str:
        return ", ".join(filter(None, [self.component or "Tổng cộng", self.source, self.kind]))

    @property
    def given(self) -> Decimal:
        return sum(self.years.values(), ZERO)

    @property
    def left(self) -> Decimal:
        return self.planned - self.given

    @property
    def exceeds(self) -> bool:
        return self.planned > 0 and self.left < 0


class MediumTermList(ProgrammePartMixin, TemplateView):
    template_name = "programs/capital/medium_term.html"
    part = "programs:plan_list"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.programme = self.get_programme()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        phases = list(self.programme.phases.all())
        asked = self.request.GET.get("giai-doan", "")
        phase = next((one for one in phases if str(one.pk) == asked), phases[0] if phases else None)
        if asked and (phase is None or str(phase.pk) != asked):
            phase = get_object_or_404(Phase, pk=0)
        years = years_of(phase) if phase else []
        rows = self._rows(phase, years) if phase else []
        total = Row("", "", "", sum((row.planned for row in rows), ZERO), _sums(rows))
        return super().get_context_data(
            phases=phases,
            phase=phase,
            years=years,
            rows=[(row, [row.years[year] for year in years]) for row in rows],
            total=total,
            totals=[total.years[year] for year in years],
            has_plan=bool(total.planned),
            is_demo=self.programme.capital_plans.filter(is_demo=True).exists(),
            exceeded=_exceeded(rows, total),
            **kwargs,
        )

    def _rows(self, phase: Phase, years: list[int]) -> list[Row]:
        """By project, source and kind: what the uppermost lines that one may see were given.

        What was carried in from the year before counted in that year already.
        """
        visible = CapitalPlan.objects.visible_to(self.request.user).filter(
            programme=phase.programme
        )
        tops = visible.filter(~Exists(visible.filter(pk=OuterRef("parent"))))
        changes = CapitalChange.objects.exclude(what__in=CARRYING).filter(
            Q(plan__phase=phase) | Q(plan__year__in=years), plan__in=tops.order_by().values("pk")
        )
        project_of = Coalesce(
            "plan__component__parent__parent__code",
            "plan__component__parent__code",
            "plan__component__code",
        )
        sums = (
            changes.order_by()
            .values_list(project_of, "plan__source", "plan__kind", "plan__year")
            .annotate(total=Sum("amount"))
        )
        projects = {one.code: one for one in phase.programme.components.filter(parent=None)}
        sources = FundingSource.objects.in_bulk()
        found: dict[tuple[int, str, int, str, str], Row] = {}
        for code, pk, kind, year, total in sums:
            project, source = projects[code], sources[pk]
            row = found.setdefault(
                (project.number, code, source.position, source.code, kind),
                Row(project.label, source.name, CapitalKind(kind).label),
            )
            if year is None:
                row.planned += total
            else:
                row.years[year] += total
        return [found[key] for key in sorted(found)]


def _exceeded(rows: list[Row], total: Row) -> str:
    """What the years were given above the phase's plan, or nothing; of rows that have a plan."""
    found = [*([total] if total.exceeds else []), *(row for row in rows if row.exceeds)]
    if not found:
        return ""
    told = [
        f"{row.name}: các năm được giao {number(row.given)} triệu "
        f"đồng, vượt kế hoạch trung hạn {number(row.planned)} triệu đồng"
        for row in found[:NAMED]
    ]
    more = f"; và {len(found) - NAMED} dòng khác" if len(found) > NAMED else ""
    return f"{'; '.join(told)}{more}. Kiểm tra quyết định giao vốn hoặc điều chỉnh trung hạn."


def years_of(phase: Phase) -> list[int]:
    """The years of a phase that are over, running or to come; none for an open end."""
    lower, upper = phase.valid.lower, phase.valid.upper
    if lower is None or upper is None:
        return []
    last = upper.year if (upper.month, upper.day) > (1, 1) else upper.year - 1
    return list(range(lower.year, last + 1))


def _sums(rows: list[Row]) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        for year, amount in row.years.items():
            sums[year] += amount
    return sums
