"""The declared rules of a layout, run over whole columns."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from .layout import Column, Rule
from .numbers import vietnamese

if TYPE_CHECKING:
    from .checking import Check

# by unit, measure, group (None for all), sex (None for all) and category ("" for none)
Identity = tuple[str, str, str | None, str | None, str]
Previous = Mapping[Identity, Decimal]
SMALL = 10  # a change by fewer than this is never remarkable


class Rules:
    """Runs every rule of the layout of one check and says what breaks it."""

    def __init__(self, check: Check, previous: Previous) -> None:
        self.check = check
        self.layout = check.layout
        self.previous = previous

    def run(self) -> None:
        kinds = {
            "at_most": self._at_most,
            "sum": self._sum,
            "range": self._range,
            "change": self._change,
        }
        known = self.layout.by_key
        for rule in self.layout.rules:
            if all(key in known for key in (*rule.columns, *filter(None, [rule.other]))):
                kinds[rule.kind](rule)

    def _broken(self, rule: Rule, index: int, column: Column, text: str, **facts: str) -> None:
        value = self.check.checked.columns[column.key][index]
        shown = vietnamese(value) if isinstance(value, Decimal) else ""
        if rule.message:
            known = dict.fromkeys(("other", "other_heading", "limit", "previous"), "")
            place = self.check.entries.places[index]
            known |= {"cell": place.cell(column.key), "value": shown, "heading": column.heading}
            text = rule.message.format_map(known | facts)
        self.check.say(
            index,
            column,
            rule=rule.code,
            text=text,
            severity=rule.severity,
            value=shown,
            whole=bool(rule.message),
        )

    def _at_most(self, rule: Rule) -> None:
        whole = self.layout.by_key[rule.other or ""]
        wholes = self.check.numbers(whole.key)
        for key in rule.columns:
            part = self.layout.by_key[key]
            for index, value in enumerate(self.check.numbers(key)):
                limit = wholes[index]
                if value is None or limit is None or value <= limit:
                    continue
                shown, other = vietnamese(value), vietnamese(limit)
                heading = whole.heading[:1].lower() + whole.heading[1:]
                text = f"{shown} lớn hơn {heading} ({other}). Sửa một trong hai ô."
                self._broken(rule, index, part, text, other=other, other_heading=whole.heading)

    def _sum(self, rule: Rule) -> None:
        whole = self.layout.by_key[rule.other or ""]
        parts = [self.check.numbers(key) for key in rule.columns]
        for index, total in enumerate(self.check.numbers(whole.key)):
            values = [part[index] for part in parts]
            if total is None or None in values:
                continue
            computed = sum((value for value in values if value is not None), Decimal(0))
            if abs(computed - total) <= (rule.parameter or 0):
                continue
            names = " + ".join(self.layout.by_key[key].heading for key in rule.columns)
            other = vietnamese(computed)
            text = f"{vietnamese(total)} khác tổng {names} ({other}). Hãy kiểm tra lại các ô."
            self._broken(rule, index, whole, text, other=other, other_heading=names)

    def _range(self, rule: Rule) -> None:
        for key in rule.columns:
            column = self.layout.by_key[key]
            for index, value in enumerate(self.check.numbers(key)):
                if value is None:
                    continue
                if rule.minimum is not None and value < rule.minimum:
                    limit, side = rule.minimum, "nhỏ hơn"
                elif rule.maximum is not None and value > rule.maximum:
                    limit, side = rule.maximum, "lớn hơn"
                else:
                    continue
                text = f"{vietnamese(value)} {side} {vietnamese(limit)}. Hãy kiểm tra lại."
                self._broken(rule, index, column, text, limit=vietnamese(limit))

    def _change(self, rule: Rule) -> None:
        """Against the period before; a small difference in number is never remarkable."""
        if not self.previous:
            return
        factor = rule.parameter or Decimal(3)
        for key in rule.columns:
            column = self.layout.by_key[key]
            for index, value in enumerate(self.check.numbers(key)):
                before = self.previous.get(self._identity(index, column))
                if value is None or not before or abs(value - before) < SMALL:
                    continue
                if before / factor < value < before * factor:
                    continue
                shown = vietnamese(before)
                text = (
                    f"{vietnamese(value)}, {_change_in_words(before, value)} so với kỳ trước "
                    f"({shown}). Hãy kiểm tra lại hoặc ghi lý do."
                )
                self._broken(rule, index, column, text, previous=shown, limit=vietnamese(factor))

    def _identity(self, index: int, column: Column) -> Identity:
        key = self.check.entries.keys[index]
        group = key.group or column.group
        return (key.unit, column.measure, group, column.sex, column.category or "")


def _change_in_words(before: Decimal, value: Decimal) -> str:
    if value >= before:
        return f"tăng {vietnamese(value / before, 1)} lần"
    return f"giảm {vietnamese(before / value, 1)} lần" if value else "giảm hết"
