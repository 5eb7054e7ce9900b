"""Money assigned, allocated and disbursed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Q, Sum

from programs.ministry.forms import branches, measures, named
from programs.ministry.money import crossed
from programs.ministry.tables import Column, Table
from programs.models import (
    CapitalPlan,
    Component,
    Disbursement,
    FundingSource,
    Programme,
)
from programs.services.posting import measure_of

from .sheets import POINT, Sheets, table_of


def sheets_of(
    programme: Programme, components: dict[int, Component], today: datetime.date
) -> Sheets:
    years = (
        CapitalPlan.objects.filter(programme=programme, year__isnull=False)
        .order_by("year")
        .values_list("year", flat=True)
        .distinct()
    )
    columns = [
        Column("year", "Năm"), Column("code", "Mã"), Column("name", "Dự án, tiểu dự án"),
        Column("source", "Nguồn vốn, loại vốn"), Column("plan", "Vốn giao (triệu đồng)", "money"),
        Column("detail", "Đã phân bổ chi tiết (triệu đồng)", "money"),
        Column("paid", "Đã giải ngân (triệu đồng)", "money"),
        Column("rate", "Tỷ lệ giải ngân (%)", "percent"),
    ]  # fmt: skip

    def by_year() -> Iterator[dict]:
        for year in filter(None, years):
            money = crossed(programme, components, year=year, day=today)
            rows = [("", "Tổng số", money[None])]
            rows += [(one.code, named(one), money[one.pk]) for one, _ in branches(components)]
            for code, name, of in rows:
                told = [("Tất cả nguồn", of.total)]
                told += [
                    (label, of.by_measure[key]) for key, label in measures() if key in of.by_measure
                ]
                for source, one in told:
                    rate = None if one.rate is None else one.rate.quantize(POINT)
                    yield {
                        "year": str(year), "code": code, "name": name, "source": source,
                        "plan": one.plan, "detail": one.detail, "paid": one.paid, "rate": rate,
                    }  # fmt: skip

    return [
        ("3.1 Vốn theo dự án", table_of("Vốn giao, phân bổ, giải ngân", columns, by_year())),
        ("3.2 Vốn trung hạn", _medium_term(programme, today)),
        ("3.3 Giải ngân theo tháng", _by_month(programme, today)),
    ]


def _medium_term(programme: Programme, today: datetime.date) -> Table:
    columns = [
        Column("phase", "Giai đoạn"), Column("code", "Mã"), Column("name", "Dự án, tiểu dự án"),
        Column("holder", "Nơi giữ vốn"), Column("source", "Nguồn vốn, loại vốn"),
        Column("plan", "Vốn trung hạn (triệu đồng)", "money"),
    ]  # fmt: skip
    lines = (
        CapitalPlan.objects.filter(programme=programme, phase__isnull=False, parent=None)
        .select_related("phase", "component", "source", "unit", "organisation", "works")
        .annotate(plan=Sum("changes__amount", filter=Q(changes__day__lte=today)))
        .order_by("phase__valid", "component__number", "pk")
    )
    return table_of(
        "Vốn trung hạn giao ở cấp tỉnh",
        columns,
        (
            {
                "phase": line.phase.name if line.phase else "", "code": line.component.code,
                "name": named(line.component), "holder": line.holder_name,
                "source": f"{line.source.name}, {line.get_kind_display()}",
                "plan": line.plan or Decimal(0),
            }
            for line in lines
        ),
    )  # fmt: skip


def _by_month(programme: Programme, today: datetime.date) -> Table:
    columns = [
        Column("year", "Vốn năm"), Column("month", "Tháng"), Column("measure", "Nguồn, loại"),
        Column("source", "Nguồn vốn"), Column("paid", "Giải ngân (triệu đồng)", "money"),
    ]  # fmt: skip
    sources = {one.pk: one for one in FundingSource.objects.all()}
    paid = (
        Disbursement.objects.filter(plan__programme=programme, day__lte=today)
        .order_by("plan__year", "month", "plan__source__position", "plan__kind")
        .values_list("plan__year", "month", "plan__source", "plan__kind")
        .annotate(total=Sum("amount"))
    )
    return table_of(
        "Giải ngân theo tháng",
        columns,
        (
            {
                "year": str(year), "month": f"{month:%m/%Y}",
                "measure": measure_of(sources[source], kind),
                "source": sources[source].name, "paid": total,
            }
            for year, month, source, kind, total in paid
        ),
    )  # fmt: skip
