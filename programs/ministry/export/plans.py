"""Plans: decisions on capital down to investors, capital of works."""

from __future__ import annotations

import datetime

from programs.ministry.tables import Column, Table
from programs.models import (
    CapitalChange,
    CapitalPlan,
    DocumentRole,
    Programme,
)

from .sheets import Sheets, documents, table_of


def sheets_of(programme: Programme, today: datetime.date) -> Sheets:
    columns = [
        Column("day", "Ngày", "day"), Column("what", "Nội dung"), Column("year", "Năm"),
        Column("code", "Mã dự án"), Column("holder", "Nơi nhận vốn"),
        Column("source", "Nguồn vốn, loại vốn"), Column("amount", "Số tiền (triệu đồng)", "money"),
        Column("decision", "Quyết định"),
    ]  # fmt: skip
    changes = (
        CapitalChange.objects.filter(plan__programme=programme, day__lte=today)
        .exclude(plan__holder="works")
        .select_related(
            "plan__component", "plan__source", "plan__unit", "plan__organisation", "plan__works",
            "plan__phase", "document__document_type",
        )
        .order_by("day", "pk")
    )  # fmt: skip
    return [
        ("4.1 Quyết định vốn", table_of(
            "Giao, phân bổ, điều chỉnh, chuyển nguồn đến chủ đầu tư", columns,
            (
                {
                    "day": one.day, "what": one.get_what_display(),
                    "year": one.plan.period_label, "code": one.plan.component.code,
                    "holder": one.plan.holder_name,
                    "source": f"{one.plan.source.name}, {one.plan.get_kind_display()}",
                    "amount": one.amount, "decision": str(one.document),
                }
                for one in changes
            ),
        )),
        ("4.2 Vốn của công trình", _of_works(programme)),
        ("4.3 Văn bản kế hoạch", documents(programme, [DocumentRole.PLAN],
                                            "Kế hoạch thực hiện Chương trình")),
    ]  # fmt: skip


def _of_works(programme: Programme) -> Table:
    columns = [
        Column("year", "Năm"), Column("code", "Mã công trình"), Column("name", "Tên"),
        Column("component", "Mã dự án"), Column("investor", "Chủ đầu tư"),
        Column("source", "Nguồn vốn, loại vốn"), Column("plan", "Kế hoạch (triệu đồng)", "money"),
        Column("paid", "Đã giải ngân (triệu đồng)", "money"),
    ]  # fmt: skip
    lines = (
        CapitalPlan.objects.filter(programme=programme, holder="works", year__isnull=False)
        .select_related("works", "component", "source", "investor")
        .order_by("year", "works__code", "source__position", "kind")
    )
    return table_of(
        "Kế hoạch vốn của công trình, hoạt động (số hiện nay)",
        columns,
        (
            {
                "year": str(line.year), "code": line.works.code, "name": line.works.name,
                "component": line.component.code,
                "investor": line.investor.name if line.investor else "",
                "source": f"{line.source.name}, {line.get_kind_display()}",
                "plan": line.received, "paid": line.disbursed,
            }
            for line in lines
            if line.works
        ),
    )  # fmt: skip
