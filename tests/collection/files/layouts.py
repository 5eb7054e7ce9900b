"""Layouts of the four datasets over the units of Sơn Động, without a database."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from portal.collection.workbooks.layout import Column, Formula, GroupName, Layout, RowUnit, Rule

ROOT = Path(__file__).resolve().parents[3]
SON_DONG, LUC_NGAN = "220", "219"


def _rows(path: str) -> list[dict[str, str]]:
    with (ROOT / path).open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@cache
def units_of_2023() -> tuple[RowUnit, ...]:
    """The communes of the province in 2023."""
    rows = [
        row
        for row in _rows("portal/units/data/admin_units.csv")
        if row["valid_from"] <= "2023-12-31" and (row["valid_to"] or "9999") > "2023-12-31"
    ]
    districts = {row["code"]: row for row in rows if row["level"] == "district"}
    return tuple(
        RowUnit(
            code=row["code"],
            name=row["name"],
            kind=row["type"],
            district=row["parent_code"],
            district_name=f"{districts[row['parent_code']]['type']} "
            f"{districts[row['parent_code']]['name']}",
        )
        for row in rows
        if row["level"] == "commune" and row["parent_code"] in districts
    )


def units_of(district: str) -> tuple[RowUnit, ...]:
    return tuple(unit for unit in units_of_2023() if unit.district == district)


@cache
def groups() -> tuple[GroupName, ...]:
    return tuple(
        GroupName(
            code=row["code"],
            name=row["name"],
            aliases=tuple(
                name.strip()
                for name in (*row["other_names"].split(";"), row["gso_variant_hyphenated"])
                if name.strip()
            ),
            alt_codes=(("1999", row["alt_code_1999_2009"]),),
        )
        for row in _rows("ethnic_data/data/ethnic_groups.csv")
    )


def _base(**fields: object) -> dict:
    return {
        "period": "2023",
        "period_label": "Năm 2023",
        "year": 2023,
        "unit": SON_DONG,
        "unit_name": "Huyện Sơn Động",
        "units": units_of(SON_DONG),
        "known_units": units_of_2023(),
        "template_version": "2",
        **fields,
    }


def _percent(key: str, heading: str, number: str, above: str, below: str, *aliases: str) -> Column:
    return Column(
        key=key,
        measure=key,
        heading=heading,
        number=number,
        aliases=aliases,
        kind="computed",
        value_type="percent",
        formula=Formula(numerator=above, denominator=below, factor=Decimal(100)),
        required=False,
        unit_of_measure="%",
        maximum=Decimal(100),
    )


def bieu_05(**changes: object) -> Layout:
    headings = [
        ("D01", "Tổng số hộ", ("Số hộ",)),
        ("D02", "Số hộ dân tộc thiểu số", ("Hộ DTTS",)),
        ("N03", "Số hộ nghèo dân tộc thiểu số", ("Hộ DTTS nghèo",)),
        ("N04", "Số hộ cận nghèo dân tộc thiểu số", ()),
        ("N09", "Số hộ dân tộc thiểu số thoát nghèo", ("Thoát nghèo",)),
        ("N10", "Số hộ nghèo dân tộc thiểu số phát sinh mới", ("Phát sinh mới",)),
        ("N11", "Số hộ dân tộc thiểu số tái nghèo", ("Tái nghèo",)),
    ]
    columns = tuple(
        Column(key=key, measure=key, heading=heading, number=str(n), aliases=aliases,
               unit_of_measure="hộ")
        for n, (key, heading, aliases) in enumerate(headings, 1)
    )  # fmt: skip
    columns += (
        _percent("N06", "Tỷ lệ hộ nghèo dân tộc thiểu số (%)", "8", "N03", "D02"),
        _percent("N07", "Tỷ lệ hộ cận nghèo dân tộc thiểu số (%)", "9", "N04", "D02"),
    )
    rules = (
        Rule(code="D02-D01", kind="at_most", columns=("D02",), other="D01"),
        Rule(code="N03-D02", kind="at_most", columns=("N03",), other="D02"),
        Rule(code="N04-D02", kind="at_most", columns=("N04",), other="D02"),
        Rule(code="N03-change", kind="change", columns=("N03",), parameter=Decimal(3),
             severity="warning"),
    )  # fmt: skip
    layout = Layout(
        **_base(
            dataset="BIEU-05",
            title="Biểu 05. Số hộ nghèo, cận nghèo dân tộc thiểu số",
            rows="unit",
            columns=columns,
            rules=rules,
            unit_of_measure="Hộ",
            instructions=("Mỗi dòng một xã, thị trấn.",),
        )
    )
    return replace(layout, **changes)


def dan_so(**changes: object) -> Layout:
    people = ("Tổng số nhân khẩu",)
    columns = (
        Column(key="D03", measure="D03", heading="Tổng số", number="1", parents=people,
               aliases=("Tổng số nhân khẩu", "Dân số", "Tổng số người"), required=False,
               unit_of_measure="người"),
        Column(key="D03_nam", measure="D03", heading="Nam", number="2", parents=people, sex="male",
               unit_of_measure="người"),
        Column(key="D03_nu", measure="D03", heading="Nữ", number="3", parents=people, sex="female",
               unit_of_measure="người"),
    )  # fmt: skip
    rules = (Rule(code="nam-nu", kind="sum", columns=("D03_nam", "D03_nu"), other="D03"),)
    layout = Layout(
        **_base(
            dataset="DAN-SO",
            title="Dân số chia theo dân tộc và giới tính",
            rows="unit_group",
            columns=columns,
            rules=rules,
            groups=groups(),
            main_groups=("01", "02", "07", "18"),
            unit_of_measure="Người",
        )
    )
    return replace(layout, **changes)


def ngheo_dan_toc(**changes: object) -> Layout:
    columns = (
        Column(key="N01", measure="N01", heading="Số hộ nghèo", number="1", aliases=("Nghèo",),
               unit_of_measure="hộ"),
        Column(key="N02", measure="N02", heading="Số hộ cận nghèo", number="2",
               aliases=("Cận nghèo",), unit_of_measure="hộ"),
    )  # fmt: skip
    layout = Layout(
        **_base(
            dataset="NGHEO-DAN-TOC",
            title="Số hộ nghèo, hộ cận nghèo chia theo dân tộc",
            rows="unit_group",
            columns=columns,
            groups=groups(),
            main_groups=("01", "02", "07", "18"),
        )
    )
    return replace(layout, **changes)


def cntt(**changes: object) -> Layout:
    rows = _rows("ethnic_data/data/indicators.csv")
    columns = []
    for row in rows:
        if not row["code"].startswith("K"):
            continue
        number = str(int(row["code"][1:]))
        if row["aggregation"].startswith("ratio:"):
            above, below = row["aggregation"].removeprefix("ratio:").split("/", 1)
            below, _, factor = below.partition("*")
            columns.append(
                Column(key=row["code"], measure=row["code"], heading=row["name_vi"], number=number,
                       kind="computed", value_type="percent" if factor else "decimal",
                       formula=Formula(numerator=above, denominator=below,
                                       factor=Decimal(factor or 1)),
                       required=False, unit_of_measure=row["unit"])
            )  # fmt: skip
        else:
            columns.append(
                Column(key=row["code"], measure=row["code"], heading=row["name_vi"], number=number,
                       unit_of_measure=row["unit"])
            )  # fmt: skip
    layout = Layout(
        **_base(
            dataset="CNTT-CO-QUAN",
            title="Ứng dụng công nghệ thông tin của cơ quan",
            rows="measure",
            unit="24",
            unit_name="Tỉnh Bắc Giang",
            units=(RowUnit(code="24", name="Bắc Giang", kind="tỉnh"),),
            columns=tuple(columns),
            rules=(Rule(code="K03-K02", kind="at_most", columns=("K03",), other="K02"),),
        )
    )
    return replace(layout, **changes)
