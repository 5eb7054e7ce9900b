"""Ask for long work, and do it."""

from __future__ import annotations

import logging
import time
import traceback

from django.db import transaction
from django.utils.module_loading import import_string

from .lease import Lease, LeaseLost
from .models import Job
from .registry import UnknownJob, most_attempts, work_of

log = logging.getLogger(__name__)

QUIET = 5.0
"""Seconds without ringing after a ring that nobody heard."""
_quiet_until = 0.0


@transaction.atomic
def ask(name: str, subject_id: int) -> Job:
    """Write the job row now, ring the doorbell when the transaction is through.

    Asking again while the job waits or runs is harmless and returns the open job.
    """
    Job.objects.bulk_create([Job(name=name, subject_id=subject_id)], ignore_conflicts=True)
    job = Job.objects.open().get(name=name, subject_id=subject_id)
    transaction.on_commit(lambda: ring(job.pk))
    return job


def ring(job_id: int) -> None:
    """Tell a worker. A silent broker is no error: the sweeper rings again.

    After a ring that nobody heard, this process waits a few seconds before it tries the next: a
    page that asks for forty jobs is not held up by forty connections that time out.
    """
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    app = import_string("portal.celery.app")
    try:
        app.send_task("portal.jobs.run", [job_id], retry=False, ignore_result=True)
    except Exception:
        _quiet_until = time.monotonic() + QUIET
        log.warning("the doorbell of job %s was not heard", job_id)


def sweep() -> int:
    """Ring for every job that waits or whose lease ran out; returns how many."""
    with transaction.atomic():  # a locked row is being finished
        free = Job.objects.claimable().select_for_update(skip_locked=True).order_by("pk")
        waiting = list(free.values_list("pk", flat=True)[:100])
    for job_id in waiting:
        ring(job_id)
    return len(waiting)


def run(job_id: int) -> bool:
    """Do one job if it is there to be done. True when this call ran it to an end.

    A failed attempt is tried again up to five times, or as often as the job declares; then the job
    is marked failed. An attempt whose process was killed counts as one.
    """
    lease = Lease.claim(job_id)
    if lease is None:
        return False
    job = Job.objects.get(pk=job_id)
    if lease.attempt > most_attempts(job.name):
        lease.fail("Mỗi lần chạy, tiến trình làm việc này đều bị dừng giữa chừng.")
        return True
    try:
        with lease.kept():
            work_of(job.name)(lease, job.subject_id)
        lease.finish()
    except LeaseLost:
        log.warning("job %s was taken over from attempt %s", job_id, lease.attempt)
        return False
    except Exception as error:
        log.exception("job %s (%s) failed, code %s", job_id, job.name, job.support_code)
        last = lease.attempt >= most_attempts(job.name) or isinstance(error, UnknownJob)
        end = lease.fail if last else lease.release
        end(traceback.format_exc())
        return last
    return True


def drain() -> int:
    """Do every waiting job in this process; for commands that run the thread without a worker.

    Raises:
        RuntimeError: a job failed for good.
    """
    done = 0
    while job := Job.objects.claimable().order_by("pk").first():
        run(job.pk)
        job.refresh_from_db()
        if job.state == Job.State.FAILED:
            raise RuntimeError(
                f"Việc {job.name} không xong. Mã hỗ trợ {job.support_code}.\n{job.error}"
            )
        done += 1
    return done


def see_through(name: str, subject_id: int, *, seconds: float = 120) -> None:
    """Do the open job of this name and subject here, or wait for the worker that holds it.

    Raises:
        RuntimeError: the job failed for good, or is still open after `seconds`.
    """
    deadline = time.monotonic() + seconds
    while job := Job.objects.open().filter(name=name, subject_id=subject_id).first():
        if not run(job.pk):
            if time.monotonic() > deadline:
                raise RuntimeError(f"Việc {name} chưa xong sau {seconds:.0f} giây.")
            time.sleep(0.1)
    last = Job.objects.last_of(name, subject_id)
    if last is not None and last.state == Job.State.FAILED:
        raise RuntimeError(f"Việc {name} không xong. Mã hỗ trợ {last.support_code}.\n{last.error}")
