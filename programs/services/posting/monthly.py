"""The payments of a month from a workbook."""

from __future__ import annotations

import copy
import datetime
from collections import defaultdict
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from portal.accounts.models import User
from portal.collection.models import Submission
from portal.collection.stores import Asked
from portal.formats import number
from programs.ledger import LedgerRefused, NewPayment, moves_of
from programs.ledger.weighing import closed_months, payment_short, refuse_day, refuse_fraction
from programs.models import CapitalPlan, Disbursement, Programme
from programs.services.disbursing import pay, reversal_of

from .told import ZERO, Stands, Values, entries_of, works_lines


class _Month:
    """The payments that a workbook tells, beside what it told before."""

    def __init__(self, asked: Asked, programme: Programme, values: Values) -> None:
        self.day = asked.period.end
        self.values = {key: value for key, value in values.items() if value is not None}
        self.lines = works_lines(programme, self.day.year, {code for code, _ in values})
        standing = Disbursement.objects.filter(
            entries_of(asked), plan__programme=programme, reverses=None, reversal=None
        )
        self.standing: dict[int, list[Disbursement]] = defaultdict(list)
        for paid in standing.select_related("plan__works", "plan__source"):
            self.standing[paid.plan_id].append(paid)

    def told_elsewhere(self, asked: Asked) -> dict[int, Decimal]:
        """What of the month was entered otherwise: from the treasury, or by hand."""
        first = self.day.replace(day=1)
        paid = Disbursement.objects.filter(plan__in=[line.pk for line in self.lines.values()])
        others = paid.filter(month=first, reverses=None, reversal=None).exclude(entries_of(asked))
        return dict(others.order_by().values_list("plan").annotate(total=Sum("amount")))

    def standing_of(self, line: CapitalPlan) -> Decimal:
        return sum((paid.amount for paid in self.standing[line.pk]), ZERO)

    def changed(self) -> list[tuple[CapitalPlan, Decimal]]:
        """Lines whose payment is to become another, 0 for none."""
        told = {
            line.pk: (line, value)
            for key, value in self.values.items()
            if (line := self.lines.get(key)) is not None
        }
        for paid_list in self.standing.values():
            for paid in paid_list:
                told.setdefault(paid.plan_id, (paid.plan, ZERO))
        return [(line, value) for line, value in told.values() if value != self.standing_of(line)]


@transaction.atomic
def post_monthly(
    *, submission: Submission, programme: Programme, values: Values, by: User
) -> list[Disbursement]:
    """Make the month's payments those of `values`, on the last day of the period.

    Of a correction only what changed is taken back and entered anew.

    Raises:
        LedgerRefused: a works without a line, a balance that is exceeded, a closed month.
    """
    month = _Month(submission, programme, values)
    for (code, measure), value in month.values.items():
        if value and (code, measure) not in month.lines:
            raise LedgerRefused(_no_line(code, measure, month.day), rule="unknown_line")
    payments: list[NewPayment] = []
    for line, amount in month.changed():
        note = f"Đính chính lần {submission.revision}"
        payments += [
            reversal_of(paid, day=month.day, note=note) for paid in month.standing[line.pk]
        ]
        if amount:
            payments.append(NewPayment(line, amount, month.day))
    return pay(payments=payments, by=by, submission=submission) if payments else []


def objections_to_monthly(*, asked: Asked, programme: Programme, values: Values) -> list[Stands]:
    """At which works and measure `post_monthly` would be refused, and why; reads only."""
    month = _Month(asked, programme, values)
    moves = moves_of({line.pk for line in month.lines.values()})
    closed = closed_months(list(month.lines.values()))
    elsewhere = month.told_elsewhere(asked)
    found = []
    for (code, measure), value in month.values.items():
        line = month.lines.get((code, measure))
        if line is None:
            if value:
                words = _no_line(code, measure, month.day)
                found.append(Stands(code, measure, words, "unknown_line"))
            continue
        standing = month.standing_of(line)
        if value == standing:
            continue
        try:
            if value < 0:
                raise LedgerRefused("Số giải ngân không được nhỏ hơn 0.", rule="negative")
            refuse_fraction(value)
            refuse_day(line, month.day, closed)
            before = moves[line.pk]
            before.give(month.day, -standing)
            after = copy.deepcopy(before)
            after.give(month.day, value)
            if refused := payment_short(line, before, after):
                raise refused
        except LedgerRefused as refused:
            found.append(Stands(code, measure, refused.message, refused.rule or "amount"))
        else:
            if value and (other := elsewhere.get(line.pk)):
                words = _entered_already(other, month.day)
                found.append(Stands(code, measure, words, "told_elsewhere", "warning"))
    return found


def _entered_already(amount: Decimal, day: datetime.date) -> str:
    return (
        f"Tháng {day:%m/%Y} đã có {number(amount)} triệu đồng ghi từ bảng kê kho bạc hoặc nhập "
        f"tay. Số này được ghi thêm vào đó; nếu là cùng một khoản thì bỏ ô này."
    )


def _no_line(code: str, measure: str, day: datetime.date) -> str:
    words = (
        f"Công trình {code} chưa có kế hoạch vốn {measure} năm {day.year}. "
        f"Hãy phân bổ vốn cho công trình trước, hoặc bỏ số này."
    )
    if day.month != 1:
        return words
    before = day.year - 1
    return (
        f"{words} Vốn năm {before} còn được giải ngân đến 31/01/{day.year}: khoản đó ghi ở dòng "
        f"vốn năm {before} của công trình (Kế hoạch vốn), không ghi ở biểu này."
    )
