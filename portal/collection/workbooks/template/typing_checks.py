"""What helps while typing: number formats, and checks that explain a wrong entry at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ..layout import Column, Layout


def add_validations(sheet: Worksheet, layout: Layout, entry_cells: Mapping[str, list[str]]) -> None:
    """Numbers, or the signs for a missing value; `entry_cells` are addresses by layout key."""
    for key, cells in entry_cells.items():
        check = _validation(layout.by_key[key], cells[0])
        if check is not None:
            for area in _areas(cells):
                check.add(area)
            sheet.add_data_validation(check)


def number_format(column: Column) -> str:
    if column.value_type == "count":
        return "#,##0"
    if column.value_type == "yes_no":
        return "General"
    return "#,##0." + "0" * max(column.decimals, 1)


def _validation(column: Column, cell: str) -> DataValidation | None:
    if column.value_type == "text":
        return None
    if column.value_type == "yes_no":
        return DataValidation(
            type="list",
            formula1='"Có,Không"',
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="Chưa đúng",
            error="Hãy chọn “Có” hoặc “Không”.",
        )
    tests = [f"{cell}=INT({cell})"] if column.value_type == "count" else []
    if column.minimum is not None:
        tests.append(f"{cell}>={column.minimum:f}")
    highest = column.maximum
    if highest is None and column.value_type == "percent":
        highest = Decimal(100)
    if highest is not None:
        tests.append(f"{cell}<={highest:f}")
    number = f"IF(ISNUMBER({cell}),AND({','.join(tests)}),FALSE)" if tests else f"ISNUMBER({cell})"
    kind = "số nguyên" if column.value_type == "count" else "số"
    if column.minimum == 0:
        kind += " từ 0 trở lên"
    return DataValidation(
        type="custom",
        formula1=f'=OR({number},{cell}="…",{cell}="...",{cell}="x")',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Chưa đúng",
        error=f"Hãy nhập {kind}, “…” nếu không có số liệu, “x” nếu không áp dụng.",
        showInputMessage=False,
    )


def _areas(cells: list[str]) -> list[str]:
    """Runs of cells one below the other as "E9:E25"."""
    letter = cells[0].rstrip("0123456789")
    rows = [int(cell[len(letter) :]) for cell in cells]
    areas, start = [], rows[0]
    for before, after in zip(rows, [*rows[1:], -1], strict=True):
        if after != before + 1:
            areas.append(f"{letter}{start}:{letter}{before}")
            start = after
    return areas
