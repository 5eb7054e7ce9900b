"""What a unit's workbook tells of a year's capital, beside what it told before."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from django.db.models import Sum

from portal.collection.stores import Asked
from portal.units.models import AdministrativeUnit
from programs.ledger import LedgerRefused, label
from programs.ledger.lines import follow, with_names
from programs.ledger.weighing import refuse_fraction
from programs.models import CapitalChange, CapitalKind, CapitalPlan, Component, Programme, Works

from .told import WORD, ZERO, Stands, Values, entries_of, measure_of, works_lines


class Target(NamedTuple):
    """What a works' line is to receive from this workbook in all, beside what it has from it."""

    works: Works
    measure: str
    amount: Decimal
    posted: Decimal
    head: CapitalPlan  # the line of the unit that it is drawn from

    @property
    def difference(self) -> Decimal:
        return self.amount - self.posted


class Year:
    """The capital of works that a unit's workbook tells for a year."""

    def __init__(self, asked: Asked, programme: Programme, values: Values) -> None:
        self.unit, self.year = asked.unit, asked.period.end.year
        self.programme = programme
        posted = (
            CapitalChange.objects.filter(
                entries_of(asked), plan__programme=programme, plan__works__isnull=False
            )
            .order_by()
            .values_list("plan__works__code", "plan__source__code", "plan__kind")
            .annotate(total=Sum("amount"))
        )
        self.posted = {
            (code, f"{source}-{WORD[CapitalKind(kind)]}"): total
            for code, source, kind, total in posted
        }
        told = {key: value for key, value in values.items() if value is not None}
        self.values = dict.fromkeys(self.posted, ZERO) | told
        codes = {code for code, _ in self.values}
        self.works = {
            one.code: one
            for one in Works.objects.filter(code__in=codes).select_related(
                "component__parent__parent", "investor"
            )
        }
        self.lines = works_lines(programme, self.year, codes)
        self.heads = _heads(programme, self.year, asked.unit)

    def targets(self) -> tuple[list[Target], list[Stands]]:
        """What is to be allocated, in the order of the values, and what cannot be."""
        targets, stands = [], []
        for (code, measure), amount in self.values.items():
            posted = self.posted.get((code, measure), ZERO)
            if amount == posted:
                continue
            try:
                targets.append(self._target(code, measure, amount, posted))
            except LedgerRefused as refused:
                stands.append(Stands(code, measure, refused.message, refused.rule or "amount"))
        return targets, stands

    def _target(self, code: str, measure: str, amount: Decimal, posted: Decimal) -> Target:
        works = self.works.get(code)
        if works is None:
            raise LedgerRefused(f"Chưa có công trình mang mã {code}.", rule="unknown_works")
        if amount < 0:
            raise LedgerRefused("Số vốn phân bổ không được nhỏ hơn 0.", rule="negative")
        refuse_fraction(amount)
        line = self.lines.get((code, measure))
        head = self._head_of(line) if line else self._nearest(works, measure)
        return Target(works, measure, amount, posted, head)

    def _head_of(self, line: CapitalPlan) -> CapitalPlan:
        for one in follow(line):
            if one.unit_id == self.unit.pk and one.pk != line.pk:
                return one
        raise LedgerRefused(
            f"{label(line)} không được phân bổ từ vốn của {self.unit}. "
            f"Hãy ghi thay đổi ở trang kế hoạch vốn.",
            rule="other_parent",
            line=line,
        )

    def _nearest(self, works: Works, measure: str) -> CapitalPlan:
        """The unit's line of the works' own component, else of what that belongs to."""
        component: Component | None = works.component
        while component is not None:
            if head := self.heads.get((component.pk, measure)):
                return head
            component = component.parent
        raise LedgerRefused(
            f"{self.unit} chưa được giao vốn {measure} năm {self.year} cho "
            f"{works.component.label}. Hãy ghi quyết định giao vốn cho {self.unit} trước.",
            rule="unknown_line",
        )


def _heads(
    programme: Programme, year: int, unit: AdministrativeUnit
) -> dict[tuple[int, str], CapitalPlan]:
    """The unit's own lines by component and measure; of several the first."""
    lines = CapitalPlan.objects.yearly(programme, year).filter(unit=unit).order_by("-pk")
    return {
        (line.component_id, measure_of(line.source, line.kind)): line for line in with_names(lines)
    }
