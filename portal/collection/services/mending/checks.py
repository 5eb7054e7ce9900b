"""A check of a few kept rows alone, or of a few columns of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from portal.collection.models import Upload
from portal.collection.services.beside import beside_of
from portal.collection.workbooks.checking import check
from portal.collection.workbooks.cleaned import Checked
from portal.collection.workbooks.kept import KeptRow, entries_from
from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.outcome import Issue
from portal.collection.workbooks.rules import Beside


@dataclass
class Outcome:
    """What rows gave: their issues, their values to be stored, and how each row ended."""

    checked: Checked
    rows: Sequence[KeptRow]
    issues: list[Issue] = field(default_factory=list)

    def ending(self, index: int) -> str:
        """stored, skipped or refused."""
        if index in self.checked.refused:
            return "refused"
        return "skipped" if index in self.checked.empty else "stored"

    def number(self, index: int, key: str) -> Decimal | None:
        """The cleaned number of one cell, wanted in sums."""
        value = self.checked.columns.get(key, [None] * (index + 1))[index]
        return value if isinstance(value, Decimal) else None


def outcome(upload: Upload, layout: Layout, rows: Sequence[KeptRow], beside: Beside) -> Outcome:
    """A check of these rows alone."""
    kept = upload.mending
    entries = entries_from(layout, kept["columns"], kept["tables"], rows, upload.original_name)
    blocked = [index for index, row in enumerate(rows) if row.blocked]
    checked = check(
        entries, style=kept["style"], beside=beside, blank=kept["blank"], refused=blocked
    ).checked
    return Outcome(checked, rows, [i for i in checked.issues if i.rule != "nil"])


def column_issues(upload: Upload, layout: Layout, rules: Sequence[Any]) -> list[Issue]:
    """What the rules over whole columns say, from those columns of all kept rows."""
    wanted = {key for rule in rules for key in rule.columns}
    columns = upload.mending["columns"]
    places = [index for index, key in enumerate(columns) if key in wanted]
    fields = ["position", "sheet", "row", "unit", "group", "label", "table", "places"]
    rows = upload.rows.order_by("position").values_list(
        *fields, *(f"cells__{index}" for index in places)
    )
    kept = []
    for *told, where in _split(rows, len(fields)):
        line: list[Any] = [None] * len(columns)
        for index, raw in zip(places, where, strict=True):
            line[index] = raw
        at, sheet, row, unit, group, label, table, moved = told
        kept.append(KeptRow(at, sheet, row, unit, group, label, table, line, moved, False, 0))
    small = replace(layout, rules=tuple(rules))
    beside = replace(beside_of(upload.submission, small), domain=None)
    codes = {rule.code for rule in rules}
    found = outcome(upload, small, kept, beside)
    return [issue for issue in found.issues if issue.rule in codes]


def _split(rows: Iterable[tuple], count: int) -> Iterable[tuple]:
    return ((*row[:count], row[count:]) for row in rows)
