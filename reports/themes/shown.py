"""A panel as it is shown: the same words and numbers for the page, the workbook, csv and PDF."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ethnic_data.exploring.files import heading
from ethnic_data.exploring.members import Member
from ethnic_data.exploring.selection import AXES
from ethnic_data.exploring.table import Cell, Table
from portal import formats
from portal.charts import Chart


@dataclass(frozen=True, slots=True)
class Value:
    """One cell: its words, the number to the last digit (None where there is none), its link."""

    text: str
    exact: Decimal | None = None
    decimals: int | None = None
    url: str = ""
    before: str = ""
    after: str = ""
    is_signed: bool = False  # a difference: "+" stands before it

    @property
    def words(self) -> str:
        """As it is printed, with its marks."""
        return f"{self.before}{self.text}{self.after}"


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    values: Sequence[Value]
    url: str = ""
    is_total: bool = False
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A chart with its title and what it leaves out."""

    chart: Chart
    title: str
    note: str = ""


@dataclass(frozen=True)
class Shown:
    """Plain data: kept between requests. heads: rows of (words, columns they stand over)."""

    key: str
    title: str
    corner: str = ""
    heads: Sequence[Sequence[tuple[str, int]]] = ()
    lines: Sequence[Line] = ()
    subtitle: str = ""
    source: str = ""
    as_of: datetime.datetime | datetime.date | None = None
    picture: Picture | None = None
    notes: Sequence[str] = ()
    unapplied: Sequence[str] = ()
    is_demo: bool = False
    width: str = "half"
    explorer: str = ""  # the address of the same selection in the explorer, and of its file
    hand: str = ""  # the address that hands it to a report
    taken: str = ""  # what these two take of it, where it is not all
    more_url: str = ""
    more: str = ""
    is_gone: bool = False  # nothing can be opened or taken away
    empty: str = ""
    empty_url: str = ""
    empty_button: str = ""
    years: Sequence[tuple[str, str, bool]] = ()  # of a map: code, words, whether it is shown

    @property
    def says_something(self) -> bool:
        return any(one.exact is not None for line in self.lines for one in line.values)

    @property
    def width_in_columns(self) -> int:
        return max((len(line.values) for line in self.lines), default=0)

    @property
    def body(self) -> list[Line]:
        return [line for line in self.lines if not line.is_total]

    @property
    def totals(self) -> list[Line]:
        return [line for line in self.lines if line.is_total]

    @property
    def about(self) -> list[str]:
        """What stands above the numbers in every file."""
        lines = [self.title, self.subtitle]
        if self.source:
            when = f", tính đến ngày {formats.day(self.as_of)}" if self.as_of else ""
            lines.append(f"Nguồn: {self.source}{when}")
        if self.is_demo:
            lines.append("Số liệu minh hoạ")
        return [line for line in lines if line]


@dataclass(frozen=True)
class Grid:
    """What stands in the table: headings, lines, marks."""

    corner: str
    heads: list[list[tuple[str, int]]]
    lines: list[Line]
    notes: list[str] = field(default_factory=list)


def grid_of(table: Table, lead: Callable[[Member], str]) -> Grid:
    """The table of the explorer. lead: where the name of a row leads, "" nowhere."""
    return Grid(
        AXES[table.chosen.rows],
        [[(heading(member), span) for member, span in row] for row in table.heads],
        [
            Line(
                row.label,
                [value_of(table, cell) for cell in cells],
                "" if row.is_total else lead(row),
                row.is_total,
                row.note,
            )
            for row, cells in table.lines(table.rows)
        ],
        notes_of(table),
    )


def value_of(table: Table, cell: Cell) -> Value:
    known = cell.figure.value
    if known is None:
        return Value(cell.text)
    return Value(
        cell.text,
        known,
        cell.decimals,
        cell.url,
        "≈ " if cell.is_estimate else "",
        cell.mark + (" mẫu" if table.marks_samples and cell.is_sample else ""),
    )


def notes_of(table: Table) -> list[str]:
    found = []
    if table.kind_words:
        found.append(table.kind_words)
    if table.is_incomplete:
        found.append("Dấu *: chưa đủ đơn vị báo cáo.")
    if table.has_estimates:
        found.append("Dấu ≈: ước tính theo dân số.")
    if table.hidden:
        found.append("“Không công bố”: số quá nhỏ, hoặc cần che để không suy ra số quá nhỏ.")
    if table.rates_words:
        found.append(table.rates_words)
    return found
