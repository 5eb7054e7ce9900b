"""The tree of holders and one line's history as workbooks: as seen, in million đồng."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.generic import View

from portal.formats import day, moment, rounded
from portal.spreadsheets import CONTENT_TYPE, Column, Value, table_workbook
from programs.ledger import label
from programs.models import CapitalKind

from .line import PlanDetail, history
from .tree import END, PlanList

INDENT = "    "
TREE = [
    Column("Tỉnh, huyện, cơ quan, chủ đầu tư", 60),
    Column("Được giao (triệu đồng)", 18, decimals=3),
    Column("Đã phân bổ xuống (triệu đồng)", 18, decimals=3),
    Column("Đã giải ngân (triệu đồng)", 18, decimals=3),
    Column("Còn lại (triệu đồng)", 18, decimals=3),
    Column("Tỷ lệ giải ngân (%)", 12, decimals=1),
]
HISTORY = [
    Column("Ngày", 12),
    Column("Nội dung", 60),
    Column("Số tiền (triệu đồng)", 18, decimals=3),
    Column("Còn lại sau đó (triệu đồng)", 18, decimals=3),
    Column("Văn bản", 30),
    Column("Người ghi", 24),
]


def attached(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def amounts(given: Decimal, passed: Decimal, paid: Decimal, left: Decimal) -> list[Value]:
    rate = rounded(paid / given * 100, 1) if given else None
    return [given, passed, paid, left, rate]


class PlanExport(PlanList):
    """The rows of the tree with those of the place that is open, all its works at once."""

    shown = 100_000

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.programme = self.get_programme()
        seen = self.seen()
        year, whole = self.form.chosen_year(), seen.whole
        on = f"tính đến hết ngày {day(self.on)}" if self.on != END else "mọi thời điểm"
        content = table_workbook(
            title=f"Kế hoạch vốn năm {year} theo nơi giữ vốn",
            about=[
                f"{self.programme.short_name} · {on}",
                *self._narrowed(),
                f"Lập lúc {moment(timezone.now())}.",
            ],
            columns=TREE,
            rows=[
                [
                    f"{INDENT * row.depth}{row.name}{f' ({row.about})' if row.about else ''}",
                    *amounts(row.given, row.passed, row.disbursed, row.left),
                ]
                for row in seen.rows
            ],
            total=[
                "Tổng cộng",
                *amounts(whole.held, seen.in_works, whole.disbursed, whole.available),
            ],
            sheet_name="Kế hoạch vốn",
        )
        return attached(content, f"ke-hoach-von-{self.programme.code}-{year}")

    def _narrowed(self) -> list[str]:
        kinds = dict(CapitalKind.choices)
        told = [
            f"{self.form.fields[name].label}: {kinds.get(chosen, chosen)}"
            for name in ("du_an", "nguon", "loai", "dia_ban", "chu_dau_tu")
            if (chosen := self.form.told(name))
        ]
        if self.lines.filter(is_demo=True).exists():
            told.append("Số liệu minh hoạ, không phải số liệu thật")
        return ["; ".join(told) + "."] if told else []


class PlanHistoryExport(PlanDetail, View):
    """Every change and payment of a line."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        line = self.get_object()
        demo = ["Số liệu minh hoạ, không phải số liệu thật."] if line.is_demo else []
        content = table_workbook(
            title=f"Dòng vốn: {label(line)}",
            about=[*demo, f"Lập lúc {moment(timezone.now())}."],
            columns=HISTORY,
            rows=[
                [
                    day(entry.day),
                    f"{entry.words}{f'. {entry.about}' if entry.about else ''}",
                    entry.amount,
                    entry.left,
                    str(entry.document or ""),
                    entry.by.full_name if entry.by else "",
                ]
                for entry in history(line)
            ],
            sheet_name="Các lần ghi",
        )
        return attached(content, f"dong-von-{line.pk}")
