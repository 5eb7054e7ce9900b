"""Units of measure: a file in "nghìn người" for a dataset in people, a share written as 0,38.

Nothing is multiplied silently. The unit stands in a title ("Đơn vị tính: nghìn người"), in a
heading ("Dân số (nghìn người)") or beside a measure; where it differs from the dataset's the
person is asked, with one cell before and after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from .amounts import is_amount
from .entries import Entries, Scaled
from .grid import Grid, address, as_text
from .layout import Column, Layout
from .measures import MeasureTable
from .measuring import (
    COUNTED,
    PERCENT,
    Measure,
    is_unit,
    measure_of,
    unit_in_heading,
    units_in_title,
)
from .names import fold
from .numbers import NotANumber, Style, Unclear, from_float, parse, vietnamese, written
from .outcome import Issue, Option, Question
from .rows import TotalRow
from .tables import Table

CONVERT, KEEP, YES, NO = "convert", "keep", "yes", "no"
SCANNED = 2_000


class Scales:
    """Asks about the units of measure of one file and scales what was read from it."""

    def __init__(self, layout: Layout, answers: Mapping[str, str], style: Style | None) -> None:
        self.layout = layout
        self.answers = answers
        self.style = style
        self.questions: list[Question] = []
        self.issues: list[Issue] = []
        self.notes: list[str] = []
        self.settled: set[str] = set()  # columns in another unit by title or heading

    def of_table(self, table: Table) -> dict[str, Decimal]:
        """By layout key, what its cells must be multiplied with; asks where it is open."""
        titled = units_in_title(table.block.titles)
        factors: dict[str, Decimal] = {}
        strangers: dict[str, list[Column]] = {}
        for place, meaning in table.value_columns.items():
            column = self.layout.by_key[meaning.key or ""]
            own = unit_in_heading(table.block.paths.get(place, ()))
            given = [own] if own else titled
            if not given or not column.is_entered:
                continue
            sample = self._sample(table.grid, table.block.first, table.block.end, place)
            factor = self._factor(column, given, sample, table.grid.sheet.name)
            if factor is None:
                strangers.setdefault(", ".join(given), []).append(column)
            elif factor != 1:
                factors[column.key] = factor
        for unit, columns in strangers.items():
            counted = [c for c in self.layout.entered if c.key in table.keys]
            if len(columns) == len(counted) or PERCENT not in unit:
                self._ask_unit(unit, columns, table.grid.sheet.name)
        return factors

    def of_measures(self, table: MeasureTable, titles: Iterable[str] = ()) -> dict[str, Decimal]:
        """The same for a table with one measure per row and its unit of measure beside it.

        A unit in the titles tells only of measures that are counted in it.
        """
        if table.value_column is None:
            return {}
        factors, titled = {}, units_in_title(titles)
        for row, column in table.found.items():
            beside = "" if table.unit_column is None else table.grid.text(row, table.unit_column)
            wanted = measure_of(column.unit_of_measure).base
            fitting = [unit for unit in titled if measure_of(unit).base == wanted]
            unit = beside or next(iter(fitting), "")
            factor = self._of_measure(column, unit, table.grid, (row, table.value_column))
            if factor != 1:
                factors[column.key] = factor
        return factors

    def _of_measure(self, column: Column, unit: str, grid: Grid, at: tuple[int, int]) -> Decimal:
        """What the value of one measure must be multiplied with, by the unit beside it."""
        if not unit or not is_unit(unit) or not column.is_entered:
            return Decimal(1)
        factor = self._factor(column, [unit], (at, as_text(grid.seen(*at))), grid.sheet.name)
        if factor is None:
            self._ask_unit(unit, [column], grid.sheet.name)
        return factor or Decimal(1)

    def _factor(
        self,
        column: Column,
        given: list[str],
        sample: tuple[tuple[int, int], str] | None,
        sheet: str,
    ) -> Decimal | None:
        """1 where the units agree or the person keeps the numbers; None for another unit."""
        wanted = measure_of(column.unit_of_measure)
        if column.value_type == "percent":
            wanted = Measure(Decimal(1), PERCENT)
        if not wanted.base or column.value_type in ("yes_no", "text"):
            return Decimal(1)
        fitting = [unit for unit in given if measure_of(unit).base in ("", wanted.base)]
        if not fitting:
            is_known = any(measure_of(unit).base in COUNTED | {PERCENT} for unit in given)
            return None if is_known and wanted.base in COUNTED else Decimal(1)
        unit = fitting[0]
        factor = measure_of(unit).factor / wanted.factor
        if factor == 1 or sample is None or wanted.base == PERCENT:
            return Decimal(1)
        self.settled.add(column.key)
        ident = f"scale:{fold(unit)}"
        answer = self.answers.get(ident)
        if answer == CONVERT:
            self._note(f"Đã đổi số từ {unit} sang {column.unit_of_measure}.")
            return factor
        if answer != KEEP:
            self._ask_scale(ident, unit, column, factor, sample, sheet)
        return Decimal(1)

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    # shares written as parts of one

    def of_shares(self, table: Table) -> dict[str, Decimal]:
        """Percent columns whose plain numbers are all parts of one: 0,38 for 38 %?"""
        factors: dict[str, Decimal] = {}
        for place, meaning in table.value_columns.items():
            column = self.layout.by_key[meaning.key or ""]
            if column.value_type != "percent" or not column.is_entered:
                continue
            sample = self._part_of_one(table, place)
            if sample is None:
                continue
            answer = self.answers.get(f"percent:{column.key}")
            if answer == CONVERT:
                factors[column.key] = Decimal(100)
                self._note(f"Đã đổi “{column.heading}” sang phần trăm.")
            elif answer != KEEP:
                self._ask_share(column, sample, table.grid.sheet.name)
        return factors

    def _part_of_one(self, table: Table, place: int) -> tuple[tuple[int, int], str] | None:
        """The first broken number of a column in which no plain number is over one."""
        found = None
        percent = table.grid.sheet.percent
        last = min(table.block.end, table.block.first + SCANNED)
        for row in range(table.block.first, last):
            if (row, place) in percent:
                continue
            value = self._value(table.grid.cell(row, place))
            if value is None:
                continue
            if abs(value) > 1:
                return None
            if found is None and value != value.to_integral_value():
                found = ((row, place), as_text(table.grid.cell(row, place)))
        return found

    def _value(self, cell: object) -> Decimal | None:
        try:
            if isinstance(cell, float):
                return from_float(cell)
            if isinstance(cell, str) and (parts := written(cell)) and "%" not in parts.unit:
                return parse(cell, self.style)
        except (NotANumber, Unclear):
            return None
        return None

    def _sample(
        self, grid: Grid, first: int, end: int, place: int
    ) -> tuple[tuple[int, int], str] | None:
        """The first number of a column, by its place."""
        for row in range(first, min(end, first + SCANNED)):
            cell = grid.cell(row, place)
            unclear = self.style is None and isinstance(cell, str) and written(cell)
            if self._value(cell) or unclear:
                return (row, place), as_text(cell)
        return None

    # questions

    def _ask_scale(
        self,
        ident: str,
        unit: str,
        column: Column,
        factor: Decimal,
        sample: tuple[tuple[int, int], str],
        sheet: str,
    ) -> None:
        cell, before, after = self._before_and_after(sample, factor)
        if any(question.id == ident for question in self.questions):
            return
        rounding = ""
        if factor < 1 and is_amount(column, self.layout):
            rounding = f", làm tròn đến {column.decimals} chữ số lẻ"
        self.questions.append(
            Question(
                id=ident,
                text=f"Đơn vị tính trong tệp là “{unit}”, biểu dùng “{column.unit_of_measure}”. "
                f"Đổi số sang {column.unit_of_measure}? Ví dụ ô {cell}: {before} → {after}.",
                options=(
                    Option(
                        CONVERT,
                        f"Đổi: {before} {unit} thành {after} {column.unit_of_measure}{rounding}",
                    ),
                    Option(KEEP, f"Giữ nguyên: số trong tệp đã tính bằng {column.unit_of_measure}"),
                ),
                sheet=sheet,
                cell=cell,
            )
        )

    def _ask_share(self, column: Column, sample: tuple[tuple[int, int], str], sheet: str) -> None:
        cell, before, after = self._before_and_after(sample, Decimal(100))
        if any(question.id == f"percent:{column.key}" for question in self.questions):
            return
        self.questions.append(
            Question(
                id=f"percent:{column.key}",
                text=f"Cột “{column.heading}” chỉ có số từ 0 đến 1. Ô {cell} ghi {before} là "
                f"{after} % hay {before} %?",
                options=(
                    Option(CONVERT, f"{before} là {after} %, đổi cả cột sang phần trăm"),
                    Option(KEEP, f"{before} là {before} %, giữ nguyên"),
                ),
                sheet=sheet,
                cell=cell,
            )
        )

    def _before_and_after(
        self, sample: tuple[tuple[int, int], str], factor: Decimal
    ) -> tuple[str, str, str]:
        (row, column), text = sample
        value = self._value(text)
        if value is None:
            return address(row, column), text, f"{text} × {vietnamese(factor)}"
        return address(row, column), vietnamese(value), vietnamese(value * factor)

    def _ask_unit(self, unit: str, columns: list[Column], sheet: str) -> None:
        """The file counts something else, or gives shares where the dataset wants counts."""
        ident, wanted = f"measure:{fold(unit) or 'phantram'}", columns[0].unit_of_measure
        answer = self.answers.get(ident)
        if answer == NO:
            text = (
                f"Tệp ghi đơn vị tính “{unit}”, biểu cần số {wanted}. "
                "Hãy kiểm tra đã chọn đúng biểu chưa, hoặc sửa số liệu rồi tải lên lại."
            )
            self.issues.append(Issue("error", "measure", text, sheet))
        elif answer != YES and not any(question.id == ident for question in self.questions):
            self.questions.append(
                Question(
                    id=ident,
                    text=f"Tệp ghi đơn vị tính “{unit}”, cột “{columns[0].heading}” của biểu cần "
                    f"số {wanted}. Số trong tệp có đúng là số {wanted} không?",
                    options=(
                        Option(YES, f"Đúng là số {wanted}, đơn vị tính trong tệp ghi nhầm"),
                        Option(NO, "Không, tôi sẽ sửa tệp"),
                    ),
                    sheet=sheet,
                )
            )


def scale(
    entries: Entries,
    totals: Iterable[TotalRow],
    start: int,
    factors: Mapping[str, Decimal],
    percent: set[tuple[int, int]] | None = None,
) -> None:
    """Wraps the cells of the entries from `start`, and of totals, that must be multiplied.

    Cells in `percent` show a percentage already and stay as they are. Amounts of money in a larger
    unit are rounded to the decimals of their column, as the question says.
    """
    layout = entries.layout
    decimals = {
        key: layout.by_key[key].decimals if is_amount(layout.by_key[key], layout) else None
        for key in factors
    }
    for position, key in enumerate(entries.columns):
        factor = factors.get(key)
        if factor is None:
            continue
        for index in range(start, len(entries)):
            row, place = entries.rows[index], entries.places[index]
            cell = row[position]
            at = place.cells.get(key) or (place.row, place.columns.get(key, -1))
            if isinstance(cell, str | float) and cell != "" and at not in (percent or ()):
                scaled = Scaled(cell, factor, decimals[key])
                entries.rows[index] = [*row[:position], scaled, *row[position + 1 :]]
    for total in totals:
        for key, factor in factors.items():
            if isinstance(cell := total.cells.get(key), str | float):
                total.cells[key] = Scaled(cell, factor, decimals[key])
