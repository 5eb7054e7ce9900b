"""The totals that lines keep, beside what their entries add up to."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Sum

from programs.models import CapitalChange, CapitalPlan
from programs.models.capital import CapitalPlanQuerySet

from .balances import ZERO, Balance, balances, kept
from .lines import with_names
from .moves import moves_of

END = datetime.date.max
BATCH = 2000


class Disagreement(NamedTuple):
    """A line that is not what its entries make it: a total, or `short_on` a day."""

    line: CapitalPlan
    kept: Balance
    computed: Balance
    short_on: datetime.date | None = None


def disagreements() -> Iterator[Disagreement]:
    """Every line whose kept totals differ from its entries, or that is short on some day."""
    ids = list(CapitalPlan.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        lines = CapitalPlan.objects.filter(pk__in=ids[start : start + BATCH])
        computed = balances(lines, on=END)
        moves = moves_of(ids[start : start + BATCH])
        for line in with_names(lines).order_by("pk"):
            sums, short = computed.get(line.pk, Balance()), moves[line.pk].short()
            if kept(line) != sums or short:
                yield Disagreement(line, kept(line), sums, short.day if short else None)


def months_astray() -> CapitalPlanQuerySet:
    """Lines whose money by month (CapitalByMonth) is not what their entries make it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM programs_months_astray()")
        return CapitalPlan.objects.filter(pk__in=[pk for (pk,) in cursor.fetchall()])


class Whole(NamedTuple):
    """The ledger of all lines: what came from outside, and where it is."""

    lines: int
    from_outside: Decimal
    held: Decimal
    disbursed: Decimal

    @property
    def agrees(self) -> bool:
        return self.from_outside == self.held


def whole() -> Whole:
    """What all lines hold is what came from outside: assigned, adjusted at the top, carried in."""
    everything = sum(balances(CapitalPlan.objects.all(), on=END).values(), Balance())
    top = balances(CapitalPlan.objects.filter(parent=None), on=END).values()
    carried_in = CapitalChange.objects.filter(
        plan__parent__isnull=False, what=CapitalChange.What.CARRIED_IN
    ).aggregate(total=Sum("amount"))
    return Whole(
        lines=CapitalPlan.objects.count(),
        from_outside=sum((one.received for one in top), carried_in["total"] or ZERO),
        held=everything.held,
        disbursed=everything.disbursed,
    )
