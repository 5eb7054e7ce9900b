"""Codes of ethnic groups beside their names: two code systems circulate, so the name is read and
the code only compared with it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..layout import GroupName
from ..outcome import Issue

FEW = 5


class Coded(NamedTuple):
    """A group found by its name, with the code that stands beside it."""

    cell: str
    written: str
    label: str
    group: str

    @property
    def number(self) -> str:
        return self.written.strip().removesuffix(".0").lstrip("0")


class CodesOfGroups:
    """The codes of all groups in every system, without leading zeros."""

    def __init__(self, groups: Sequence[GroupName]) -> None:
        self.names = {group.code: group.name for group in groups}
        self.systems: dict[str, dict[str, str]] = {"": {}}  # system -> number -> group
        for group in groups:
            self.systems[""][group.code.lstrip("0")] = group.code
            for system, code in group.alt_codes:
                self.systems.setdefault(system, {})[code.lstrip("0")] = group.code

    def against(self, coded: Sequence[Coded], sheet: str) -> Iterator[Issue]:
        """A remark at each code that is another group's in the system that the table uses.

        Numbers that only count the rows, and codes of a list that nobody knows, are no codes.
        """
        numbered = [item for item in coded if item.number.isdigit()]
        if not numbered or self._only_count([int(item.number) for item in numbered]):
            return
        best = max(self.systems.values(), key=lambda system: self._agreeing(numbered, system))
        if 2 * self._agreeing(numbered, best) < len(numbered):
            return
        wrong = [item for item in numbered if best.get(item.number) != item.group]
        for item in wrong[:FEW]:
            yield self._issue(item, best.get(item.number), len(wrong) - FEW, sheet)

    def _issue(self, item: Coded, other: str | None, more: int, sheet: str) -> Issue:
        meant = f"là của dân tộc {self.names[other]}" if other else "không có trong danh mục"
        others = f" (và {more} ô khác)" if more > 0 else ""
        text = (
            f"Ô {item.cell}{others}: mã {item.written.strip()} {meant}, nhưng tên ghi "
            f"“{item.label}”. "
            f"Số liệu được lấy theo tên, là dân tộc {self.names[item.group]}. Hãy kiểm tra lại."
        )
        return Issue("warning", "group_code", text, sheet, item.cell, "", item.written,
                     group=item.group)  # fmt: skip

    @staticmethod
    def _agreeing(coded: Sequence[Coded], system: dict[str, str]) -> int:
        return sum(system.get(item.number) == item.group for item in coded)

    @staticmethod
    def _only_count(numbers: list[int]) -> bool:
        """1, 2, 3 … again and again."""
        pairs = itertools.pairwise(numbers)
        return numbers[0] == 1 and all(after in (before + 1, 1) for before, after in pairs)
