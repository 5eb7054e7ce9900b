"""A made-up province that fills a large file: communes, measures, a dataset with every rule."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import connection, transaction

from ethnic_data.models import EthnicGroup, Indicator
from ethnic_data.services.datasets import STORE
from portal.accounts.models import User
from portal.collection.models import Dataset, DatasetColumn, DatasetRule, ReportingPeriod
from portal.units.models import AdministrativeUnit, UnitAncestor, UnitParent
from portal.units.names import fold, sort_key

GROUPS = 50
PROVINCE = "B00"
PERIOD, BEFORE = "2023", "2022"
EVER = (datetime.date(2004, 1, 1), None)
HEADINGS = (
    "Số hộ",
    "Số hộ nghèo",
    "Số hộ cận nghèo",
    "Số hộ có nước sạch",
    "Số hộ dùng điện lưới",
    "Số nhân khẩu",
    "Số nam",
    "Số nữ",
    "Số trẻ dưới 6 tuổi",
    "Số người từ 15 tuổi biết chữ",
    "Số người có thẻ bảo hiểm y tế",
    "Số lao động có việc làm",
    "Số lao động qua đào tạo",
    "Số đảng viên",
    "Số người có uy tín",
    "Số học sinh tiểu học",
    "Số học sinh trung học cơ sở",
    "Số học sinh trung học phổ thông",
    "Số cặp tảo hôn",
    "Số nhà kiên cố",
    "Số nhà đơn sơ",
    "Số thôn có đường ô tô",
    "Số thôn có nhà văn hoá",
    "Diện tích đất ở (ha)",
    "Thu nhập bình quân (triệu đồng)",
)
PART_OF = {1: 0, 2: 0, 3: 0, 4: 0, 8: 5, 9: 5, 10: 5}  # column -> the whole that it does not exceed
WATCHED = (0, 5)  # against the period before
DECIMAL = (23, 24)


@dataclass(frozen=True)
class Size:
    """Rows are communes times groups."""

    rows: int
    columns: int = 25

    @property
    def units(self) -> int:
        return max(1, -(-self.rows // GROUPS))

    @property
    def code(self) -> str:
        return f"B{self.units}X{self.columns}"


def measure(column: int) -> str:
    return f"BX{column + 1:02}"


@transaction.atomic
def found_province() -> AdministrativeUnit:
    """The province, its measures and the person who sends; made once."""
    province = AdministrativeUnit.objects.filter(code=PROVINCE).first()
    if province is None:
        province = AdministrativeUnit.objects.create(
            code=PROVINCE, name="Thử Nghiệm", kind="tỉnh", level="province", valid=EVER
        )
        for column in range(60):
            heading = HEADINGS[column] if column < len(HEADINGS) else f"Chỉ tiêu {column + 1}"
            Indicator.objects.create(
                code=measure(column), name=heading, level="commune", aggregation="sum"
            )
    return province


def sender() -> User:
    found = User.objects.filter(username="bench").first()
    return found or User.objects.create_user(
        "bench",
        password="bench-2023-x",  # noqa: S106 - of a database that is thrown away
        full_name="Người Gửi Thử",
        role="specialist",
        area=None,
        must_change_password=False,
    )


@transaction.atomic
def found_dataset(size: Size, *, level: str = "district") -> tuple[Dataset, AdministrativeUnit]:
    """A dataset of `size.columns` columns, and a district with `size.units` communes."""
    province = found_province()
    code = f"H{size.units}"
    district = AdministrativeUnit.objects.filter(code=code).first()
    if district is None:
        district = _district(code, size.units, province)
    dataset = Dataset.objects.filter(code=f"BENCH-{size.columns}").first()
    if dataset is None:
        dataset = Dataset.objects.create(
            code=f"BENCH-{size.columns}",
            title=f"Biểu thử {size.columns} cột",
            row_axis="unit_group",
            submitting_level=level,
            store=STORE,
        )
        DatasetColumn.objects.bulk_create(_columns(dataset, size.columns))
        DatasetRule.objects.bulk_create(_rules(dataset, size.columns))
    return dataset, district


def _district(code: str, count: int, province: AdministrativeUnit) -> AdministrativeUnit:
    district = AdministrativeUnit.objects.create(
        code=code, name=f"Thử {count}", kind="huyện", level="district", valid=EVER
    )
    first = AdministrativeUnit.objects.filter(code__startswith=f"{code}-").count()
    names = [f"Bản Thử {count} {number + 1}" for number in range(first, count)]
    communes = AdministrativeUnit.objects.bulk_create(
        AdministrativeUnit(
            code=f"{count:x}.{number:x}",
            name=name,
            kind="xã",
            level="commune",
            valid=EVER,
            name_key=fold(name),
            sort_key=sort_key(name),
        )
        for number, name in enumerate(names)
    )
    below = [(district, province, 1)] + [(unit, district, 1) for unit in communes]
    UnitParent.objects.bulk_create(
        UnitParent(unit=unit, parent=parent, valid=EVER) for unit, parent, _ in below
    )
    below += [(unit, province, 2) for unit in communes]
    UnitAncestor.objects.bulk_create(
        UnitAncestor(unit=unit, ancestor=above, depth=depth, valid=EVER)
        for unit, above, depth in below
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE units_administrativeunit, units_unitancestor, units_unitparent")
    return district


def _columns(dataset: Dataset, count: int) -> list[DatasetColumn]:
    return [
        DatasetColumn(
            dataset=dataset,
            position=column + 1,
            number=str(column + 1),
            key=measure(column),
            heading=HEADINGS[column] if column < len(HEADINGS) else f"Chỉ tiêu {column + 1}",
            measure=measure(column),
            value_type="decimal" if column in DECIMAL else "count",
            maximum=100_000_000,
        )
        for column in range(count)
    ]


def _rules(dataset: Dataset, count: int) -> list[DatasetRule]:
    rules = [
        {"kind": "at_most", "columns": [measure(part)], "other": measure(whole)}
        for part, whole in PART_OF.items()
        if part < count
    ]
    rules += [
        {"kind": "change", "columns": [measure(column)], "parameter": 3, "severity": "warning"}
        for column in WATCHED
        if column < count
    ]
    if count > 8:
        rules.append(
            {"kind": "sum", "columns": [measure(6), measure(7)], "other": measure(5)},
        )
    rules.append(
        {"kind": "range", "columns": [measure(0)], "maximum": 100_000, "severity": "error"}
    )
    return [
        DatasetRule(dataset=dataset, position=n, code=f"quy_tac_{n}", **rule)
        for n, rule in enumerate(rules)
    ]


def group_names() -> list[tuple[str, str]]:
    return list(EthnicGroup.objects.order_by("code").values_list("code", "name")[:GROUPS])


def unit_names(district: AdministrativeUnit) -> list[tuple[str, str]]:
    """(code, label) of its communes."""
    units = AdministrativeUnit.objects.filter(parents__parent=district).order_by("pk")
    return [(unit.code, unit.full_name) for unit in units]


def period(code: str = PERIOD) -> ReportingPeriod:
    return ReportingPeriod.objects.get(code=code)
