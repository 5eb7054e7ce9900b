"""Fifty people at once over the pages of leader, officer and specialist, beside one person.

Gunicorn as in production on loopback, servers of the bench's own, people by locust: errors, the
95th percentile of both, and the memory of all web processes over time.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from portal.units.models import AdministrativeUnit

from .observations import DAY, filled, person
from .ours import _tree

PEOPLE = 50
WAIT = (3.0, 9.0)  # seconds that somebody reads a page
ONE, MANY = ("Anyone",), ("Leader", "Officer", "Specialist")
ROLES = ("leader", "officer", "specialist")


def measured(*, quick: bool) -> dict[str, Any]:
    """One person, then fifty; each as a summary of locust's figures."""
    call_command("collectstatic", interactive=False, verbosity=0)
    found: dict[str, Any] = {"data": filled(200_000 if quick else 1_000_000)}
    cache.clear()
    plan = _plan()
    with _web() as (port, memory):
        address = f"http://127.0.0.1:{port}"
        quickly = plan | {"least_wait": 0.2, "most_wait": 0.6}
        _locust(address, quickly, people=1, seconds=15, name="warm", who=ONE)  # every page once
        seconds = 30 if quick else 60
        found["one"] = _locust(address, quickly, people=1, seconds=seconds, name="one", who=ONE)
        memory.seen.clear()
        found["fifty"] = _locust(
            address, plan, people=PEOPLE, seconds=30 if quick else 300, name="fifty"
        )
        found["memory_mb"] = list(memory.seen)
    return found


def _plan() -> dict[str, Any]:
    """Everybody's pages with a session of somebody of that role."""
    code = AdministrativeUnit.objects.on(DAY).get(code="220").code
    explorer, year = "/dan-toc/kham-pha", DAY.year
    table = f"{explorer}?ct=D03&ky={year}&hang=dan-toc&cot=gioi-tinh"
    pages = {
        "leader": [
            ("home", "/viec-cua-toi"), ("overview", f"/tong-quan?ky={year}"),
            ("explorer", table), ("programme", "/chuong-trinh/"),
        ],
        "officer": [
            ("home", "/viec-cua-toi"), ("forms", "/so-lieu/nop"), ("explorer", table),
            ("overview", f"/tong-quan?ky={year}&don-vi={code}"),
        ],
        "specialist": [
            ("home", "/viec-cua-toi"), ("completeness", "/so-lieu/day-du"),
            ("explorer by communes", f"{explorer}?ct=D03&ky={year}&hang=don-vi"),
            ("groups", "/dan-toc/"), ("documents", "/van-ban/"),
        ],
    }  # fmt: skip
    sessions = {}
    for role in ROLES:
        client = Client()
        client.force_login(person(role))
        sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
        for name, address in pages[role]:
            status = client.get(address, HTTP_HOST="127.0.0.1").status_code
            if status != 200:
                raise RuntimeError(f"{role}, {name}, {address}: {status}")
    return {
        "pages": pages, "sessions": sessions, "cookie": settings.SESSION_COOKIE_NAME,
        "least_wait": WAIT[0], "most_wait": WAIT[1],
    }  # fmt: skip


class _Memory(threading.Thread):
    """What the web processes hold, shared pages once, in MB: every second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.seen, self.done = pid, [], threading.Event()

    def run(self) -> None:
        while not self.done.wait(1):
            self.seen.append(sum(_proportional(pid) for pid, _ in _tree(self.pid)) / 1024)


def _proportional(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


@contextlib.contextmanager
def _web() -> Iterator[tuple[int, _Memory]]:
    """The portal's web process on a free port, as `manage.py start web` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (settings.VAR_DIR / "web.log").open("ab")
    child = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "start", "web", f"--port={port}"],
        env=dict(os.environ),
        stdout=log,
        stderr=log,
    )
    memory = _Memory(child.pid)
    try:
        for _ in range(120):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/suc-khoe", timeout=5).close()
                break
            time.sleep(0.5)
        memory.start()
        yield port, memory
    finally:
        memory.done.set()
        child.terminate()
        child.wait(30)


def _locust(
    address: str,
    plan: dict[str, Any],
    *,
    people: int,
    seconds: int,
    name: str,
    who: tuple[str, ...] = MANY,
) -> dict[str, Any]:
    target = settings.VAR_DIR / f"load-{name}"
    command = [
        sys.executable, "-m", "locust", "-f", str(Path(__file__).parent / "load_users.py"),
        "--headless", "--host", address, "-u", str(people), "-r", str(max(1, people // 5)),
        "-t", f"{seconds}s", "--csv", str(target), "--only-summary",
        "--exit-code-on-error", "0", *who,
    ]  # fmt: skip
    log = (settings.VAR_DIR / "locust.log").open("ab")
    subprocess.run(  # noqa: S603 - our own command
        command,
        env=os.environ | {"LOAD_PLAN": json.dumps(plan)},
        stdout=log,
        stderr=log,
        check=True,
    )
    with Path(f"{target}_stats.csv").open() as told:
        rows = {row["Name"]: row for row in csv.DictReader(told)}
    return {
        name: {
            "requests": int(row["Request Count"]),
            "failures": int(row["Failure Count"]),
            "p50": float(row["50%"]),
            "p95": float(row["95%"]),
            "a_second": float(row["Requests/s"]),
        }
        for name, row in rows.items()
        if int(row["Request Count"])
    }


def growth(memory: list[float]) -> float:
    """The last fifth against the second: the first fills what is kept."""
    fifth = max(1, len(memory) // 5)
    return statistics.mean(memory[-fifth:]) / statistics.mean(memory[fifth : 2 * fifth])


def lines(found: dict[str, Any]) -> list[str]:
    told = [f"{'page':<40}{'one p50':>9}{'p95':>7}{'50: p50':>9}{'p95':>7}{'requests':>10}"]
    for name, many in found["fifty"].items():
        one = found["one"].get(name)
        alone = f"{one['p50']:>9.0f}{one['p95']:>7.0f}" if one else " " * 16
        told.append(
            f"{name[:39]:<40}{alone}{many['p50']:>9.0f}{many['p95']:>7.0f}{many['requests']:>10}"
        )
    memory = found["memory_mb"]
    told.append(f"memory of the web: {memory[0]:.0f} MB to {memory[-1]:.0f} MB")
    return told


def rows(found: dict[str, Any]) -> list[tuple[str, float, float]]:
    one, fifty = (found[name]["Aggregated"] for name in ("one", "fifty"))
    return [
        ("50 people: errors", float(fifty["failures"]), 0.0),
        ("50 people: p95, times that of one", fifty["p95"] / one["p95"], 3.0),
        ("50 people: memory at the end, times that after a fifth", growth(found["memory_mb"]), 1.1),
    ]
