"""Reading files, opening zips of them, looking again at what depends on approved data."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from portal.jobs import services as jobs
from portal.jobs.lease import Lease
from portal.jobs.registry import job

from .lists.registry import list_resource
from .models import Archive, ListImport, ListState, NoticeMail, Submission, Takeover, Upload
from .services import (
    closing,
    foreseeing,
    lists,
    mailing,
    many,
    reading,
    rechecking,
    reminding,
    taking,
)
from .services.belonging import belonging
from .services.comparing import look_ahead
from .services.in_time import in_time
from .services.mailing import MAIL_JOB
from .services.many import UNPACK_JOB
from .services.periods import make_periods
from .services.rechecking import RECHECK_JOB
from .services.taking import AT_ONCE, COMMIT_JOB
from .services.uploading import READ_JOB
from .workbooks.intake import unreadable
from .workbooks.source import Unreadable

# of a file that is read: the first attempt, all of them, and the least that is worth beginning
READ_SECONDS, ALL_SECONDS = 0.6 * settings.UPLOAD_SECONDS, 0.85 * settings.UPLOAD_SECONDS
LEAST_SECONDS = 5.0
READ_ATTEMPTS = 3
KEPT_SECONDS = (
    0.95 * settings.UPLOAD_SECONDS
)  # after which what was read is given up, with a sentence
OUT_OF_TIME = "Các lần đọc trước bị dừng giữa chừng, không còn giờ cho lần nữa."


def time_left(lease: Lease) -> float:
    """Seconds for one reading, so that a file has its answer within a minute of being begun."""
    return min(READ_SECONDS, ALL_SECONDS - lease.spent())


@job(READ_JOB, attempts=READ_ATTEMPTS)
def read_upload(lease: Lease, upload_id: int) -> None:
    """Read the file in a confined process; keep the result if this attempt still holds the job."""
    upload = Upload.objects.to_read().filter(pk=upload_id).first()
    if upload is None:
        return
    seconds = time_left(lease)
    if seconds < LEAST_SECONDS:
        lease.fail(OUT_OF_TIME)
        return
    until = time.monotonic() + seconds
    lease.say("Đang đọc tệp")
    beside = foreseeing.beside_now(upload.submission)
    found = reading.read_upload(upload, seconds=seconds)
    belongs = belonging(upload, found, seconds=until - time.monotonic())
    lease.say("Đang lưu kết quả đọc")
    try:
        with lease.effect(), in_time(KEPT_SECONDS - lease.spent()):
            kept = reading.store_reading(upload=upload, reading=found, belongs=belongs)
            if kept and len(found.values) > AT_ONCE:
                foreseeing.foresee(upload, found, beside=beside)
                look_ahead(upload.submission)
    except Unreadable as problem:
        with lease.effect():
            reading.store_reading(upload=upload, reading=unreadable(problem, upload.original_name))


@job(COMMIT_JOB)
def take_over(lease: Lease, takeover_id: int) -> None:
    """Take large files over, once; a refusal is kept for the person who asked."""
    asked = Takeover.objects.open().select_related("submission", "asked_by")
    found = asked.filter(pk=takeover_id).first()
    if found is None:
        return
    lease.say("Đang ghi nhận số liệu")
    with lease.effect():
        taking.finish_takeover(found)


@job(RECHECK_JOB)
def recheck_dependants(lease: Lease, submission_id: int) -> None:
    """What compares itself with a submission that was approved; harmless when run twice."""
    approved = Submission.objects.approved().with_names().filter(pk=submission_id).first()
    if approved is None:
        return
    lease.say("Đang so với các biểu khác")
    rechecking.recheck_dependants(approved=approved)


@job(UNPACK_JOB)
def unpack_archive(lease: Lease, archive_id: int) -> None:
    """Open a zip on the disk; its files become uploads if this attempt still holds the job."""
    archive = Archive.objects.waiting().select_related("submission").filter(pk=archive_id).first()
    if archive is None:
        return
    lease.say(f"Đang mở {archive.original_name}")
    with tempfile.TemporaryDirectory() as folder:
        contents = many.open_archive(archive, Path(folder), lease.say)
        with lease.effect():
            many.store_contents(archive=archive, contents=contents)


@shared_task(name="portal.collection.make_periods")
def make_periods_ahead() -> None:
    """Once a day: the reporting periods of the years ahead that are not there yet."""
    make_periods(today=timezone.localdate())


REMIND_JOB = "remind"


@shared_task(name="portal.collection.remind")
def ask_to_remind() -> None:
    """Beat's doorbell; the day's number is the job's subject, so it is asked once at a time."""
    jobs.ask(REMIND_JOB, timezone.localdate().toordinal())


@job(REMIND_JOB)
def remind(lease: Lease, day: int) -> None:
    """Closing days, reminders and the day's letters; what was told before is not told again."""
    now = timezone.now()
    lease.say("Đang nhắc hạn nộp")
    closing.keep_closings()
    reminding.remind(now=now)
    with lease.effect():
        mailing.prepare_mails(now=now)


@job(MAIL_JOB)
def send_notice_mail(lease: Lease, mail_id: int) -> None:
    """Send one person's letter of one day."""
    mail = NoticeMail.objects.filter(pk=mail_id, sent_at=None).select_related("person").first()
    if mail is None:
        return
    letter = mailing.letter_of(mail)
    with lease.effect():
        mail.sent_at = timezone.now()
        mail.save(update_fields=["sent_at"])
        letter.send()


@job(lists.receiving.READ_JOB)
def read_list(lease: Lease, import_id: int) -> None:
    """Read a file of the old systems and compare it with what is kept."""
    one = ListImport.objects.select_related("by").filter(pk=import_id).first()
    if one is None or one.state != ListState.RECEIVED:
        return
    lease.say("Đang đọc tệp")
    resource = list_resource(one)
    table, problems = lists.read_list(one.file.path, resource)
    lease.say(f"Đang so {len(table.rows)} dòng với dữ liệu đang có")
    with lease.effect():
        lists.keep_reading(one=one, table=table, problems=problems, resource=resource, whole=False)


@job(lists.receiving.APPLY_JOB)
def apply_list(lease: Lease, import_id: int) -> None:
    """Take the confirmed rows of a list over."""
    one = ListImport.objects.select_related("by").filter(pk=import_id).first()
    if one is None or one.state != ListState.CONFIRMED:
        return
    lease.say("Đang ghi nhận danh sách")
    with lease.effect():
        lists.take_over_list(one=one, resource=list_resource(one))
