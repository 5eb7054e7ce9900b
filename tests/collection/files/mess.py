"""One valid table printed with the mess of real offices, and the truth to hold the reading to.

`printed` draws everything at random from a `random.Random`, so that a failing seed can be run
again alone. The mess changes how the table looks, never what it says.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.collection.workbooks.layout import Column, GroupName, Layout, RowUnit
from portal.collection.workbooks.outcome import Question
from portal.collection.workbooks.reader.vietnamese import TCVN3, VNI
from portal.collection.workbooks.source import Area

Row = list[Any]
Truth = dict[tuple[str, str | None, str], Decimal | str]  # (unit, group, layout key) -> value

TO_TCVN3 = {letter: chr(code) for code, letter in TCVN3.items()}
TO_VNI = {letter: written for written, letter in reversed(VNI.items())}
MISSING = {"not_collected": ("…", "...", "KCSL"), "not_applicable": ("x", "X")}
TOTALS = ("Tổng cộng", "TỔNG SỐ", "Cộng", "Toàn huyện", "Tổng số:", "Tổng cộng (I+II)")


@dataclass
class Print:
    """A sheet as printed, and what it says."""

    rows: list[Row] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)
    truth: Truth = field(default_factory=dict)
    style: str = ""
    encoding: str = "Unicode"
    words: dict[str, str] = field(default_factory=dict)  # heading or label -> key or code

    def answer(self, question: Question) -> str | None:
        """What the sender would say; None when nothing offered is true."""
        offered = {option.value for option in question.options}
        kind, _, name = question.id.partition(":")
        known = {"number_style": self.style or "1.234,5", "encoding": self.encoding}
        if kind in known and known[kind] in offered:
            return known[kind]
        true = self.words.get(f"{kind}:{name}", "")
        return true if true in offered else None


def tcvn3(text: str) -> str:
    """As an officer with a .VnTime font typed it; capitals with marks come from a capital font."""
    return "".join(TO_TCVN3.get(char, TO_TCVN3.get(char.lower(), char)) for char in text)


def vni(text: str) -> str:
    return "".join(TO_VNI.get(char, char) for char in text)


def number_in(style: str) -> Callable[[Decimal], str]:
    """How a number is typed: groups of three, and a point or a comma."""
    groups, point = {"1.234,5": ".,", "1,234.5": ",.", "1 234,5": " ,"}[style]

    def written(value: Decimal) -> str:
        whole, _, rest = format(value, "f").partition(".")
        shown = f"{int(whole):,}".replace(",", groups)
        return f"{shown}{point}{rest}" if rest else shown

    return written


class Printer:
    """Prints one table; every choice comes from `chance`."""

    def __init__(self, layout: Layout, chance: random.Random) -> None:
        self.layout = layout
        self.chance = chance
        self.out = Print()
        self.style = chance.choice(["", "", "1.234,5", "1,234.5", "1 234,5"])
        self.out.style = self.style.replace("1 234", "1.234")
        self.with_index = chance.random() < 0.7
        self.columns = [c for c in layout.columns if c.is_entered]
        if chance.random() < 0.4:
            chance.shuffle(self.columns)
        self.left = chance.choice([0, 0, 0, 1, 2])

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    # values

    def value(self, column: Column, top: int) -> Decimal | str:
        if self.maybe(0.04):
            return self.chance.choice(sorted(MISSING))
        if column.value_type == "percent":
            return Decimal(self.chance.randrange(0, 10_000)).scaleb(-2)
        if column.value_type == "decimal":
            return Decimal(self.chance.randrange(0, 10**7)).scaleb(-self.chance.choice([1, 2]))
        return Decimal(self.chance.randrange(0, top + 1))

    def cell(self, value: Decimal | str, column: Column) -> Any:
        if isinstance(value, str):
            return self.chance.choice(MISSING[value])
        if value == 0 and self.maybe(0.3):
            return self.chance.choice(["-", "–"])
        if self.style and self.maybe(0.9):
            text = number_in(self.style)(value)
            if column.value_type == "count" and self.maybe(0.05):
                text = f"{text} ({number_in(self.style)(Decimal('38.34'))}%)"
            return self.chance.choice([text, text, f" {text}", f"{text}\u00a0"])
        return float(value)

    # names

    def unit_name(self, unit: RowUnit) -> str:
        kind = {"xã": ["X.", "xã ", "XÃ "], "thị trấn": ["TT.", "TT ", "Thị trấn "]}
        name = self.chance.choice([unit.label, unit.label, unit.name])
        if self.maybe(0.15):
            name = self.chance.choice(kind.get(unit.kind, [""])) + unit.name
        if self.maybe(0.1):
            name = name.upper()
        if self.maybe(0.1):
            name = name.replace("oà", "òa").replace("oá", "óa")
        name = self._spaced(name)
        if self.maybe(0.05):
            name = unicodedata.normalize("NFD", name)
        return name

    def _spaced(self, name: str) -> str:
        if self.maybe(0.1):
            name = name.replace(" ", self.chance.choice(["  ", "\u00a0"]))
        return self.chance.choice([name, name, name, f"{name} ", f" {name}"])

    def group_name(self, group: GroupName) -> str:
        name = self.chance.choice([group.name, group.name, f"Dân tộc {group.name}"])
        return self._spaced(name.upper() if self.maybe(0.05) else name)

    def heading(self, column: Column) -> str:
        text = self.chance.choice([column.heading, column.heading, *column.aliases])
        if self.maybe(0.15):
            text = text.upper()
        if self.maybe(0.1) and column.unit_of_measure not in ("", "%"):
            text = f"{text} ({column.unit_of_measure})"
        if self.maybe(0.1):
            text = text.replace(" ", "\n", 1)
        return text

    # the sheet

    def printed(self) -> Print:
        raise NotImplementedError

    def add(self, cells: Row) -> int:
        self.out.rows.append([None] * self.left + cells)
        return len(self.out.rows) - 1

    def titles(self) -> None:
        for _ in range(self.chance.choice([0, 0, 1])):
            self.out.rows.append([])
        lines = [
            ["UBND HUYỆN SƠN ĐỘNG"],
            [None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            [f"{self.layout.title} năm 2023"],
            ["(Kèm theo Báo cáo số 125/BC-UBND ngày 05 tháng 9 năm 2024)"],
            ["Có đến 31-12-2023"],
            [f"Đơn vị tính: {self.layout.unit_of_measure}"] if self.layout.unit_of_measure else [],
        ]
        for line in lines:
            if self.maybe(0.5):
                self.add([*line])

    def key_row(self, stubs: int) -> None:
        form = self.chance.choice(["{}", "({})", "[{}]"])
        marks = [form.format(mark) for mark in ["A", "B", "C"][:stubs]]
        numbers = [form.format(n) for n in range(1, len(self.columns) + 1)]
        if form == "{}" and self.maybe(0.5):
            self.add([*marks, *range(1, len(self.columns) + 1)])
        else:
            self.add([*marks, *numbers])

    def headings(self, stubs: list[str]) -> None:
        parents = [column.parents[-1] if column.parents else "" for column in self.columns]
        names = [self.heading(column) for column in self.columns]
        is_deep = any(parents) or self.maybe(0.3)
        if not is_deep:
            self.add([*stubs, *names])
            return
        top = self.add([*stubs, *self._parents(parents, names)])
        self.add([None] * len(stubs) + [n if self._is_below(p) else None
                                       for n, p in zip(names, parents, strict=True)])  # fmt: skip
        first = self.left
        for column in range(len(stubs)):
            self.out.merges.append((top, first + column, top + 1, first + column))
        start = first + len(stubs)
        for index, parent in enumerate(parents):
            if not parent:
                self.out.merges.append((top, start + index, top + 1, start + index))
        self._merge_equal(top, start, parents)

    @staticmethod
    def _is_below(parent: str) -> bool:
        return bool(parent)

    @staticmethod
    def _parents(parents: list[str], names: list[str]) -> Row:
        shown: Row = []
        for index, (parent, name) in enumerate(zip(parents, names, strict=True)):
            if not parent:
                shown.append(name)
            else:
                shown.append(parent if index == 0 or parents[index - 1] != parent else None)
        return shown

    def _merge_equal(self, row: int, start: int, parents: list[str]) -> None:
        index = 0
        while index < len(parents):
            end = index
            while parents[index] and end + 1 < len(parents) and parents[end + 1] == parents[index]:
                end += 1
            if end > index:
                self.out.merges.append((row, start + index, row, start + end))
            index = end + 1

    def total(self, keys: list[tuple[str, str | None]], stubs: int, label: str) -> None:
        cells: Row = []
        for column in self.columns:
            if column.value_type != "count":
                cells.append(None)
                continue
            parts = [self.out.truth[(*key, column.key)] for key in keys]
            whole = sum((part for part in parts if isinstance(part, Decimal)), Decimal(0))
            cells.append(number_in(self.style)(whole) if self.style else float(whole))
        self.add([*[None] * (stubs - 1), label, *cells])


class UnitPrinter(Printer):
    """One row for each unit."""

    def printed(self) -> Print:
        units = list(self.layout.valid_units())
        if self.maybe(0.4):
            self.chance.shuffle(units)
        for unit in units:
            self._fill(unit)
        self.titles()
        stubs = [*(["STT"] if self.with_index else []), "Tên đơn vị"]
        self.headings(stubs)
        if self.maybe(0.5):
            self.key_row(len(stubs))
        keys: list[tuple[str, str | None]] = [(unit.code, None) for unit in units]
        if (first := self.maybe(0.3)) or self.maybe(0.2):
            self.total(keys, len(stubs), self.chance.choice(TOTALS))
        blocks = self.chance.choice([1, 1, 1, 2, 4])
        sections = not first and self.maybe(0.25)
        for number, block in enumerate(self._blocks(units, blocks)):
            if number and blocks > 1 and not sections and self.maybe(0.8):
                self.headings(stubs)
            if sections:
                part: list[tuple[str, str | None]] = [(unit.code, None) for unit in block]
                self.total(part, len(stubs), f"Khu vực {'I' * (number + 1)}"[:11])
            for index, unit in enumerate(block, 1):
                self._row(index, unit)
        if not first and self.maybe(0.6):
            self.total(keys, len(stubs), self.chance.choice(TOTALS))
        if self.maybe(0.3):
            self.add(["Ghi chú: Số liệu rà soát cuối năm."])
            self.add([None, "Sơn Động, ngày 05 tháng 9 năm 2023"])
            self.add(["NGƯỜI LẬP BIỂU", None, None, "CHỦ TỊCH"])
        return self.out

    @staticmethod
    def _blocks(units: list[RowUnit], count: int) -> list[list[RowUnit]]:
        size = -(-len(units) // count)
        return [units[start : start + size] for start in range(0, len(units), size)]

    def _fill(self, unit: RowUnit) -> None:
        tops: Mapping[str, str] = {
            part: rule.other or "" for rule in self.layout.rules if rule.kind == "at_most"
            for part in rule.columns
        }  # fmt: skip
        for column in [c for c in self.layout.columns if c.is_entered]:
            whole = self.out.truth.get((unit.code, None, tops.get(column.key, "")))
            top = int(whole) if isinstance(whole, Decimal) else self.chance.choice([99, 9_999])
            self.out.truth[unit.code, None, column.key] = self.value(column, top)

    def _row(self, index: int, unit: RowUnit) -> None:
        values = [
            self.cell(self.out.truth[unit.code, None, column.key], column)
            for column in self.columns
        ]
        name = self.unit_name(unit)
        self.add([*([index] if self.with_index else []), name, *values])


class GroupPrinter(Printer):
    """One row for each unit and group: the unit in a column, merged, or in a row of its own."""

    def printed(self) -> Print:
        units = list(self.layout.valid_units())[: self.chance.choice([1, 3, 6])]
        groups = [group for group in self.layout.groups if group.code in self.layout.main_groups]
        form = self.chance.choice(["every row", "merged", "once", "own row"])
        self.titles()
        stubs = ["STT"] if self.with_index else []
        stubs += ["Dân tộc"] if form == "own row" else ["Đơn vị", "Dân tộc"]
        self.headings(stubs)
        if self.maybe(0.5):
            self.key_row(len(stubs))
        for unit in units:
            self._unit(unit, groups, form, len(stubs))
        return self.out

    def _unit(self, unit: RowUnit, groups: list[GroupName], form: str, stubs: int) -> None:
        mine = [group for group in groups if self.maybe(0.9)] or groups[:1]
        for group in mine:
            self._fill(unit, group)
        name = self.unit_name(unit)
        start = len(self.out.rows)
        if form == "own row":
            self._own_row(unit, mine, name, stubs)
        for index, group in enumerate(mine, 1):
            values = [
                self.cell(self.out.truth[unit.code, group.code, c.key], c) for c in self.columns
            ]
            shown = name if form == "every row" or index == 1 else None
            cells = [] if form == "own row" else [shown]
            number = [index] if self.with_index else []
            self.add([*number, *cells, self.group_name(group), *values])
        if form == "merged" and len(mine) > 1:
            column = self.left + self.with_index
            self.out.merges.append((start, column, len(self.out.rows) - 1, column))

    def _own_row(self, unit: RowUnit, mine: list[GroupName], name: str, stubs: int) -> None:
        if self.maybe(0.5):
            self.total([(unit.code, group.code) for group in mine], stubs, name)
        else:
            self.add([*[None] * (stubs - 1), name])

    def _fill(self, unit: RowUnit, group: GroupName) -> None:
        for column in self.layout.entered:
            self.out.truth[unit.code, group.code, column.key] = self.value(column, 9_999)


class WidePrinter(Printer):
    """Units down, ethnic groups across, in one block or several below or beside one another."""

    def printed(self) -> Print:
        units = list(self.layout.valid_units())[: self.chance.choice([2, 5, 17])]
        groups = list(self.layout.groups)[: self.chance.choice([4, 12, 54])]
        column = self.columns[0]
        for unit in units:
            for group in groups:
                self.out.truth[unit.code, group.code, column.key] = self.value(column, 9_999)
        self.titles()
        size = self.chance.choice([len(groups), 7, 10])
        blocks = [groups[start : start + size] for start in range(0, len(groups), size)]
        names = {group.code: self.group_name(group) for group in groups}
        for number, block in enumerate(blocks):
            again = blocks[number - 1][-3:] if number and len(block) < 3 else []
            self.print_block(units, [*again, *block], names, column)
        return self.out

    def print_block(
        self, units: list[RowUnit], block: list[GroupName], names: dict[str, str], column: Column
    ) -> None:
        """Some of the groups; groups that stood in the block before may stand there again."""
        with_total = self.maybe(0.5)
        lead = ["Đơn vị", *(["Tổng số"] if with_total else [])]
        top = self.add([*lead, "Chia theo dân tộc", *[None] * (len(block) - 1)])
        self.add([*[None] * len(lead), *(names[group.code] for group in block)])
        start = self.left + len(lead)
        self.out.merges.append((top, start, top, start + len(block) - 1))
        for place in range(self.left, start):
            self.out.merges.append((top, place, top + 1, place))
        if self.maybe(0.5):
            self.add(["A", *range(1, len(block) + with_total + 1)])
        for unit in units:
            values = [self.out.truth[unit.code, group.code, column.key] for group in block]
            whole = sum((v for v in values if isinstance(v, Decimal)), Decimal(0))
            total = number_in(self.style)(whole) if self.style else float(whole)
            shown = [self.cell(value, column) for value in values]
            self.add([self.unit_name(unit), *([total] if with_total else []), *shown])


class FacetPrinter(Printer):
    """Sexes and categories in rows below their unit and group."""

    def printed(self) -> Print:
        units = list(self.layout.valid_units())[: self.chance.choice([1, 4])]
        groups = [g for g in self.layout.groups if g.code in self.layout.main_groups]
        whole = next(c for c in self.layout.entered if not c.sex)
        parts = [c for c in self.layout.entered if c.sex]
        self.titles()
        mark = self.chance.choice(["", "- ", "+ ", "Trong đó: "])
        self.add(["Đơn vị", "Dân tộc", whole.heading])
        for unit in units:
            name = self.unit_name(unit)
            for group in groups:
                for column in (whole, *parts):
                    value = self.value(column, 9_999)
                    self.out.truth[unit.code, group.code, column.key] = value
                    label = self.group_name(group) if column is whole else mark + column.heading
                    unit_label = name if column is whole else None
                    self.add([unit_label, label, self.cell(value, column)])
        return self.out


def in_encoding(out: Print, encoding: str) -> Print:
    """The same sheet typed in an old font."""
    write = {"TCVN3": tcvn3, "VNI": vni}[encoding]
    out.rows = [
        [
            write(unicodedata.normalize("NFC", cell)) if isinstance(cell, str) else cell
            for cell in row
        ]
        for row in out.rows
    ]
    out.encoding = encoding
    return out


def printed(layout: Layout, chance: random.Random) -> Print:
    kinds: list[type[Printer]] = [GroupPrinter] if layout.has_groups else [UnitPrinter]
    if layout.has_groups and len(layout.entered) == 1:
        kinds.append(WidePrinter)
    if layout.has_groups and any(column.sex for column in layout.entered):
        kinds.append(FacetPrinter)
    out = chance.choice(kinds)(layout, chance).printed()
    if chance.random() < 0.2:
        out = in_encoding(out, chance.choice(["TCVN3", "VNI"]))
    return out
