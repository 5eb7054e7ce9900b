"""What happened to lines of capital, day by day: the same sums as `programs_capital_days`."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Sum

from programs.models import CapitalChange, Disbursement

ZERO = Decimal(0)


class Day(NamedTuple):
    """A line at the end of a day: what it received, and what may still be passed on or paid."""

    day: datetime.date
    received: Decimal
    available: Decimal


class Moves:
    """What came to one line and what left it, by day, in million đồng."""

    def __init__(self) -> None:
        self.came: dict[datetime.date, Decimal] = defaultdict(Decimal)
        self.moved: dict[datetime.date, Decimal] = defaultdict(Decimal)

    def receive(self, day: datetime.date, amount: Decimal) -> None:
        self.came[day] += amount
        self.moved[day] += amount

    def give(self, day: datetime.date, amount: Decimal) -> None:
        """Passed on or paid."""
        self.moved[day] -= amount

    def days(self) -> Iterator[Day]:
        received = available = ZERO
        for day in sorted(self.moved):
            received += self.came.get(day, ZERO)
            available += self.moved[day]
            yield Day(day, received, available)

    def at(self, day: datetime.date) -> Day:
        """How the line stands at the end of `day`."""
        last = Day(day, ZERO, ZERO)
        for one in self.days():
            if one.day > day:
                break
            last = Day(day, one.received, one.available)
        return last

    def short(self) -> Day | None:
        """The first day on which more was passed on or paid than there was."""
        return next((one for one in self.days() if one.available < 0), None)

    def spare(self, day: datetime.date) -> Decimal:
        """What can be taken off on `day` so that no later day falls short."""
        later = (one.available for one in self.days() if one.day > day)
        return max(ZERO, min([self.at(day).available, *later]))

    def first_day(self) -> datetime.date | None:
        """Since when the line has money."""
        return next((one.day for one in self.days() if one.received > 0), None)


def moves_of(lines: Collection[int]) -> dict[int, Moves]:
    """The moves of each of these lines; three queries."""
    found = {line: Moves() for line in lines}
    changes = CapitalChange.objects.filter(plan__in=lines).order_by()
    for line, day, amount in _by_day(changes.values_list("plan", "day")):
        found[line].receive(day, amount)
    below = CapitalChange.objects.filter(
        plan__parent__in=lines, what__in=CapitalChange.DRAWING
    ).order_by()
    for line, day, amount in _by_day(below.values_list("plan__parent", "day")):
        found[line].give(day, amount)
    paid = Disbursement.objects.filter(plan__in=lines).order_by()
    for line, day, amount in _by_day(paid.values_list("plan", "day")):
        found[line].give(day, amount)
    return found


def _by_day(entries: object) -> Iterator[tuple[int, datetime.date, Decimal]]:
    return iter(entries.annotate(total=Sum(F("amount"))))  # type: ignore[attr-defined]
