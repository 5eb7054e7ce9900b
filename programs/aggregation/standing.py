"""Lines one by one as they stood on a day: what they hold, what was paid; a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from programs.models import CapitalPlan
from programs.models.capital import CapitalPlanQuerySet

from .money import LOW, THOUSAND
from .questions import Question
from .statement import over_lines

NAMES = ("unit", "organisation", "works", "component", "source")
ORDERS = {
    "plan": "plan",
    "paid": "spent",
    "rate": "spent / nullif(plan, 0)::numeric",
    "left": "plan - spent",
}
LINES = """
SELECT id, plan, spent, count(*) OVER (), sum(plan) OVER (), sum(spent) OVER ()
FROM stand WHERE {which} ORDER BY {order}, id LIMIT %(limit)s OFFSET %(offset)s
"""
#: which lines: all with money, those of works, those above works, slow ones of works
WHICH = {
    "every": "(plan <> 0 OR spent <> 0)",
    "works": "(plan <> 0 OR spent <> 0) AND holder = 'works'",
    "above": "(plan <> 0 OR spent <> 0) AND holder <> 'works'",
    "slow": "holder = 'works' AND plan > 0 AND spent * 100 < plan * %(low)s",
}


@dataclass(frozen=True)
class Standing:
    """One line at the end of the day asked, in million đồng."""

    line: CapitalPlan
    plan: Decimal
    paid: Decimal

    @property
    def left(self) -> Decimal:
        return self.plan - self.paid

    @property
    def rate(self) -> Decimal | None:
        return self.paid / self.plan * 100 if self.plan else None


@dataclass(frozen=True)
class Standings:
    """A page of lines, and how many there are with what sums; no sums beyond the last page."""

    rows: list[Standing]
    count: int = 0
    plan: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)


def standings(
    question: Question,
    visible: CapitalPlanQuerySet,
    *,
    which: str = "every",
    slow_below: int = LOW,
    order: str = "-plan",
    limit: int,
    offset: int = 0,
) -> Standings:
    """Lines that hold or paid something; two queries.

    which: a name of WHICH; slow are those below the rate `slow_below`, in per cent.
    order: a name of ORDERS, with a minus for the largest first.
    """
    column = ORDERS[order.removeprefix("-")]
    tail = LINES.replace("{which}", WHICH[which])
    tail = tail.replace("{order}", f"{column} {'DESC' if order[0] == '-' else 'ASC'} NULLS LAST")
    sql, parameters = over_lines(tail, question, visible, low=slow_below)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters | {"limit": limit, "offset": offset})
        found = cursor.fetchall()
    if not found:
        return Standings([])
    lines = CapitalPlan.objects.select_related(*NAMES).in_bulk([row[0] for row in found])
    return Standings(
        [Standing(lines[pk], plan * THOUSAND, spent * THOUSAND) for pk, plan, spent, *_ in found],
        count=found[0][3],
        plan=found[0][4] * THOUSAND,
        paid=found[0][5] * THOUSAND,
    )
