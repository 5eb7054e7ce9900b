"""One run of the rules: columns of numbers, and the sentence for what is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ..layout import Column, Rule
from ..numbers import vietnamese

if TYPE_CHECKING:
    from ..checking import Check
    from .beside import Beside, Identity

PLACEHOLDER = re.compile(r"\{(cell|heading|value|other|other_heading|limit|previous)\}")
ASKING = "Nếu số liệu đúng, hãy ghi lý do."


class Run:
    """What the kinds of rules share; numbers of a column are made once for all rules."""

    def __init__(self, check: Check, beside: Beside) -> None:
        self.check = check
        self.layout = check.layout
        self.beside = beside
        self._numbers: dict[str, Sequence[Decimal | None]] = {}

    def numbers(self, key: str) -> Sequence[Decimal | None]:
        """The cleaned numbers of one column; None where there is none or it is not known."""
        if key not in self._numbers:
            self._numbers[key] = self.check.numbers(key)
        return self._numbers[key]

    def column(self, key: str | None) -> Column:
        return self.layout.by_key[key or ""]

    def headings(self, keys: Sequence[str]) -> str:
        return " + ".join(self.column(key).heading for key in keys)

    def identities(self, column: Column) -> Iterator[Identity]:
        """What the values of one column are about, row by row."""
        measure, own, sex = column.measure, column.group, column.sex
        category = column.category or ""
        for unit, group in self.check.entries.keys:
            yield (unit, measure, group or own, sex, category)

    def broken(self, rule: Rule, index: int, column: Column, text: str, **facts: str) -> None:
        """Say that `rule` is broken at one cell; `facts` fill the rule's own message."""
        value = self.check.checked.columns.get(column.key, {0: None} | {index: None})[index]
        shown = vietnamese(value) if isinstance(value, Decimal) else ""
        if rule.message:
            place = self.check.entries.places[index]
            known = {"cell": place.cell(column.key), "value": shown, "heading": column.heading}
            known |= facts
            text = PLACEHOLDER.sub(lambda found: known.get(found[1], ""), rule.message)
        if rule.severity == "warning" and "lý do" not in text:
            text = f"{text} {ASKING}"
        self.check.say(
            index,
            column,
            rule=rule.code,
            text=f"{text} {rule.note}".strip(),
            severity=rule.severity,
            value=shown,
            whole=bool(rule.message),
        )


def in_sentence(heading: str) -> str:
    return heading[:1].lower() + heading[1:]


def allowed(rule: Rule, other: Decimal) -> Decimal:
    """The difference that a rule tolerates: in number or in per cent of the other side."""
    difference = rule.parameter or Decimal(0)
    if rule.tolerance_percent:
        difference = max(difference, abs(other) * rule.tolerance_percent / 100)
    return difference


def stands(rule: Rule, value: Decimal, other: Decimal) -> bool:
    """Whether `value` is in the rule's relation to `other`, within what is tolerated."""
    if rule.relation == "<=":
        return value - other <= allowed(rule, other)
    if rule.relation == ">=":
        return other - value <= allowed(rule, other)
    return abs(value - other) <= allowed(rule, other)


RELATION_BROKEN = {"=": "khác", "<=": "lớn hơn", ">=": "nhỏ hơn"}
