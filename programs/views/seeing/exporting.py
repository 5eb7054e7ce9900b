"""A table of the dashboard as a workbook: as seen, in million đồng with three places."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.generic import View

from portal.formats import day, moment, rounded
from portal.spreadsheets import CONTENT_TYPE, Column, Value, table_workbook
from programs.aggregation import Answer, Money, answer
from programs.aggregation.course import course, months
from programs.aggregation.cuts import TITLES, ordered

from .asking import AskingMixin

AMOUNTS = [
    Column("Kế hoạch (triệu đồng)", 18, decimals=3),
    Column("Đã phân bổ tới công trình (triệu đồng)", 18, decimals=3),
    Column("Đã giải ngân (triệu đồng)", 18, decimals=3),
    Column("Còn lại (triệu đồng)", 18, decimals=3),
    Column("Tỷ lệ giải ngân (%)", 12, decimals=1),
]
BY_MONTH = [
    Column("Tháng", 14),
    Column("Kế hoạch đến cuối tháng (triệu đồng)", 20, decimals=3),
    Column("Giải ngân trong tháng (triệu đồng)", 20, decimals=3),
    Column("Giải ngân luỹ kế (triệu đồng)", 20, decimals=3),
]
MONTHS = "thang"


class CutExport(AskingMixin, View):
    """?bang= names the cut: a dimension, or "thang"."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.programme = self.get_programme()
        cut = request.GET.get("bang", "component")
        if cut not in TITLES and cut != MONTHS:
            raise Http404
        found = answer(self.question, self.visible)
        content = self.by_month(found) if cut == MONTHS else self.by_cut(found, cut)
        response = HttpResponse(content, content_type=CONTENT_TYPE)
        name = f"giai-ngan-{self.programme.code}-{self.question.year}-{cut}.xlsx"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def by_cut(self, found: Answer, cut: str) -> bytes:
        title, head = TITLES[cut]
        rows = [
            [f"{row.label}: {row.about}" if row.about else row.label, *values(row.money)]
            for row in ordered(found.cuts[cut])
        ]
        return table_workbook(
            title=f"Kế hoạch và giải ngân vốn {title.lower()}",
            about=self.about(),
            columns=[Column(head, 44), *AMOUNTS],
            rows=rows,
            total=["Tổng cộng", *values(found.total)],
            sheet_name=title,
        )

    def by_month(self, found: Answer) -> bytes:
        this, _ = course(found)
        rows: list[list[Value]] = [
            [f"Tháng {month.month}/{month.year}", this.plan[n], this.paid[n], this.sum[n]]
            for n, month in enumerate(months(self.question.year))
            if this.sum[n] is not None
        ]
        return table_workbook(
            title="Giải ngân vốn theo tháng",
            about=self.about(),
            columns=BY_MONTH,
            rows=rows,
            total=["Tổng cộng", found.total.plan, found.total.paid, found.total.paid],
            sheet_name="Theo tháng",
        )

    def about(self) -> list[str]:
        question = self.question
        narrowed = "; ".join(f"{label}: {chosen}" for label, chosen, _ in self.narrowed_by())
        lines = [
            f"{question.programme.short_name} · năm {question.year} · "
            f"tính đến hết ngày {day(question.day)}",
            f"{narrowed or 'Toàn bộ vốn được xem'}. Lập lúc {moment(timezone.now())}.",
        ]
        if question.lines(self.visible).filter(is_demo=True).exists():
            lines.append("Số liệu minh hoạ, không phải số liệu thật.")
        return lines


def values(money: Money) -> list[Value]:
    rate: Decimal | None = money.rate
    return [
        money.plan,
        money.detail,
        money.paid,
        money.left,
        rounded(rate, 1) if rate is not None else None,
    ]
