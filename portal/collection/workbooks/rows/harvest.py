"""What the rows of one file gave, before it is checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ..entries import Entries, Raw
from ..layout import Layout
from ..outcome import Issue, Option, Question, RowOutcome

TotalKind = Literal["total", "minorities", "unit", "section", "own"]


@dataclass
class TotalRow:
    """A printed total: its cells by layout key, and the entries before and after it.

    `start` counts the entries that stood before it, `section` those before its section began.
    """

    sheet: str
    row: int
    label: str
    kind: TotalKind
    cells: dict[str, Raw]
    columns: dict[str, int]
    start: int
    section: int
    unit: str | None = None
    group: str | None = None  # of one group's total
    of_file: bool = False  # over all sheets, not only its own


@dataclass
class Stray:
    """A row of a unit that this submission does not expect."""

    sheet: str
    cell: str
    label: str
    code: str


@dataclass
class Harvest:
    """Everything the rows of one file gave. Rows count from 0 here, from 1 in outcomes."""

    entries: Entries
    file: str = ""
    outcomes: list[RowOutcome] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    strays: list[Stray] = field(default_factory=list)
    hidden: list[tuple[str, int]] = field(default_factory=list)
    keys_in_rows: set[str] = field(default_factory=set)  # columns that stand in rows of the file

    def skip(self, sheet: str, row: int, label: str, reason: str) -> None:
        self.outcomes.append(RowOutcome(sheet, row + 1, label, "skipped", reason, self.file))

    def refuse(self, sheet: str, row: int, label: str, reason: str) -> None:
        self.outcomes.append(RowOutcome(sheet, row + 1, label, "refused", reason, self.file))

    def wrong(self, sheet: str, row: int, label: str, cell: str, rule: str, text: str) -> None:
        """A row refused with an issue at its label; `text` follows "Ô B12: "."""
        message = f"Ô {cell}: {text}"
        self.refuse(sheet, row, label, message)
        self.issues.append(Issue("error", rule, message, sheet, cell, "", label, file=self.file))

    def ask(self, question: Question) -> None:
        self.questions.setdefault(question.id, question)


def which_unit(layout: Layout, sheet: str, file: str) -> Question:
    """Asked where neither rows nor titles say whose numbers a sheet holds."""
    return Question(
        id="whose",
        text=f"Trang tính “{sheet}” là số liệu của {layout.row_noun} nào?",
        options=tuple(Option(unit.code, unit.label) for unit in layout.valid_units()),
        sheet=sheet,
        file=file,
    )
