"""A worker killed with -9 at any moment of reading, checking, staging and taking over."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from portal.collection import services
from portal.collection.models import Dataset, ReportingPeriod, StagedValue, Submission, Upload
from portal.collection.stores import store_of
from portal.jobs.models import Job
from tests.cast import member, unit
from tests.collection.workbooks_of_units import form_05

MOMENTS = 20
VALUES = 119  # of Sơn Động's communes


@pytest.fixture
def worker_on(settings):
    """`worker_on(upload)`: the pid of a worker that reads the upload and takes it over."""
    environment = os.environ | {
        "JOB_TEST_DATABASE": connection.settings_dict["NAME"],
        "JOB_TEST_MEDIA": str(settings.MEDIA_ROOT),
        "DATABASE_URL": settings.DATABASE_URL,
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    nursery = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "nursery.py")],
        env=environment,
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )

    def start(upload: Upload) -> int:
        nursery.stdin.write(f"{upload.pk}\n")
        nursery.stdin.flush()
        return int(nursery.stdout.readline())

    yield start
    nursery.stdin.close()
    nursery.stdout.close()
    nursery.kill()
    nursery.wait()


def ended(pid: int, *, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] in "ZX":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.005)
    return False


def fresh_upload(number: int) -> Upload:
    """A file for a submission of its own: a year for each."""
    submission = services.open_submission(
        dataset=Dataset.objects.get(code="BIEU-05"),
        unit=unit("220"),
        period=ReportingPeriod.objects.get(code="2023"),
        by=member("son_dong_officer"),
    )
    content = form_05(changes={("07660", "N03"): number})
    return services.receive_upload(
        submission=submission,
        file=ContentFile(content),
        name=f"lan {number}.xlsx",
        by=member("son_dong_officer"),
    )


def forgotten(submission: Submission) -> None:
    """Away with a submission, so that the next file begins from nothing."""
    services.delete_draft(submission=submission, by=member("son_dong_officer"))


@pytest.mark.slow
@pytest.mark.machine
@pytest.mark.django_db(transaction=True)
def test_twenty_workers_killed_at_random_moments_leave_each_file_taken_over_once(
    reference_data, worker_on, monkeypatch
):
    monkeypatch.setattr("portal.jobs.services.ring", lambda job: None)
    first = fresh_upload(1)
    started = time.monotonic()
    assert ended(worker_on(first))
    whole = time.monotonic() - started
    assert Upload.objects.get(pk=first.pk).state == "committed"
    forgotten(first.submission)
    chance = random.Random(1719)  # noqa: S311 - moments
    killed_in = set()
    for number in range(MOMENTS):
        upload = fresh_upload(number + 2)
        pid = worker_on(upload)
        # spread over the whole way, a little beyond its end included
        time.sleep(whole * (number + chance.random()) / MOMENTS * 1.1)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        assert ended(pid)
        upload.refresh_from_db()
        killed_in.add((upload.state, Job.objects.filter(subject_id=upload.pk).count()))
        Job.objects.open().update(lease_until="2000-01-01T00:00Z")  # five seconds go by
        assert ended(worker_on(upload))
        upload.refresh_from_db()
        submission = Submission.objects.get(pk=upload.submission_id)
        assert upload.state == "committed", (number, upload.state)
        assert upload.outcome == {"new": VALUES, "changed": 0, "same": 0, "removed": 0}
        values = store_of(submission.dataset).current(submission)
        assert len(values) == VALUES
        assert submission.reconciliation["value_count"] == VALUES
        assert submission.events.filter(what="committed").count() == 1
        assert not StagedValue.objects.filter(upload=upload).exists()
        assert not Job.objects.open().exists()
        forgotten(submission)
    assert len(killed_in) > 1, "every worker died in the same place"


@pytest.mark.slow
@pytest.mark.django_db
def test_a_job_whose_process_dies_every_time_is_given_up(opened_job):
    from portal.jobs import services as jobs

    Job.objects.filter(pk=opened_job.pk).update(
        state="running", attempt=3, lease_until="2000-01-01T00:00Z"
    )
    assert jobs.run(opened_job.pk)
    opened_job.refresh_from_db()
    assert opened_job.state == "failed"
    assert opened_job.error


@pytest.fixture
def opened_job(db) -> Job:
    upload = fresh_upload(1)
    return Job.objects.get(name="read_upload", subject_id=upload.pk)
