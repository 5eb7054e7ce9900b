"""Say whether a PDF file is a document that this agency issued, unchanged."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from reports.services import verify_file

#: What signing.verify looks at, at most.
LARGEST = 64 * 2**20


class Command(BaseCommand):
    help = "Kiểm tra một tệp PDF; in kết quả dạng JSON. Kết thúc 0: hợp lệ, 1: không."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = _content(Path(options["file"]))
        except (OSError, ValueError):
            answer = _not_read()
        else:
            answer = verify_file(content).verdict.as_dict()
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        if not answer["genuine"]:
            sys.exit(1)


def _content(path: Path) -> bytes:
    """The file, or as much of it as shows that it is too large to be one of ours."""
    if not path.is_file():
        raise OSError(path)
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _not_read() -> dict[str, Any]:
    return {
        "genuine": False,
        "reasons": ["Không đọc được tệp. Hãy kiểm tra đường dẫn và quyền đọc."],
        "signatures": [],
        "test_certificate": False,
    }
