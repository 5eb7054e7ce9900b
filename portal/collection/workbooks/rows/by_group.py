"""Tables by unit and ethnic group: groups down the rows, or across the columns."""

from __future__ import annotations

from collections.abc import Iterator

from .. import labels
from ..entries import Raw, RowKey
from ..labels import RowKind
from ..names import fold
from ..outcome import Option
from .common import OF_PART, OF_TOTAL, SKIP, SKIPPED, Rows
from .harvest import TotalKind, TotalRow


class GroupRows(Rows):
    """The unit stands in its own column (once, merged, or in every row), in a row of its own
    above its groups, or nowhere, when the file is of one unit."""

    def __init__(self, **options) -> None:
        super().__init__(**options)
        self.unit: str | None = self.default_unit

    def _names_someone(self, row: int, label: str) -> bool:
        """A pre-filled row without an entry is counted as read, and left out."""
        unit, group = self._stub_texts(row)
        if not group or not self.groups.find(group).codes:
            return False
        return self._has_content(row) or bool(unit and "unit" in self.stubs)

    def _text_row(self, row: int, label: str) -> None:
        unit, group = self._stub_texts(row)
        code = self._unit_of(unit, row, ask=False) if unit and not group else None
        if code is not None:
            self.unit = code
        super()._text_row(row, label)

    def _entry_row(self, row: int, label: str) -> None:
        unit_text, group_text = self._stub_texts(row)
        if unit_text and not self._enter_unit(row, unit_text):
            if self._kind(unit_text) == "name" or group_text:
                return
            group_text = unit_text
        if self.unit == SKIP:
            self.harvest.skip(self.sheet, row, label, SKIPPED)
        elif self.is_wide:
            self._wide_row(row, unit_text or label)
        elif not group_text:
            self._total(row, unit_text or label, "unit", self.unit)
        elif (kind := self._kind(group_text)) in ("total", "minorities"):
            self._sum_of_groups(row, group_text, kind)
        elif kind == "part":
            self.harvest.skip(self.sheet, row, group_text, OF_PART)
        else:
            self._one_group(row, group_text)

    def _sum_of_groups(self, row: int, label: str, kind: RowKind) -> None:
        if kind == "minorities":
            self._total(row, label, "minorities", self.unit)
        else:
            self._total(row, label, "unit" if self.unit else "total", self.unit)

    def _enter_unit(self, row: int, text: str) -> bool:
        """Whether the row belongs to a unit that its label names; else it is dealt with here."""
        code = self._unit_of(text, row)
        if code is not None:
            self.unit = code
            return True
        if self._kind(text) != "name":
            self.unit = self.default_unit
            return False
        if self._is_place(text):
            self.unit = None
            self._enter_section(text)
            self._total(row, text, "section")
        else:
            self.unit = None
            self._unknown_unit(row, text)
        return False

    def _stub_texts(self, row: int) -> tuple[str, str]:
        """(unit, group) as written in the row; one column may hold both in turn."""
        unit = self.grid.label(row, self.stubs["unit"]) if "unit" in self.stubs else ""
        group = self.grid.label(row, self.stubs["group"]) if "group" in self.stubs else ""
        if unit and "group" in self.stubs:
            return unit, group
        if group and "unit" in self.stubs:
            return "", group
        only = unit or group or self._label(row)
        if self.units.find(only).codes and not self.groups.find(only).codes:
            return only, ""
        is_elsewhere = self.is_wide or (self._is_place(only) and not self.groups.find(only).codes)
        return (only, "") if is_elsewhere else ("", only)

    # one group in a row

    def _one_group(self, row: int, label: str) -> None:
        code = self._group_of(label, row)
        if code is None:
            return
        if self.unit is None:
            self._ask_whose(row, label)
        elif code == SKIP:
            self.harvest.skip(self.sheet, row, label, SKIPPED)
        else:
            self._append(RowKey(self.unit, code), row, label, self.columns, self.order)

    def _group_of(self, label: str, row: int) -> str | None:
        """The code; None when it had to be asked or refused."""
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
        if match.codes:
            options = [Option(code, self.layout.group_by_code[code].name) for code in match.codes]
            self._ask(f"group:{fold(label)}", f"“{label}” là dân tộc nào?", options, row, "group")
            self.harvest.refuse(self.sheet, row, label, "Chờ trả lời: dân tộc nào")
        else:
            text = f"không có dân tộc “{label}” trong danh mục 54 dân tộc. Hãy sửa tên."
            cell = self._label_cell(row, "group")
            self.harvest.wrong(self.sheet, row, label, cell, "group", text)
        return None

    # groups across

    def _wide_row(self, row: int, label: str) -> None:
        """One row of the file is one entry for each group; its total column is compared."""
        if self._kind(label) != "name":
            self._wide_total(row, label)
            return
        if self.unit is None:
            self._ask_whose(row, label)
            return
        start = len(self.harvest.entries)
        for group, columns in self._by_group():
            if any(self.grid.own_text(row, column) for column in columns.values()):
                order = [columns.get(key) for key in self.harvest.entries.columns]
                self._append(RowKey(self.unit, group), row, label, columns, order)
        if self.columns:
            self._count(row, label, self.columns, section=start, unit=self.unit)

    def _by_group(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Each group's columns by layout key."""
        for group in dict.fromkeys(m.group for m in self.values.values() if m.group):
            yield group, {m.key: c for c, m in self.values.items() if m.group == group and m.key}

    def _wide_total(self, row: int, label: str) -> None:
        """A total of units: compared group by group."""
        self.harvest.skip(self.sheet, row, label, OF_TOTAL)
        if self._kind(label) in ("total", "section"):
            for group, columns in self._by_group():
                self._count(row, label, columns, section=self.section_start, group=group)
            self._count(row, label, self.columns, section=self.section_start)
        if self._kind(label) == "section":
            self.section_start = len(self.harvest.entries)

    def _count(self, row: int, label: str, columns: dict[str, int], **about) -> None:
        cells: dict[str, Raw] = {key: self.grid.cell(row, c) for key, c in columns.items()}
        kind: TotalKind = "unit" if "unit" in about else "total"
        if self._kind(label) == "section":
            kind = "section"
        total = TotalRow(
            sheet=self.sheet,
            row=row,
            label=label,
            kind=kind,
            cells=cells,
            columns=dict(columns),
            start=len(self.harvest.entries),
            **about,
        )
        self.harvest.totals.append(total)
