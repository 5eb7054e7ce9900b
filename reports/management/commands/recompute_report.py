"""Compute figures and tables of a frozen report anew from the revisions they were made from."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.models import Report
from reports.services import (
    Difference,
    RecomputedExhibit,
    altered_exhibits,
    holds,
    recompute,
    recompute_exhibits,
)


class Command(BaseCommand):
    help = (
        "Tính lại từng số liệu, bảng, biểu đồ của một báo cáo đã chốt từ các bản số liệu dùng lúc "
        "chốt; in JSON. "
        "Kết thúc 0: khớp hết, 1: có số khác."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("report", type=int, metavar="ID")

    def handle(self, *args: Any, **options: Any) -> None:
        report = Report.objects.filter(pk=options["report"]).select_related("period").first()
        if report is None:
            raise CommandError(f"Không có báo cáo {options['report']}.")
        if report.frozen_at is None:
            raise CommandError("Báo cáo còn là dự thảo, chưa chốt số liệu.")
        found = [recompute(figure) for figure in report.figures.order_by("pk")]
        exhibits = recompute_exhibits(report)
        freeze = report.freezes.filter(draft_no=report.draft_no).first()
        answer = {
            "report": report.pk,
            "number": report.number_and_symbol,
            "frozen_at": report.frozen_at.isoformat(),
            "sha256": freeze.sha256 if freeze else None,
            "record_holds": holds(freeze) if freeze else None,
            "same": all(one.is_same for one in found)
            and all(one.is_same for one in exhibits)
            and (freeze is None or (holds(freeze) and not altered_exhibits(freeze))),
            "figures": [_told(one) for one in found],
            "exhibits": [_compared(one) for one in exhibits],
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        if not answer["same"]:
            sys.exit(1)


def _compared(one: RecomputedExhibit) -> dict[str, Any]:
    return {
        "label": one.label,
        "title": one.exhibit.title,
        "query": one.exhibit.query,
        "compared": one.compared,
        "differing": one.differing,
        "reason": one.reason,
        "same": one.is_same,
    }


def _told(one: Difference) -> dict[str, Any]:
    value = one.now.value
    return {
        "query": one.figure.query,
        "title": one.figure.title,
        "printed": one.figure.printed,
        "again": one.printed_now,
        "value_again": None if value is None else f"{value.normalize():f}",
        "same": one.is_same,
    }
