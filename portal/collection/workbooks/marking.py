"""The sender's own workbook back, with the wrong cells filled, commented and listed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .outcome import Issue
from .source import MEBIBYTE, Limits, Unreadable, run_confined

AUTHOR = "Cổng số liệu"
RESULTS = "Kết quả kiểm tra"
MARKING_LIMITS = Limits(memory=2048 * MEBIBYTE, cpu_seconds=100, wall_seconds=110.0)
LISTED = 5_000
NOTED = ("severity", "sheet", "cell", "heading", "message")


def mark_workbook(
    path: str | Path,
    issues: Sequence[Issue],
    *,
    name: str = "",
    limits: Limits = MARKING_LIMITS,
) -> bytes:
    """The marked file (bytes): an xlsx with its formatting, a csv with one more column; of every
    other kind an xlsx of its cells.

    `name` is the file's name as the sender knows it. Raises `Unreadable` when the file cannot be
    opened or is too large to be marked.
    """
    errors = sum(issue.severity == "error" for issue in issues)
    head = [
        "Kết quả kiểm tra số liệu",
        f"Tệp: {name or Path(path).name}",
        f"{errors} lỗi cần sửa, {len(issues) - errors} cảnh báo.",
    ]
    notes = [
        {
            field: getattr(issue, field)
            for field in ("severity", "sheet", "cell", "heading", "message")
        }
        for issue in sorted(issues, key=lambda issue: issue.severity != "error")[:LISTED]
    ]
    task = {"notes": notes, "head": head, "author": AUTHOR, "sheet": RESULTS}
    with tempfile.TemporaryDirectory() as folder:
        task_path, out = Path(folder) / "notes.json", Path(folder) / "marked.xlsx"
        task_path.write_text(json.dumps(task, ensure_ascii=False), "utf-8")
        numbers = (limits.memory, limits.cpu_seconds, limits.content)
        code = run_confined(
            "reader.marker",
            [str(Path(path).resolve()), str(task_path), str(out), *map(str, numbers)],
            wall=limits.wall_seconds,
        )
        if code != 0 or not out.exists():
            raise Unreadable("too_slow" if code is None else "too_large")
        return out.read_bytes()
