"""Rows of one file that stand for the same row of the dataset.

They are parts side by side (two print blocks), local groups of one ethnic group, an empty
repetition, or a mistake; only the last is refused, and what must be added is asked first.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from .entries import Covered, Entries, Place, Raw, RowKey, number_of
from .finding import which_sheet
from .grid import as_text
from .layout import Layout
from .names import fold, split_kind, strip_enumeration
from .numbers import Style, missing_reason
from .outcome import Issue, Option, Question
from .rows import Harvest


class Merging:
    """Leaves one entry per row key, and marks what cannot be merged as `refused`."""

    def __init__(
        self, harvest: Harvest, layout: Layout, answers: Mapping[str, str], style: Style | None
    ) -> None:
        self.harvest = harvest
        self.style = style
        self.entries: Entries = harvest.entries
        self.layout = layout
        self.answers = answers
        self.dropped: set[int] = set()
        self.refused_keys: set[RowKey] = set()
        self.refused: set[int] = set()

    def merge(self) -> None:
        duplicates = self.entries.duplicates()
        if duplicates:
            self._merge_all(duplicates)
        self._open_gaps()

    def _merge_all(self, duplicates: Mapping[RowKey, list[int]]) -> None:
        if self._ask_sheets(duplicates):
            return
        for key, rows in duplicates.items():
            self._merge(key, rows)
        self._drop()

    def _open_gaps(self) -> None:
        """A sex or category that stands in rows of its own and is wanting for somebody."""
        for position, key in enumerate(self.entries.columns):
            if key in self.harvest.keys_in_rows:
                for index, row in enumerate(self.entries.rows):
                    if row[position] is None:
                        self.entries.rows[index] = [*row[:position], "", *row[position + 1 :]]

    def _merge(self, key: RowKey, rows: list[int]) -> None:
        told = [row for row in rows if self._has_content(row)]
        for row in rows:
            if row not in told and (told or row != rows[0]):
                self._skip(row, "Dòng lặp lại, để trống")
        if len(told) < 2:
            return
        if self._side_by_side(told):
            self._join(told)
        elif key.group and self._are_local_groups(key, told):
            self._local_groups(key, told)
        elif self._same(told):
            for row in told[1:]:
                self._skip(row, "Dòng lặp lại, giống hệt dòng trước")
        else:
            self._refuse(key, told)

    def _has_content(self, row: int) -> bool:
        return any(
            cell not in (None, "") and not isinstance(cell, Covered)
            for cell in self.entries.rows[row]
        )

    def _are_local_groups(self, key: RowKey, rows: list[int]) -> bool:
        """Rows of one ethnic group under different names; a unit spelt in two ways is not that."""
        labels = {self.entries.places[row].label for row in rows}
        unit = self.layout.unit_by_code.get(key.unit)
        names = {fold(split_kind(strip_enumeration(label))[1]) for label in labels}
        if unit is not None and names == {fold(unit.name)}:
            return False
        return len({fold(label) for label in labels}) > 1

    def _fact(self, cell: Raw) -> object:
        """What a cell says, however it is written: "1.234" and 1234 are the same."""
        if cell in (None, "") or isinstance(cell, bool):
            return cell
        if isinstance(cell, str) and (reason := missing_reason(cell)):
            return reason
        number = number_of(cell, self.style)
        return cell if number is None else number

    def _same(self, rows: list[int]) -> bool:
        """Whether all rows say the same, however it is written."""
        return len({tuple(map(self._fact, self.entries.rows[row])) for row in rows}) == 1

    def _side_by_side(self, rows: list[int]) -> bool:
        """No column has content in two of the rows."""
        return all(
            sum(cell not in (None, "") for cell in cells) <= 1
            for cells in zip(*(self.entries.rows[row] for row in rows), strict=True)
        )

    def _join(self, rows: list[int]) -> None:
        first, *rest = rows
        cells = list(self.entries.rows[first])
        place = self.entries.places[first]
        places = dict(place.cells)
        for row in rest:
            other = self.entries.places[row]
            for position, cell in enumerate(self.entries.rows[row]):
                key = self.entries.columns[position]
                if cells[position] in (None, "") and cell is not None:
                    cells[position] = cell
                    if key in other.columns and other.sheet == place.sheet:
                        places[key] = (other.row, other.columns[key])
            self.dropped.add(row)
        self.entries.rows[first] = cells
        self.entries.places[first] = place._replace(cells=places)

    def _local_groups(self, key: RowKey, rows: list[int]) -> None:
        """Sán Chí and Cao Lan are both Sán Chay: their numbers are added when the person agrees."""
        ident = f"add:{key.group}"
        answer = self.answers.get(ident)
        labels = [self.entries.places[row].label for row in rows]
        if answer == "add":
            self._add(rows)
        elif answer is None:
            group = self.layout.group_by_code[key.group or ""].name
            place = self.entries.places[rows[0]]
            self.harvest.ask(
                Question(
                    id=ident,
                    text=f"Các dòng {', '.join(f'“{label}”' for label in labels)} đều là dân tộc "
                    f"{group}. Cộng lại thành một dòng?",
                    options=(Option("add", "Cộng lại"), Option("no", "Không, tôi sẽ sửa tệp")),
                    suggestion="add",
                    sheet=place.sheet,
                    file=self.harvest.file,
                )
            )
            self.refused_keys.add(key)
        else:
            self._refuse(key, rows)

    def _add(self, rows: list[int]) -> None:
        first, *rest = rows
        cells = list(self.entries.rows[first])
        for position, cell in enumerate(cells):
            column = self.layout.by_key[self.entries.columns[position]]
            parts = [self.entries.rows[row][position] for row in rows]
            numbers = [number_of(part, self.style) for part in parts]
            if not any(part is not None for part in parts):
                continue  # a column that the file does not have
            if any(part == "" for part in parts) and self.answers.get("blank") != "zero":
                cells[position] = ""  # an omission, which no sum makes good
            elif None not in numbers and column.is_entered:
                total = sum((number for number in numbers if number is not None), Decimal(0))
                cells[position] = float(total)
            elif not column.is_entered:
                cells[position] = ""
            else:
                cells[position] = next((p for p in parts if number_of(p, self.style) is None), cell)
        self.entries.rows[first] = cells
        for row in rest:
            self._skip(row, "Đã cộng vào dòng cùng dân tộc")

    def _refuse(self, key: RowKey, rows: list[int]) -> None:
        places = [self.entries.places[row] for row in rows]
        self.refused_keys.add(key)
        numbers = " và ".join(str(place.row + 1) for place in places[:3])
        last = places[-1]
        text = (
            f"Dòng {numbers}: {self._name(key)} có {len(places)} dòng với số liệu khác nhau. "
            "Hãy giữ lại một dòng."
        )
        cell = next((c for key_ in last.columns if (c := last.cell(key_))), "")
        self.harvest.issues.append(
            Issue("error", "duplicate", text, last.sheet, cell, "", last.label, key.unit, key.group,
                  file=self.harvest.file)
        )  # fmt: skip

    def _name(self, key: RowKey) -> str:
        unit = self.layout.unit_by_code.get(key.unit)
        name = unit.label if unit else key.unit
        if key.group in self.layout.group_by_code:
            return f"{name}, dân tộc {self.layout.group_by_code[key.group].name}"
        return name

    def _ask_sheets(self, duplicates: Mapping[RowKey, list[int]]) -> bool:
        """The same units on several sheets with different numbers: which sheet is meant."""
        sheets: dict[str, int] = {}
        clashing = 0
        for rows in duplicates.values():
            names = {self.entries.places[row].sheet for row in rows if self._has_content(row)}
            told = [row for row in rows if self._has_content(row)]
            if len(names) > 1 and not self._side_by_side(rows) and not self._same(told):
                clashing += 1
                for name in names:
                    sheets[name] = sheets.get(name, 0) + 1
        if clashing < 2 or clashing * 2 < len({key.unit for key in self.entries.keys}):
            return False
        self.harvest.ask(which_sheet(list(sheets), "có số liệu của cùng đơn vị"))
        first = next(iter(sheets))
        self.dropped |= {
            index for index, place in enumerate(self.entries.places) if place.sheet != first
        }
        self._drop()
        return True

    def _skip(self, row: int, reason: str) -> None:
        place: Place = self.entries.places[row]
        self.dropped.add(row)
        self.harvest.skip(place.sheet, place.row, as_text(place.label), reason)

    def _drop(self) -> None:
        entries = self.entries
        kept = [index for index in range(len(entries)) if index not in self.dropped]
        moved = {old: new for new, old in enumerate(kept)}
        for total in self.harvest.totals:
            total.start = sum(index < total.start for index in kept)
            total.section = sum(index < total.section for index in kept)
        entries.keys = [entries.keys[index] for index in kept]
        entries.places = [entries.places[index] for index in kept]
        entries.rows = [entries.rows[index] for index in kept]
        self.refused = {moved[i] for i in moved if entries.keys[moved[i]] in self.refused_keys}
