"""What reading rows by unit and rows by ethnic group have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final
from zlib import crc32

from .. import labels
from ..entries import Covered, Place, Raw, RowKey
from ..grid import Grid, address, is_value
from ..headings import Block
from ..layout import Layout
from ..names import GroupNames, UnitNames, fold, inline, split_kind, words
from ..outcome import Option, Question
from ..vocabulary import Meaning
from .facets import Facets
from .harvest import Harvest, Stray, TotalKind, TotalRow, which_unit

SKIP: Final = "-"
SKIPPED = "Bỏ qua theo trả lời của người nộp"
LEFT_BLANK = "Dòng để trống, giữ nguyên số đã có"
OF_TOTAL = "Dòng tổng, chỉ dùng để đối chiếu"
OF_PART = "Dòng “Trong đó”, không lưu riêng"
OF_WORK = "Dòng so sánh, bình quân hoặc của kỳ khác, không lưu"
AREAS = ("thanh thi", "nong thon", "khu vuc thanh thi", "khu vuc nong thon")
FACET_STUBS = ("facet", "measure")
LONGEST_KEY = 150  # letters of a name in the id of a question


def unit_question(label: str) -> str:
    """The question whose row a label names; a long name by its beginning and a check sum."""
    key = fold(label)
    if len(key) > LONGEST_KEY:
        key = f"{key[:LONGEST_KEY]}{crc32(key.encode()):08x}"
    return f"unit:{key}"


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
        sums_up: bool = False,
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
        self.sums_up = sums_up  # every row is a sum over the other sheets of the file
        self.stubs: dict[str, int] = {}
        for column, meaning in sorted(meanings.items()):
            if meaning.stub:
                self.stubs.setdefault(meaning.stub, column)
        self.values = {c: m for c, m in meanings.items() if m.key is not None}
        self.first_value = min(self.values, default=grid.width)
        self.columns = {m.key: c for c, m in self.values.items() if m.group is None and m.key}
        self.order = [self.columns.get(key) for key in harvest.entries.columns]
        self.facets = Facets(layout, self.columns)
        self.facet: dict[str, int] | None = None
        self.current: RowKey | None = None
        self.district: str | None = None
        self.section_start = len(harvest.entries)
        self.in_part = False
        self.pending: list[tuple[int, str]] = []
        self.districts = {
            fold(split_kind(unit.district_name)[1]): unit.district
            for unit in layout.unit_by_code.values()
            if unit.district and unit.district_name
        }

    def read(self) -> None:
        for row in range(self.block.first, self.block.end):
            if self.grid.filled(row):
                self._row(row)

    def _row(self, row: int) -> None:
        label = self._label(row)
        if not self._has_numbers(row) and not self._names_someone(row, label):
            self._text_row(row, label)
            return
        self._flush_sections()
        if "area" in self.stubs and words(self.grid.label(row, self.stubs["area"])) in AREAS:
            self.harvest.skip(self.sheet, row, label, OF_PART)
            return
        self.facet = self.facets.of(self._facet_text(row, label))
        if self.facet is not None and self._is_bare_facet(row, label):
            self._facet_row(row, label)
        else:
            self._own_row(row, label)
        if row in self.grid.sheet.hidden_rows:
            self.harvest.hidden.append((self.sheet, row))

    def _own_row(self, row: int, label: str) -> None:
        """A row that names whom it tells of; `current` is known only if it became an entry."""
        count = len(self.harvest.entries)
        self._entry_row(row, label)
        entries = self.harvest.entries
        self.current = entries.keys[-1] if len(entries) > count and not self.is_wide else None

    # rows of one sex or category

    @cached_property
    def is_wide(self) -> bool:
        return any(meaning.group for meaning in self.values.values())

    def _facet_text(self, row: int, label: str) -> str:
        column = next((self.stubs[kind] for kind in FACET_STUBS if kind in self.stubs), None)
        return label if column is None else self.grid.label(row, column)

    def _is_bare_facet(self, row: int, label: str) -> bool:
        """Whether the row names a sex or category and nobody: it belongs to the row above."""
        if self.units.find(label).codes or self.groups.is_named(label):
            return False
        if any(kind in self.stubs for kind in FACET_STUBS):
            stubs = [self.stubs[kind] for kind in ("unit", "group") if kind in self.stubs]
            return not any(self.grid.label(row, column) for column in stubs)
        return True

    def _facet_row(self, row: int, label: str) -> None:
        if self.current is None:
            self.harvest.skip(self.sheet, row, label, OF_PART)
        else:
            self._append(self.current, row, label, self.columns, self.order)

    def _kind(self, label: str) -> labels.RowKind:
        """What a row's label says; a group or unit written with its marks is a name ("Cống")."""
        if self.groups.is_named(label) or self.units.is_named(label):
            return "name"
        return labels.kind_of(label)

    # what each kind of table does

    def _names_someone(self, row: int, label: str) -> bool:
        """Whether a row without any number still stands for someone."""
        raise NotImplementedError

    def _entry_row(self, row: int, label: str) -> None:
        """A row with numbers, or of someone expected."""
        raise NotImplementedError

    # what a row says

    def _label(self, row: int) -> str:
        """The name in the row's stub columns, else the longest text before the values."""
        for kind in ("unit", "measure", "group"):
            if kind in self.stubs and (text := self.grid.label(row, self.stubs[kind])):
                return text
        texts = [self.grid.own_text(row, column) for column in range(self.first_value)]
        names = [text for text in texts if text and not text.replace(".", "").isdigit()]
        return max(names, key=len, default="")

    def _has_numbers(self, row: int) -> bool:
        """Whether anything in the value columns is a number or a sign for none."""
        cells = self.grid.sheet.rows[row]
        return any(column < len(cells) and is_value(cells[column]) for column in self.values)

    def _has_content(self, row: int) -> bool:
        return any(self.grid.own_text(row, column) for column in self.values)

    def _label_cell(self, row: int, kind: str = "unit") -> str:
        return address(row, self.stubs.get(kind, self.stubs.get("unit", 0)))

    def _text_row(self, row: int, label: str) -> None:
        """A row without numbers: a section inside the table, or what stands below it."""
        if label and self._kind(label) != "note":
            self._enter_section(label)
            self.pending.append((row, label))

    def _enter_section(self, label: str) -> None:
        self.district = self.districts.get(fold(split_kind(label)[1])) or self.district
        self.section_start = len(self.harvest.entries)

    def _flush_sections(self) -> None:
        """Rows of text inside the table count as read; those below it do not."""
        for row, label in self.pending:
            self.harvest.skip(self.sheet, row, label, "Dòng không có số liệu")
        self.pending = []

    def _is_place(self, text: str) -> bool:
        """A district, or the submitting unit itself: its row is a sum."""
        return fold(split_kind(text)[1]) in self.districts or fold(text) == fold(
            self.layout.unit_name
        )

    # units

    def _unit_of(self, label: str, row: int, *, ask: bool = True) -> str | None:
        """The code of the unit that a label names, "-" when it is to be left out."""
        if answer := self.answers.get(unit_question(label)):
            return answer
        if self.layout.has_records and (code := self._code_in(row)) is not None:
            return code
        self._see_district(row)
        match = self.units.find(label, self.district)
        if match.code is None and (code := self._code_in(row)) is not None:
            return code
        if match.codes and match.code is None and ask:
            self._ask_unit(label, row, match.codes)
        return match.code

    def _see_district(self, row: int) -> None:
        """A column of districts beside the communes tells namesakes apart."""
        if "district" in self.stubs:
            name = self.grid.label(row, self.stubs["district"])
            self.district = self.districts.get(fold(split_kind(name)[1])) or self.district

    def _code_in(self, row: int) -> str | None:
        """The unit by the code written beside it, where the name alone does not tell."""
        return self.units.by_code(written) if (written := self._written_code(row)) else None

    def _written_code(self, row: int) -> str:
        """What stands in the column of codes."""
        if "unit_code" not in self.stubs:
            return ""
        return self.grid.own_text(row, self.stubs["unit_code"]).strip()

    def _coded(self, row: int, label: str) -> str | None:
        """The record whose code stands in the row; "" when the code was objected to, None when
        there is no code that says anything."""
        written = self._written_code(row)
        if not written or not self.layout.has_records:
            return None
        noun, cell = self.layout.row_noun, self._label_cell(row, "unit_code")
        code, named = self._code_in(row), self.units.find(label).codes if label else ()
        if code is not None and (code in named or not named):
            return code
        if code is not None:
            text = (
                f"mã {written} là {noun} “{self.layout.unit_by_code[code].name}”, không phải "
                f"“{label}”. Hãy sửa mã hoặc tên."
            )
            self.harvest.wrong(self.sheet, row, label, cell, "unit_code", text)
        elif other := self.units.elsewhere(written).codes:
            self.harvest.strays.append(Stray(self.sheet, cell, label, other[0]))
            self.harvest.refuse(self.sheet, row, label, f"Không phải {noun} của nơi nộp")
        elif not label or self._kind(label) == "name":
            text = f"không có {noun} mang mã {written} trong danh sách. Hãy sửa mã hoặc xoá dòng."
            self.harvest.wrong(self.sheet, row, label, cell, "unit_code", text)
        else:
            return None
        return ""

    def _unknown_unit(self, row: int, label: str) -> None:
        """A label that names no expected unit: asked, of another district, or an error."""
        if (match := self.units.find(label, self.district)).codes and match.code is None:
            self.harvest.refuse(self.sheet, row, label, f"Chờ trả lời: {self.layout.row_noun} nào")
            return
        cell = self._label_cell(row)
        other = self.units.elsewhere(label)
        if other.codes:
            self.harvest.strays.append(Stray(self.sheet, cell, label, other.codes[0]))
            self.harvest.refuse(self.sheet, row, label, "Đơn vị của nơi khác")
            return
        if near := self.units.similar(label).codes:
            self._ask_unit(label, row, near)
            self.harvest.refuse(self.sheet, row, label, f"Chờ trả lời: {self.layout.row_noun} nào")
            return
        text = (
            f"không tìm thấy {self.layout.row_noun} “{label}” trong danh sách của "
            f"{inline(self.layout.unit_name)}. "
            "Hãy sửa tên hoặc xoá dòng này."
        )
        self.harvest.wrong(self.sheet, row, label, cell, "unit", text)

    def _ask_unit(self, label: str, row: int, codes: tuple[str, ...]) -> None:
        options = [Option(code, self._unit_label(code)) for code in codes]
        text = f"“{label}” là {self.layout.row_noun} nào?"
        self._ask(unit_question(label), text, options, row, "unit")

    def _unit_label(self, code: str) -> str:
        unit = self.layout.unit_by_code[code]
        return f"{unit.label} ({unit.district_name})" if unit.district_name else unit.label

    def _ask(self, ident: str, text: str, options: list[Option], row: int, kind: str) -> None:
        cell = self._label_cell(row, kind)
        self.harvest.ask(
            Question(
                id=ident,
                text=f"Ô {cell}: {text}",
                options=(*options, Option(SKIP, "Không phải, bỏ qua dòng này")),
                suggestion=options[0].value if kind == "unit" or len(options) == 1 else None,
                sheet=self.sheet,
                cell=cell,
                file=self.harvest.file,
            )
        )

    def _ask_whose(self, row: int, label: str) -> None:
        self.harvest.ask(which_unit(self.layout, self.sheet, self.harvest.file))
        reason = f"Chờ trả lời: số liệu của {self.layout.row_noun} nào"
        self.harvest.refuse(self.sheet, row, label, reason)

    # what comes of a row

    def _append(
        self,
        key: RowKey,
        row: int,
        label: str,
        columns: Mapping[str, int],
        order: list[int | None],
    ) -> None:
        self.in_part = False
        if self.facet is not None:
            columns = self.facet
            order = [columns.get(key) for key in self.harvest.entries.columns]
            self.harvest.keys_in_rows |= columns.keys()
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
        if self._is_left_blank(values):
            self.harvest.skip(self.sheet, row, label, LEFT_BLANK)
            return
        place = Place(self.harvest.file, self.sheet, row, columns, {}, label)
        self.harvest.entries.add(key, place, values)

    def _is_left_blank(self, values: Sequence[Raw]) -> bool:
        """A record of the template of which nothing was told: what is stored of it stays."""
        return (
            self.layout.has_records
            and not self.layout.every_unit
            and all(value is None or value == "" for value in values)
        )

    def _total_row(
        self, row: int, label: str, kind: TotalKind, unit: str | None = None
    ) -> TotalRow:
        cells: dict[str, Raw] = {
            key: self.grid.cell(row, column) for key, column in self.columns.items()
        }
        return TotalRow(
            sheet=self.sheet,
            row=row,
            label=label,
            kind=kind,
            cells=cells,
            columns=dict(self.columns),
            start=len(self.harvest.entries),
            section=self.section_start,
            unit=unit,
            of_file=self.sums_up,
        )

    def _total(self, row: int, label: str, kind: TotalKind, unit: str | None = None) -> None:
        self.harvest.totals.append(self._total_row(row, label, kind, unit))
        self.harvest.skip(self.sheet, row, label, OF_TOTAL)
        self.in_part = False
        if kind == "section":
            self.section_start = len(self.harvest.entries)
