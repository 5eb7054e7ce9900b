"""What holds for amounts of money in a dataset of records: their decimals, and their size."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from portal.formats import rounded

from ..amounts import FEWEST, OVER, bound_of, is_amount, is_over, sentence, sizes_of, strangeness
from ..layout import Column, RowUnit
from ..numbers import vietnamese
from .running import ASKING

if TYPE_CHECKING:
    from ..checking import Check

AMOUNT, DECIMALS = "so-tien", "so-le"


def check_amounts(check: Check) -> None:
    """An amount that cannot be is refused, a strange one asks for a reason; none is changed."""
    for column in check.layout.entered:
        if is_amount(column, check.layout):
            _decimals(check, column)
            _sizes(check, column)


def _decimals(check: Check, column: Column) -> None:
    for index, value in enumerate(check.numbers(column.key)):
        if value is not None and value != rounded(value, column.decimals):
            text = (
                f"{vietnamese(value)} có quá {column.decimals} chữ số sau dấu phẩy. "
                f"Hãy làm tròn: {vietnamese(rounded(value, column.decimals))}."
            )
            check.say(index, column, rule=DECIMALS, text=text, value=vietnamese(value))


def _sizes(check: Check, column: Column) -> None:
    """Each cell by what is known of its row, and all of them together: most cells over what their
    rows can hold are in another unit of money, those of them that alone would pass as well."""
    rows = check.layout.unit_by_code
    cells = [
        (index, value, rows.get(check.entries.keys[index].unit))
        for index, value in enumerate(check.numbers(column.key))
        if value
    ]
    sizes = sizes_of((value, column, row) for _, value, row in cells)
    together = sizes.told >= FEWEST and bool(sizes.units)
    for index, value, row in cells:
        severity = strangeness(value, column, row)
        if severity != "error" and together and is_over(value, column, row):
            severity = "error" if _exceeds(value, column, row) else "warning"
        if severity is None:
            continue
        text = sentence(value, column, row, check.layout)
        if severity == "warning":
            text = f"{text} {ASKING}"
        check.say(index, column, rule=AMOUNT, text=text, severity=severity, value=vietnamese(value))


def _exceeds(value: Decimal, column: Column, row: RowUnit | None) -> bool:
    bound = bound_of(column, row)
    return bound is not None and abs(value) > OVER * bound.amount
