"""Reading an uploaded file, and looking again at what depends on approved data, as jobs."""

from __future__ import annotations

from portal.jobs.lease import Lease
from portal.jobs.registry import job

from .models import Submission, Upload
from .services import reading, rechecking
from .services.rechecking import RECHECK_JOB
from .services.uploading import READ_JOB


@job(READ_JOB)
def read_upload(lease: Lease, upload_id: int) -> None:
    """Read the file in a confined process; keep the result if this attempt still holds the job."""
    upload = Upload.objects.to_read().filter(pk=upload_id).first()
    if upload is None:
        return
    lease.say("Đang đọc tệp")
    found = reading.read_upload(upload)
    lease.say("Đang lưu kết quả đọc")
    with lease.effect():
        reading.store_reading(upload=upload, reading=found)


@job(RECHECK_JOB)
def recheck_dependants(lease: Lease, submission_id: int) -> None:
    """What compares itself with a submission that was approved; harmless when run twice."""
    approved = Submission.objects.approved().with_names().filter(pk=submission_id).first()
    if approved is None:
        return
    lease.say("Đang so với các biểu khác")
    rechecking.recheck_dependants(approved=approved)
