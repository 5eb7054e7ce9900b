"""Columns that the file computed itself, compared with our own computation."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from .cleaned import raw_text
from .entries import Raw
from .layout import Column
from .numbers import vietnamese

if TYPE_CHECKING:
    from .checking import Check


class Formulas:
    """Warns where a printed ratio differs from the ratio of the entered values."""

    def __init__(self, check: Check) -> None:
        self.check = check

    def run(self) -> None:
        raws = dict(self.check.entries.by_column())
        for column in self.check.layout.computed:
            cells = raws[column.key]
            if column.formula is not None and any(cell not in (None, "") for cell in cells):
                for index, raw in enumerate(cells):
                    self._compare(index, column, raw)

    def computed(self, index: int, column: Column) -> Decimal | None:
        """The ratio of the entered values of one row; None when it has no meaning."""
        if column.formula is None:
            return None
        above = self.check.checked.columns.get(column.formula.numerator, ())
        below = self.check.checked.columns.get(column.formula.denominator, ())
        if index >= len(above) or index >= len(below):
            return None
        numerator, denominator = above[index], below[index]
        if not isinstance(numerator, Decimal) or not isinstance(denominator, Decimal):
            return None
        return numerator / denominator * column.formula.factor if denominator else None

    def _compare(self, index: int, column: Column, raw: Raw) -> None:
        if not isinstance(raw, str | float) or raw == "" or index in self.check.checked.refused:
            return
        own = self.computed(index, column)
        if own is None:
            return
        shown = vietnamese(own, 2)
        try:
            printed = self.check.widget(column).clean(raw)
        except ValidationError:
            text = f"“{raw_text(raw)}” không đúng, sẽ dùng số tính lại {shown}."
        else:
            if not isinstance(printed, Decimal) or agrees(printed, own, column):
                return
            text = f"tệp ghi {vietnamese(printed)}, tính lại là {shown}. Sẽ dùng số tính lại."
        self.check.say(
            index, column, rule="computed", text=text, severity="warning", value=raw_text(raw)
        )


def agrees(printed: Decimal, own: Decimal, column: Column) -> bool:
    """Equal within the digits that were printed, or as the fraction behind a percentage."""
    exponent = printed.as_tuple().exponent
    digits = min(-exponent if isinstance(exponent, int) and exponent < 0 else 0, 2)
    if abs(printed - own) <= Decimal("0.5001") * Decimal(10) ** -digits:
        return True
    return column.value_type == "percent" and abs(printed * 100 - own) <= Decimal("0.06")
