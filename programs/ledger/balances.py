"""How lines of capital stood at the end of any day, added up from their entries."""

from __future__ import annotations

import datetime
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from programs.models import CapitalChange, CapitalPlan, Disbursement
from programs.models.capital import CapitalPlanQuerySet

ZERO = Decimal(0)
OUT = CapitalChange.What.CARRIED_OUT


class Balance(NamedTuple):
    """A line, or several added up, in million đồng: as the totals of `CapitalPlan`."""

    received: Decimal = ZERO
    passed_on: Decimal = ZERO
    carried_out: Decimal = ZERO
    disbursed: Decimal = ZERO

    def __add__(self, other: Balance) -> Balance:  # type: ignore[override]
        return Balance(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def held(self) -> Decimal:
        """Given here and not passed on: held money of lines adds up to the plan of them all."""
        return self.received - self.passed_on

    @property
    def available(self) -> Decimal:
        """What may still be passed on, paid or carried over."""
        return self.held - self.carried_out - self.disbursed


def kept(line: CapitalPlan) -> Balance:
    """The totals that the database keeps: of all days."""
    return Balance(line.received, line.passed_on, line.carried_out, line.disbursed)


def balances(lines: CapitalPlanQuerySet, *, on: datetime.date) -> dict[int, Balance]:
    """Each of `lines` that has entries up to the end of `on`; three queries however many lines."""
    chosen = lines.order_by().values("pk")
    found: dict[int, list[Decimal]] = defaultdict(lambda: [ZERO] * 4)
    changes = CapitalChange.objects.filter(plan__in=chosen, day__lte=on)
    for pk, given, gone in _sums(
        changes, "plan", Sum(Case(When(~Q(what=OUT), then=F("amount")))),
        Sum(Case(When(what=OUT, then=F("amount")))),
    ):  # fmt: skip
        found[pk][0] += given
        found[pk][2] -= gone
    drawn = CapitalChange.objects.filter(
        plan__parent__in=chosen, day__lte=on, what__in=CapitalChange.DRAWING
    )
    for pk, amount in _sums(drawn, "plan__parent", Sum("amount")):
        found[pk][1] += amount
    paid = Disbursement.objects.filter(plan__in=chosen, day__lte=on)
    for pk, amount in _sums(paid, "plan", Sum("amount")):
        found[pk][3] += amount
    return {pk: Balance(*amounts) for pk, amounts in found.items()}


def _sums(entries: QuerySet, key: str, *sums: Sum) -> list[tuple]:
    named = {f"sum{index}": Coalesce(one, ZERO) for index, one in enumerate(sums)}
    return list(entries.order_by().values_list(key).annotate(**named).values_list(key, *named))


def balance_of(lines: CapitalPlanQuerySet, *, on: datetime.date) -> Balance:
    """All of `lines` together at the end of `on`."""
    return sum(balances(lines, on=on).values(), Balance())
