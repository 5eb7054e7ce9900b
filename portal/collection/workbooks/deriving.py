"""The sex that a table leaves out: all and women are printed, men are the difference.

The difference is taken only when the sender agrees, with one row as an example.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from .entries import Entries, Raw, number_of
from .layout import Column, Layout
from .numbers import Style, vietnamese
from .outcome import Option, Question
from .rows import Harvest

YES, NO = "yes", "no"


class Gap(NamedTuple):
    """A wanted column and the two that the file has; `sign` is -1 for a difference."""

    wanted: Column
    first: Column
    second: Column
    sign: int


class Deriving:
    def __init__(
        self, layout: Layout, harvest: Harvest, told: set[str], style: Style | None
    ) -> None:
        self.style = style
        self.layout = layout
        self.harvest = harvest
        self.entries: Entries = harvest.entries
        self.told = told | harvest.keys_in_rows

    def run(self, answers: Mapping[str, str]) -> None:
        """Fills what the sender agreed to; asks about the rest."""
        for gap in self.gaps():
            answer = answers.get(f"derive:{gap.wanted.key}")
            if answer == YES:
                self._fill(gap)
            elif answer != NO and (question := self._question(gap)):
                self.harvest.ask(question)

    def gaps(self) -> Iterator[Gap]:
        """Required columns of one sex, or of both, whose two companions are there."""
        for wanted in self.layout.entered:
            if not wanted.required or wanted.key in self.told:
                continue
            kin = {
                c.sex: c
                for c in self.layout.entered
                if (c.measure, c.group, c.category)
                == (wanted.measure, wanted.group, wanted.category)
            }
            if set(kin) != {None, "male", "female"}:
                continue
            whole, male, female = kin[None], kin["male"], kin["female"]
            first, second, sign = {
                None: (male, female, 1),
                "male": (whole, female, -1),
                "female": (whole, male, -1),
            }[wanted.sex]
            if {first.key, second.key} <= self.told:
                yield Gap(wanted, first, second, sign)

    def _parts(self, gap: Gap, index: int) -> tuple[Raw, Raw]:
        row, columns = self.entries.rows[index], self.entries.columns
        return row[columns.index(gap.first.key)], row[columns.index(gap.second.key)]

    def _sum(self, gap: Gap, index: int) -> tuple[Decimal, Decimal] | None:
        first, second = (number_of(part, self.style) for part in self._parts(gap, index))
        return None if first is None or second is None else (first, second)

    def _fill(self, gap: Gap) -> None:
        at = self.entries.columns.index(gap.wanted.key)
        for index, row in enumerate(self.entries.rows):
            parts = self._parts(gap, index)
            numbers = self._sum(gap, index)
            cell: Raw
            if "" in parts or None in parts:
                cell = ""
            elif numbers is None:
                cell = next(part for part in parts if number_of(part, self.style) is None)
            else:
                cell = float(numbers[0] + gap.sign * numbers[1])
            self.entries.rows[index] = [*row[:at], cell, *row[at + 1 :]]
        self.harvest.keys_in_rows.add(gap.wanted.key)

    def _question(self, gap: Gap) -> Question | None:
        sign = "−" if gap.sign < 0 else "+"
        names = (gap.wanted.heading, gap.first.heading, gap.second.heading)
        text = (
            f"Biểu cần cột “{names[0]}”, tệp chỉ có “{names[1]}” và “{names[2]}”. "
            f"Tính {names[0]} = {names[1]} {sign} {names[2]}?"
        )
        for index, place in enumerate(self.entries.places):
            if numbers := self._sum(gap, index):
                result = numbers[0] + gap.sign * numbers[1]
                shown = f"{vietnamese(numbers[0])} {sign} {vietnamese(numbers[1])}"
                text += f" Ví dụ {place.label}: {shown} = {vietnamese(result)}."
                return Question(
                    id=f"derive:{gap.wanted.key}",
                    text=text,
                    options=(Option(YES, "Tính như vậy"), Option(NO, "Không, tôi sẽ sửa tệp")),
                    sheet=place.sheet,
                    file=self.harvest.file,
                )
        return None
