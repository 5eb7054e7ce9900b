"""Asks in which unit of money a table is told, when its amounts cannot be in the dataset's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from .amounts import FEWEST, Sizes, Unit, bound_of, is_amount, is_over, noun_of, sizes_of
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
        factors: dict[str, Decimal] = {}
        for ident, together in self._apart(sheet, entries, start, columns):
            factors |= self._factors(ident, sheet, entries, start, together)
        return factors

    def _apart(
        self, sheet: str, entries: Entries, start: int, columns: list[Column]
    ) -> Iterator[tuple[str, list[Column]]]:
        """All columns, where the table as a whole is strange; else those that are so by themselves,
        each with what its question is called."""
        ident = f"amount:{fold(sheet)}"
        if not columns:
            return
        if self._sizes(entries, start, columns).units:
            yield ident[:200], columns
            return
        for column in columns:
            sizes = self._sizes(entries, start, [column])
            if sizes.told >= FEWEST and sizes.units:
                yield f"{ident}:{fold(column.key)}"[:200], [column]

    def _sizes(self, entries: Entries, start: int, columns: list[Column]) -> Sizes:
        return sizes_of(self._amounts(entries, start, columns))

    def _factors(
        self, ident: str, sheet: str, entries: Entries, start: int, columns: list[Column]
    ) -> dict[str, Decimal]:
        units = self._sizes(entries, start, columns).units
        answer = self.answers.get(ident)
        unit = next((one for one in units if fold(one.name) == answer), None)
        if unit is None:
            if answer != KEEP:
                self._ask(ident, sheet, entries, start, columns, units)
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
        strange = (cell for cell in cells if is_over(cell[3], cell[2], cell[1]))
        index, row, column, value = next(strange, cells[0])
        own, shown = column.unit_of_measure, vietnamese(value)
        dong = measure_of(own).factor
        cell = entries.places[index].cell(column.key)
        beside = ""
        if row is not None and (told := self._known(column, row)):
            beside = f", trong khi {told} {own}"
        options = [
            Option(
                fold(unit.name),
                f"Tính bằng {unit.name}: đổi {shown} {unit.name} thành "
                f"{vietnamese(value * factor_of(unit, column))} {own}"
                + (f", làm tròn đến {column.decimals} chữ số lẻ" if unit.dong < dong else ""),
            )
            for unit in units
        ]
        what, where = "Biểu này", "tệp"
        if len(columns) == 1 and ":" in ident.removeprefix("amount:"):
            what, where = f"Cột {column.spoken}", "cột này"
        self.questions.append(
            Question(
                id=ident,
                text=f"{what} tính bằng {own}, ô này ghi {shown}{beside}. "
                f"Số tiền trong {where} tính bằng gì?",
                options=(*options, Option(KEEP, f"Đã tính bằng {own}, giữ nguyên")),
                sheet=sheet,
                cell=cell,
            )
        )

    def _known(self, column: Column, row: RowUnit) -> str:
        """What is known of the cell: its bound, or the most of periods before."""
        if bound := bound_of(column, row):
            noun = noun_of(bound, self.layout)
            return f"{noun} của {row.label} là {vietnamese(bound.amount)}"
        before = row.most_before(column.measure)
        return f"các kỳ trước {row.label} nhiều nhất {vietnamese(before)}" if before else ""


def factor_of(unit: Unit, column: Column) -> Decimal:
    return unit.dong / measure_of(column.unit_of_measure).factor
