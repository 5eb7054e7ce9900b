"""The people of a unit by ethnic group and sex, with each group's part of all."""

from __future__ import annotations

from dataclasses import dataclass

from ethnic_data.exploring.table import Cell
from portal import formats

from .tables import Cells


@dataclass(frozen=True)
class GroupRow:
    """A group, or everybody (`is_total`)."""

    name: str
    code: str
    male: Cell
    female: Cell
    both: Cell
    share: str

    @property
    def is_total(self) -> bool:
        return not self.code

    @property
    def cells(self) -> list[Cell]:
        return [self.male, self.female, self.both]


def by_groups(cells: Cells) -> list[GroupRow]:
    """Groups of which anybody lives there or is not told, the largest first; everybody last."""
    total = cells["", ""].figure.value
    rows = [
        GroupRow(
            member.label,
            member.code,
            cells[member.code, "male"],
            cells[member.code, "female"],
            cells[member.code, ""],
            formats.share(cells[member.code, ""].figure.value, total),
        )
        for member in cells.table.rows
    ]
    shown = [row for row in rows if _lives_there(row) and not row.is_total]
    shown.sort(key=lambda row: (row.both.figure.value is None, -(row.both.figure.value or 0)))
    everybody = [row for row in rows if row.is_total]
    return [*shown, *everybody] if shown or everybody[0].both.is_known else []


def _lives_there(row: GroupRow) -> bool:
    return any(one.figure.value or one.figure.missing == "confidential" for one in row.cells)
