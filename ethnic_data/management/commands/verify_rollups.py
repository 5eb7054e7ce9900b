"""Recompute every sum that pages read, and tell which differ from what is kept.

Exit status 1 when any differs; --mend keeps the recomputed ones.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ethnic_data.services.rollups import verify


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="keep the recomputed sums")

    def handle(self, *, mend: bool, **options: Any) -> None:
        found = verify(mend=mend)
        for one in found:
            words = "chưa tổng hợp" if one.is_unsummed else f"{one.rows} dòng khác"
            self.stdout.write(f"{one.dataset} · {one.period}: {words}")
        if not found:
            self.stdout.write("Số liệu tổng hợp sẵn khớp với số liệu đã duyệt.")
        elif mend:
            self.stdout.write(f"Đã tính lại {len(found)} kỳ của biểu.")
        if found:
            sys.exit(1)
