"""Tables with one measure per row and one value column: the agency's own figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .entries import Entries, Place, Raw, RowKey
from .grid import Grid, as_text, is_value, letters
from .headings import key_marks
from .labels import kind_of
from .layout import Column, Layout
from .names import fold, strip_enumeration
from .outcome import Option, Question, ReadColumn, RowOutcome
from .tables import ASIDE
from .vocabulary import Vocabulary, telling, year_of


@dataclass
class MeasureTable:
    """The rows of one sheet by measure: `found[row]` is the layout's column of that row."""

    grid: Grid
    label_column: int
    value_column: int | None
    unit_column: int | None = None
    found: dict[int, Column] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    outcomes: list[RowOutcome] = field(default_factory=list)
    twice: dict[int, str] = field(default_factory=dict)  # rows that name a measure once more

    @property
    def first(self) -> int:
        return min(self.found)

    @property
    def size(self) -> int:
        """How many values there may be: of several sheets the richest is meant."""
        return len(self.found) * max(len(self.value_columns), 1)

    @property
    def value_columns(self) -> list[int]:
        return [] if self.value_column is None else [self.value_column]

    def heading_rows(self) -> tuple[int, ...]:
        """The rows between the titles and the first measure that have more than one text."""
        rows = range(max(self.first - 4, 0), self.first)
        return tuple(row + 1 for row in rows if len(self.grid.filled(row)) >= 2)

    def read_columns(self) -> tuple[ReadColumn, ...]:
        shown = []
        for column in (self.label_column, *self.value_columns):
            heading = next(
                (text for row in range(self.first - 1, -1, -1)
                 if (text := self.grid.text(row, column)) and len(text) > 2), ""
            )  # fmt: skip
            how = "stub" if column == self.label_column else "exact"
            shown.append(ReadColumn(letters(column), heading, None, None, None, None, how))
        return tuple(shown)

    def entry(self, entries: Entries, unit: str, file: str) -> None:
        """Adds the one row that the whole table makes."""
        if self.value_column is None:
            return
        column = self.value_column
        cells = {found.key: (row, column) for row, found in self.found.items()}
        raws: list[Raw] = []
        for key in entries.columns:
            at = cells.get(key)
            raws.append(None if at is None else self.grid.seen(*at))
        label = entries.layout.unit_name
        place = Place(file, self.grid.sheet.name, self.first, {}, cells, label)
        entries.add(RowKey(unit), place, raws)


