"""Lists of people from files, and the sums that pages read, as jobs."""

from __future__ import annotations

from portal.collection.models import ReportingPeriod, Submission
from portal.jobs import services as jobs
from portal.jobs.lease import Lease
from portal.jobs.registry import job

from .models import PeopleImport
from .services import rollups, small_counts
from .services.people import importing


@job(importing.READ_JOB)
def read_people(lease: Lease, import_id: int) -> None:
    """Read the file and compare it with the list."""
    one = PeopleImport.objects.select_related("by").filter(pk=import_id).first()
    if one is None or one.state != PeopleImport.State.RECEIVED:
        return
    lease.say("Đang đọc tệp")
    table, problems = importing.read_import(one)
    lease.say("Đang so với danh sách")
    with lease.effect():
        importing.keep_reading(one=one, table=table, problems=problems)


@job(importing.APPLY_JOB)
def apply_people(lease: Lease, import_id: int) -> None:
    """Take the confirmed rows over."""
    one = PeopleImport.objects.filter(pk=import_id).first()
    if one is None or one.state != PeopleImport.State.CONFIRMED:
        return
    lease.say("Đang ghi nhận danh sách")
    with lease.effect():
        importing.apply_import(one=one)


@job(rollups.SUM_JOB)
def sum_submission(lease: Lease, submission_id: int) -> None:
    """After an approval: the sums of the units and indicators that it touched."""
    submission = Submission.objects.select_related("dataset", "period").get(pk=submission_id)
    with lease.effect():
        rollups.sum_submission(submission)
        jobs.ask(small_counts.HIDE_JOB, submission.pk)


@job(small_counts.HIDE_JOB)
def hide_small_counts(lease: Lease, submission_id: int) -> None:
    """After the sums: what is not published of them; kept, so harmless when repeated."""
    submission = Submission.objects.select_related("period").get(pk=submission_id)
    small_counts.hide_small_counts_of(submission)


@job(rollups.SUM_EVERYTHING)
def sum_everything(lease: Lease, number: int) -> None:
    """After units changed: every sum anew, period by period; harmless when repeated."""
    rollups.sum_everything()
    small_counts.hide_small_counts_of_periods(
        ReportingPeriod.objects.filter(submissions__in=Submission.objects.approved()).distinct()
    )
