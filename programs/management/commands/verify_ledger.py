"""Recompute all totals of the ledger of capital from its entries, and say whether they agree."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.formats import day, number
from programs.ledger import label, with_names
from programs.ledger.verifying import Disagreement, disagreements, months_astray, whole

NAMES = {
    "received": "được giao",
    "passed_on": "đã phân bổ",
    "carried_out": "đã chuyển nguồn",
    "disbursed": "đã giải ngân",
}


class Command(BaseCommand):
    help = "Tính lại sổ vốn từ các lần ghi. Kết thúc 0: khớp; 1: có dòng vốn không khớp."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = list(disagreements())
        for one in wrong:
            self.stdout.write(told(one))
        astray = list(with_names(months_astray()).order_by("pk"))
        for line in astray:
            self.stdout.write(f"Dòng {line.pk}, {label(line)}: số theo tháng không khớp.")
        sums = whole()
        self.stdout.write(
            f"{sums.lines} dòng vốn, {len(wrong)} dòng không khớp. "
            f"Vốn từ ngoài vào {number(sums.from_outside)} triệu đồng, "
            f"các dòng đang giữ {number(sums.held)} triệu đồng, "
            f"đã giải ngân {number(sums.disbursed)} triệu đồng."
        )
        if wrong or astray or not sums.agrees:
            sys.exit(1)


def told(one: Disagreement) -> str:
    parts = [
        f"{word} ghi {number(getattr(one.kept, name))}, tính lại "
        f"{number(getattr(one.computed, name))} triệu đồng"
        for name, word in NAMES.items()
        if getattr(one.kept, name) != getattr(one.computed, name)
    ]
    if one.short_on:
        parts.append(f"ngày {day(one.short_on)} chi vượt số vốn")
    return f"Dòng {one.line.pk}, {label(one.line)}: {'; '.join(parts)}."
