"""Which sheets and tables of a file are meant, and the texts that tell its number style."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from . import claims
from .continuing import Continuation
from .crosswise import Crosswise
from .grid import Grid, as_text
from .layout import MEASURE_ROWS, UNIT_ROWS, Layout
from .measures import Measures, MeasureTable
from .names import GroupNames, UnitNames
from .outcome import Issue, Option, Question
from .source import Sheet, Source
from .style import Texts
from .tables import Table, Tables

SCANNED_TEXTS = 20_000
TITLE_ROWS = 12


class Finding:
    """The tables of one file for one layout, with the questions that they raise."""

    def __init__(
        self,
        source: Source,
        layout: Layout,
        answers: Mapping[str, str],
        units: UnitNames,
        groups: GroupNames,
    ) -> None:
        self.source = source
        self.layout = layout
        self.answers = answers
        self.titles: list[str] = []
        self.tables: list[Table] = []
        self.measure_tables: list[MeasureTable] = []
        self.questions: list[Question] = []
        self.warnings: list[Issue] = []
        finder = Tables(layout, units, groups, answers)
        if layout.rows == MEASURE_ROWS:
            self._find_measures(Measures(layout, finder.vocabulary, answers))
        else:
            self._find_tables(finder)
            if not self.tables and layout.rows == UNIT_ROWS:
                self._find_measures(Crosswise(layout, finder.vocabulary, answers, units))

    @property
    def is_empty(self) -> bool:
        return not self.tables and not self.measure_tables

    @property
    def keys(self) -> set[str]:
        """Layout keys of all columns, or rows of measures, that were recognised."""
        found = {key for table in self.tables for key in table.keys}
        return found | {c.key for table in self.measure_tables for c in table.found.values()}

    def _visible(self) -> list[Sheet]:
        """The sheets to look at; an answer may have chosen one."""
        sheets = [
            sheet
            for sheet in self.source.sheets
            if sheet.state == "visible" and not sheet.is_empty and not claims.is_ours(sheet)
        ]
        chosen = [sheet for sheet in sheets if sheet.name == self.answers.get("sheet")]
        return chosen or sheets

    def _find_tables(self, finder: Tables) -> None:
        found: dict[str, list[Table]] = {}
        for sheet in self._visible():
            tables = [
                table
                for table in finder.of(sheet)
                if table.keys or any(question.suggestion for question in table.questions)
            ]
            if tables:
                found[sheet.name] = tables
        for tables in self._of_the_period(_richest(found)).values():
            self.tables += tables
        self._continue(finder)
        for table in self.tables:
            self.titles += table.block.titles
            self.questions += table.questions
        self._warn_of_hidden_sheets(finder)

    def _continue(self, finder: Tables) -> None:
        """Sheets without headings that go on with the table of the sheet before them."""
        by_sheet = {table.grid.sheet.name: table for table in self.tables}
        before: Table | None = None
        for sheet in self._visible():
            if sheet.name in by_sheet:
                before = by_sheet[sheet.name]
            elif before is not None:
                rest = Continuation(before, sheet, finder.units, finder.groups)
                if rest.table is not None:
                    self.tables.append(rest.table)
                elif rest.warning is not None:
                    self.warnings.append(rest.warning)

    def _find_measures(self, finder: Measures) -> None:
        found = [table for sheet in self._visible() if (table := finder.of(Grid(sheet)))]
        most = max((table.size for table in found), default=0)
        best = [table for table in found if table.size == most]
        year = str(self.layout.year)
        if len(best) > 1:
            best = [table for table in best if year in table.grid.sheet.name] or best
        if len(best) > 1:
            options = [table.grid.sheet.name for table in best]
            self.questions.append(which_sheet(options, "có bảng giống biểu này"))
        self.measure_tables = best[:1]
        for table in self.measure_tables:
            lines = table.grid.sheet.rows[: min(table.first, TITLE_ROWS)]
            self.titles += [" ".join(as_text(cell) for cell in line if cell) for line in lines]
            self.questions += table.questions
        for sheet in self.source.sheets:
            if sheet.state != "visible" and not claims.is_ours(sheet) and finder.of(Grid(sheet)):
                self._say_hidden(sheet)

    def _of_the_period(self, found: dict[str, list[Table]]) -> dict[str, list[Table]]:
        """Sheets of other years are left out when one is of the period."""
        years = {
            name: claims.years_named(
                [f"năm {name}", *(title for table in tables for title in table.block.titles)]
            )
            for name, tables in found.items()
        }
        if self.layout.year is None or not any(self.layout.year in y for y in years.values()):
            return found
        return {
            name: tables
            for name, tables in found.items()
            if not years[name] or self.layout.year in years[name]
        }

    def _warn_of_hidden_sheets(self, finder: Tables) -> None:
        for sheet in self.source.sheets:
            if sheet.state == "visible" or sheet.is_empty or claims.is_ours(sheet):
                continue
            if any(len(table.keys) >= 2 for table in finder.of(sheet)):
                self._say_hidden(sheet)

    def _say_hidden(self, sheet: Sheet) -> None:
        text = f"Trang tính ẩn “{sheet.name}” có bảng giống biểu này và không được đọc."
        self.warnings.append(Issue("warning", "hidden_sheet", text, sheet.name))

    # numbers

    def texts(self) -> list[Texts]:
        """The texts in value columns, for the style of the file."""
        found: list[Texts] = []
        for table in self.tables:
            sheet, block = table.grid.sheet, table.block
            for column, meaning in table.value_columns.items():
                cells = [
                    (row, column, cell)
                    for row, line in enumerate(sheet.rows[block.first : block.end], block.first)
                    if column < len(line) and (cell := line[column]).__class__ is str and cell
                ]
                found.append(Texts(meaning.key or "", sheet.name, cells[:SCANNED_TEXTS]))
        for measures in self.measure_tables:
            name, places = measures.grid.sheet.name, measures.value_columns
            for row, declared in measures.found.items():
                texts = [
                    (row, place, cell)
                    for place in places
                    if isinstance(cell := measures.grid.seen(row, place), str) and cell
                ]
                found.append(Texts(declared.key, name, texts))
        return found

    def unfold_percentages(self) -> None:
        """Cells that show 38,34 % hold 0.3834; they become 38.34."""
        for table in self.tables:
            kinds = {c: self.layout.by_key[m.key or ""] for c, m in table.value_columns.items()}
            for row, column in table.grid.sheet.percent:
                if column in kinds and kinds[column].value_type == "percent":
                    _hundredfold(table.grid.sheet, row, column)
        for measures in self.measure_tables:
            sheet = measures.grid.sheet
            for row, declared in measures.found.items():
                for place in measures.value_columns:
                    if declared.value_type == "percent" and (row, place) in sheet.percent:
                        _hundredfold(sheet, row, place)


def which_sheet(names: list[str], why: str) -> Question:
    return Question(
        id="sheet",
        text=f"Nhiều trang tính trong tệp {why}. Đọc trang tính nào?",
        options=tuple(Option(name, f"Trang tính “{name}”") for name in names),
    )


def _richest(found: dict[str, list[Table]]) -> dict[str, list[Table]]:
    """Sheets with at least half as many recognised columns as the best one."""
    counts = {
        name: len({key for table in tables for key in table.keys}) for name, tables in found.items()
    }
    best = max(counts.values(), default=0)
    return {name: tables for name, tables in found.items() if 2 * counts[name] >= best}


def _hundredfold(sheet: Sheet, row: int, column: int) -> None:
    cell = sheet.get(row, column)
    if isinstance(cell, float):
        sheet.put(row, column, float(Decimal(format(cell, ".15g")) * 100))
