"""Money of a year as of a day by component, source and kind, in one statement.

The same sums as programs.aggregation, cut twice; a test holds the two together.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection

from programs.aggregation.money import Money
from programs.aggregation.statement import MOVES
from programs.models import CapitalKind, Component, Programme
from programs.models.by_month import slot_end, slot_of
from programs.services.posting import WORD

THOUSAND = Decimal("0.001")
#: what is kept by month answers for the end of a month
KEPT = """
SELECT line.component_id, source.code, line.kind, sum(told.held),
       coalesce(sum(told.held) FILTER (WHERE line.holder = 'works'), 0), sum(told.paid)
FROM programs_capitalplan line JOIN programs_fundingsource source ON source.id = line.source_id
JOIN LATERAL (
    SELECT (SELECT sum(held) FROM unnest(kept.held[1:%(slot)s]) held) AS held,
           (SELECT sum(paid) FROM unnest(kept.paid[1:%(slot)s]) paid) AS paid
    FROM programs_capitalbymonth kept WHERE kept.plan_id = line.id
) told ON true
WHERE line.programme_id = %(programme)s AND line.year = %(year)s
GROUP BY line.component_id, source.code, line.kind
"""
CROSS = """
WITH move AS ({moves})
SELECT line.component_id, source.code, line.kind, sum(move.held),
       coalesce(sum(move.held) FILTER (WHERE line.holder = 'works'), 0), sum(move.paid)
FROM move JOIN programs_capitalplan line ON line.id = move.plan_id
JOIN programs_fundingsource source ON source.id = line.source_id
WHERE line.programme_id = %(programme)s AND line.year = %(year)s
GROUP BY line.component_id, source.code, line.kind
"""


@dataclass
class OfComponent:
    """The money of one component with all below it: in all, and by measure ("NSTW-DT")."""

    total: Money = field(default_factory=Money)
    by_measure: dict[str, Money] = field(default_factory=lambda: defaultdict(Money))

    def add(self, measure: str, money: Money) -> None:
        self.total += money
        self.by_measure[measure] += money


def crossed(
    programme: Programme,
    components: Mapping[int, Component],
    *,
    year: int,
    day: datetime.date,
) -> dict[int | None, OfComponent]:
    """By component (None: the whole programme) as it stood at the end of `day`."""
    slot = slot_of(day, year)
    by_month = slot_end(slot, year) == day
    sql = KEPT if by_month else CROSS.format(moves=MOVES.format(days="c.day <= %(day)s"))
    found: dict[int | None, OfComponent] = defaultdict(OfComponent)
    with connection.cursor() as cursor:
        told_of: dict[str, int | datetime.date] = {
            "programme": programme.pk, "year": year, "day": day, "slot": slot,
        }  # fmt: skip
        cursor.execute(sql, told_of)
        for component, source, kind, *told in cursor.fetchall():
            measure = f"{source}-{WORD[CapitalKind(kind)]}"
            money = Money(*(Decimal(one) * THOUSAND for one in told))
            found[None].add(measure, money)
            up: int | None = component
            while up is not None:
                found[up].add(measure, money)
                up = components[up].parent_id
    return found
