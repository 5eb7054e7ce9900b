"""The intake of workbooks from the shell. Prints JSON; exit 0 accepted, 2 refused or open."""

from __future__ import annotations

import json
import logging
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
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

ANSWERS = """
Câu trả lời: --answers '{"mã câu hỏi": "lựa chọn", "tên tệp.xlsx": {"mã": "lựa chọn"}}'
Câu trả lời ngoài cùng dùng cho mọi tệp, trong tên tệp chỉ dùng cho tệp đó. Mã và lựa chọn ổn định;
chữ trong mã viết thường, bỏ dấu, bỏ dấu cách ("column:sohongheo"). Các mã:

  encoding            phông cũ: TCVN3 | VNI chuyển sang Unicode, Unicode giữ nguyên
  number_style        cách viết số: 1.234,5 | 1,234.5
  scale:<đơn vị>      "scale:nghinnguoi": convert đổi sang đơn vị của biểu | keep giữ nguyên
  percent:<cột>       số từ 0 đến 1 trong cột tỷ lệ: convert nhân 100 | keep giữ nguyên
  measure:<đơn vị>    đơn vị tính khác biểu ("measure:phantram"): yes số vẫn đúng | no
  blank               ô để trống: zero | not_collected | error
  period, whose_file  tiêu đề ghi kỳ, huyện khác: yes vẫn đúng | no
  whose               số liệu của đơn vị nào khi tệp không ghi: mã đơn vị
  sheet               đọc trang tính nào: tên trang tính
  column:<tiêu đề>    cột này là cột nào: khoá cột của biểu (D01, N03…) | - để qua
  choose:<khoá>:<trang tính>, value_column
                      nhiều cột giống nhau, cột số liệu: chữ cái của cột (C, D…)
  row:<tên dòng>      dòng này là chỉ tiêu nào: khoá chỉ tiêu | - để qua
  unit:<tên>          tên này là đơn vị nào: mã đơn vị | - bỏ dòng
  group:<tên>         tên này là dân tộc nào: mã dân tộc | - bỏ dòng
  add:<mã dân tộc>    cộng các nhóm của một dân tộc: add | no
  derive:<khoá>       tính cột thiếu từ hai cột kia: yes | no
"""
log = logging.getLogger(__name__)
BUSY = "Hệ thống đang bận hoặc gặp sự cố. Chưa có gì được ghi; hãy chạy lại sau."


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = ANSWERS
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
