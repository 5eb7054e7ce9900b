"""Payments against lines of capital: entered, and taken back whole; never changed or deleted."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from portal.accounts.models import User
from portal.collection.models import Submission
from portal.documents.models import Document
from portal.formats import day as written_day
from portal.formats import moment, number
from programs.ledger import (
    LedgerRefused,
    NewPayment,
    label,
    locked,
    translated,
    weigh_payments,
)
from programs.ledger.weighing import refuse_fraction
from programs.models import CapitalPlan, Disbursement

from .following import ask_followers

TWICE = "disbursement_twice"


class SentBefore(Exception):
    """The form that asks for a payment made this one already: it was sent twice."""

    def __init__(self, payment: Disbursement) -> None:
        super().__init__(str(payment))
        self.payment = payment


@transaction.atomic
def pay(
    *, payments: Sequence[NewPayment], by: User | None, submission: Submission | None = None
) -> list[Disbursement]:
    """Keep payments and reversals, all of them or none; they are weighed together.

    Raises:
        LedgerRefused: which line falls short, on which day, by how much; a closed month.
    """
    for one in payments:
        refuse_fraction(one.amount)
    lines = locked(one.plan.pk for one in payments)
    weigh_payments(lines, payments)
    ask_followers(one.plan for one in payments)
    with translated():
        return Disbursement.objects.bulk_create(
            Disbursement(
                plan=one.plan,
                day=one.day,
                amount=one.amount,
                voucher=one.voucher,
                document=one.document,
                reverses=one.reverses,
                note=one.note,
                submission=submission,
                by=by,
            )
            for one in payments
        )


@transaction.atomic
def disburse(
    *,
    plan: CapitalPlan,
    amount: Decimal,
    day: datetime.date,
    by: User | None,
    voucher: str = "",
    document: Document | None = None,
    note: str = "",
    is_another: bool = False,
    after: int | None = None,
) -> Disbursement:
    """One payment against `plan`, in million đồng. See `pay`.

    The same day, amount and voucher again is refused unless a person says that it `is_another`.
    `after` is the line's last payment when the form was handed out (`last_payment`): a form makes
    one payment, however often it is sent, also at the same moment, since the line is held.

    Raises:
        SentBefore: the same person has made this payment since.
    """
    if amount <= 0:
        raise LedgerRefused("Số giải ngân phải lớn hơn 0.", rule="disbursement_signed", line=plan)
    locked([plan.pk])
    if after is not None:
        _refuse_sent_before(plan, after, by, (day, amount, voucher), is_another=is_another)
    if not is_another:
        _refuse_twice(plan, day, amount, voucher)
    payment = NewPayment(plan, amount, day, voucher=voucher, document=document, note=note)
    return pay(payments=[payment], by=by)[0]


def last_payment(plan: CapitalPlan) -> int:
    """The key of the line's last payment, 0 where there is none: keys of a line only grow."""
    paid = Disbursement.objects.filter(plan=plan).order_by("-pk")
    return paid.values_list("pk", flat=True).first() or 0


def _refuse_sent_before(
    plan: CapitalPlan,
    after: int,
    by: User | None,
    told: tuple[datetime.date, Decimal, str],
    *,
    is_another: bool,
) -> None:
    since = Disbursement.objects.filter(plan=plan, pk__gt=after, by=by, reverses=None)
    for one in since.order_by("pk"):
        if (one.day, one.amount, one.voucher) == told:
            raise SentBefore(one)
        if not is_another:
            raise LedgerRefused(
                f"Từ khi mở trang này đã ghi {number(one.amount)} triệu đồng ngày "
                f"{written_day(one.day)}. Nếu đây là khoản khác, hãy đánh dấu “Đây là một khoản "
                f"khác”.",
                rule=TWICE,
                line=plan,
            )


def _refuse_twice(plan: CapitalPlan, day: datetime.date, amount: Decimal, voucher: str) -> None:
    there = Disbursement.objects.filter(
        plan=plan, day=day, amount=amount, voucher=voucher, reverses=None, reversal=None
    ).first()
    if there is not None:
        raise LedgerRefused(
            f"Khoản cùng ngày, số tiền, chứng từ này đã ghi lúc {moment(there.at)}. "
            f"Nếu là khoản khác, hãy đánh dấu “Đây là một khoản khác”.",
            rule=TWICE,
            line=plan,
        )


@transaction.atomic
def reverse(
    *, disbursement: Disbursement, day: datetime.date, by: User | None, note: str
) -> Disbursement:
    """Take a payment back whole on `day`; the money is free on its line again.

    Raises:
        LedgerRefused: it was taken back before, is a reversal itself, or `day` comes before it.
    """
    if not note.strip():
        raise LedgerRefused("Hãy ghi lý do huỷ khoản giải ngân.")
    return pay(payments=[reversal_of(disbursement, day=day, note=note.strip())], by=by)[0]


def reversal_of(paid: Disbursement, *, day: datetime.date, note: str) -> NewPayment:
    """What takes `paid` back; raises LedgerRefused where it cannot be."""
    locked([paid.plan_id])
    if paid.reverses_id is not None:
        raise LedgerRefused("Dòng này là dòng huỷ, không huỷ tiếp được.")
    gone = Disbursement.objects.filter(reverses=paid).first()
    if gone is not None:
        raise LedgerRefused(
            f"Khoản giải ngân này đã huỷ ngày {written_day(gone.day)}.",
            rule="programs_disbursement_reverses_id_key",
        )
    if day < paid.day:
        raise LedgerRefused(
            f"Ngày huỷ phải từ ngày giải ngân {written_day(paid.day)} trở đi ({label(paid.plan)})."
        )
    return NewPayment(paid.plan, -paid.amount, day, voucher=paid.voucher, note=note, reverses=paid)
