"""A small store over record rows, whose domain a test decides: rows, owners, balances."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import ClassVar

from ethnic_data.store.layouts import group_names
from portal.collection.models import Dataset, DatasetColumn
from portal.collection.services.refusals import Refused
from portal.collection.workbooks.layout import RowUnit
from portal.collection.workbooks.rules import Objection
from programs.store import Difference, RecordStore

WORKS = (
    RowUnit(
        code="CT-001",
        name="Đường liên thôn Nà Trắng, xã An Lạc",
        district="07642",
        district_name="Xã An Lạc",
        expected=Decimal(5200),
    ),
    RowUnit(
        code="CT-002",
        name="Nhà văn hoá thôn Biểng",
        district="07642",
        district_name="Xã An Lạc",
        expected=Decimal(900),
    ),
    RowUnit(
        code="CT-003",
        name="Nhà văn hoá thôn Biểng",
        district="07630",
        district_name="Xã Vân Sơn",
        expected=Decimal(1200),
    ),
    RowUnit(code="CT-004", name="Cấp nước tập trung thôn Khe Táu"),
)
ELSEWHERE = RowUnit(
    code="LN-001", name="Trạm y tế xã Tân Sơn", district="219", district_name="Huyện Lục Ngạn"
)
COLUMNS = {"NSTW": "Ngân sách trung ương", "NST": "Ngân sách tỉnh"}


class WorksStore(RecordStore):
    """What the tests set is emptied by the fixture `works`."""

    balances: ClassVar[dict[str, Decimal]] = {}
    owners: ClassVar[dict[str, set[str]]] = {}
    posted_amounts: ClassVar[list[Difference]] = []
    refusal: ClassVar[str] = ""
    warn_over: ClassVar[Decimal | None] = None

    @classmethod
    def forget(cls) -> None:
        for kept in (cls.balances, cls.owners, cls.posted_amounts):
            kept.clear()
        cls.refusal, cls.warn_over = "", None

    def row_units(self, dataset, unit, period):
        return WORKS

    def known_rows(self, dataset, unit, period):
        return (ELSEWHERE,)

    def group_names(self):
        return group_names()

    def objections(self, asked, layout, told) -> Iterable[Objection]:
        for row, cells in told.items():
            total, balance = sum(cells.values(), Decimal(0)), self.balances.get(row.unit)
            if balance is not None and total > balance:
                text = f"{total} vượt số còn lại ({balance}). Hãy kiểm tra lại."
                yield Objection(row.unit, "NSTW", text, rule="vuot-so-du")
            if self.warn_over is not None and total > self.warn_over:
                text = f"{total} lớn hơn thường lệ."
                yield Objection(row.unit, "NSTW", text, rule="lon", severity="warning")

    def own_rows(self, asked, user) -> Collection[str] | None:
        return self.owners.get(user.username)

    def take_effect(self, submission, *, by) -> None:
        self.posted_amounts.extend(self.differences(submission))
        if self.refusal:
            raise Refused(self.refusal)


def works_dataset(**more) -> Dataset:
    """CT-THU: four works of Sơn Động, two sources, amounts in million đồng."""
    dataset = Dataset.objects.create(
        code="CT-THU",
        title="Giải ngân vốn theo công trình",
        row_level="record",
        submitting_level="district",
        store="tests.programs.works_of_a_test.WorksStore",
        **{"every_unit": False, "row_axis": "unit", **more},
    )
    for position, (key, heading) in enumerate(COLUMNS.items(), start=1):
        DatasetColumn.objects.create(
            dataset=dataset,
            position=position,
            number=str(position),
            key=key,
            measure=f"{key}-DT",
            heading=heading,
            value_type="decimal",
            unit_of_measure="triệu đồng",
            decimals=3,
            is_required=False,
        )
    return dataset
