"""Delete files that were put aside long ago, and kept files that no row names any more."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.collection.services.purging import purge_discarded, purge_orphans


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="giữ tệp đã bỏ bao nhiêu ngày")

    def handle(self, *args: Any, **options: Any) -> None:
        discarded = purge_discarded(days=max(0, options["days"]))
        orphans = purge_orphans()
        self.stdout.write(f"Đã xoá {discarded} tệp đã bỏ và {orphans} tệp không còn ai dùng.")
