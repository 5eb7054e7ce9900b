"""What holds for amounts of money in a dataset of records: their decimals, and their size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..amounts import is_amount, sentence, strangeness
from ..entries import rounded_to
from ..layout import Column
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
        rounded = value if value is None else rounded_to(value, column.decimals)
        if value is not None and rounded is not None and value != rounded:
            text = (
                f"{vietnamese(value)} có quá {column.decimals} chữ số sau dấu phẩy. "
                f"Hãy làm tròn: {vietnamese(rounded)}."
            )
            check.say(index, column, rule=DECIMALS, text=text, value=vietnamese(value))


def _sizes(check: Check, column: Column) -> None:
    rows, noun = check.layout.unit_by_code, check.layout.expected_noun
    for index, value in enumerate(check.numbers(column.key)):
        row = rows.get(check.entries.keys[index].unit)
        severity = strangeness(value, column, row) if value else None
        if value is None or severity is None:
            continue
        text = sentence(value, column, row, noun)
        if severity == "warning":
            text = f"{text} {ASKING}"
        check.say(index, column, rule=AMOUNT, text=text, severity=severity, value=vietnamese(value))
