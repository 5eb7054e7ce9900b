"""A worker that is killed amid a batch: the next goes on where it was, nothing is made twice."""

import hashlib
import os
import signal
import warnings
from contextlib import suppress

import pytest
from django.db import connections

from portal.jobs import services as jobs
from portal.jobs.models import Job
from reports.models import BatchSheet
from tests.reports import stage
from tests.reports.batches import asked_batch
from tests.reports.test_services_faults import Reaper

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("reference_data"),
]


def killed_worker(moment):
    """A worker of its own process that dies at that statement, commit or written file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        with suppress(BaseException):
            connections["default"].connection = None  # the parent's: not ours to close
            connections["default"].ensure_connection()
            Reaper(moment).watch()
            jobs.drain()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def done(batch):
    rows = batch.sheets.filter(state=BatchSheet.State.DONE)
    return {row.pk: (row.sha256, row.finished_at) for row in rows}


def test_killed_again_and_again_every_sheet_is_made_once():
    batch = asked_batch()
    kept = {}
    for moment in (3, 30, 60, 90):
        assert killed_worker(moment)
        now = done(batch)
        assert kept.items() <= now.items()  # what was made stays as it was
        kept = now
        Job.objects.open().update(lease_until=stage.NOW)  # the leases of the dead run out
    jobs.drain()
    made = done(batch)
    assert kept.items() <= made.items()
    assert len(made) == batch.sheets.count() == 3
    for sheet in batch.sheets.all():
        with sheet.file.open() as file:
            assert hashlib.sha256(file.read()).hexdigest() == sheet.sha256
