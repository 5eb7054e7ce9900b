"""The main thread without a browser: workbooks in, a signed, numbered, verified report out."""

from __future__ import annotations

import contextlib
import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.collection.services import Refused
from portal.embedded import EmbeddedServerFailed, embedded_servers
from reports import services
from reports.demo import demo_folder, make_keys
from reports.models import Report
from reports.walkthrough import FilesRefused, Walkthrough

PDF, VERDICT = "bao-cao-2289-2023.pdf", "xac-thuc.json"


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cntt", type=Path, help="tệp biểu CNTT-CO-QUAN năm 2023")
        parser.add_argument("--bieu05", type=Path, help="tệp biểu BIEU-05 năm 2023 của Sơn Động")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Lệnh này chỉ chạy trong bản minh hoạ: dùng `make demo-report`.")
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        settings.DEMO_MARK.touch()
        with contextlib.ExitStack() as stack:
            if not os.environ.get("DATABASE_URL"):
                try:
                    stack.enter_context(embedded_servers(settings.EMBEDDED))
                except (EmbeddedServerFailed, PermissionError) as failed:
                    raise CommandError(str(failed)) from None
            self._prepare()
            report = self._walk(options["cntt"], options["bieu05"])
            self._hand_over(report)

    def _prepare(self) -> None:
        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)
        call_command("load_demo", stdout=self.stdout)
        make_keys(now=timezone.now())

    def _walk(self, cntt: Path | None, bieu05: Path | None) -> Report:
        walk = Walkthrough(folder=demo_folder(), say=self.stdout.write)
        try:
            return walk.run(cntt=cntt, bieu05=bieu05)
        except (FilesRefused, Refused, services.ReportRefusal) as refused:
            raise CommandError(str(refused), returncode=2) from None

    def _hand_over(self, report: Report) -> None:
        """Leave the issued file and the verdict on it in var/demo."""
        file = services.issued_file(report)
        if file is None:
            raise CommandError("Báo cáo chưa phát hành.")
        target = demo_folder() / PDF
        target.write_bytes(file.content())
        verdict = services.verify_file(target.read_bytes()).verdict.as_dict()
        text = json.dumps(verdict, ensure_ascii=False, indent=1)
        (demo_folder() / VERDICT).write_text(text + "\n", encoding="utf-8")
        self.stdout.write(f"Xác thực: {'hợp lệ' if verdict['genuine'] else 'không hợp lệ'}")
        self.stdout.write(f"Tệp: {os.path.relpath(target, settings.BASE_DIR)}")
        if not verdict["genuine"]:
            raise CommandError("; ".join(verdict["reasons"]))
