"""A worker's hold on one job: kept alive by heartbeats, fenced by its attempt number."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from .models import Job

LEASE = timedelta(seconds=5)
HEARTBEAT_SECONDS = 1.0


class LeaseLost(Exception):
    """Another worker has taken the job over; this attempt must leave no effect."""


class Lease:
    """What a job's work holds while it runs."""

    def __init__(self, *, job_id: int, attempt: int) -> None:
        self.job_id = job_id
        self.attempt = attempt
        self._done = threading.Event()

    @classmethod
    def claim(cls, job_id: int) -> Lease | None:
        """Take the job, or None when it is done or another worker holds it."""
        with transaction.atomic():
            # a row that is locked is being finished: nobody waits for it
            free = Job.objects.claimable().select_for_update(skip_locked=True)
            if not free.filter(pk=job_id).exists():
                return None
            Job.objects.filter(pk=job_id).update(
                state=Job.State.RUNNING,
                attempt=F("attempt") + 1,
                lease_until=Now() + LEASE,
                started_at=Coalesce("started_at", Now()),
            )
            attempt = Job.objects.values_list("attempt", flat=True).get(pk=job_id)
        return cls(job_id=job_id, attempt=attempt)

    def _mine(self):  # type: ignore[no-untyped-def]
        return Job.objects.filter(pk=self.job_id, attempt=self.attempt, state=Job.State.RUNNING)

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Beat until the block ends, on a connection of its own."""
        thread = threading.Thread(target=self._beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._done.set()
            thread.join(timeout=5)

    def _beat(self) -> None:
        try:
            while not self._done.wait(HEARTBEAT_SECONDS):
                try:
                    self._mine().update(lease_until=Now() + LEASE)
                except DatabaseError:  # perhaps it was restarted: the next beat connects anew
                    connection.close()
        finally:
            connection.close()

    @contextlib.contextmanager
    def effect(self) -> Iterator[None]:
        """The job's one effect: what the block writes and "done" are committed together.

        Raises:
            LeaseLost: a later attempt holds the job; nothing of the block is kept.
        """
        with transaction.atomic():
            if not self._mine().select_for_update().exists():
                raise LeaseLost(f"job {self.job_id} attempt {self.attempt}")
            yield
            self._mine().update(state=Job.State.DONE, finished_at=timezone.now(), error="")

    def spent(self) -> float:
        """Seconds since the job was first begun, whoever began it."""
        began = Job.objects.values_list("started_at", flat=True).get(pk=self.job_id)
        return (timezone.now() - began).total_seconds() if began else 0.0

    def say(self, progress: str) -> None:
        """Progress in the user's words, e.g. "Đã đọc 12.400 / 20.000 dòng"."""
        self._mine().update(progress=progress[:200])

    def finish(self) -> None:
        """Done without an effect (there was nothing left to do)."""
        self._mine().update(state=Job.State.DONE, finished_at=timezone.now())

    def fail(self, error: str) -> None:
        """Give up: `error` is for the trail, users are shown the support code."""
        self._mine().update(state=Job.State.FAILED, finished_at=timezone.now(), error=error[-4000:])

    def release(self, error: str) -> None:
        """Let go at once, so that the sweeper has it tried again."""
        self._mine().update(state=Job.State.QUEUED, lease_until=None, error=error[-4000:])
