"""Declare the four yearly datasets as rows of portal.collection, and the periods."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from ethnic_data.models import Indicator
from portal.collection.models import Dataset, DatasetColumn, DatasetRule
from portal.collection.services.periods import make_periods
from portal.units.models import Level

STORE = "ethnic_data.store.ObservationStore"
FIRST_YEAR, LAST_YEAR = 2019, 2026
SINCE = datetime.date(2019, 1, 1)  # Thông tư 02/2018/TT-UBDT is in force
END_OF_DISTRICTS = datetime.date(2025, 7, 1)
MOST = Decimal(100_000_000)  # more than all people of the country: a slip of the hand
AGENCY_ROWS = [f"K{number:02}" for number in range(1, 18)]

Fields = dict[str, Any]


@dataclass(frozen=True)
class Declaration:
    """One dataset: its own fields, its columns in order, its rules."""

    fields: Fields
    columns: list[Fields]
    rules: list[Fields] = field(default_factory=list)


@transaction.atomic
def load_datasets() -> None:
    """The datasets and periods that are not there yet."""
    make_periods(today=timezone.localdate())
    known = set(Dataset.objects.values_list("code", flat=True))
    indicators = {one.code: one for one in Indicator.objects.with_parts()}
    for position, declare in enumerate((form_05, poverty_by_group, population, agency), start=1):
        declared = declare(indicators)
        if declared.fields["code"] not in known:
            _create(declared, position)


def _create(declared: Declaration, position: int) -> None:
    if declared.fields["submitting_level"] == Level.DISTRICT:  # the district level ended
        declared.fields.update(later_level=Level.COMMUNE, later_level_since=END_OF_DISTRICTS)
    dataset = Dataset.objects.create(
        position=position, store=STORE, collected_from=SINCE, **declared.fields
    )
    DatasetColumn.objects.bulk_create(
        DatasetColumn(dataset=dataset, position=n, **fields)
        for n, fields in enumerate(declared.columns, start=1)
    )
    DatasetRule.objects.bulk_create(
        DatasetRule(dataset=dataset, position=n, **fields)
        for n, fields in enumerate(declared.rules, start=1)
    )


def _column(indicator: Indicator, heading: str = "", **more: Any) -> Fields:
    """A column of `indicator`; a ratio is computed from the columns of its parts."""
    above, below = indicator.numerator, indicator.denominator
    fields: Fields = {
        "key": indicator.code,
        "measure": indicator.code,
        "heading": heading or indicator.name,
        "unit_of_measure": indicator.unit_of_measure,
        "kind": "entered",
        "value_type": "count",
        "maximum": MOST,
    }
    if above is not None and below is not None:
        percent = indicator.unit_of_measure == "%"
        fields |= {
            "kind": "computed",
            "value_type": "percent" if percent else "decimal",
            "numerator": above.code,
            "denominator": below.code,
            "factor": indicator.factor,
            "is_required": False,
            "maximum": Decimal(100) if percent else None,
        }
    return fields | more


def at_most(part: str, whole: str, **more: Any) -> Fields:
    return {
        "code": f"{part}-khong-qua-{whole}",
        "kind": "at_most",
        "columns": [part],
        "other": whole,
    } | more


def change(column: str, factor: int) -> Fields:
    """A warning when a value is over `factor` times that of the year before, or reversed."""
    return {
        "code": f"{column}-bien-dong",
        "kind": "change",
        "columns": [column],
        "parameter": Decimal(factor),
        "severity": "warning",
    }


def form_05(indicators: dict[str, Indicator]) -> Declaration:
    """Biểu 05 of Thông tư 02/2018/TT-UBDT: columns 1 to 7 are entered, 8 and 9 computed."""
    columns = [
        ("D01", "Tổng số hộ", "Tổng hộ; Số hộ; Tổng số hộ dân; Tổng số hộ trên địa bàn"),
        (
            "D02",
            "Số hộ dân tộc thiểu số",
            "Số hộ DTTS; Hộ DTTS; Hộ dân tộc thiểu số; Tổng số hộ DTTS",
        ),
        (
            "N03",
            "Số hộ nghèo dân tộc thiểu số",
            "Số hộ nghèo DTTS; Hộ nghèo DTTS; Hộ nghèo dân tộc thiểu số; Hộ DTTS nghèo",
        ),
        (
            "N04",
            "Số hộ cận nghèo dân tộc thiểu số",
            "Số hộ cận nghèo DTTS; Hộ cận nghèo DTTS; Hộ cận nghèo dân tộc thiểu số;"
            " Hộ DTTS cận nghèo",
        ),
        (
            "N09",
            "Số hộ dân tộc thiểu số thoát nghèo",
            "Số hộ DTTS thoát nghèo; Hộ DTTS thoát nghèo; Thoát nghèo; Số hộ thoát nghèo;"
            " Số hộ DTTS thoát nghèo trong năm; Hộ thoát nghèo",
        ),
        (
            "N10",
            "Số hộ nghèo dân tộc thiểu số phát sinh mới",
            "Số hộ nghèo DTTS phát sinh mới; Hộ nghèo DTTS phát sinh mới; Phát sinh mới;"
            " Nghèo phát sinh mới; Hộ nghèo phát sinh; Hộ phát sinh mới",
        ),
        (
            "N11",
            "Số hộ dân tộc thiểu số tái nghèo",
            "Số hộ DTTS tái nghèo; Hộ DTTS tái nghèo; Tái nghèo; Số hộ tái nghèo; Hộ tái nghèo",
        ),
        (
            "N06",
            "Tỷ lệ hộ nghèo dân tộc thiểu số (%)",
            "Tỷ lệ hộ nghèo DTTS; Tỷ lệ nghèo DTTS; Tỷ lệ hộ nghèo DTTS trong hộ DTTS",
        ),
        (
            "N07",
            "Tỷ lệ hộ cận nghèo dân tộc thiểu số (%)",
            "Tỷ lệ hộ cận nghèo DTTS; Tỷ lệ cận nghèo DTTS",
        ),
    ]
    return Declaration(
        {
            "code": "BIEU-05",
            "short_title": "Biểu 05",
            "title": "Biểu 05. Số hộ nghèo, cận nghèo dân tộc thiểu số",
            "row_axis": "unit",
            "submitting_level": Level.DISTRICT,
            "due_month": 9,
            "due_day": 15,
            "unit_of_measure": "Hộ",
            "instructions": [
                "Mỗi dòng một xã, phường, thị trấn. Nhập các cột 1 đến 7; cột 8 và 9 tự tính.",
                "Không có số liệu thì ghi “…”, không áp dụng thì ghi “x”; không để thay bằng số 0.",
            ],
            "aliases": [
                "Biểu số 05",
                "Biểu 05/BCDTTS",
                "Số hộ nghèo, hộ cận nghèo người dân tộc thiểu số",
            ],
        },
        [
            _column(indicators[code], heading, number=str(number), aliases=aliases.split("; "))
            for number, (code, heading, aliases) in enumerate(columns, start=1)
        ],
        [
            at_most("D02", "D01"),
            at_most("N03", "D02"),
            at_most("N04", "D02"),
            at_most("N09", "D02"),
            at_most("N10", "N03", severity="warning"),
            at_most("N11", "N03", severity="warning"),
            change("D01", 2),
            change("D02", 2),
            change("N03", 3),
            change("N04", 3),
        ],
    )


def poverty_by_group(indicators: dict[str, Indicator]) -> Declaration:
    return Declaration(
        {
            "code": "NGHEO-DAN-TOC",
            "short_title": "Hộ nghèo theo dân tộc",
            "title": "Số hộ nghèo, hộ cận nghèo chia theo dân tộc",
            "row_axis": "unit_group",
            "submitting_level": Level.DISTRICT,
            "due_month": 9,
            "due_day": 15,
            "unit_of_measure": "Hộ",
            "instructions": [
                "Mỗi dòng một dân tộc của một xã. Dân tộc không có hộ nào thì không cần dòng.",
            ],
            "aliases": ["Hộ nghèo, hộ cận nghèo theo dân tộc", "Hộ nghèo chia theo dân tộc"],
        },
        [
            _column(
                indicators["N01"], number="1", aliases=["Hộ nghèo", "Nghèo", "Tổng số hộ nghèo"]
            ),
            _column(
                indicators["N02"],
                number="2",
                aliases=["Hộ cận nghèo", "Cận nghèo", "Tổng số hộ cận nghèo"],
            ),
        ],
        [change("N01", 4), change("N02", 4)],
    )


def population(indicators: dict[str, Indicator]) -> Declaration:
    """Both sexes entered; a total that stands in the file must be their sum."""
    people = indicators["D03"]
    parents = [people.name]
    return Declaration(
        {
            "code": "DAN-SO",
            "short_title": "Dân số theo dân tộc",
            "title": "Dân số chia theo dân tộc và giới tính",
            "row_axis": "unit_group",
            "submitting_level": Level.DISTRICT,
            "due_month": 9,
            "due_day": 15,
            "unit_of_measure": "Người",
            "instructions": [
                "Mỗi dòng một dân tộc của một xã. Dân tộc không có người nào thì không cần dòng.",
                "Cột tổng số không bắt buộc; nếu ghi thì phải bằng nam cộng nữ.",
            ],
            "aliases": ["Dân số theo dân tộc, giới tính", "Nhân khẩu chia theo dân tộc"],
        },
        [
            _column(
                people,
                "Tổng số",
                key="D03",
                number="1",
                parents=parents,
                is_required=False,
                aliases=["Tổng số nhân khẩu", "Tổng số người", "Tổng dân số", "Dân số", "Chung"],
            ),
            _column(
                people,
                "Nam",
                key="D03_nam",
                sex="male",
                number="2",
                parents=parents,
                aliases=["Số nam", "Nhân khẩu nam", "Dân số nam"],
            ),
            _column(
                people,
                "Nữ",
                key="D03_nu",
                sex="female",
                number="3",
                parents=parents,
                aliases=["Số nữ", "Nhân khẩu nữ", "Dân số nữ", "Trong đó: nữ", "T.đó: nữ"],
            ),
        ],
        [
            {
                "code": "nam-nu-bang-tong",
                "kind": "sum",
                "columns": ["D03_nam", "D03_nu"],
                "other": "D03",
            },
            change("D03_nam", 3),
            change("D03_nu", 3),
        ],
    )


def agency(indicators: dict[str, Indicator]) -> Declaration:
    return Declaration(
        {
            "code": "CNTT-CO-QUAN",
            "short_title": "Công nghệ thông tin",
            "title": "Ứng dụng công nghệ thông tin của cơ quan",
            "row_axis": "measure",
            "submitting_level": Level.PROVINCE,
            "due_month": 10,
            "due_day": 31,
            "instructions": ["Mỗi dòng một chỉ tiêu của cơ quan; các dòng tỷ lệ tự tính."],
            "aliases": ["Ứng dụng CNTT của cơ quan", "Công nghệ thông tin, chuyển đổi số"],
        },
        [_column(indicators[code], number=str(int(code[1:]))) for code in AGENCY_ROWS],
        [
            at_most("K03", "K02"),
            at_most("K06", "K01"),
            at_most("K08", "K01"),
            at_most("K16", "K15"),
        ],
    )
