"""What the domain itself says against rows: from its own tables, which no declared rule knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ..entries import RowKey
from ..layout import Column, Layout, Severity
from ..numbers import vietnamese
from .running import ASKING

if TYPE_CHECKING:
    from ..checking import Check

PREFIX = "nv-"  # of the rules of the domain ("nghiệp vụ")
OWN_ROWS = f"{PREFIX}dong-cua-minh"
Told = Mapping[RowKey, Mapping[str, Decimal]]  # the numbers of each row, by the column's key


class Objection(NamedTuple):
    """What stands against one cell. `text` is the end of a sentence: "120 vượt số còn lại (80)."

    `row` is the row's code, `column` a key of the layout. `rule` is a short code of the domain's
    own; with row and column it tells a warning from every other one, for its reason is kept by it.
    """

    row: str
    column: str
    text: str
    rule: str = "nghiep-vu"
    severity: Severity = "error"
    group: str | None = None

    @property
    def code(self) -> str:
        return f"{PREFIX}{self.rule}"

    @property
    def sentence(self) -> str:
        """A warning asks for a reason, as those of declared rules do."""
        if self.severity == "error" or "lý do" in self.text:
            return self.text
        return f"{self.text} {ASKING}"


@dataclass(frozen=True, kw_only=True)
class Domain:
    """What a store knows of one dataset, unit and period.

    `object_to` is asked about all rows as they would stand: those under check, and `stored`, the
    rows that are stored beside them. `own` are the codes of the rows that the person may write;
    None: all.
    """

    object_to: Callable[[Told], Iterable[Objection]]
    stored: Told = field(default_factory=dict)
    own: Collection[str] | None = None

    def without(self, rows: Collection[RowKey]) -> Domain:
        """The same when what is stored of `rows` gives way to what is under check."""
        kept = {key: cells for key, cells in self.stored.items() if key not in rows}
        return Domain(object_to=self.object_to, stored=kept, own=self.own)


def ask_domain(check: Check, domain: Domain) -> None:
    """Say what the domain holds against the rows of one check; of other rows nothing is said."""
    first = entered_first(check.layout)
    rows: dict[RowKey, int] = {}
    for index, key in enumerate(check.entries.keys):
        if index not in check.checked.empty:
            rows.setdefault(key, index)
    for key, index in rows.items():
        if domain.own is not None and key.unit not in domain.own:
            check.say(index, first, rule=OWN_ROWS, text=not_own(check.layout))
    told = {**domain.stored, **dict(_told(check, rows))}
    for found in domain.object_to(told):
        key = RowKey(found.row, found.group)
        if key in rows:
            column = check.layout.by_key.get(found.column, first)
            value = told[key].get(column.key)
            check.say(
                rows[key],
                column,
                rule=found.code,
                text=found.sentence,
                severity=found.severity,
                value="" if value is None else vietnamese(value),
            )


def _told(check: Check, rows: Mapping[RowKey, int]) -> Iterator[tuple[RowKey, dict[str, Decimal]]]:
    columns = [(column.key, check.numbers(column.key)) for column in check.layout.entered]
    for key, index in rows.items():
        yield key, {name: found for name, cells in columns if (found := cells[index]) is not None}


def entered_first(layout: Layout) -> Column:
    return layout.entered[0] if layout.entered else layout.columns[0]


def not_own(layout: Layout) -> str:
    return f"{layout.row_noun} này không thuộc phần bạn được nhập. Hãy bỏ dòng này."
