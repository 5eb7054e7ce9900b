"""Reads the rows below a heading: which are entries, which are totals, sections or notes.

Totals are kept to be compared, never stored; every row that is not stored is listed with its
reason. Names that fit nearly or several times become questions; names of other districts are
collected so that one sentence can speak of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from . import labels
from .entries import Covered, Entries, Place, Raw, RowKey
from .grid import Grid, address, letters
from .headings import Block
from .layout import Layout
from .names import GroupNames, UnitNames, fold, split_kind
from .outcome import Issue, Option, Question, RowOutcome
from .source import Cell
from .vocabulary import Meaning

SKIP = "-"


@dataclass
class TotalRow:
    """A printed total: its cells by layout key, and the entries before and after it."""

    sheet: str
    row: int
    label: str
    kind: str  # total, minorities, unit, section
    cells: dict[str, Cell]
    columns: dict[str, int]
    start: int  # how many entries stood before it
    section: int  # how many entries stood before its section began
    unit: str | None = None


@dataclass
class Stray:
    """A row of a unit that this submission does not expect."""

    sheet: str
    cell: str
    label: str
    code: str


@dataclass
class Harvest:
    """Everything the rows of one file gave."""

    entries: Entries
    file: str = ""
    outcomes: list[RowOutcome] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    strays: list[Stray] = field(default_factory=list)
    hidden: list[tuple[str, int]] = field(default_factory=list)

    def skip(self, sheet: str, row: int, label: str, reason: str) -> None:
        self.outcomes.append(RowOutcome(sheet, row + 1, label, "skipped", reason, self.file))

    def refuse(self, sheet: str, row: int, label: str, reason: str) -> None:
        self.outcomes.append(RowOutcome(sheet, row + 1, label, "refused", reason, self.file))

    def ask(self, question: Question) -> None:
        self.questions.setdefault(question.id, question)


class Rows:
    """Reads the rows of one block into a harvest."""

    def __init__(
        self,
        *,
        grid: Grid,
        block: Block,
        meanings: Mapping[int, Meaning],
        layout: Layout,
        units: UnitNames,
        groups: GroupNames,
        harvest: Harvest,
        answers: Mapping[str, str],
        default_unit: str | None,
    ) -> None:
        self.grid = grid
        self.block = block
        self.layout = layout
        self.units = units
        self.groups = groups
        self.harvest = harvest
        self.answers = answers
        self.sheet = grid.sheet.name
        self.default_unit = default_unit
        self.stubs: dict[str, int] = {}
        for column, meaning in sorted(meanings.items()):
            if meaning.stub:
                self.stubs.setdefault(meaning.stub, column)
        self.values = {c: m for c, m in meanings.items() if m.key is not None}
        self.first_value = min(self.values, default=grid.width)
        self.wide = any(meaning.group for meaning in self.values.values())
        self.columns = {m.key: c for c, m in self.values.items() if m.group is None and m.key}
        self.order = [self.columns.get(key) for key in harvest.entries.columns]
        self.district: str | None = None
        self.unit: str | None = default_unit
        self.in_part = False
        self.section_start = len(harvest.entries)
        self.pending: list[tuple[int, str]] = []
        self.districts = {
            fold(unit.district_name): unit.district
            for unit in layout.unit_by_code.values()
            if unit.district and unit.district_name
        }

    def read(self) -> None:
        for row in range(self.block.first, self.block.end):
            if self.grid.filled(row):
                self._row(row)

    def _row(self, row: int) -> None:
        label = self._label(row)
        filled = self._has_values(row)
        if not filled and not self._names_someone(label):
            self._text_row(row, label)
            return
        kind = labels.kind_of(label) if label else "name"
        if kind == "note" and not filled:
            return
        self._flush_sections()
        if self.layout.has_groups:
            self._group_row(row, label, filled)
        else:
            self._unit_row(row, label, filled)
        if row in self.grid.sheet.hidden_rows:
            self.harvest.hidden.append((self.sheet, row))

    # what a row says

    def _label(self, row: int) -> str:
        """The name in the row's stub columns; the outermost one that says something."""
        for kind in ("unit", "measure", "group"):
            if kind in self.stubs and (text := self.grid.label(row, self.stubs[kind])):
                return text
        texts = [self.grid.own_text(row, column) for column in range(self.first_value)]
        names = [text for text in texts if text and not text.replace(".", "").isdigit()]
        return max(names, key=len, default="")

    def _has_values(self, row: int) -> bool:
        return any(
            self.grid.cell(row, column) != "" and self.grid.own_text(row, column)
            for column in self.values
        )

    def _names_someone(self, label: str) -> bool:
        """A row without any number still stands for a unit that it names."""
        return bool(label) and not self.layout.has_groups and bool(self.units.find(label).codes)

    def _text_row(self, row: int, label: str) -> None:
        """A row without numbers: a section, an empty line of the template, or below the table."""
        if not label:
            return
        if labels.kind_of(label) == "note":
            return
        if self.layout.has_groups:
            group = self.grid.own_text(row, self.stubs["group"]) if "group" in self.stubs else ""
            unit = self._unit_of(label, row, ask=False)
            if unit and (not group or group == label):
                self.unit = unit
            if group and "unit" in self.stubs:
                self.pending.append((row, f"{label}, {group}"))
                return
        self._enter_section(label)
        self.pending.append((row, label))

    def _enter_section(self, label: str) -> None:
        district = self.districts.get(fold(split_kind(label)[1]))
        if district:
            self.district = district
        self.section_start = len(self.harvest.entries)

    def _flush_sections(self) -> None:
        """Rows of text inside the table count as read; those below it do not."""
        for row, label in self.pending:
            self.harvest.skip(self.sheet, row, label, "Dòng không có số liệu")
        self.pending = []

    # rows by unit

    def _unit_row(self, row: int, label: str, filled: bool) -> None:
        if not label and self.default_unit is None:
            cell = address(row, self.stubs.get("unit", 0))
            self._wrong(row, label, cell, "unit", f"Ô {cell}: dòng có số liệu nhưng thiếu tên đơn vị. "
                        "Hãy ghi tên xã, phường, thị trấn.")  # fmt: skip
            return
        code = self._unit_of(label, row) if label else self.default_unit
        if code == SKIP:
            self.harvest.skip(self.sheet, row, label, "Bỏ qua theo trả lời của người nộp")
        elif code is not None and not (code == self.layout.unit and len(self.layout.units) > 1):
            self._add(RowKey(code), row, label)
        elif code is None:
            self._other_row(row, label, filled)
        else:
            self._total(row, label, "total")

    def _other_row(self, row: int, label: str, filled: bool) -> None:
        """A label that is no expected unit: a total, a part, a section sum, or a mistake."""
        kind = labels.kind_of(label)
        if kind in ("total", "minorities"):
            self._total(row, label, "total")
        elif kind == "part" or (self.in_part and label.lstrip().startswith(("-", "+", "•"))):
            self.in_part = True
            self.harvest.skip(self.sheet, row, label, "Dòng “Trong đó”, không phải đơn vị")
        elif self._is_section_sum(row, label):
            self._enter_section(label)
            self._total(row, label, "section")
        elif filled:
            self._unknown_unit(row, label)

    def _is_section_sum(self, row: int, label: str) -> bool:
        if fold(split_kind(label)[1]) in self.districts or fold(label) == fold(
            self.layout.unit_name
        ):
            return True
        index = self.grid.own_text(row, self.stubs["index"]) if "index" in self.stubs else ""
        return labels.is_section_number(index) and not self.units.elsewhere(label).codes

    def _unit_of(self, label: str, row: int, *, ask: bool = True) -> str | None:
        """The code of the unit that a label names, "-" when it is to be left out."""
        answer = self.answers.get(f"unit:{fold(label)}")
        if answer:
            return answer
        match = self.units.find(label, self.district)
        if len(match.codes) > 1 and ask:
            self._ask_unit(label, row, match.codes)
        return match.code

    def _unknown_unit(self, row: int, label: str) -> None:
        cell = address(row, self.stubs.get("unit", 0))
        match = self.units.find(label, self.district)
        if len(match.codes) > 1:
            self.harvest.refuse(self.sheet, row, label, "Chờ trả lời: đơn vị nào")
            return
        other = self.units.elsewhere(label)
        if other.codes:
            self.harvest.strays.append(Stray(self.sheet, cell, label, other.codes[0]))
            self.harvest.refuse(self.sheet, row, label, "Đơn vị của nơi khác")
            return
        near = self.units.similar(label)
        if near.codes:
            self._ask_unit(label, row, near.codes)
            self.harvest.refuse(self.sheet, row, label, "Chờ trả lời: đơn vị nào")
            return
        self._wrong(row, label, cell, "unit", f"Ô {cell}: không tìm thấy đơn vị “{label}” trong "
                    f"danh sách của {self.layout.unit_name}. Hãy sửa tên hoặc xoá dòng này.")  # fmt: skip

    def _ask_unit(self, label: str, row: int, codes: tuple[str, ...]) -> None:
        cell = address(row, self.stubs.get("unit", 0))
        options = [Option(code, self._unit_label(code)) for code in codes]
        self.harvest.ask(
            Question(
                id=f"unit:{fold(label)}",
                text=f"Ô {cell}: “{label}” là đơn vị nào?",
                options=(*options, Option(SKIP, "Không phải, bỏ qua dòng này")),
                suggestion=codes[0],
                sheet=self.sheet,
                cell=cell,
                file=self.harvest.file,
            )
        )

    def _unit_label(self, code: str) -> str:
        unit = self.layout.unit_by_code[code]
        return f"{unit.label} ({unit.district_name})" if unit.district_name else unit.label

    # rows by unit and ethnic group

    def _group_row(self, row: int, label: str, filled: bool) -> None:
        unit_text, group_text = self._stub_texts(row)
        if unit_text:
            code = self._unit_of(unit_text, row)
            if code is not None:
                self.unit = code
            elif labels.kind_of(unit_text) == "name" and not self._is_place(unit_text):
                self._unknown_unit(row, unit_text)
                self.unit = None
                return
            elif labels.kind_of(unit_text) != "name" and not group_text:
                group_text = unit_text
            elif self._is_place(unit_text):
                self._enter_section(unit_text)
                self._total(row, unit_text, "section")
                return
        if self.unit == SKIP:
            self.harvest.skip(self.sheet, row, label, "Bỏ qua theo trả lời của người nộp")
        elif self.wide:
            self._wide_row(row, unit_text or label)
        elif not group_text or labels.kind_of(group_text) in ("total", "minorities"):
            kind = labels.kind_of(group_text) if group_text else "total"
            of_unit = "unit" if kind == "total" else kind
            self._total(row, group_text or unit_text or label, of_unit, unit=self.unit)
        elif labels.kind_of(group_text) == "part":
            self.harvest.skip(self.sheet, row, group_text, "Dòng “Trong đó”, không phải dân tộc")
        else:
            self._one_group(row, group_text)

    def _is_place(self, text: str) -> bool:
        return fold(split_kind(text)[1]) in self.districts or fold(text) == fold(
            self.layout.unit_name
        )

    def _stub_texts(self, row: int) -> tuple[str, str]:
        """(unit, group) as written in the row; one column may hold both, on rows of their own."""
        unit = self.grid.label(row, self.stubs["unit"]) if "unit" in self.stubs else ""
        group = self.grid.label(row, self.stubs["group"]) if "group" in self.stubs else ""
        if unit and group:
            return unit, group
        only = unit or group or self._label(row)
        if unit and "group" in self.stubs:
            return unit, ""
        if group and "unit" in self.stubs:
            return "", group
        is_group = bool(self.groups.find(only).codes)
        is_unit = bool(self.units.find(only).codes)
        if is_unit and not is_group:
            return only, ""
        return "", only

    def _one_group(self, row: int, label: str) -> None:
        code = self._group_of(label, row)
        if code is None:
            return
        if self.unit is None:
            self._ask_whose(row, label)
            return
        if code == SKIP:
            self.harvest.skip(self.sheet, row, label, "Bỏ qua theo trả lời của người nộp")
            return
        self._add(RowKey(self.unit, code), row, label)

    def _group_of(self, label: str, row: int) -> str | None:
        if answer := self.answers.get(f"group:{fold(label)}"):
            return answer
        match = self.groups.find(label)
        if match.code:
            return match.code
        if not match.codes:
            parts = {self.groups.find(part).code for part in labels.ways_to_split(label)}
            if len(parts) == 1 and None not in parts:
                return parts.pop()
            match = self.groups.similar(label)
        cell = address(row, self.stubs.get("group", self.stubs.get("unit", 0)))
        if not match.codes:
            self._wrong(row, label, cell, "group", f"Ô {cell}: không có dân tộc “{label}” trong danh "
                        "mục 54 dân tộc. Hãy sửa tên.")  # fmt: skip
            return None
        options = [Option(code, self.layout.group_by_code[code].name) for code in match.codes]
        self.harvest.ask(
            Question(
                id=f"group:{fold(label)}",
                text=f"Ô {cell}: “{label}” là dân tộc nào?",
                options=(*options, Option(SKIP, "Không phải, bỏ qua dòng này")),
                suggestion=match.codes[0] if len(match.codes) == 1 else None,
                sheet=self.sheet,
                cell=cell,
                file=self.harvest.file,
            )
        )
        self.harvest.refuse(self.sheet, row, label, "Chờ trả lời: dân tộc nào")
        return None

    def _ask_whose(self, row: int, label: str) -> None:
        options = tuple(Option(unit.code, unit.label) for unit in self.layout.valid_units())
        self.harvest.ask(
            Question(
                id="whose",
                text=f"Trang tính “{self.sheet}” là số liệu của đơn vị nào?",
                options=options,
                sheet=self.sheet,
                file=self.harvest.file,
            )
        )
        self.harvest.refuse(self.sheet, row, label, "Chờ trả lời: số liệu của đơn vị nào")

    def _wide_row(self, row: int, label: str) -> None:
        """Ethnic groups across: one row of the file is one entry for each group."""
        if labels.kind_of(label) != "name":
            self.harvest.skip(self.sheet, row, label, "Dòng tổng, chỉ dùng để đối chiếu")
            return
        if self.unit is None:
            self._ask_whose(row, label)
            return
        whole = {m.key: c for c, m in self.values.items() if m.group is None and m.key}
        start = len(self.harvest.entries)
        for group in dict.fromkeys(m.group for m in self.values.values() if m.group):
            columns = {m.key: c for c, m in self.values.items() if m.group == group and m.key}
            order = [columns.get(key) for key in self.harvest.entries.columns]
            if any(self.grid.own_text(row, column) for column in columns.values()):
                self._append(RowKey(self.unit, group), row, label, columns, order)
        if whole:
            cells = {key: self.grid.cell(row, column) for key, column in whole.items()}
            self.harvest.totals.append(
                TotalRow(self.sheet, row, label, "unit", cells, whole, len(self.harvest.entries),
                         start, self.unit)
            )  # fmt: skip

    # what comes of a row

    def _add(self, key: RowKey, row: int, label: str) -> None:
        self.in_part = False
        self._append(key, row, label, self.columns, self.order)

    def _append(
        self,
        key: RowKey,
        row: int,
        label: str,
        columns: Mapping[str, int],
        order: list[int | None],
    ) -> None:
        place = Place(self.harvest.file, self.sheet, row, columns, {}, label)
        cells = self.grid.sheet.rows[row]
        width = len(cells)
        values: list[Raw] = [
            None if column is None else cells[column] if column < width else "" for column in order
        ]
        if self.grid.anchors:
            for position, column in enumerate(order):
                if column is not None and values[position] == "":
                    anchor = self.grid.anchor(row, column)
                    if anchor != (row, column) and self.grid.sheet.get(*anchor) != "":
                        values[position] = Covered(*anchor)
        self.harvest.entries.add(key, place, values)

    def _total(self, row: int, label: str, kind: str, unit: str | None = None) -> None:
        cells = {key: self.grid.cell(row, column) for key, column in self.columns.items()}
        self.harvest.totals.append(
            TotalRow(
                self.sheet, row, label, kind, cells, dict(self.columns),
                len(self.harvest.entries), self.section_start, unit,
            )
        )  # fmt: skip
        self.harvest.skip(self.sheet, row, label, "Dòng tổng, chỉ dùng để đối chiếu")
        self.in_part = False
        if kind == "section":
            self.section_start = len(self.harvest.entries)

    def _wrong(self, row: int, label: str, cell: str, rule: str, message: str) -> None:
        self.harvest.refuse(self.sheet, row, label, message)
        self.harvest.issues.append(
            Issue("error", rule, message, self.sheet, cell, "", label, file=self.harvest.file)
        )

    def letter(self, column: int) -> str:
        return letters(column)
