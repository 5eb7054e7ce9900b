"""Payments that no workbook tells, as entered from vouchers."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from portal.documents.models import Document
from programs.demo.reference import Reference
from programs.demo.years import Year
from programs.models import CapitalPlan, Disbursement


def write_payments(
    reference: Reference,
    one: Year,
    document: Document,
    *,
    by_workbook: Collection[tuple[str, datetime.date]],
) -> None:
    """All payments of the year up to today but those of (works, day) in `by_workbook`."""
    lines = {
        (line.works.code, (line.source.code, line.kind)): line
        for line in CapitalPlan.objects.yearly(reference.programme, one.year)
        .filter(works__isnull=False)
        .select_related("works", "source")
        if line.works
    }
    Disbursement.objects.bulk_create(
        Disbursement(
            plan=lines[job.code, purse],
            day=day,
            amount=amount,
            voucher=f"MH-{day:%y%m}",
            document=document,
            by=reference.by,
        )
        for job in one.paid_for
        for purse, payments in job.payments.items()
        for day, amount in payments
        if day <= reference.today and (job.code, day) not in by_workbook
    )
