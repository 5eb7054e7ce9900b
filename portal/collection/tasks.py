"""Reading an uploaded file, as a job."""

from __future__ import annotations

from portal.jobs.lease import Lease
from portal.jobs.registry import job

from .models import Upload
from .services import reading
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
