"""The grids of the datasets' forms as officers print them."""

from __future__ import annotations

from typing import Any

from tests.collection.files.layouts import bieu_05, units_of

HEADING = [
    "STT",
    "Tên đơn vị",
    "Tổng số hộ",
    "Số hộ DTTS",
    "Hộ nghèo DTTS",
    "Hộ cận nghèo DTTS",
    "Hộ DTTS thoát nghèo",
    "Hộ nghèo DTTS phát sinh mới",
    "Hộ DTTS tái nghèo",
    "Tỷ lệ hộ nghèo DTTS (%)",
    "Tỷ lệ hộ cận nghèo DTTS (%)",
]
MARKS = ["A", "B", 1, 2, 3, 4, 5, 6, 7, 8, 9]
NUMBERS = [1200, 500, 50, 20, 6, 2, 1, 10, 4]  # D01 D02 N03 N04 N09 N10 N11 N06 N07


def bieu_05_rows(count: int = 17, district: str = "220") -> list[list[Any]]:
    """Rows of the first `count` communes, all with the same plausible numbers."""
    return [
        [number, unit.label, *NUMBERS] for number, unit in enumerate(units_of(district)[:count], 1)
    ]


def bieu_05_grid(rows: list[list[Any]] | None = None, *, total: bool = True) -> list[list[Any]]:
    """Title, unit of measure, headings, marks, rows, total: heading row 3, first unit row 5."""
    rows = bieu_05_rows() if rows is None else rows
    grid: list[list[Any]] = [
        ["Biểu 05. Số hộ nghèo, cận nghèo dân tộc thiểu số năm 2023"],
        ["Đơn vị tính: hộ"],
        HEADING,
        MARKS,
        *rows,
    ]
    if total:
        sums = [sum(row[c] for row in rows) for c in range(2, 9)]
        grid.append([None, "Tổng cộng", *sums, 10, 4])
    return grid


FIRST_ROW = 5  # of the first unit, in the grid above


def values_by_cell(reading) -> dict[tuple[str, str], Any]:
    """(unit, indicator) -> value of readings without groups."""
    return {(v.unit, v.indicator): v.value for v in reading.values}


def all_communes() -> set[str]:
    return {unit.code for unit in bieu_05().units}
