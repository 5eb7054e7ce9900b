"""The portal's own way: a real worker process reads and takes over; its memory is watched."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction

from portal.celery import app
from portal.collection.models import Submission, Takeover, Upload
from portal.collection.services.comparing import compare
from portal.collection.services.taking import ask_takeover
from portal.collection.services.uploading import receive_upload

from .province import sender

PATIENCE = 900.0
USUAL = 60  # seconds that the portal gives a file


class Memory(threading.Thread):
    """The high-water marks (VmHWM) of the worker's processes, in MB."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.worker, self.reader, self.done = pid, 0, 0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.02):
            for pid, depth in _tree(self.pid):
                peak = _peak(pid)
                if depth >= 2:
                    self.reader = max(self.reader, peak)
                else:
                    self.worker = max(self.worker, peak)


def _tree(pid: int, depth: int = 0) -> Iterator[tuple[int, int]]:
    yield pid, depth
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child), depth + 1)


def _peak(pid: int) -> int:
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) // 1024 if found else 0
    return 0


@contextlib.contextmanager
def worker(seconds: int) -> Iterator[Memory]:
    """One Celery worker with one process, as `manage.py start worker` starts it.

    `seconds` is what it may take for one file.
    """
    log = (settings.VAR_DIR / "worker.log").open("ab")
    child = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "start", "worker"],
        env=os.environ | {"WORKER_PROCESSES": "1", "UPLOAD_SECONDS": str(seconds)},
        stdout=log,
        stderr=log,
    )
    memory = Memory(child.pid)
    memory.start()
    try:
        yield memory
    finally:
        memory.done.set()
        child.terminate()
        child.wait(30)


def run(path: Path, submission: Submission, *, seconds: int = USUAL) -> dict[str, float]:
    """From upload to committed, in a fresh worker that is up and waiting."""
    with worker(seconds) as memory:
        _wait(lambda: bool(app.control.ping(timeout=1)))  # the portal's worker is always there
        return _run(path, submission, memory)


def _run(path: Path, submission: Submission, memory: Memory) -> dict[str, float]:
    started = time.perf_counter()
    with path.open("rb") as content:
        upload = receive_upload(
            submission=submission, file=File(content), name=path.name, by=sender()
        )
    _wait(lambda: Upload.objects.get(pk=upload.pk).state == "read")
    read = time.perf_counter() - started
    upload.refresh_from_db()
    if not upload.is_accepted:
        raise RuntimeError(f"{path.name}: {upload.questions or upload.errors[:3]}")
    page = first_page(submission)
    started += page  # looking is not working
    takeover = ask_takeover(submission=submission, by=sender())
    _wait(lambda: Takeover.objects.get(pk=takeover.pk).state != "asked")
    seconds = time.perf_counter() - started
    upload.refresh_from_db()
    rows = upload.reconciliation["rows_read"]
    return {
        "seconds": seconds,
        "read_and_checked": read,
        "first_page": page,
        "committed": seconds - read,
        "rows": rows,
        "rows_per_second": rows / seconds,
        "worker_mb": memory.worker,
        "reader_mb": memory.reader,
        "warnings": upload.reconciliation["warnings"],
        **{f"values_{key}": value for key, value in upload.outcome.items()},
    }


def first_page(submission: Submission) -> float:
    """Seconds for what the first page of the preview asks: counts, totals, a hundred rows."""
    started = time.perf_counter()
    comparison = compare(submission)
    for kind in comparison.counts:
        comparison.of_kind(kind)[:100]
        break
    return time.perf_counter() - started


def _wait(ready) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError("the worker did not come to an end; see worker.log")
        time.sleep(0.05)


def emptied(submission: Submission) -> None:
    """Everything of a submission away, and the table as if it had never been there."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("ethnic_data_observation", "ethnic_data_replacedobservation"):
            cursor.execute(f"DELETE FROM {table} WHERE submission_id = %s", [submission.pk])  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE ethnic_data_observation, ethnic_data_replacedobservation,"
            " collection_stagedrow, collection_stagedcolumn"
        )
