"""Is this file genuine? Open to everybody, with or without the address from the QR code."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.timezone import localtime

from reports import services
from reports.forms import VerifyForm
from reports.models import Report, Sequel

from .reading import pdf_response


@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    """Upload any PDF: who signed it, when, and whether it is what the agency issued."""
    return _answer(request, report=None, template="reports/verify.html")


@login_not_required
def verify_report(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind the QR code: what was issued, and whether a copy is the same file."""
    report = get_object_or_404(
        Report.objects.issued().with_names().select_related("document"), verify_code=code
    )
    return _answer(request, report=report, template="reports/verify.html")


@login_not_required
def verify_file(request: HttpRequest, code: str) -> FileResponse:
    """The issued file, where the agency has made it public."""
    report = get_object_or_404(Report.objects.issued().select_related("document"), verify_code=code)
    file = services.issued_file(report)
    if file is None or report.document is None or not report.document.is_public:
        raise Http404
    return pdf_response(file, f"{report.printed_number}-{report.symbol}.pdf")


def _answer(request: HttpRequest, *, report: Report | None, template: str) -> HttpResponse:
    form = VerifyForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "report": report, "checked_at": timezone.now()}
    if report is not None:
        context["signatures"] = services.signatures_of(report)
        context |= _after_issue(report)
        context["moments"] = {
            signature.role: _written(localtime(signature.signed_at).isoformat("T", "seconds"))
            for signature in context["signatures"]
        }
        context["is_test"] = any(found.certificate.is_test for found in context["signatures"])
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        finding = services.verify_file(file.read(), claimed=report)
        context.update(finding=finding, file_name=file.name)
        context["found_signatures"] = [
            found.as_dict() | {"time": _written(found.time)} for found in finding.verdict.signatures
        ]
    return render(request, template, context)


def _after_issue(report: Report) -> dict[str, list[str]]:
    """What everybody must know of an issued document: withdrawn, replaced, corrected."""
    told = []
    for mending in Report.objects.issued().filter(Q(replaces=report) | Q(corrects=report)):
        verb = "thay thế" if mending.replaces_id else "đính chính"
        told.append(
            f"Văn bản này đã được {verb} bằng văn bản số {mending.number_and_symbol} ngày "
            f"{mending.issue_date:%d/%m/%Y}."
        )
    withdrawn = [
        f"Cơ quan ban hành đã thu hồi văn bản này ngày {localtime(one.at):%d/%m/%Y}."
        for one in report.sequels.filter(kind=Sequel.Kind.WITHDRAWN)
    ]
    return {"withdrawn": withdrawn, "mended_by": told}


def _written(moment: str) -> str:
    """ "2023-11-06T10:23:45+07:00" as "06/11/2023 10:23:45 +07:00"."""
    try:
        return f"{datetime.datetime.fromisoformat(moment):%d/%m/%Y %H:%M:%S} {moment[-6:]}"
    except ValueError:
        return ""
