"""The cuts of a programme's money: their names, and the order of their rows."""

from __future__ import annotations

from collections.abc import Iterable

from .money import Cut, Row

#: Of each dimension how the cut is called, and the head of its first column.
TITLES = {
    "component": ("Theo dự án", "Dự án, tiểu dự án, nội dung"),
    "source": ("Theo nguồn vốn", "Nguồn vốn"),
    "kind": ("Theo loại vốn", "Loại vốn"),
    "area": ("Theo địa bàn", "Huyện, thị xã, thành phố"),
    "investor": ("Theo chủ đầu tư", "Chủ đầu tư"),
}


def ordered(cut: Cut) -> Iterable[Row]:
    """Districts and investors from the largest plan down, the remainder last."""
    if cut.dimension not in ("area", "investor"):
        return cut.rows
    return sorted(cut.rows, key=lambda row: (row.is_remainder, -row.money.plan, row.label))
