"""Load the demo: accounts, made-up data, the sample report. Harmless when run again."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import import_string

# lower floors first; named as strings, the ground floor imports nothing from above
ACCOUNTS = "portal.accounts.demo.load_accounts"
LOADERS = {
    "ethnic_data.demo.load_demo": "số liệu minh hoạ của tỉnh",
    "programs.demo.load_demo": "chương trình minh hoạ",
    "reports.demo.load_demo": "báo cáo mẫu và chứng thư thử nghiệm",
}


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Dữ liệu minh hoạ chỉ có trong bản minh hoạ (PORTAL_DEMO=1).")
        import_string(ACCOUNTS)()
        for name, what in LOADERS.items():
            started = time.monotonic()
            import_string(name)(now=timezone.now())
            if options["verbosity"]:
                self.stdout.write(f"Nạp {what}: {time.monotonic() - started:.1f} giây")
