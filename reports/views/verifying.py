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
from reports.models import AnnexFile, Report, ReportFile, Sequel
from reports.signing import Outcome, SignatureVerdict

from .files import file_response, pdf_response


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
    report = _public(code)
    file = services.issued_file(report)
    if file is None:
        raise Http404
    return pdf_response(file, f"{report.printed_number}-{report.symbol}.pdf")


@login_not_required
def verify_annex(request: HttpRequest, code: str, annex_pk: int) -> FileResponse:
    """An annex in a file of its own of a report that is public."""
    annexes = AnnexFile.objects.with_revisions()
    annex = get_object_or_404(annexes, pk=annex_pk, report=_public(code))
    return file_response(annex.latest.file, annex.file_name)


def _public(code: str) -> Report:
    return get_object_or_404(
        Report.objects.issued().filter(document__is_public=True), verify_code=code
    )


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
        if report is None and (found := _report_behind(finding)):
            context |= _after_issue(found)
        context.update(
            finding=finding,
            file_name=file.name,
            outcome=_outcome(finding.verdict.outcome),
            revision=_revision(finding),
            genuine_as=_genuine_as(finding),
            annex=finding.annex and f"Phụ lục: {finding.annex}",
            found_signatures=[_shown(found) for found in finding.verdict.signatures],
        )
    return render(request, template, context)


def _report_behind(finding: services.Finding) -> Report | None:
    """The issued report that a genuine file is, belongs to, or was copied from."""
    if not finding.verdict.genuine:
        return None
    return services.report_of(finding.copy.source) if finding.copy else finding.report


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


#: By outcome: how it is coloured, its sign, the title, and one sentence below it.
_OUTCOMES = {
    Outcome.GENUINE: ("done", "check-circle-fill", "Văn bản hợp lệ", ""),
    Outcome.FORGED: (
        "wrong",
        "x-circle-fill",
        "Không phải văn bản đã phát hành",
        "Tệp không đúng với văn bản cơ quan đã phát hành. Không dùng tệp này.",
    ),
    Outcome.VALID: (
        "information",
        "info-circle-fill",
        "Chữ ký hợp lệ, không phải văn bản của cơ quan này",
        "Các chữ ký còn nguyên vẹn và do nơi cấp được tin cậy cấp.",
    ),
    Outcome.WEAK: (
        "wrong",
        "x-circle-fill",
        "Chữ ký không đủ an toàn",
        "Chữ ký kiểu này có thể bị làm giả nên không chứng tỏ được ai ký và nội dung còn nguyên.",
    ),
    Outcome.UNTRUSTED: (
        "warning",
        "exclamation-triangle-fill",
        "Nội dung nguyên vẹn, chưa xác nhận được người ký",
        "Nội dung không bị sửa sau khi ký nhưng cổng không xác nhận được chứng thư của người ký.",
    ),
    Outcome.FILLED: (
        "warning",
        "exclamation-triangle-fill",
        "Có ô được điền hoặc sửa sau khi ký",
        "Người ký không xác nhận nội dung những ô nêu ở mục Toàn vẹn; hãy hỏi lại nơi gửi.",
    ),
    Outcome.CHANGED: (
        "wrong",
        "x-circle-fill",
        "Nội dung đã bị thay đổi sau khi ký",
        "Không dùng tệp này; hãy xin lại bản gốc từ nơi gửi.",
    ),
    Outcome.STAMPED: (
        "information",
        "info-circle-fill",
        "Tệp có dấu thời gian, không có chữ ký số",
        "Dấu thời gian cho biết nội dung có từ lúc nào, không cho biết ai chịu trách nhiệm.",
    ),
    Outcome.UNSIGNED: (
        "warning",
        "exclamation-triangle-fill",
        "Tệp không có chữ ký số",
        "Không có gì để xác thực: ai cũng có thể tạo hoặc sửa tệp này.",
    ),
    Outcome.UNREADABLE: (
        "wrong",
        "x-circle-fill",
        "Không xác thực được tệp này",
        "",
    ),
}


def _outcome(outcome: Outcome) -> dict[str, str]:
    return dict(zip(("kind", "icon", "title", "lead"), _OUTCOMES[outcome], strict=True))


def _shown(found: SignatureVerdict) -> dict[str, Any]:
    """The facts of a signature as the page writes them."""
    facts = found.as_facts() | {"time": _written(found.time)}
    for name in ("certificate_from", "certificate_to"):
        facts[name] = datetime.date.fromisoformat(facts[name]) if facts[name] else None
    return facts


def _genuine_as(finding: services.Finding) -> str:
    """What a genuine file is: the issued document, or a copy that the agency made."""
    copy, report = finding.copy, finding.report
    if copy is not None and copy.document is not None:
        made = f"{copy} ngày {copy.copy_date:%d/%m/%Y} của {copy.agency.full_name}"
        return f"{made}: {copy.subject}"
    if report is None or report.issue_date is None:
        return ""
    return f"Số {report.number_and_symbol} ngày {report.issue_date:%d/%m/%Y} · {report.subject}"


def _revision(finding: services.Finding) -> str:
    """Which of the issued files a genuine copy is."""
    for row, what in ((finding.copy, "bản sao đã ký số"), (finding.annex, "phụ lục đã phát hành")):
        if row is not None:
            lifted = getattr(row, "lifted", None)
            is_later = lifted is not None and lifted.sha256 == finding.sha256
            return _same(what, lifted.lifted_at if lifted and is_later else None)
    if finding.file is not None and finding.file.stage == ReportFile.Stage.LIFTED:
        return _same("bản đã phát hành", finding.file.created_at)
    return _same("bản đã phát hành")


def _same(what: str, lifted_at: datetime.datetime | None = None) -> str:
    said = f"Tệp trùng khớp hoàn toàn với {what}"
    if lifted_at is None:
        return f"{said}."
    return f"{said}, thêm dấu thời gian và dữ liệu thu hồi ngày {localtime(lifted_at):%d/%m/%Y}."


def _written(moment: str) -> str:
    """ "2023-11-06T10:23:45+07:00" as "06/11/2023 10:23:45 +07:00"."""
    try:
        return f"{datetime.datetime.fromisoformat(moment):%d/%m/%Y %H:%M:%S} {moment[-6:]}"
    except ValueError:
        return ""
