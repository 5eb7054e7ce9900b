"""The sheets of 73 communes, drawn by one worker and by two: each a process that is warm.

Only the drawing is measured, which takes the time of a batch; rows and jobs take milliseconds.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHEETS = 73
WORKER = """
import sys
from bench.rendering import ours
from bench.texts import sheet
numbers = range({first}, {sheets}, {step})
ours(sheet(0))
print("ready", flush=True)
sys.stdin.readline()
for number in numbers:
    ours(sheet(number))
print("done", flush=True)
"""


def measured(sheets: int = SHEETS) -> dict[str, float]:
    """Wall seconds of one worker and of two; how many times quicker two are."""
    one, two = seconds(1, sheets), seconds(2, sheets)
    return {"sheets": sheets, "one_s": one, "two_s": two, "times": one / two}


def seconds(workers: int, sheets: int) -> float:
    running = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", WORKER.format(first=place, sheets=sheets, step=workers)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for place in range(workers)
    ]
    try:
        for worker in running:
            _told(worker, "ready")
        started = time.perf_counter()
        for worker in running:
            print("go", file=worker.stdin, flush=True)
        for worker in running:
            _told(worker, "done")
        return time.perf_counter() - started
    finally:
        for worker in running:
            worker.communicate(timeout=60)


def _told(worker: subprocess.Popen[str], word: str) -> None:
    if worker.stdout is None or worker.stdout.readline().strip() != word:
        raise RuntimeError(f"a worker did not say “{word}”")
