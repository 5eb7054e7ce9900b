"""The programme in a unit: works and which are late, money of its works by year."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from portal.formats import percent
from portal.units.models import AdministrativeUnit, Level
from programs.aggregation import Question, day_of
from programs.aggregation.communes import YearMoney, money_in
from programs.forms.seeing import address_of
from programs.models import CapitalPlan, State, Works
from programs.models.works import is_late

if TYPE_CHECKING:
    from portal.accounts.models import User

ZERO = Decimal(0)
FILTERS = {Level.COMMUNE: "xa", Level.DISTRICT: "huyen"}  # of the list of works


@dataclass(frozen=True)
class YearRow:
    """A year's money of one programme with the addresses behind its numbers."""

    money: YearMoney
    lines_url: str
    payments_url: str

    @property
    def rate(self) -> str:
        return percent(self.money.rate) if self.money.rate is not None else "—"


@dataclass(frozen=True)
class Done:
    """Works and money of a unit as of today."""

    works: int
    late: int
    states: list[tuple[str, int]]
    works_url: str
    late_url: str
    money: list[YearRow]

    @property
    def year(self) -> int | None:
        return max((row.money.year for row in self.money), default=None)

    @property
    def plan(self) -> Decimal:
        """Of the last year, all programmes together, in million đồng."""
        return sum((row.money.plan for row in self.money if row.money.year == self.year), ZERO)

    @property
    def paid(self) -> Decimal:
        return sum((row.money.paid for row in self.money if row.money.year == self.year), ZERO)


def done_in(unit: AdministrativeUnit, user: User, *, today: datetime.date) -> Done | None:
    """None for those who may not see programmes; six queries."""
    if not user.has_perm("programs.view"):
        return None
    counted = (
        Works.objects.visible_to(user)
        .within(unit)
        .order_by()
        .values("state")
        .annotate(works=Count("pk"), late=Count("pk", filter=is_late(today)))
    )
    states: dict[str, int] = defaultdict(int)
    late = 0
    for row in counted:
        states[row["state"]] += row["works"]
        late += row["late"]
    lines = CapitalPlan.objects.visible_to(user)
    return Done(
        works=sum(states.values()),
        late=late,
        states=[(str(state.label), states[state.value]) for state in State if states[state.value]],
        works_url=_works(unit),
        late_url=_works(unit, cham="1"),
        money=[_row(one, unit, today) for one in reversed(money_in(unit, lines, today=today))],
    )


def _works(unit: AdministrativeUnit, **more: str) -> str:
    own = {FILTERS[Level(unit.level)]: str(unit.pk)} if unit.level in FILTERS else {}
    return f"{reverse('programs:works_list')}?{urlencode(own | more)}"


def _row(one: YearMoney, unit: AdministrativeUnit, today: datetime.date) -> YearRow:
    question = Question(one.programme, one.year, day_of(one.year, today), place=unit)
    query = urlencode(address_of(question, today=today))
    return YearRow(
        one,
        f"{reverse('programs:line_list')}?{query}",
        f"{reverse('programs:payment_list')}?{query}",
    )
