"""What stands around every page of one report: its state, whose turn it is, what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from portal.access import SignedInRequest
from portal.documents.models import CaseFile
from reports import services
from reports.models import (
    Delivery,
    Rendering,
    Report,
    ReportFile,
    Sequel,
    Signature,
    Status,
)

from .remarking import whole_remarks
from .turn import chip_of, step_number, step_words, turn_of

if TYPE_CHECKING:
    from portal.accounts.models import User


MOST_FILES = 200


def common(request: SignedInRequest, report: Report, tab: str) -> dict[str, Any]:
    """What every page of one report shows around its content."""
    names = (
        ("noi-dung", "Nội dung", "reports:report_detail"),
        ("trang-in", "Trang in", "reports:pages"),
        ("so-lieu", "Số liệu", "reports:figure_list"),
        ("phu-luc", "Phụ lục rời", "reports:annex_list"),
        ("the-thuc", "Thể thức", "reports:form_check"),
        ("dien-bien", "Diễn biến", "reports:history"),
    )
    form = form_before_signing(report)
    return {
        "report": report,
        "form_check": form,
        "turn": turn_of(report, request.user),
        "chip_kind": chip_of(report),
        "steps": step_words(),
        "step": step_number(report),
        "tabs": [
            {
                "label": label,
                "url": reverse(name, args=[report.pk]),
                "current": key == tab,
                "count": len(form.open) if form and key == "the-thuc" else None,
            }
            for key, label, name in names
        ],
        "remarks": report.remarks.open().select_related("author", "section"),
        "whole_remarks": whole_remarks(report, request.user),
        "rendering": latest_rendering(report),
        "failed_job": services.failed_job(latest_rendering(report)),
        "files": downloads(report),
        "may_make_template": request.user.has_perm("reports.draft"),
        "may_follow": not report.is_draft and request.user.has_perm("reports.draft"),
        "directions": report.events.filter(kind="directed").select_related("who"),
        "recipients": report.recipients.all(),
        "after": after_issue(report, request.user),
        "signed": Signature.objects.filter(rendering=report.rendering_id).order_by("pk"),
        "lifted": services.issued_files(report).filter(stage=ReportFile.Stage.LIFTED).first(),
        "delivered": report.recipients.filter(delivery__isnull=False).select_related("delivery"),
    }


def after_issue(report: Report, user: User) -> dict[str, Any]:
    """What became of an issued report, and what this person may still do with it."""
    if report.status != Status.ISSUED:
        return {"mends": report.replaces or report.corrects}
    sequels = {one.kind: one for one in report.sequels.select_related("by")}
    replacement = Report.objects.filter(replaces=report).first()
    withdrawn = sequels.get(Sequel.Kind.WITHDRAWN)
    drafts = user.has_perm("reports.draft")
    return {
        "mends": report.replaces or report.corrects,
        "filed": sequels.get(Sequel.Kind.FILED),
        "withdrawn": withdrawn,
        "replacement": replacement,
        "corrections": list(report.corrections.order_by("pk")),
        "may_replace": drafts and replacement is None,
        "may_copy": user.has_perm("reports.issue"),
        "may_correct": drafts,
        "may_withdraw": user.has_perm("reports.sign") and withdrawn is None,
        "case_files": open_case_files(report, user) if Sequel.Kind.FILED not in sequels else [],
        "may_file": user.has_perm("reports.issue") and Sequel.Kind.FILED not in sequels,
        "may_send_again": user.has_perm("reports.issue")
        and Delivery.objects.filter(recipient__report=report, sent_at=None).exists(),
    }


def open_case_files(report: Report, user: User) -> list[tuple[CaseFile, bool]]:
    """Open files that this person keeps, newest years first; marked: that of the assignment."""
    if not user.has_perm("reports.issue"):
        return []
    kept = CaseFile.objects.kept_by(user).open().order_by("-year", "symbol")[:MOST_FILES]
    return [
        (one, one.assignment_id is not None and one.assignment_id == report.assignment_id)
        for one in kept
    ]


def form_before_signing(report: Report) -> services.FormList | None:
    """Departures from the decree's form, while they can still be mended or explained."""
    return None if report.has_reached(Status.TO_SIGN) else services.form_list(report)


def latest_rendering(report: Report) -> Rendering | None:
    """The last laying-out of the present draft."""
    return report.renderings.filter(draft_no=report.draft_no).order_by("-attempt").first()


def downloads(report: Report) -> list[dict[str, Any]]:
    """The files of the present draft that may be read, newest first."""
    files = ReportFile.objects.filter(rendering=report.rendering_id).order_by("-pk")
    shown = files[:1] if report.has_reached(Status.TO_SIGN) else ReportFile.objects.none()
    return [
        {"file": file, "url": reverse("reports:file", args=[report.pk, file.stage])}
        for file in shown
    ]
