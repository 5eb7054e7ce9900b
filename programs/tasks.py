"""Long work on a programme, as jobs: extracts of the treasury, carrying over, the export."""

from __future__ import annotations

from portal.formats import number
from portal.jobs.lease import Lease
from portal.jobs.registry import job

from .models import CapitalPlan, CarryOver, GroupsExport, TreasuryExtract
from .services import carrying, exporting, treasury
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


@job(carrying.CARRY_JOB)
def carry_over(lease: Lease, asked_id: int) -> None:
    """Carry a year's money over, once; a refusal is kept for the person who asked."""
    asked = CarryOver.objects.select_related("programme", "document", "by").get(pk=asked_id)
    if not asked.is_open:
        return
    count = CapitalPlan.objects.yearly(asked.programme, asked.year).count()
    lease.say(f"Đang chuyển số còn lại của {number(count)} dòng vốn năm {asked.year}")
    with lease.effect():
        carrying.do_carry_over(asked=asked)


@job(exporting.EXPORT_JOB)
def export_groups(lease: Lease, asked_id: int) -> None:
    """Make the workbook of the five data groups and keep it, once."""
    asked = GroupsExport.objects.select_related("programme").filter(pk=asked_id).first()
    if asked is None or not asked.is_open:
        return
    content, rows = exporting.make_export(asked, lease.say)
    lease.say("Đang lưu tệp")
    with lease.effect():
        exporting.keep_export(asked=asked, content=content, rows=rows)
