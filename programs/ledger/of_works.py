"""The money of one works: its lines, its payments, its rate."""

from __future__ import annotations

from dataclasses import dataclass

from portal.accounts.models import User
from programs.models import CapitalPlan, Disbursement, Works

from .balances import Balance, kept
from .lines import with_names

SHOWN = 24


@dataclass(frozen=True)
class WorksCapital:
    """`payments` are the last ones, reversals among them; `more` how many there are beside."""

    lines: list[CapitalPlan]
    payments: list[Disbursement]
    more: int
    total: Balance


def capital_of(works: Works, *, user: User) -> WorksCapital:
    """What `user` may see of the money of `works`; three queries."""
    seen = CapitalPlan.objects.visible_to(user).filter(works=works)
    lines = list(with_names(seen).order_by("year", "source__position", "kind"))
    paid = Disbursement.objects.filter(plan__in=[line.pk for line in lines])
    found = paid.select_related("plan__source", "reverses", "document__document_type", "by")
    last = list(found.order_by("-day", "-pk")[:SHOWN])
    more = paid.count() - SHOWN if len(last) == SHOWN else 0
    return WorksCapital(lines, last, more, sum(map(kept, lines), Balance()))
