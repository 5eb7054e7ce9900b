"""A worker killed with -9 in the middle of a job, for real: processes, broker and all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from portal.jobs import services
from portal.jobs.models import Job
from portal.units.models import UnitList

ENTRY = Path(__file__).parent / "slow_app.py"


@pytest.fixture
def start_worker():
    """Start real Celery processes of the suite's database; killed at the end."""
    children: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        name = connection.settings_dict["NAME"]
        environment = os.environ | {
            "JOB_TEST_DATABASE": name,
            "REDIS_URL": settings.REDIS_URL,
            "DATABASE_URL": settings.DATABASE_URL,
            "PYTHONPATH": str(settings.BASE_DIR),
        }
        child = subprocess.Popen(
            [sys.executable, str(ENTRY), *arguments],
            env=environment,
            cwd=settings.BASE_DIR,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        children.append(child)
        return child

    yield start
    for child in children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def wait_for(condition, *, seconds: float) -> float:
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if condition():
            return time.monotonic() - started
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


@pytest.mark.slow
@pytest.mark.machine
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_is_taken_over_within_ten_seconds_with_one_effect(
    start_worker,
):
    first = start_worker("worker")
    start_worker("beat")
    job = services.ask("slow_mark", 1)
    wait_for(lambda: Job.objects.filter(pk=job.pk, state="running").exists(), seconds=30)
    time.sleep(0.5)
    start_worker("worker")  # stands by, as the supervisor's restarted worker does
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    taken = wait_for(lambda: Job.objects.filter(pk=job.pk, attempt=2).exists(), seconds=10)
    wait_for(lambda: Job.objects.filter(pk=job.pk, state="done").exists(), seconds=15)
    assert taken < 10
    assert UnitList.objects.filter(code__startswith="slow").count() == 1
