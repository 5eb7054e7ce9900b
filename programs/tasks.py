"""Extracts of the treasury, as jobs."""

from __future__ import annotations

from portal.jobs.lease import Lease
from portal.jobs.registry import job

from .models import TreasuryExtract
from .services import treasury
from .services.treasury.entering import ENTER_JOB


@job(treasury.READ_JOB)
def read_treasury(lease: Lease, extract_id: int) -> None:
    """Read the file and match its rows to lines of capital."""
    extract = TreasuryExtract.objects.filter(pk=extract_id).first()
    if extract is None or extract.state != TreasuryExtract.State.RECEIVED:
        return
    lease.say("Đang đọc tệp")
    read = treasury.read_extract(extract.file.path)
    lease.say(f"Đang đối chiếu {len(read.rows)} dòng với kế hoạch vốn")
    with lease.effect():
        treasury.keep_reading(extract=extract, read=read)


@job(ENTER_JOB)
def enter_treasury(lease: Lease, extract_id: int) -> None:
    """Enter the rows that were agreed to."""
    extract = TreasuryExtract.objects.filter(pk=extract_id).first()
    if extract is None or extract.state != TreasuryExtract.State.ENTERING:
        return
    lease.say("Đang ghi giải ngân")
    with lease.effect():
        treasury.enter_extract(extract=extract)
