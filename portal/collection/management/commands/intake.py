"""The intake of workbooks from the shell. Prints JSON; exit 0 accepted, 2 refused or open."""

from __future__ import annotations

import json
import logging
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from portal.collection.services.intake import (
    Answers,
    Errand,
    Unknown,
    commit_intake,
    read_files,
)
from portal.collection.services.refusals import Refused

log = logging.getLogger(__name__)
BUSY = "Hệ thống đang bận hoặc gặp sự cố. Chưa có gì được ghi; hãy chạy lại sau."


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--dataset", required=True)
        parser.add_argument("--unit", required=True)
        parser.add_argument("--period", required=True)
        parser.add_argument("--user", required=True)
        parser.add_argument("--commit", action="store_true", help="ghi vào cơ sở dữ liệu")
        parser.add_argument(
            "--answers", default="{}", metavar="JSON", help='{"mã câu hỏi": "lựa chọn"}'
        )
        parser.add_argument("--reason", default="", help="lý do, khi đính chính số liệu đã duyệt")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer, accepted = run(options)
        except Refused as refusal:
            answer, accepted = refused(getattr(refusal, "rule", "refused"), refusal.message), False
        except Exception as error:
            log.error("intake: %s: %s", type(error).__name__, error)
            answer, accepted = refused("system", BUSY), False
        self._print(answer)
        if not accepted:
            sys.exit(2)

    def _print(self, answer: dict[str, Any]) -> None:
        try:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        except UnicodeEncodeError:
            self.stdout.write(json.dumps(answer, indent=1))


def run(options: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The JSON answer, and whether the files were accepted.

    Raises:
        Refused
    """
    answers = answers_of(options["answers"])
    errand = Errand.of(
        dataset=options["dataset"],
        unit=options["unit"],
        period=options["period"],
        user=options["user"],
    )
    paths = [Path(name) for name in options["files"]]
    intake = read_files(errand=errand, paths=paths, answers=answers)
    answer, accepted = intake.as_json(), intake.reading.is_accepted
    if not accepted or not options["commit"]:
        return answer, accepted
    try:
        submission, written = commit_intake(
            intake=intake, answers=answers, reason=options["reason"]
        )
    except Refused as refusal:
        answer["issues"].append(issue("refused", refusal.message))
        return answer, False
    answer["committed"] = {"submission": submission.pk, **written._asdict()}
    return answer, True


def answers_of(text: str) -> Answers:
    try:
        answers = json.loads(text)
    except (ValueError, RecursionError):
        answers = None
    if not isinstance(answers, dict):
        raise Unknown("answers", "Câu trả lời phải là JSON dạng {“mã câu hỏi”: “lựa chọn”}.")
    return answers


def issue(rule: str, message: str) -> dict[str, Any]:
    return {
        "file": "",
        "sheet": "",
        "cell": "",
        "heading": "",
        "severity": "error",
        "rule": rule,
        "message": message,
    }


def refused(rule: str, message: str) -> dict[str, Any]:
    """The same shape when nothing could be read at all."""
    return {
        "understood": {"sheets": []},
        "values": [],
        "issues": [issue(rule, message)],
        "questions": [],
        "reconciliation": {
            "rows_read": 0,
            "stored": 0,
            "skipped": 0,
            "refused": 0,
            "rows": [],
            "totals": [],
            "sums": {},
            "missing_units": [],
        },
    }
