"""How large the amounts of a file of decisions may be, so that đồng for million đồng is noticed.

An allocation is measured by what the line above has, money from outside by the most that the same
line was ever given in a year. Where most amounts of a file are too large, all are refused: they
share a unit, and a few that alone would pass are as wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Max

from portal.collection.workbooks.amounts import FEWEST, NEVER, OVER
from portal.formats import number
from programs.ledger.opening import held_by
from programs.models import CapitalPlan

from .cells import DOUBTFUL

if TYPE_CHECKING:
    from .decision_rows import Told

SMALLER = ((Decimal(10**6), "đồng"), (Decimal(10**3), "nghìn đồng"))
MOSTLY_WRONG = (
    "Phần lớn số tiền của tệp quá lớn so với triệu đồng. Hãy kiểm tra đơn vị tính của cả cột, "
    "rồi nạp lại tệp."
)


class Bound(NamedTuple):
    """The most that a row may be about, in million đồng, and what that is."""

    most: Decimal
    times: Decimal  # over how many times it is refused
    noun: str


def bound_of(told: Told) -> Bound | None:
    """None where nothing is known of the line."""
    if told.component is None or told.source is None or told.receiver is None or not told.kind:
        return None
    if told.parent is not None:
        received = told.parent.received
        return Bound(received, OVER, "vốn của đơn vị giao") if received else None
    if told.giver is not None:
        return None
    lines = CapitalPlan.objects.filter(
        component=told.component, source=told.source, kind=told.kind, year__isnull=False,
        parent=None, **held_by(told.receiver),
    )  # fmt: skip
    most = lines.aggregate(most=Max("received"))["most"]
    return Bound(most, NEVER, "số lớn nhất đã giao cho dòng này trong một năm") if most else None


def too_large(amount: Decimal, bound: Bound | None) -> str:
    """Why an amount of million đồng cannot be one, and what to write instead; "" when it can."""
    size = abs(amount)
    if bound is not None and size > bound.times * bound.most:
        beside = f"gấp {number(size / bound.most, 0)} lần {bound.noun} ({number(bound.most)})"
    elif size >= DOUBTFUL:
        beside = "quá lớn"
    else:
        return ""
    ways = [
        f"nếu tính bằng {unit}, ghi {number(amount / factor)}"
        for factor, unit in SMALLER
        if bound is None or size / factor <= bound.times * bound.most
    ]
    return f"{number(amount)} triệu đồng {beside}. Cột này tính bằng triệu đồng: {'; '.join(ways)}."


def are_mostly_too_large(found: Iterable[str]) -> bool:
    """Whether what `too_large` says of every amount of a file speaks for all of them."""
    told = list(found)
    wrong = sum(map(bool, told))
    return wrong >= FEWEST and 2 * wrong > len(told)
