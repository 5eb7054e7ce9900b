"""The sheet "Hướng dẫn" of a template: how to fill it in, and what every column means."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from ..layout import MEASURE_ROWS, Column, Layout
from . import palette

SIGNS = (
    ("0", "Có thống kê và kết quả bằng không."),
    ("…", "Không có số liệu (chưa thu thập được)."),
    ("x", "Không áp dụng với dòng này."),
    ("Để trống", "Chưa nhập; cổng sẽ nhắc khi tải lên."),
)


def write_guide(sheet: Worksheet, layout: Layout) -> None:
    sheet.column_dimensions["A"].width = 12
    sheet.column_dimensions["B"].width = 58
    sheet.column_dimensions["C"].width = 46
    row = _line(sheet, 1, "Cách nhập biểu này", bold=True, size=14)
    row = _line(sheet, row, f"{layout.title}. {layout.period_label}. {layout.unit_name}.")
    steps = (*layout.instructions, *_steps(layout))
    for number, text in enumerate(steps, 1):
        row = _line(sheet, row, f"{number}. {text}")
    row = _line(sheet, row + 1, "Ký hiệu", bold=True)
    for sign, meaning in SIGNS:
        row = _cells(sheet, row, sign, meaning)
    row = _line(sheet, row + 1, "Chỉ tiêu", bold=True)
    for column in layout.columns:
        row = _cells(sheet, row, column.number, _name(column), _meaning(column, layout))
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _steps(layout: Layout) -> tuple[str, ...]:
    first = "Chỉ nhập vào các ô nền trắng; tiêu đề và tên dòng đã khoá."
    if layout.has_groups:
        first += " Dân tộc chưa có sẵn thì chọn ở các dòng trống cuối bảng."
    return (
        first,
        "Các cột tỷ lệ tự tính, không cần nhập.",
        "Nhập xong, lưu tệp rồi tải lên cổng. Cổng kiểm tra và chỉ ra từng ô cần sửa.",
    )


def _name(column: Column) -> str:
    return " – ".join((*column.parents, column.heading))


def _meaning(column: Column, layout: Layout) -> str:
    unit = f"Đơn vị tính: {column.unit_of_measure}." if column.unit_of_measure else ""
    if column.formula is None:
        return unit
    parts = [layout.by_key.get(k) for k in (column.formula.numerator, column.formula.denominator)]
    word = "dòng" if layout.rows == MEASURE_ROWS else "cột"
    numbers = [part.number for part in parts if part is not None]
    if len(numbers) < 2:
        return f"{unit} Tự tính.".strip()
    factor = column.formula.factor
    times = "" if factor == 1 else f" × {factor.normalize():f}"
    return f"{unit} Tự tính: {word} {numbers[0]} chia {word} {numbers[1]}{times}.".strip()


def _line(sheet: Worksheet, row: int, text: str, *, bold: bool = False, size: int = 12) -> int:
    cell = sheet.cell(row, 1, text)
    cell.data_type = "s"
    cell.font, cell.alignment = palette.font(size, bold=bold), palette.LEFT
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=3)
    sheet.row_dimensions[row].height = 18 * max(1, -(-len(text) // 105)) * size / 12
    return row + 1


def _cells(sheet: Worksheet, row: int, *texts: str) -> int:
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(row, column, text)
        cell.data_type = "s"
        cell.font, cell.border, cell.alignment = palette.font(), palette.BOX, palette.LEFT
    sheet.row_dimensions[row].height = 17 * max(1, -(-max(map(len, texts)) // 52))
    return row + 1
