"""Figures that the lists of the portal themselves answer: communes, ethnic groups."""

from __future__ import annotations

from decimal import Decimal

from ethnic_data.models import EthnicGroup
from portal.formats import day as written_day
from portal.units.lists import ended_words
from portal.units.models import AdministrativeUnit, UnitList
from reports.models import Style

from .registry import Computed, Scope, figure

LIST_861 = "QD861"


@figure(
    "xa-trong-danh-sach",
    title="Số xã vùng đồng bào dân tộc thiểu số và miền núi",
    unit_of_measure="xã",
    style=Style.NUMBER,
    note="Đếm các xã có tên trong danh sách tại ngày lập báo cáo.",
)
def listed_communes(scope: Scope) -> Computed:
    """Communes on the dated list of the parameter "list" (QD861) on the report's day."""
    code = str(scope.parameters.get("list", LIST_861))
    unit_list = UnitList.objects.filter(code=code).first()
    if unit_list is None:
        return Computed(None, "not_collected")
    communes = AdministrativeUnit.objects.on(scope.day).communes()
    count = communes.listed(code, on=scope.day).count()
    if not count and (ended := ended_words(code, on=scope.day)):
        told = {"why": ended, "source": unit_list.decision, "day": scope.day.isoformat()}
        return Computed(None, "not_applicable", "xã", told)
    return Computed(
        Decimal(count) if count else None,
        "" if count else "not_collected",
        "xã",
        {
            "formula": f"đếm các xã thuộc {unit_list.name} tại ngày {written_day(scope.day)}",
            "source": unit_list.decision,
            "day": scope.day.isoformat(),
            "units": f"địa giới tại ngày {written_day(scope.day)}",
            "count": count,
        },
    )


@figure(
    "dan-toc-thieu-so",
    title="Số dân tộc thiểu số trong danh mục",
    unit_of_measure="dân tộc",
    style=Style.NUMBER,
)
def minorities(scope: Scope) -> Computed:
    """The minorities of the official list: all listed groups but the Kinh."""
    count = EthnicGroup.objects.minorities().count()
    return Computed(
        Decimal(count) if count else None,
        "" if count else "not_collected",
        "dân tộc",
        {
            "formula": "đếm các dân tộc trong danh mục, không kể dân tộc Kinh",
            "source": "Danh mục các thành phần dân tộc Việt Nam (Quyết định số 121-TCTK/PPCĐ)",
            "day": scope.day.isoformat(),
            "count": count,
        },
    )
