"""A person agrees, and matched rows become payments; each row tells what became of it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from portal.accounts.models import User
from portal.jobs import services as jobs
from programs.ledger import LedgerRefused, NewPayment
from programs.models import TreasuryExtract, TreasuryRow
from programs.services.disbursing import pay

from .taking_back import reversal_for

ENTER_JOB = "enter_treasury"
Outcome = TreasuryRow.Outcome
State = TreasuryExtract.State


@transaction.atomic
def choose(*, extract: TreasuryExtract, chosen: Mapping[int, int | None]) -> int:
    """Keep which line a person chose for open rows (row: line, None for none); how many have one.

    Raises:
        LedgerRefused: the extract does not wait for it, or a line was not offered for its row.
    """
    extract = TreasuryExtract.objects.select_for_update().get(pk=extract.pk)
    if extract.state != State.READ:
        raise LedgerRefused("Bảng kê này không còn chờ chọn dòng vốn.")
    rows = list(extract.rows.filter(pk__in=chosen, outcome=Outcome.OPEN))
    for row in rows:
        line = chosen[row.pk]
        if line is not None and line not in row.candidates:
            raise LedgerRefused("Dòng vốn đã chọn không nằm trong các dòng được gợi ý.")
        row.plan_id = line
    TreasuryRow.objects.bulk_update(rows, ["plan"], batch_size=500)
    return sum(row.plan_id is not None for row in rows)


@transaction.atomic
def confirm_extract(*, extract: TreasuryExtract, by: User) -> None:
    """Ask for the matched rows to be entered.

    Raises:
        LedgerRefused: there is nothing to enter.
    """
    extract = TreasuryExtract.objects.select_for_update().get(pk=extract.pk)
    ready = extract.rows.filter(outcome__in=TreasuryRow.WAITING, plan__isnull=False)
    if extract.state != State.READ or not ready.exists():
        raise LedgerRefused("Bảng kê này không có dòng nào để ghi nhận.")
    extract.state, extract.entered_by = State.ENTERING, by
    extract.save(update_fields=["state", "entered_by"])
    jobs.ask(ENTER_JOB, extract.pk)


@transaction.atomic
def enter_extract(*, extract: TreasuryExtract) -> None:
    """Enter every row that has a line; what the ledger refuses is told at its row.

    All at once where all fit; else one by one in the order of days. Harmless when run twice.
    """
    extract = TreasuryExtract.objects.select_for_update().get(pk=extract.pk)
    if extract.state != State.ENTERING:
        return
    by = extract.entered_by
    ready = extract.rows.filter(outcome__in=TreasuryRow.WAITING, plan__isnull=False)
    rows = list(ready.select_related("plan").order_by("day", "place"))
    try:
        _enter(rows, by)
    except LedgerRefused:
        for row in rows:
            try:
                _enter([row], by)
            except LedgerRefused as refused:
                row.outcome, row.reason = Outcome.REFUSED, refused.message[:700]
    names = ["outcome", "reason", "disbursement", "plan"]
    TreasuryRow.objects.bulk_update(rows, names, batch_size=500)
    extract.state = State.ENTERED
    extract.save(update_fields=["state"])


def _enter(rows: list[TreasuryRow], by: User | None) -> None:
    with transaction.atomic():
        payments = [_payment(row) for row in rows]
        for row, paid in zip(rows, pay(payments=payments, by=by), strict=True):
            row.disbursement, row.outcome, row.reason = paid, Outcome.ENTERED, ""


def _payment(row: TreasuryRow) -> NewPayment:
    if row.is_taking_back:
        return reversal_for(row)
    if row.plan is None or row.day is None or row.amount is None:
        raise LedgerRefused("Dòng này chưa đủ ngày, số tiền, dòng vốn.")
    return NewPayment(row.plan, row.amount, row.day, voucher=row.voucher, note="Bảng kê kho bạc")
