"""The export in the five data groups of Quyết định 25/2025/QĐ-TTg, from stored data.

1 the programme and its changes; 2 guidance, steering and inspection; 3 money assigned, allocated
and disbursed; 4 plans; 5 results. Each group has one or more sheets, named with its number.
"""

from __future__ import annotations

import datetime
from io import BytesIO

from programs.ministry.tables import Column, Row, Table
from programs.ministry.workbooks import Told, workbook_of
from programs.models import Programme, Works

from . import capital, guidance, plans, results
from . import programme as structure
from .sheets import Sheets

GROUPS = (
    "1. Chương trình và điều chỉnh Chương trình",
    "2. Hướng dẫn, chỉ đạo, điều hành; kiểm tra, giám sát, đánh giá",
    "3. Vốn giao, phân bổ, giải ngân",
    "4. Kế hoạch thực hiện",
    "5. Kết quả thực hiện",
)


def exported(
    programme: Programme,
    found: Sheets | None = None,
    *,
    today: datetime.date,
    told: Told | None = None,
) -> BytesIO:
    """The workbook of the five groups, as of the end of `today`; of the sheets `found` before.

    told: is called after each sheet with how many sheets and how many rows are written.
    """
    remark = f"Lập từ số liệu trên cổng đến hết ngày {today:%d/%m/%Y}."
    if Works.objects.filter(component__programme=programme, is_demo=True).exists():
        remark += " Có số liệu minh hoạ."
    found = sheets(programme, today=today) if found is None else found
    return workbook_of(programme.short_name, found, remark=remark, told=told)


def sheets(programme: Programme, *, today: datetime.date) -> Sheets:
    """Every sheet with its table, a list of them first."""
    components = {one.pk: one for one in programme.components.order_by("number", "code")}
    found: Sheets = [
        *structure.sheets_of(programme, components),
        *guidance.sheets_of(programme),
        *capital.sheets_of(programme, components, today),
        *plans.sheets_of(programme, today),
        *results.sheets_of(programme, today),
    ]
    columns = [Column("sheet", "Trang tính"), Column("group", "Nhóm dữ liệu"),
               Column("title", "Nội dung"), Column("rows", "Số dòng", "whole")]  # fmt: skip
    contents = Table("contents", "Mục lục năm nhóm dữ liệu", columns)
    for name, table in found:
        contents.rows.append(
            Row(
                name,
                {
                    "sheet": name,
                    "group": GROUPS[int(name[0]) - 1],
                    "title": table.title,
                    "rows": len(table.rows),
                },
            )
        )
    return [("Mục lục", contents), *found]
