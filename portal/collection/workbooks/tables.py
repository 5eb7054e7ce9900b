"""The tables of a sheet with every column understood, or asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .facets import FacetNames
from .grid import Grid, is_value, letters
from .headings import Block, Headings
from .labels import kind_of
from .layout import Layout
from .names import GroupNames, Match, UnitNames, fold
from .outcome import Option, Question, ReadColumn
from .source import Sheet
from .vocabulary import Meaning, Vocabulary, year_of

SCANNED_ROWS = 300
SEVERAL = 3
ASIDE = "-"


@dataclass
class Table:
    """One block and what each of its columns means; `near` columns wait for an answer."""

    grid: Grid
    block: Block
    meanings: dict[int, Meaning] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    aside: list[int] = field(default_factory=list)  # columns of numbers that nobody recognised

    @property
    def keys(self) -> set[str]:
        return {meaning.key for meaning in self.meanings.values() if meaning.key}

    @property
    def value_columns(self) -> dict[int, Meaning]:
        return {column: m for column, m in self.meanings.items() if m.key}

    def read_columns(self, layout: Layout) -> tuple[ReadColumn, ...]:
        """Every headed column for the person to look over."""
        described = []
        for column in sorted({*self.block.paths, *self.meanings}):
            meaning = self.meanings.get(column, Meaning())
            declared = layout.by_key.get(meaning.key) if meaning.key else None
            described.append(
                ReadColumn(
                    letters(column),
                    " / ".join(self.block.paths.get(column, [])),
                    meaning.key,
                    declared.measure if declared else None,
                    meaning.group or (declared.group if declared else None),
                    declared.sex if declared else None,
                    "stub" if meaning.stub else meaning.how if meaning.key else "left aside",
                )
            )
        return tuple(described)


class Tables:
    """Finds and understands the tables of sheets for one layout."""

    def __init__(
        self, layout: Layout, units: UnitNames, groups: GroupNames, answers: Mapping[str, str]
    ) -> None:
        self.layout = layout
        self.units = units
        self.groups = groups
        self.answers = answers
        self.vocabulary = Vocabulary(layout, units)
        self.facets = FacetNames(layout.entered)

    def of(self, sheet: Sheet) -> list[Table]:
        grid = Grid(sheet)
        blocks = Headings(grid, self.vocabulary, self.units, self.groups).blocks()
        panels = [panel for block in blocks for panel in self._panels(block)]
        return [self._table(grid, panel) for panel in panels]

    def _panels(self, block: Block) -> list[Block]:
        """The same table printed again beside itself, with other rows, is a table of its own."""
        meanings = {column: self._meaning(block, column) for column in block.paths}
        starts: list[int] = []
        for stub in ("unit", "group"):
            headed = [column for column, meaning in meanings.items() if meaning.stub == stub]
            if not starts and len(headed) > 1:
                starts = headed
        if not starts:
            return [block]
        starts = [s - 1 if meanings.get(s - 1, Meaning()).stub == "index" else s for s in starts]
        ends = [*starts[1:], max(block.paths) + 1]
        parts = [
            [c for c in block.paths if (c >= start or start == starts[0]) and c < end]
            for start, end in zip(starts, ends, strict=True)
        ]
        told = [
            {(m.key, m.group) for c in part if (m := meanings[c]).key is not None} for part in parts
        ]
        if not told[0] or any(keys != told[0] for keys in told):
            return [block]
        return [
            replace(block, paths={column: block.paths[column] for column in part}) for part in parts
        ]

    def _meaning(self, block: Block, column: int) -> Meaning:
        path = block.paths[column]
        number = block.numbers.get(column, "")
        group = self.layout.group_by_code.get(self.answers.get(group_question_id(path), ""))
        if group is not None:
            path = [*path[:-1], group.name]
        return self._answered(path) or self.vocabulary.meaning(path, number)

    def _table(self, grid: Grid, block: Block) -> Table:
        table = Table(grid, block)
        found = {column: self._meaning(block, column) for column in block.paths}
        self._whole_of_groups(table, found)
        self._stubs_by_content(table, found)
        self._settle(table, found)
        self._ask(table, found)
        return table

    def _answered(self, path: list[str]) -> Meaning | None:
        answer = self.answers.get(question_id(path))
        if answer == ASIDE:
            return Meaning(how="answer")
        if answer in self.layout.by_key:
            known = self.vocabulary.meaning(path)
            return Meaning(key=answer, group=known.group, how="answer", unit=known.unit)
        return None

    def _whole_of_groups(self, table: Table, found: dict[int, Meaning]) -> None:
        """ "Tổng số" beside columns of ethnic groups is their sum, to be compared."""
        keys = {meaning.key for meaning in found.values() if meaning.group and meaning.key}
        groups = sum(1 for meaning in found.values() if meaning.group)
        if len(keys) != 1 or groups < SEVERAL or any(m.key and not m.group for m in found.values()):
            return
        for column, meaning in found.items():
            path = table.block.paths[column]
            if not meaning.stub and not meaning.group and kind_of(path[-1]) == "total":
                found[column] = Meaning(key=keys.pop(), how="exact")
                return

    def _stubs_by_content(self, table: Table, found: dict[int, Meaning]) -> None:
        """Labels are where the names are, whatever the heading calls them."""
        if self.layout.rows == "measure":
            return
        hits = {"unit": self._hits(table, self.units.find)}
        headed = [column for column, meaning in found.items() if meaning.stub == "unit"]
        if len(headed) > 1:
            best = max(headed, key=lambda column: (hits["unit"].get(column, 0), -column))
            found |= {column: Meaning(stub="district", how="exact") for column in headed}
            found[best] = Meaning(stub="unit", how="exact")
        if self.layout.has_groups:
            hits["group"] = self._hits(table, self.groups.find)
        if self.facets:
            hits["facet"] = self._hits(table, self._facet)
        for kind, counts in hits.items():
            if not counts or any(meaning.stub == kind for meaning in found.values()):
                continue
            column = max(counts, key=lambda c: (counts[c], -c))
            meaning = found.get(column, Meaning())
            taken = meaning.stub in ("unit", "group", "facet", "measure")
            if meaning.key is None and not taken:
                found[column] = Meaning(stub=kind, how="exact")

    def _facet(self, label: str) -> Match:
        return Match(("facet",)) if self.facets.names(label) else Match()

    def _hits(self, table: Table, find) -> dict[int, int]:
        counts: dict[int, int] = {}
        block = table.block
        for row in range(block.first, min(block.end, block.first + SCANNED_ROWS)):
            for column in table.grid.filled(row)[:8]:
                cell = table.grid.cell(row, column)
                if isinstance(cell, str) and len(cell) < 80 and find(cell).codes:
                    counts[column] = counts.get(column, 0) + 1
        return counts

    def _settle(self, table: Table, found: dict[int, Meaning]) -> None:
        """Columns that mean the same: the year, or the content, decides; else it is asked."""
        claims: dict[tuple[str, str | None, str | None], list[int]] = {}
        for column, meaning in found.items():
            if meaning.key:
                claim = (meaning.key, meaning.group, meaning.unit)
                claims.setdefault(claim, []).append(column)
        for (key, *_), columns in claims.items():
            if len(columns) < 2:
                continue
            kept = self._choose(table, key, columns)
            for column in columns:
                if column not in kept:
                    found[column] = Meaning(how="aside")
        table.meanings = {c: m for c, m in found.items() if m.stub or m.key}

    def _choose(self, table: Table, key: str, columns: list[int]) -> list[int]:
        paths = {column: " ".join(table.block.paths.get(column, [])) for column in columns}
        years = {column: year_of(path) for column, path in paths.items()}
        if self.layout.year in years.values():
            columns = [column for column in columns if years[column] == self.layout.year]
        if len(columns) == 1 or self._same(table, columns):
            return columns[:1]
        ident = f"choose:{key}:{fold(table.grid.sheet.name)}"
        answer = self.answers.get(ident)
        chosen = [column for column in columns if letters(column) == answer]
        if chosen:
            return chosen
        heading = self.layout.by_key[key].heading
        table.questions.append(
            Question(
                id=ident,
                text=f"Trang tính “{table.grid.sheet.name}” có nhiều cột giống “{heading}”. "
                "Dùng cột nào?",
                options=tuple(Option(letters(c), f"Cột {letters(c)}: {paths[c]}") for c in columns),
                sheet=table.grid.sheet.name,
            )
        )
        return columns[:1]

    @staticmethod
    def _same(table: Table, columns: list[int]) -> bool:
        rows = range(table.block.first, table.block.end)
        contents = [[table.grid.cell(row, column) for row in rows] for column in columns]
        return all(content == contents[0] for content in contents)

    def _ask(self, table: Table, found: dict[int, Meaning]) -> None:
        """A question for each column that looks like a declared one that is still wanting."""
        if self.layout.rows == "measure":
            return
        wanting = [column for column in self.layout.entered if column.key not in table.keys]
        required = {column.key for column in wanting if column.required}
        computed = {c.key for c in self.layout.computed if c.key not in table.keys}
        for column, path in table.block.paths.items():
            meaning = found.get(column, Meaning())
            if meaning.stub or meaning.key or meaning.how in ("answer", "aside"):
                continue
            near = [key for key in meaning.near if key in {c.key for c in wanting} | computed]
            if not near and not (required and self._has_values(table, column)):
                if self._has_values(table, column):
                    self._leave_aside(table, column, path)
                continue
            if near and near[0] in computed and not self._wants(near, required):
                continue
            rest = [c.key for c in wanting if c.key not in near]
            options = [Option(key, self.layout.by_key[key].heading) for key in (*near, *rest)]
            heading = " / ".join(path)
            table.questions.append(
                Question(
                    id=question_id(path),
                    text=f"Cột {letters(column)} “{heading}” là cột nào của biểu?",
                    options=(*options, Option(ASIDE, "Không có trong biểu, bỏ qua")),
                    suggestion=near[0] if near else None,
                    sheet=table.grid.sheet.name,
                    cell=f"{letters(column)}{table.block.bottom + 1}",
                )
            )

    def _leave_aside(self, table: Table, column: int, path: list[str]) -> None:
        """A column of numbers that nobody knows; among ethnic groups across it is asked."""
        groups = sum(1 for meaning in table.meanings.values() if meaning.group)
        answer = self.answers.get(group_question_id(path))
        if groups < SEVERAL or len(path) < 2 or answer == ASIDE:
            table.aside.append(column)
            return
        near = self.groups.similar(path[-1]).codes
        options = [Option(code, self.layout.group_by_code[code].name) for code in near]
        options += [Option(ASIDE, "Không phải dân tộc trong danh mục, bỏ qua cột này")]
        rest = [group for group in self.layout.groups if group.code not in near]
        options += [Option(group.code, group.name) for group in rest] if not near else []
        cell = f"{letters(column)}{table.block.bottom + 1}"
        table.questions.append(
            Question(
                id=group_question_id(path),
                text=f"Cột {letters(column)} “{path[-1]}” là dân tộc nào?",
                options=tuple(options),
                sheet=table.grid.sheet.name,
                cell=cell,
            )
        )

    @staticmethod
    def _wants(near: list[str], required: set[str]) -> bool:
        return any(key in required for key in near)

    @staticmethod
    def _has_values(table: Table, column: int) -> bool:
        end = min(table.block.end, table.block.first + SCANNED_ROWS)
        return any(is_value(table.grid.cell(row, column)) for row in range(table.block.first, end))


def question_id(path: list[str]) -> str:
    """Stable over files of one sender: the folded headings of the column."""
    return f"column:{fold(' '.join(path))}"


def group_question_id(path: list[str]) -> str:
    """The same as for a row of that name: a group is a group, across or down."""
    return f"group:{fold(path[-1])}" if path else ""
