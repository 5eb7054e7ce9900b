"""The steps before the signature: sent up, content checked, form checked, or sent back."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from portal.jobs import services as jobs
from reports.models import (
    Rendering,
    Report,
    Status,
)
from reports.printing import printed_report
from reports.text import typed

from .authority import check_authority, signing_day
from .binding import drop_unused_citations, freeze, unfreeze
from .exhibits import check_annexes, freeze_exhibits, unfreeze_exhibits
from .form.waiving import refuse_open_departures, wrote
from .freezing import record_freeze
from .refusals import NotAllowed, NotNow, OwnReport, ReasonMissing, ReportRefusal
from .remarking import open_remarks_told
from .rendering import JOB, failed_job, refuse_rendering
from .sharing import need_section
from .trail import at_step, locked, need, write_down
from .unfinished import check_finished

if TYPE_CHECKING:
    from portal.accounts.models import User

#: Who may send a report back from where.
MAY_RETURN = {
    Status.CONTENT_CHECK: "reports.check_content",
    Status.FORM_CHECK: "reports.check_form",
    Status.TO_SIGN: "reports.sign",
    Status.SIGNED: "reports.number",
}


class NoSignatory(ReportRefusal):
    message = "Chưa chọn người ký. Hãy chọn người ký trong phần thông tin chung rồi trình lại."


class EmptyReport(ReportRefusal):
    message = "Báo cáo chưa có nội dung. Hãy soạn ít nhất một mục rồi trình."


class BeingRendered(ReportRefusal):
    message = "Báo cáo đang được kết xuất để ký. Hãy đợi xong rồi xử lý tiếp."


@transaction.atomic
def send_up(*, report: Report, by: User, now: datetime.datetime) -> Report:
    """Send a draft to the head of division; its figures are frozen with the text.

    Raises:
        NotAllowed, NotNow, NoSignatory, EmptyReport
        PartsUnfinished: places of the template nobody wrote; all of them are listed.
        NoAuthority: the signatory may not sign in this capacity.
        FiguresMissing: a figure of the text has no value; all of them are listed.
        ExhibitsMissing: a table or chart of the text says nothing; all of them are listed.
        AnnexNotNamed: the text does not refer to an annex.
        UnknownReference, RefusedContent: the text could not be printed.
    """
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    need_section(report, None, by)
    if report.signatory_id is None:
        raise NoSignatory
    if not printed_report(report).blocks:
        raise EmptyReport
    check_finished(report)
    check_annexes(report)
    check_authority(report, day=signing_day(report, now))
    freeze(report, now=now)
    freeze_exhibits(report, now=now)
    record_freeze(report, now=now)
    drop_unused_citations(report)
    report.status, report.frozen_at = Status.CONTENT_CHECK, now
    report.save(update_fields=["status", "frozen_at"])
    what = f"Trình dự thảo {report.draft_no}, chốt số liệu"
    write_down(report, "sent_up", what, who=by, at=now)
    return report


@transaction.atomic
def pass_content(*, report: Report, by: User, now: datetime.datetime, note: str = "") -> Report:
    """The head of division answers for the content (Nghị định 30/2020, điều 12.1).

    Raises:
        NotAllowed, NotNow, OwnReport
    """
    need(by, "reports.check_content")
    report = at_step(report, Status.CONTENT_CHECK)
    not_own(report, by)
    report.status = Status.FORM_CHECK
    report.content_checked_by, report.content_checked_at = by, now
    report.save(update_fields=["status", "content_checked_by", "content_checked_at"])
    write_down(
        report,
        "content_checked",
        "Đã kiểm tra nội dung",
        who=by,
        at=now,
        note=typed.some_lines(note),
    )
    return report


@transaction.atomic
def pass_form(*, report: Report, by: User, now: datetime.datetime) -> Rendering:
    """The form checker answers for the form (điều 12.2) and has the report laid out for signing.

    The report moves on when the laying-out succeeds; else it stays, with the reason. Asking again
    while one is under way returns that one.

    Raises:
        NotAllowed, NotNow, OwnReport
        DeparturesOpen: something is wrong in form, neither mended nor left with a reason.
    """
    need(by, "reports.check_form")
    report = at_step(report, Status.FORM_CHECK)
    not_own(report, by)
    waiting = report.renderings.filter(state=Rendering.State.WAITING).first()
    if waiting is None:
        refuse_open_departures(report)
        last = report.renderings.aggregate(last=Max("attempt"))["last"] or 0
        waiting = Rendering.objects.create(
            report=report,
            attempt=last + 1,
            draft_no=report.draft_no,
            requested_by=by,
            requested_at=now,
        )
        what = "Đạt thể thức, kết xuất bản trình ký"
        write_down(report, "form_passed", what, who=by, at=now)
    jobs.ask(JOB, waiting.pk)
    return waiting


@transaction.atomic
def return_report(
    *,
    report: Report,
    by: User,
    reason: str,
    now: datetime.datetime,
    with_remarks: bool = False,
) -> Report:
    """Send a report back to its drafter with the reason; the figures follow the data again.

    `with_remarks` lists the remarks that are still open behind the reason.

    From a signed report this sets the signature aside: the next draft is signed anew. A numbered
    report is not returned any more.

    Raises:
        NotAllowed, NotNow, ReasonMissing, BeingRendered
    """
    report = locked(report)
    permission = MAY_RETURN.get(Status(report.status))
    if permission is None:
        raise NotNow
    if not (report.status == Status.TO_SIGN and report.signatory_id == by.pk):
        need(by, permission)
    reason = typed.some_lines(reason)
    if not reason:
        raise ReasonMissing("Hãy ghi lý do trả lại để người soạn thảo biết cần sửa gì.")
    if with_remarks:
        reason = "\n".join([reason, *open_remarks_told(report)])
    before = report.get_status_display()
    _back_to_draft(report, now)
    what = f"Trả lại khi đang ở bước “{before}”"
    write_down(report, "returned", what, who=by, at=now, note=reason)
    return report


#: Where the drafter may still take the report back: nobody has signed it.
MAY_RECALL = (Status.CONTENT_CHECK, Status.FORM_CHECK, Status.TO_SIGN)


@transaction.atomic
def recall_report(*, report: Report, by: User, reason: str, now: datetime.datetime) -> Report:
    """The drafter takes the own report back before it is signed.

    Raises:
        NotAllowed: another person's report.
        NotNow, ReasonMissing, BeingRendered
    """
    report = at_step(report, *MAY_RECALL)
    if report.drafter_id != by.pk:
        raise NotAllowed
    reason = typed.some_lines(reason)
    if not reason:
        raise ReasonMissing
    before = report.get_status_display()
    _back_to_draft(report, now)
    what = f"Rút lại khi đang ở bước “{before}”"
    write_down(report, "recalled", what, who=by, at=now, note=reason)
    return report


def _back_to_draft(report: Report, now: datetime.datetime) -> None:
    """The next draft; its figures follow the data again, checks and layout are set aside."""
    _end_waiting(report, now)
    report.status, report.frozen_at = Status.DRAFT, None
    report.draft_no += 1
    report.content_checked_by = report.content_checked_at = None
    report.form_checked_by = report.form_checked_at = None
    report.rendering = None
    report.save()
    unfreeze(report)
    unfreeze_exhibits(report)


def _end_waiting(report: Report, now: datetime.datetime) -> None:
    """Put an end to a layout whose job gave up; raises BeingRendered while it goes on."""
    waiting = report.renderings.filter(state=Rendering.State.WAITING).first()
    if waiting is None:
        return
    job = failed_job(waiting)
    if job is None:
        raise BeingRendered
    problem = f"Hệ thống chưa kết xuất được. Mã hỗ trợ: {job.support_code}."
    refuse_rendering(rendering=waiting, problem=problem, now=now)


def not_own(report: Report, by: User) -> None:
    """Raise OwnReport for the drafter and for everybody who changed this draft's text."""
    if wrote(report, by):
        raise OwnReport
