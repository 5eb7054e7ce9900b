"""The morning's reminders of documents to deal with; case files exported."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.jobs import services as jobs
from portal.jobs.lease import Lease
from portal.jobs.registry import job

from .services import exporting, preparing, telling
from .services.preparing import EXPORT_JOB

REMIND_JOB = "remind_of_letters"


@shared_task(name="portal.documents.remind")
def ask_to_remind() -> None:
    """Beat's doorbell; the day's number is the job's subject, so it is asked once at a time."""
    jobs.ask(REMIND_JOB, timezone.localdate().toordinal())


@job(REMIND_JOB)
def remind(lease: Lease, day: int) -> None:
    """Deadlines near or past, documents not passed on; what was told before is not told again."""
    now = timezone.now()
    lease.say("Đang nhắc văn bản đến hạn")
    with lease.effect():
        telling.remind(now=now)
    preparing.forget_prepared(now=now)


@job(EXPORT_JOB)
def export_case_file(lease: Lease, prepared_id: int) -> None:
    """A whole case file as one zip for whoever asked."""
    exporting.export(prepared_id=prepared_id, lease=lease)
