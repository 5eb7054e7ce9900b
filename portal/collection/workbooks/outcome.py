"""What came out of a file: the other half of the contract (see `layout`).

A `Reading` is complete in itself: the service stores `values`, the pages show the rest. It is
accepted when it holds no error and no open question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from .layout import Severity

Missing = Literal["not_collected", "not_applicable", "confidential"]


class CellValue(NamedTuple):
    """One value, or the reason why there is none, and the cell it came from.

    `value` is None exactly when `missing` says why. `cell` ("E17") is empty for a value typed in
    a form; `raw` is the text of the cell as it stood in the file. `column` is the layout's key.
    """

    unit: str
    indicator: str
    group: str | None
    sex: str | None
    category: str | None
    value: Decimal | None
    missing: Missing | None
    sheet: str
    cell: str
    raw: str
    column: str


class Issue(NamedTuple):
    """Something wrong or strange at one place. `message` is the whole Vietnamese sentence."""

    severity: Severity
    rule: str
    message: str
    sheet: str = ""
    cell: str = ""
    heading: str = ""
    value: str = ""
    unit: str | None = None
    group: str | None = None
    column: str | None = None
    file: str = ""


class Option(NamedTuple):
    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something the file leaves open. `id` is stable, so an answer can be kept for next time."""

    id: str
    text: str
    options: tuple[Option, ...]
    suggestion: str | None = None
    sheet: str = ""
    cell: str = ""
    file: str = ""


class ReadColumn(NamedTuple):
    """A column of the file ("C") and what it was taken for; `key` None means left aside."""

    letter: str
    heading: str
    key: str | None
    indicator: str | None
    group: str | None
    sex: str | None
    how: str  # exact, alias, answer, number, stub, left aside


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """How one sheet was read. Rows are numbered as the user sees them, from 1."""

    sheet: str
    heading_rows: tuple[int, ...]
    first_row: int
    last_row: int
    columns: tuple[ReadColumn, ...]
    number_style: str  # "1.234,5", "1,234.5", "1 234,5" or "" when nothing tells
    encoding: str  # "Unicode", "TCVN3", "VNI"
    title: str = ""
    unit_of_measure: str = ""
    repairs: tuple[tuple[str, str, str], ...] = ()  # (cell, before, after), the first few
    notes: tuple[str, ...] = ()  # what was done to the numbers with the sender's consent
    file: str = ""


class RowOutcome(NamedTuple):
    """One row of the file that is not simply stored: why it was skipped or refused."""

    sheet: str
    row: int
    label: str
    status: Literal["skipped", "refused"]
    reason: str
    file: str = ""


class ControlTotal(NamedTuple):
    """A total as printed in the file beside the sum of what was read."""

    sheet: str
    cell: str
    label: str
    heading: str
    column: str
    printed: Decimal | None
    computed: Decimal | None
    file: str = ""

    @property
    def agrees(self) -> bool:
        return self.printed == self.computed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """rows_read = stored + skipped + refused, with the reason of every row not stored.

    `sums` gives, for every entered column, the sum of the values that will be stored.
    `missing_units` are expected units without a row.
    """

    rows_read: int = 0
    stored: int = 0
    skipped: int = 0
    refused: int = 0
    rows: tuple[RowOutcome, ...] = ()
    totals: tuple[ControlTotal, ...] = ()
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    missing_units: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Everything one upload gave: what was understood, the values, and all that stands against."""

    understood: tuple[Understood, ...] = ()
    values: Sequence[CellValue] = ()
    issues: tuple[Issue, ...] = ()
    questions: tuple[Question, ...] = ()
    reconciliation: Reconciliation = field(default_factory=Reconciliation)
    working: Any = None  # a `kept.Working`: what mending a cell begins from
    container: str = ""  # xlsx, xls, ods, xlsb, csv, html
    file: str = ""

    @property
    def errors(self) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if issue.severity == "error")

    @property
    def warnings(self) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if issue.severity == "warning")

    @property
    def is_accepted(self) -> bool:
        return not self.questions and not self.errors
