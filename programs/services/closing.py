"""Months whose payments are settled: closed for more, and opened again with a reason."""

from __future__ import annotations

import datetime

from django.db import transaction

from portal.accounts.models import User
from programs.ledger import LedgerRefused, translated
from programs.ledger.refusals import month_closed
from programs.models import ClosedMonth, Programme


@transaction.atomic
def close_month(
    *, programme: Programme, month: datetime.date, by: User, now: datetime.datetime
) -> ClosedMonth:
    """Take no more payments and reversals in the month of `month`.

    Raises:
        LedgerRefused: the month has not ended, or is closed already.
    """
    first = month.replace(day=1)
    if (first.year, first.month) >= (now.year, now.month):
        raise LedgerRefused(f"Tháng {first:%m/%Y} chưa hết nên chưa khoá sổ được.")
    there = ClosedMonth.objects.filter(programme=programme, month=first, reopened_at=None).first()
    if there is not None:
        raise month_closed(there)
    with translated():
        return ClosedMonth.objects.create(programme=programme, month=first, by=by)


@transaction.atomic
def reopen_month(
    *, closed: ClosedMonth, by: User, reason: str, now: datetime.datetime
) -> ClosedMonth:
    """Take payments in the month again; who, when and why stay told.

    Raises:
        LedgerRefused: without a reason, or the month is open already.
    """
    if not reason.strip():
        raise LedgerRefused("Hãy ghi lý do mở lại tháng đã khoá.")
    closed = ClosedMonth.objects.select_for_update().get(pk=closed.pk)
    if closed.reopened_at is not None:
        raise LedgerRefused(f"Tháng {closed.month:%m/%Y} đã mở lại trước đó.")
    closed.reopened_by, closed.reopened_at, closed.reason = by, now, reason.strip()
    closed.save(update_fields=["reopened_by", "reopened_at", "reason"])
    return closed
