"""Entries weighed before they are written: the same rules as the triggers, in words."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.documents.models import Document
from portal.formats import day as written_day
from portal.formats import rounded
from programs.models import CapitalChange, CapitalPlan, ClosedMonth, Disbursement

from .lines import label
from .moves import Moves, moves_of
from .refusals import LedgerRefused, month_closed, outside_its_year, shortage

What = CapitalChange.What


@dataclass(frozen=True)
class NewChange:
    """What a decision says of one line; `amount` in million đồng, negative to take off."""

    plan: CapitalPlan
    what: str
    amount: Decimal

    @property
    def draws(self) -> bool:
        return self.what in CapitalChange.DRAWING and self.plan.parent_id is not None


@dataclass(frozen=True)
class NewPayment:
    """A payment to come; with `reverses` it takes one back and `amount` is negative."""

    plan: CapitalPlan
    amount: Decimal
    day: datetime.date
    voucher: str = ""
    document: Document | None = None
    note: str = ""
    reverses: Disbursement | None = None
    treasury_row: int | None = None


def weigh_changes(
    lines: Mapping[int, CapitalPlan], changes: Sequence[NewChange], day: datetime.date
) -> None:
    """Ask whether `lines` (these and those above) bear the changes.

    Raises:
        LedgerRefused: a line would fall short on some day, or money is told at a wrong place.
    """
    for one in changes:
        _refuse_misplaced(one)
    before = moves_of(lines)
    after = copy.deepcopy(before)
    for one in changes:
        after[one.plan.pk].receive(day, one.amount)
        if one.draws:
            after[one.plan.parent_id or 0].give(day, one.amount)
    lowered = {one.plan.pk for one in changes if one.amount < 0}
    for pk in sorted(lines):
        if short := after[pk].short():
            rule = "capital_covers_use" if pk in lowered else "capital_within_parent"
            raise shortage(rule, lines[pk], short.day, -short.available, before[pk])


def _refuse_misplaced(one: NewChange) -> None:
    on_top = one.plan.parent_id is None
    if one.what == What.ASSIGNED and not on_top:
        raise LedgerRefused(
            f"{label(one.plan)} được phân bổ từ dòng cấp trên. Hãy chọn “phân bổ” thay cho “giao”.",
            rule="capital_change_at_its_place",
            line=one.plan,
        )
    if one.what == What.ALLOCATED and on_top:
        raise LedgerRefused(
            f"{label(one.plan)} là dòng cao nhất. Hãy chọn “giao” thay cho “phân bổ”.",
            rule="capital_change_at_its_place",
            line=one.plan,
        )
    if one.amount == 0:
        raise LedgerRefused("Số tiền phải khác 0.", rule="capital_change_signed", line=one.plan)
    if one.amount < 0 and one.what in (What.ASSIGNED, What.ALLOCATED, What.CARRIED_IN):
        raise LedgerRefused(
            f"Số {What(one.what).label} phải lớn hơn 0. Để giảm vốn, hãy chọn “điều chỉnh”.",
            rule="capital_change_signed",
            line=one.plan,
        )


def refuse_before(document: Document, day: datetime.date) -> None:
    """Nothing is decided before its decision."""
    if day < document.date:
        since = written_day(document.date)
        raise LedgerRefused(
            f"Ngày {written_day(day)} trước ngày {since} của {document}. Hãy ghi ngày từ {since} "
            f"trở đi.",
            rule="capital_after_decision",
            day=day,
        )


def weigh_payments(
    lines: Mapping[int, CapitalPlan],
    payments: Sequence[NewPayment],
    *,
    closed: Collection[ClosedMonth] | None = None,
) -> None:
    """Ask whether `lines` bear the payments.

    Raises:
        LedgerRefused: above the balance, before the decision, in a closed month or another year.
    """
    months = closed_months(lines.values()) if closed is None else closed
    before = moves_of({one.plan.pk for one in payments})
    after = copy.deepcopy(before)
    for one in payments:
        refuse_day(lines[one.plan.pk], one.day, months)
        after[one.plan.pk].give(one.day, one.amount)
    for pk in sorted(after):
        if refused := payment_short(lines[pk], before[pk], after[pk]):
            raise refused


def payment_short(line: CapitalPlan, before: Moves, after: Moves) -> LedgerRefused | None:
    """Why payments that make `before` into `after` cannot be, or None."""
    short = after.short()
    if short is None:
        return None
    early = short.received <= 0
    rule = "disbursement_after_decision" if early else "disbursement_within_balance"
    return shortage(rule, line, short.day, -short.available, before)


def closed_months(lines: Collection[CapitalPlan]) -> list[ClosedMonth]:
    """Months that take nothing more, of the programmes of these lines."""
    return list(
        ClosedMonth.objects.filter(
            programme__in={line.programme_id for line in lines}, reopened_at=None
        )
    )


def refuse_day(line: CapitalPlan, day: datetime.date, closed: Collection[ClosedMonth]) -> None:
    for month in closed:
        if month.programme_id == line.programme_id and month.month == day.replace(day=1):
            raise month_closed(month)
    if line.year is None or not (
        datetime.date(line.year, 1, 1) <= day <= datetime.date(line.year + 1, 1, 31)
    ):
        raise outside_its_year(line)


def refuse_fraction(amount: Decimal) -> None:
    """Raises LedgerRefused: an amount is told to the thousand đồng."""
    if amount != rounded(amount, 3):
        raise LedgerRefused(
            "Số tiền ghi bằng triệu đồng, nhiều nhất ba chữ số sau dấu phẩy (đến nghìn đồng)."
        )
