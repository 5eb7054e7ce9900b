"""Tables by unit and ethnic group: groups down the rows, or across the columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import labels
from ..entries import Raw, RowKey
from ..grid import address
from ..labels import RowKind
from ..names import fold, inline
from ..outcome import Issue, Option
from .codes import Coded, CodesOfGroups
from .common import OF_PART, OF_TOTAL, OF_WORK, SKIP, SKIPPED, Rows
from .harvest import Stray, TotalKind, TotalRow

_CODE_IN_NAME = re.compile(r"^\s*(\d{1,2})\s*[-–.:)]\s*\D")


class GroupRows(Rows):
    """The unit stands in its own column (once, merged, or in every row), in a row of its own
    above its groups, or nowhere, when the file is of one unit."""

    def __init__(self, **options) -> None:
        super().__init__(**options)
        self.unit: str | None = self.default_unit
        self.coded: list[Coded] = []

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
        if self.is_crossed:
            self._crossed_row(row, group_text or label)
            return
        coded = self._coded(row, unit_text)
        if coded is not None:
            self.unit = coded or None
            if not coded:
                return
        elif unit_text and not self._enter_unit(row, unit_text):
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
        elif kind in ("part", "worked out"):
            reason = OF_PART if kind == "part" else OF_WORK
            self.harvest.skip(self.sheet, row, group_text, reason)
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
        if code != SKIP:
            self._see_code(row, label, code)
        if self.sums_up and self.unit is None:
            self._total(row, label, "total")
            self.harvest.totals[-1].group = code
        elif self.unit is None:
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

    # codes beside the names

    def read(self) -> None:
        if "group_code" in self.stubs and "group" not in self.stubs and not self.is_wide:
            self.harvest.issues.append(self._codes_only())
            return
        if self.is_crossed:
            self._strange_columns()
        super().read()
        self.harvest.issues += CodesOfGroups(self.layout.groups).against(self.coded, self.sheet)

    def _codes_only(self) -> Issue:
        cell = address(self.block.bottom, self.stubs["group_code"])
        text = (
            f"Ô {cell}: bảng chỉ có mã dân tộc, không có tên dân tộc. Đang dùng hai bộ mã khác "
            "nhau nên số liệu chỉ được đọc theo tên. Hãy thêm cột “Dân tộc” ghi tên từng dân tộc."
        )
        return Issue("error", "group", text, self.sheet, cell, file=self.harvest.file)

    def _see_code(self, row: int, label: str, group: str) -> None:
        if "group_code" in self.stubs:
            column = self.stubs["group_code"]
            text = self.grid.label(row, column)
            self.coded.append(Coded(address(row, column), text, label, group))
        elif written := _CODE_IN_NAME.match(label):
            self.coded.append(Coded(self._label_cell(row, "group"), written[1], label, group))

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

    # units across

    @property
    def is_crossed(self) -> bool:
        return any(meaning.unit for meaning in self.values.values())

    def _strange_columns(self) -> None:
        """Beside the units only their sum may stand; a column of anybody else is said."""
        seen: set[str] = set()
        for column, meaning in self.values.items():
            names = self.block.paths.get(column, [])[:-1]
            cell, name = address(self.block.top, column), " / ".join(names)
            if meaning.unit or name in seen or any(map(self._is_sum, names)):
                continue
            seen.add(name)
            if (other := self.units.elsewhere(names[0]).codes) if names else ():
                self.harvest.strays.append(Stray(self.sheet, cell, name, other[0]))
                continue
            text = (
                f"Ô {cell}: cột “{name}” không ghi tên đơn vị nào của "
                f"{inline(self.layout.unit_name)}. Hãy sửa tên hoặc xoá cột này."
            )
            issue = Issue("error", "unit", text, self.sheet, cell, "", name)
            self.harvest.issues.append(issue._replace(file=self.harvest.file))

    def _is_sum(self, name: str) -> bool:
        return self._is_place(name) or self._kind(name) in ("total", "worked out", "part")

    def _crossed_row(self, row: int, label: str) -> None:
        """A group's row is one entry for each unit; columns of no unit are sums of the others."""
        kind = self._kind(label)
        if kind != "name":
            reason = {"part": OF_PART, "worked out": OF_WORK}.get(kind, OF_TOTAL)
            self.harvest.skip(self.sheet, row, label, reason)
            for unit, columns in self._by_unit():
                if kind in ("total", "minorities"):
                    self._count(row, label, columns, section=0, unit=unit)
            return
        code = self._group_of(label, row)
        if code == SKIP:
            self.harvest.skip(self.sheet, row, label, SKIPPED)
        elif code is not None:
            self._see_code(row, label, code)
            for unit, columns in self._by_unit():
                if any(self.grid.own_text(row, column) for column in columns.values()):
                    order = [columns.get(key) for key in self.harvest.entries.columns]
                    self._append(RowKey(unit, code), row, label, columns, order)

    def _by_unit(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Each unit's columns by layout key."""
        for unit in dict.fromkeys(m.unit for m in self.values.values() if m.unit):
            yield unit, {m.key: c for c, m in self.values.items() if m.unit == unit and m.key}

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
        if self._kind(label) == "minorities":
            kind = "minorities"
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
