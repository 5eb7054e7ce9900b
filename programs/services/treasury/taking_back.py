"""Negative rows of an extract (thu hồi, giảm chi): which earlier payment each takes back.

A payment is taken back whole, so a row fits a payment of its line and of its very amount. Where it
is exactly one, a person is asked; anything else is listed with why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from portal.formats import day as written_day
from portal.formats import number
from programs.ledger import LedgerRefused, NewPayment, label
from programs.models import CapitalPlan, Disbursement, TreasuryRow
from programs.services.disbursing import reversal_of

Outcome = TreasuryRow.Outcome
NOTE = "Thu hồi, giảm chi theo bảng kê kho bạc"
NONE_FITS = (
    "Khoản thu hồi, giảm chi {amount} triệu đồng: dòng vốn này chưa có khoản giải ngân đúng số "
    "tiền đó từ ngày {day} trở về trước. Nếu khoản chi nằm trong cùng tệp, hãy ghi nhận rồi đối "
    "chiếu lại; nếu chỉ thu hồi một phần, hãy huỷ khoản đã ghi và ghi lại số đúng ở trang dòng vốn."
)
SEVERAL_FIT = (
    "Khoản thu hồi, giảm chi {amount} triệu đồng: có {count} khoản đã giải ngân đúng số tiền đó. "
    "Hãy huỷ đúng khoản ở trang dòng vốn."
)
ONE_FITS = (
    "Khoản thu hồi, giảm chi: huỷ khoản {amount} triệu đồng đã ghi ngày {day}{voucher}. "
    "Chọn dòng vốn để huỷ khoản đó."
)


def payments_to_take_back(
    lines: Collection[int], amounts: Collection[Decimal]
) -> QuerySet[Disbursement]:
    """Payments of `lines` of one of `amounts` (above 0) that stand, the earliest first."""
    gone = Disbursement.objects.filter(reverses=OuterRef("pk"))
    standing = Disbursement.objects.filter(~Exists(gone), plan__in=lines, amount__in=amounts)
    return standing.filter(reverses=None).select_related("plan").order_by("day", "pk")


def decide_negative(rows: Sequence[TreasuryRow], lines_of: Mapping[int, Sequence[CapitalPlan]]) -> (
    None
):  # fmt: skip
    """Say of each negative row what it takes back; `lines_of` are its possible lines by place."""
    lines = {line.pk for found in lines_of.values() for line in found}
    amounts = {-row.amount for row in rows if row.amount}
    standing: dict[tuple[int, Decimal], list[Disbursement]] = defaultdict(list)
    for paid in payments_to_take_back(lines, amounts):
        standing[paid.plan_id, paid.amount].append(paid)
    there = _taken_back(lines, rows)
    for row in rows:
        if row.amount is None or row.day is None or not lines_of.get(row.place):
            continue
        _decide(row, lines_of[row.place], standing, there)


def _taken_back(
    lines: Collection[int], rows: Sequence[TreasuryRow]
) -> dict[tuple[int, object, object], list[Disbursement]]:
    """Reversals that are there, by line, day and amount."""
    found: dict[tuple[int, object, object], list[Disbursement]] = defaultdict(list)
    reversals = Disbursement.objects.filter(
        plan__in=lines, day__in={row.day for row in rows}, reverses__isnull=False
    )
    for one in reversals.select_related("plan").order_by("pk"):
        found[one.plan_id, one.day, one.amount].append(one)
    return found


def _decide(
    row: TreasuryRow,
    lines: Sequence[CapitalPlan],
    standing: dict[tuple[int, Decimal], list[Disbursement]],
    there: dict[tuple[int, object, object], list[Disbursement]],
) -> None:
    row.plan, row.disbursement, row.candidates = None, None, []
    amount = -(row.amount or Decimal(0))
    for line in lines:
        if known := there.get((line.pk, row.day, row.amount)):
            row.outcome, row.disbursement = Outcome.THERE, known.pop(0)
            row.plan, row.reason = row.disbursement.plan, "Khoản này đã huỷ trước đó."
            return
    fitting = [
        paid
        for line in lines
        for paid in standing.get((line.pk, amount), ())
        if row.day and paid.day <= row.day
    ]
    words = {"amount": number(amount), "day": written_day(row.day), "count": len(fitting)}
    if len(fitting) != 1:
        row.outcome = Outcome.UNMATCHED
        row.reason = (SEVERAL_FIT if fitting else NONE_FITS).format(**words)
        return
    [paid] = fitting
    standing[paid.plan_id, amount].remove(paid)  # two rows do not take back one payment
    voucher = f", chứng từ {paid.voucher}" if paid.voucher else ""
    row.outcome, row.candidates = Outcome.OPEN, [paid.plan_id]
    row.reason = ONE_FITS.format(amount=number(amount), day=written_day(paid.day), voucher=voucher)


def reversal_for(row: TreasuryRow) -> NewPayment:
    """What takes back the one payment that the row fits.

    Raises:
        LedgerRefused: there is no such payment any more, or there are several by now.
    """
    if row.plan is None or row.day is None or row.amount is None:
        raise LedgerRefused("Dòng này chưa đủ ngày, số tiền, dòng vốn.")
    fitting = list(
        payments_to_take_back([row.plan_id or 0], [-row.amount]).filter(day__lte=row.day)
    )
    if len(fitting) != 1:
        raise LedgerRefused(
            f"{label(row.plan)} không còn đúng một khoản {number(-row.amount)} triệu đồng để huỷ. "
            f"Hãy đối chiếu lại."
        )
    return reversal_of(fitting[0], day=row.day, note=NOTE)
