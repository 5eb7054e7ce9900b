"""What a table or chart says, as plain data that is kept with the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar


class NotToBeMade(Exception):
    """The table or chart cannot be made from its source now; the sentence says why."""


_Row = TypeVar("_Row")


def in_turn(rows: Iterable[tuple[str, _Row]]) -> dict[tuple[str, int], _Row]:
    """Each row by its name, and by its turn among rows of that name."""
    met: Counter[str] = Counter()
    found = {}
    for name, row in rows:
        met[name] += 1
        found[name, met[name]] = row
    return found


@dataclass(frozen=True, slots=True)
class Head:
    """One cell of the headings, over so many columns and rows."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its name, and each cell as it is printed with its value to the last digit.

    A value is None where there is none, or where it is not published.
    """

    label: str
    cells: tuple[tuple[str, str | None], ...]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """Headings and rows; `about` is what it is narrowed to, `marks` explains its signs."""

    head: tuple[tuple[Head, ...], ...]
    lines: tuple[Line, ...]
    unit: str = ""
    about: str = ""
    marks: str = ""

    @property
    def width(self) -> int:
        """How many columns of cells stand beside the names of the rows."""
        return sum(one.columns for one in self.head[0]) - 1 if self.head else 0

    def columns(self, first: int, last: int) -> Content:
        """Only the columns of cells from `first` up to before `last`, under their own headings."""
        return replace(
            self,
            head=tuple(
                _clipped(row, first, last, has_corner=number == 0)
                for number, row in enumerate(self.head)
            ),
            lines=tuple(replace(line, cells=line.cells[first:last]) for line in self.lines),
        )

    @property
    def says_something(self) -> bool:
        return any(value is not None for line in self.lines for _, value in line.cells)

    @property
    def printed(self) -> list[list[str]]:
        """The words of every row: what is compared when the data change."""
        return [[line.label, *(text for text, _ in line.cells)] for line in self.lines]

    def differing(self, again: Content) -> tuple[int, int]:
        """How many values are compared with those of the same rows made again, and how many of
        them differ. A cell without a value (not published, none given) is not compared; a row
        that is not there any more differs whole.
        """
        found = again.by_name
        compared = differing = 0
        for name, cells in self.by_name.items():
            others = found.get(name, ())
            for place, (_, value) in enumerate(cells):
                if value is None:
                    continue
                compared += 1
                differing += place >= len(others) or others[place][1] != value
        return compared, differing

    @property
    def by_name(self) -> dict[tuple[str, int], tuple[tuple[str, str | None], ...]]:
        """The cells of each row by its name and turn."""
        return in_turn((line.label, line.cells) for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        return {
            "head": [[[one.text, one.columns, one.rows] for one in row] for row in self.head],
            "rows": [
                [line.label, line.is_total, [list(cell) for cell in line.cells]]
                for line in self.lines
            ],
            "unit": self.unit,
            "about": self.about,
            "marks": self.marks,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Content:
        """The content kept as `as_json`; an empty one of an exhibit that was never made."""
        return cls(
            head=tuple(tuple(Head(*cell) for cell in row) for row in data.get("head", ())),
            lines=tuple(
                Line(label, tuple((text, value) for text, value in cells), is_total)
                for label, is_total, cells in data.get("rows", ())
            ),
            unit=data.get("unit", ""),
            about=data.get("about", ""),
            marks=data.get("marks", ""),
        )


def _clipped(row: tuple[Head, ...], first: int, last: int, *, has_corner: bool) -> tuple[Head, ...]:
    """One row of headings over some of its columns; the corner above the names stays."""
    kept, start = list(row[:1] if has_corner else ()), 0
    for one in row[len(kept) :]:
        end = start + one.columns
        over = min(end, last) - max(start, first)
        if over > 0:
            kept.append(replace(one, columns=over))
        start = end
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Made:
    """A table, its drawing where one is wanted, and where it comes from.

    `provenance`: {"source", "period", "units", "as_of" (ISO day), "is_demo", "hidden" (cells not
    published), "submissions" and "datasets" (keys)}.
    """

    title: str
    content: Content
    drawing: str = ""
    provenance: Mapping[str, Any] = field(default_factory=dict)
