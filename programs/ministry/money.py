"""Money of a year as of a day by component, source and kind: one statement over the entries.

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
from programs.services.posting import WORD

THOUSAND = Decimal("0.001")
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
    sql = CROSS.format(moves=MOVES.format(days="c.day <= %(day)s"))
    found: dict[int | None, OfComponent] = defaultdict(OfComponent)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"programme": programme.pk, "year": year, "day": day})
        for component, source, kind, *told in cursor.fetchall():
            measure = f"{source}-{WORD[CapitalKind(kind)]}"
            money = Money(*(Decimal(one) * THOUSAND for one in told))
            found[None].add(measure, money)
            up: int | None = component
            while up is not None:
                found[up].add(measure, money)
                up = components[up].parent_id
    return found
