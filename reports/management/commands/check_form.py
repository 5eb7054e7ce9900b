"""Where a text departs from the decree's form, on the command line."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reports import services
from reports.linter.reading.files import Unreadable, read_file

WORDS = {"wrong": "SAI", "look": "XEM"}


class Command(BaseCommand):
    help = (
        "Kiểm tra thể thức một tệp .docx, .txt hoặc .md theo Nghị định 30/2020/NĐ-CP. "
        "Kết thúc với 0 khi không có chỗ sai, 2 khi có."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--day",
            type=datetime.date.fromisoformat,
            help="ngày của văn bản, YYYY-MM-DD, khi trong tệp không ghi",
        )

    def handle(self, *args: Any, file: Path, day: datetime.date | None, **options: Any) -> None:
        try:
            pages = read_file(file.name, file.read_bytes())
        except (Unreadable, OSError) as problem:
            raise CommandError(str(problem)) from problem
        checked = services.check_text(pages, today=day or timezone.localdate())
        for row in checked.listed.rows:
            departure = row.departure
            self.stdout.write(
                f"{WORDS[departure.severity]}  {departure.rule.name} ({row.where}): "
                f"“{departure.quote}”\n     {departure.message} [{departure.rule.article}]"
            )
        wrong, look = checked.listed.wrong, checked.listed.to_look_at
        self.stdout.write(f"{wrong} chỗ sai, {look} chỗ nên xem.")
        if wrong:
            sys.exit(2)
