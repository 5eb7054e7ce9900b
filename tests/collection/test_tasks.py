"""Every file that is read reaches an end within a minute, whatever its reader does."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from portal.collection import services, tasks
from portal.collection.models import Upload
from portal.collection.services import reading, staging
from portal.collection.services.uploading import READ_JOB
from portal.collection.workbooks import source
from portal.collection.workbooks.source import Limits
from portal.jobs import services as jobs
from portal.jobs.lease import LEASE, Lease
from portal.jobs.models import Job
from portal.jobs.registry import most_attempts
from tests.cast import member
from tests.collection.workbooks_of_units import form_05

pytestmark = pytest.mark.django_db
MINUTE, STORING = 60.0, 8.0  # seconds; storing of 100 000 rows took 6


@pytest.fixture
def waiting(opened):
    """A file received, its reading asked for, and the job."""
    upload = services.receive_upload(
        submission=opened(),
        file=ContentFile(form_05()),
        name="a.xlsx",
        by=member("son_dong_officer"),
    )
    return upload, Job.objects.get(name=READ_JOB, subject_id=upload.pk)


def begun(job, seconds):
    """The job as if it had been begun so long ago, and its worker been killed just now."""
    Job.objects.filter(pk=job.pk).update(
        started_at=timezone.now() - timedelta(seconds=seconds),
        lease_until="2000-01-01T00:00Z",
    )


def test_all_attempts_end_within_a_minute():
    """Each attempt killed at its last moment; then its lease runs out and the sweeper rings."""
    between = LEASE.total_seconds() + settings.CELERY_BEAT_SCHEDULE["sweep"]["schedule"]
    spent = 0.0
    for _ in range(most_attempts(READ_JOB) + 1):
        seconds = min(tasks.READ_SECONDS, tasks.ALL_SECONDS - spent)
        if seconds < tasks.LEAST_SECONDS:
            break
        spent += seconds
        assert spent + STORING <= MINUTE
        spent += between
    assert spent <= MINUTE, "the last killed attempt is noticed too late"
    assert Limits().wall_seconds <= MINUTE
    assert Limits().cpu_seconds >= tasks.READ_SECONDS


def test_a_later_attempt_has_only_the_time_that_is_left(waiting):
    _, job = waiting
    assert tasks.time_left(Lease.claim(job.pk)) == pytest.approx(tasks.READ_SECONDS, abs=1)
    begun(job, 30)
    left = tasks.time_left(Lease.claim(job.pk))
    assert left == pytest.approx(tasks.ALL_SECONDS - 30, abs=1)


def test_waiting_in_a_long_queue_takes_nothing_from_the_first_attempt(waiting):
    _, job = waiting
    Job.objects.filter(pk=job.pk).update(created_at="2000-01-01T00:00Z")
    assert tasks.time_left(Lease.claim(job.pk)) == pytest.approx(tasks.READ_SECONDS, abs=1)


@pytest.mark.slow
@pytest.mark.usefixtures("celery_is_silent")
@pytest.mark.machine
def test_a_reader_that_hangs_is_ended_and_the_file_has_its_sentence(waiting, monkeypatch):
    upload, job = waiting
    monkeypatch.setattr(source, "START", "import time; time.sleep(600)")
    monkeypatch.setattr(tasks, "READ_SECONDS", 5.5)
    began = time.monotonic()
    assert jobs.run(job.pk)
    assert time.monotonic() - began < 5.5 + 2
    upload.refresh_from_db()
    job.refresh_from_db()
    assert (upload.state, job.state) == (Upload.State.READ, Job.State.DONE)
    assert [error["rule"] for error in upload.errors] == ["file_too_slow"]
    assert "quá nhiều thời gian" in upload.errors[0]["message"]


@pytest.mark.slow
@pytest.mark.usefixtures("celery_is_silent")
@pytest.mark.parametrize("slow", ["statement", "python"])
@pytest.mark.machine
def test_a_file_that_is_kept_too_slowly_has_its_sentence(waiting, monkeypatch, slow):
    upload, job = waiting

    def pause(upload):
        if slow == "python":
            time.sleep(20)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(20)")

    def stage(upload, values):
        staging.stage(upload, values)
        if values:
            pause(upload)

    monkeypatch.setattr(reading, "stage", stage)
    monkeypatch.setattr(tasks, "KEPT_SECONDS", 2.0)
    began = time.monotonic()
    assert jobs.run(job.pk)
    assert time.monotonic() - began < 6
    upload.refresh_from_db()
    job.refresh_from_db()
    assert (upload.state, job.state) == (Upload.State.READ, Job.State.DONE)
    assert [error["rule"] for error in upload.errors] == ["file_too_slow"]
    assert upload.staged.count() == 0


@pytest.mark.slow
@pytest.mark.usefixtures("celery_is_silent")
def test_a_file_whose_first_reading_was_killed_is_read_by_the_second(waiting):
    upload, job = waiting
    Lease.claim(job.pk)
    begun(job, tasks.READ_SECONDS + 6.5)
    assert jobs.run(job.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.errors, upload.staged.count()) == (Upload.State.READ, [], 119)


@pytest.mark.usefixtures("celery_is_silent")
def test_a_file_that_kills_every_reader_is_given_up_with_a_sentence(waiting, client):
    upload, job = waiting
    Lease.claim(job.pk)
    begun(job, tasks.ALL_SECONDS)
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    client.force_login(member("son_dong_officer"))
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "Bỏ tệp rồi tải lên lại" in page
    assert job.support_code in page


@pytest.fixture
def celery_is_silent(monkeypatch):
    monkeypatch.setattr(jobs, "ring", lambda job_id: None)
