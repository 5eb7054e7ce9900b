"""The dashboard's tables as they leave the portal."""

from __future__ import annotations

import datetime
from decimal import Decimal

from portal import formats
from portal.spreadsheets import Column, Value, table_workbook

from .communes import CommuneRow, commune_rows, totals
from .overview import Overview
from .selection import LIST_861, Selection

COLUMNS = [
    Column("Xã, phường, thị trấn", 28),
    Column("Huyện, thị xã, thành phố", 26),
    Column("Khu vực", 12),
    Column("Số hộ DTTS", 12, decimals=0),
    Column("Số hộ nghèo DTTS", 12, decimals=0),
    Column("Tỷ lệ hộ nghèo DTTS (%)", 14, decimals=1),
    Column("So với năm trước (điểm %)", 14, decimals=1),
    Column("Số hộ cận nghèo DTTS", 12, decimals=0),
    Column("Tỷ lệ hộ cận nghèo DTTS (%)", 14, decimals=1),
]


def communes(found: Overview, *, now: datetime.datetime) -> bytes:
    """The table of communes with the page's filters and order, as a workbook."""
    rows = commune_rows(found)
    summed = totals(rows)
    return table_workbook(
        title="Hộ nghèo dân tộc thiểu số theo xã",
        about=about(found, rows=len(rows), now=now),
        columns=COLUMNS,
        rows=[commune_line(row) for row in rows],
        total=[
            f"Tổng {formats.number(summed.communes)} xã",
            "",
            "",
            summed.households,
            summed.poor,
            summed.rate,
            None,
            summed.near_poor,
            summed.near_rate,
        ],
        sheet_name="Theo xã",
    )


def commune_line(row: CommuneRow) -> list[Value]:
    return [
        row.unit.full_name,
        row.district.full_name if row.district else "",
        zone_words(row),
        known(row.households, row.poor.missing),
        known(row.poor.numerator, row.poor.missing),
        known(row.poor.value, row.poor.missing),
        row.change,
        known(row.near_poor.numerator, row.near_poor.missing),
        known(row.near_poor.value, row.near_poor.missing),
    ]


def known(value: Decimal | None, missing: str) -> Value:
    """The number, or in words why there is none."""
    return formats.missing_words(missing) if value is None else value


def zone_words(row: CommuneRow) -> str:
    if not row.zone or row.zone_is_sure:
        return row.zone
    return row.zone if row.zone == "chưa rõ" else f"{row.zone} (chưa đối chiếu)"


def about(found: Overview, *, rows: int, now: datetime.datetime) -> list[str]:
    """What the table is about: period, unit, filters, time, and whether it is made up."""
    lines = [
        f"{found.selection.period.label} · {found.area.unit.full_name} · "
        f"{filter_words(found.selection)} · {formats.number(rows)} xã",
        f"Chỉ tính số liệu đã duyệt. Tính lúc {formats.moment(now)}.",
    ]
    if found.is_demo:
        lines.append("Số liệu minh hoạ, không phải số liệu thật.")
    return lines


def filter_words(selection: Selection) -> str:
    if selection.zone:
        return f"Khu vực {selection.zone}"
    if selection.listed_only:
        return f"Xã trong danh sách {LIST_861.replace('QD', 'Quyết định ')}/QĐ-TTg"
    return "Tất cả các xã"