class Measures:
    """Finds the table of measures in sheets."""

    def __init__(self, layout: Layout, vocabulary: Vocabulary, answers: Mapping[str, str]) -> None:
        self.layout = layout
        self.vocabulary = vocabulary
        self.answers = answers
        self.codes = {fold(column.measure): column for column in layout.columns}

    def of(self, grid: Grid) -> MeasureTable | None:
        """The table, when at least two rows name measures of the layout."""
        label_column = self._label_column(grid)
        if label_column is None:
            return None
        table = MeasureTable(grid, label_column, None)
        for row in range(grid.height):
            self._row(table, row)
        if len(table.found) < min(2, len(self.layout.columns)):
            return None
        table.value_column = self._value_column(table)
        table.unit_column = next(
            (c for c in range(grid.width) if self._is_headed(table, c, "measure_unit")), None
        )
        self._count_rows(table)
        return table

    def _exact(self, text: str) -> Column | None:
        if not text or len(text) > 250:
            return None
        if column := self.codes.get(fold(text)):
            return column
        for label in (text, strip_enumeration(text)):
            keys = self.vocabulary.exact(telling(label))
            if len(keys) == 1:
                return self.layout.by_key[keys[0]]
        return None

    def _label_column(self, grid: Grid) -> int | None:
        named: dict[int, set[str]] = {}  # "Hộ" beside every row names one measure at most
        for row in range(min(grid.height, 2_000)):
            for column in grid.filled(row)[:12]:
                cell = grid.cell(row, column)
                if isinstance(cell, str) and (found := self._exact(as_text(cell))):
                    named.setdefault(column, set()).add(found.key)
        # the codes' column may tie with the names' column: the names are to its right
        return max(named, key=lambda c: (len(named[c]), c), default=None)

    def _row(self, table: MeasureTable, row: int) -> None:
        texts = [table.grid.own_text(row, column) for column in table.grid.filled(row)[:6]]
        label = table.grid.text(row, table.label_column)
        by_code = next((self.codes[fold(t)] for t in texts if fold(t) in self.codes), None)
        column = by_code or self._answered(label) or self._exact(label)
        if column is None:
            return
        taken = {found.key for found in table.found.values()}
        if column.key not in taken:
            table.found[row] = column

    def _answered(self, label: str) -> Column | None:
        return self.layout.by_key.get(self.answers.get(f"row:{fold(label)}", ""))

    def _value_column(self, table: MeasureTable) -> int | None:
        """The column of the values: by heading, by year, or the only one; else it is asked."""
        grid = table.grid
        counts: dict[int, int] = {}
        for row in table.found:
            for column in grid.filled(row):
                if column != table.label_column and is_value(grid.cell(row, column)):
                    counts[column] = counts.get(column, 0) + 1
        numbered = [column for column in counts if self._is_numbering(table, column)]
        columns = [column for column in counts if column not in numbered]
        headed = {
            column: self._headings(table, column)
            for column in range(grid.width)
            if column != table.label_column and column not in numbered
        }
        named = [c for c, texts in headed.items() if self._is_value_heading(texts)]
        for chosen in (
            [column for column in columns if column in named],
            [
                column
                for column in columns
                if year_of(" ".join(headed.get(column, []))) == self.layout.year
            ],
            columns,
            [] if columns else named,
        ):
            if len(chosen) == 1:
                return chosen[0]
        return self._ask_column(table, columns or named, headed)

    def _is_numbering(self, table: MeasureTable, column: int) -> bool:
        """A column that only counts the rows."""
        texts = {row: table.grid.own_text(row, column).strip("().") for row in sorted(table.found)}
        numbers = {row: int(t) for row, t in texts.items() if t.isdigit() and len(t) < 4}
        if len(numbers) < max(sum(map(bool, texts.values())), 2):
            return False
        if any(self.vocabulary.stub(text) == "index" for text in self._headings(table, column)):
            return True
        declared = all(str(n) == table.found[row].number for row, n in numbers.items())
        rising = list(numbers.values()) == list(range(1, len(numbers) + 1))
        return (declared or rising) and column < table.label_column

    def _headings(self, table: MeasureTable, column: int) -> list[str]:
        rows = range(max(table.first - 4, 0), table.first)
        return [text for row in rows if (text := table.grid.text(row, column))]

    def _is_headed(self, table: MeasureTable, column: int, stub: str) -> bool:
        return any(self.vocabulary.stub(text) == stub for text in self._headings(table, column))

    def _is_value_heading(self, texts: list[str]) -> bool:
        return any(self.vocabulary.stub(text) == "value" for text in texts)

    def _ask_column(
        self, table: MeasureTable, columns: list[int], headed: Mapping[int, list[str]]
    ) -> int | None:
        answer = self.answers.get("value_column")
        chosen = [column for column in columns if letters(column) == answer]
        if chosen or not columns:
            return chosen[0] if chosen else None
        table.questions.append(
            Question(
                id="value_column",
                text=f"Số liệu của {self.layout.period_label} ở cột nào?",
                options=tuple(
                    Option(letters(c), f"Cột {letters(c)}: {' / '.join(headed.get(c, []))}")
                    for c in columns
                ),
                sheet=table.grid.sheet.name,
            )
        )
        return None

    def _count_rows(self, table: MeasureTable) -> None:
        """Rows with a value that are no measure of the layout: asked about or listed."""
        for row in range(self._start(table), table.grid.height):
            if row in table.found or row in table.twice or not table.grid.filled(row):
                continue
            label = table.grid.text(row, table.label_column)
            value = table.value_column
            has_value = value is not None and is_value(table.grid.cell(row, value))
            if not label or (not has_value and kind_of(label) != "name"):
                continue
            if has_value:
                self._unknown_row(table, row, label)

    def _start(self, table: MeasureTable) -> int:
        """The first row of the table: rows with a value may stand above the first known measure."""
        row = table.first
        while row > 0 and self._may_be_measure(table, row - 1):
            row -= 1
        return row

    def _may_be_measure(self, table: MeasureTable, row: int) -> bool:
        label = table.grid.text(row, table.label_column)
        cells = [table.grid.cell(row, column) for column in table.value_columns]
        if not label or self.vocabulary.stub(label) or key_marks(table.grid, row):
            return False
        return any(map(is_value, cells))

    def _unknown_row(self, table: MeasureTable, row: int, label: str) -> None:
        sheet = table.grid.sheet.name
        taken = {found.key for found in table.found.values()}
        near = [key for key in self.vocabulary.near(telling(label)) if key not in taken]
        ident = f"row:{fold(label)}"
        if near and self.answers.get(ident) != ASIDE:
            options = [Option(key, self.layout.by_key[key].heading) for key in near]
            cell = f"{letters(table.label_column)}{row + 1}"
            table.questions.append(
                Question(
                    id=ident,
                    text=f"Ô {cell}: “{label}” là chỉ tiêu nào của biểu?",
                    options=(*options, Option(ASIDE, "Không có trong biểu, bỏ qua")),
                    suggestion=near[0],
                    sheet=sheet,
                    cell=cell,
                )
            )
            table.outcomes.append(
                RowOutcome(sheet, row + 1, label, "refused", "Chờ trả lời: chỉ tiêu nào")
            )
            return
        reason = "Không có chỉ tiêu này trong biểu"
        table.outcomes.append(RowOutcome(sheet, row + 1, label, "skipped", reason))
