"""Money of a year as of a day by component, source and kind, in one statement.

The same lines and sums as programs.aggregation, cut twice; a test holds the two together.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection

from programs.aggregation import LOW, Money, Question, all_lines
from programs.aggregation.statement import over_lines
from programs.models import CapitalKind, Component, Programme
from programs.services.posting import WORD

THOUSAND = Decimal("0.001")
CROSS = """
SELECT stand.component_id, source.code, stand.kind, sum(plan), sum(detail), sum(spent)
FROM stand JOIN programs_fundingsource source ON source.id = stand.source_id
GROUP BY stand.component_id, source.code, stand.kind
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
    found: dict[int | None, OfComponent] = defaultdict(OfComponent)
    sql, parameters = over_lines(CROSS, Question(programme, year, day), all_lines(), low=LOW)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for component, source, kind, *told in cursor.fetchall():
            measure = f"{source}-{WORD[CapitalKind(kind)]}"
            money = Money(*(Decimal(one) * THOUSAND for one in told))
            found[None].add(measure, money)
            up: int | None = component
            while up is not None:
                found[up].add(measure, money)
                up = components[up].parent_id
    return found
