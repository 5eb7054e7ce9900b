"""Asks in which unit of money a table is told, when its amounts cannot be in the dataset's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from .amounts import Unit, is_amount, sizes_of, strangeness
from .entries import Entries, number_of
from .layout import Column, Layout, RowUnit
from .measuring import measure_of
from .names import fold
from .numbers import Style, vietnamese
from .outcome import Option, Question

KEEP = "keep"


class Amounts:
    """The amounts of one file, table by table; `notes` say what was done with consent."""

    def __init__(self, layout: Layout, answers: Mapping[str, str], style: Style | None) -> None:
        self.layout = layout
        self.answers = answers
        self.style = style
        self.questions: list[Question] = []
        self.notes: list[str] = []

    def of_rows(
        self, sheet: str, entries: Entries, start: int, settled: Collection[str]
    ) -> dict[str, Decimal]:
        """By layout key, what the cells of the entries from `start` must be multiplied with.

        `settled` are the columns of which a title or heading was asked about already.
        """
        columns = [
            column
            for column in self.layout.entered
            if column.key not in settled and is_amount(column, self.layout)
        ]
        found = list(self._amounts(entries, start, columns)) if columns else []
        sizes = sizes_of(found)
        if not sizes.strange or not sizes.units:
            return {}
        ident = f"amount:{fold(sheet)}"[:200]
        answer = self.answers.get(ident)
        unit = next((one for one in sizes.units if fold(one.name) == answer), None)
        if unit is None:
            if answer != KEEP:
                self._ask(ident, sheet, entries, start, columns, sizes.units)
            return {}
        note = f"Đã đổi số tiền từ {unit.name} sang {columns[0].unit_of_measure}."
        if note not in self.notes:
            self.notes.append(note)
        return {column.key: factor_of(unit, column) for column in columns}

    def _amounts(
        self, entries: Entries, start: int, columns: list[Column]
    ) -> Iterator[tuple[Decimal, Column, RowUnit | None]]:
        for _, row, column, value in self._cells(entries, start, columns):
            yield value, column, row

    def _cells(
        self, entries: Entries, start: int, columns: list[Column]
    ) -> Iterator[tuple[int, RowUnit | None, Column, Decimal]]:
        places = [(column, entries.columns.index(column.key)) for column in columns]
        for index in range(start, len(entries)):
            row = self.layout.unit_by_code.get(entries.keys[index].unit)
            for column, place in places:
                value = number_of(entries.rows[index][place], self.style)
                if value is not None:
                    yield index, row, column, value

    def _ask(
        self,
        ident: str,
        sheet: str,
        entries: Entries,
        start: int,
        columns: list[Column],
        units: tuple[Unit, ...],
    ) -> None:
        cells = [cell for cell in self._cells(entries, start, columns) if cell[3]]
        strange = (cell for cell in cells if strangeness(cell[3], cell[2], cell[1]))
        index, row, column, value = next(strange, cells[0])
        own, shown = column.unit_of_measure, vietnamese(value)
        dong = measure_of(own).factor
        cell = entries.places[index].cell(column.key)
        beside = ""
        if row is not None and row.expected:
            noun = self.layout.expected_noun
            beside = f", trong khi {noun} của {row.label} là {vietnamese(row.expected)} {own}"
        options = [
            Option(
                fold(unit.name),
                f"Tính bằng {unit.name}: đổi {shown} {unit.name} thành "
                f"{vietnamese(value * factor_of(unit, column))} {own}"
                + (f", làm tròn đến {column.decimals} chữ số lẻ" if unit.dong < dong else ""),
            )
            for unit in units
        ]
        self.questions.append(
            Question(
                id=ident,
                text=f"Biểu này tính bằng {own}, ô này ghi {shown}{beside}. "
                "Số tiền trong tệp tính bằng gì?",
                options=(*options, Option(KEEP, f"Đã tính bằng {own}, giữ nguyên")),
                sheet=sheet,
                cell=cell,
            )
        )


def factor_of(unit: Unit, column: Column) -> Decimal:
    return unit.dong / measure_of(column.unit_of_measure).factor
