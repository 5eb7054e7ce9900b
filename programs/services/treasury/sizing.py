"""Amounts of an extract beside the capital of the lines that they are paid from."""

from __future__ import annotations

from decimal import Decimal

from portal.collection.workbooks.amounts import ALMOST, OVER
from portal.formats import number
from programs.ledger import label
from programs.models import TreasuryExtract, TreasuryRow

SMALLER = (Decimal(1_000), Decimal(1_000_000))


def question_of_size(extract: TreasuryExtract) -> str:
    """What to ask when most certain payments cannot be in the unit that the file states, and all
    would fit their lines in a smaller one; "" otherwise. One query."""
    rows = [
        (row, row.amount, row.plan.received)
        for row in extract.rows.filter(outcome=TreasuryRow.Outcome.CERTAIN).select_related(
            "plan__works", "plan__unit", "plan__organisation", "plan__source", "plan__component"
        )
        if row.plan and row.amount and row.plan.received
    ]
    over = [one for one in rows if one[1] > OVER * one[2]]
    if 2 * len(over) <= len(rows):
        return ""
    smaller = [times for times in SMALLER if extract.scale // times in TreasuryExtract.SCALES]
    if not any(_all_fit(rows, times) for times in smaller):
        return ""
    row, amount, received = over[0]
    assert row.plan is not None  # noqa: S101 - as chosen above
    stated = TreasuryExtract.SCALES[extract.scale]
    return (
        f"Tiêu đề ghi {stated}, nhưng dòng {row.place} của tệp tức là "
        f"{number(amount)} triệu đồng, trong khi {label(row.plan)} được giao "
        f"{number(received)} triệu đồng. Số tiền tính bằng gì?"
    )


def _all_fit(rows: list[tuple[TreasuryRow, Decimal, Decimal]], times: Decimal) -> bool:
    return all(amount / times <= ALMOST * received for _, amount, received in rows)
