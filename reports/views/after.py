"""Taking back before the signature; after issue: replaced, corrected, withdrawn, filed, resent."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from portal.documents.models import CaseFile
from reports import services
from reports.models import Report

from .steps import found, take


@require_POST
@permission_needed("reports.draft")
def recall(request: SignedInRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    return take(
        request,
        lambda: services.recall_report(
            report=report, by=request.user, reason=_reason(request), now=timezone.now()
        ),
        done="Đã rút lại thành dự thảo mới. Sửa xong thì trình lại.",
        to=report,
    )


@require_POST
@permission_needed("reports.draft")
def replace(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin the document that replaces an issued one; a replacement under way is opened."""
    report = found(request, pk)
    return _begun(
        request,
        report,
        lambda: services.replace_report(
            report=report, by=request.user, reason=_reason(request), now=timezone.now()
        ),
        done=f"Đã lập dự thảo thay thế {report.number_and_symbol}. Văn bản cũ còn hiệu lực đến khi "
        "bản này phát hành.",
    )


@require_POST
@permission_needed("reports.draft")
def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin the letter that corrects the form of an issued report."""
    report = found(request, pk)
    return _begun(
        request,
        report,
        lambda: services.correct_report(
            report=report, by=request.user, reason=_reason(request), now=timezone.now()
        ),
        done=f"Đã lập dự thảo công văn đính chính {report.number_and_symbol}.",
    )


def _begun(
    request: SignedInRequest, report: Report, begin: Callable[[], Report], *, done: str
) -> HttpResponse:
    try:
        new = begin()
    except services.RemedyUnderWay as refusal:
        messages.warning(request, str(refusal))
        return redirect(refusal.report)
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect(report)
    messages.success(request, done)
    return redirect(new)


@require_POST
@permission_needed("reports.sign")
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    return take(
        request,
        lambda: services.withdraw_report(
            report=report, by=request.user, reason=_reason(request), now=timezone.now()
        ),
        done="Đã thu hồi văn bản. Trang xác thực nói rõ văn bản không còn được dùng.",
        to=report,
    )


@require_POST
@permission_needed("reports.issue")
def file(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put the issued document into a case file that this person keeps."""
    report = found(request, pk)
    asked = request.POST.get("ho_so", "")
    kept = CaseFile.objects.kept_by(request.user).open()
    chosen = kept.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 10 else None
    if chosen is None:
        messages.error(request, "Chọn hồ sơ đang mở để lưu.")
        return redirect(report)
    return take(
        request,
        lambda: services.file_report(
            report=report, case_file=chosen, by=request.user, now=timezone.now()
        ),
        done=f"Đã lưu vào hồ sơ {chosen}.",
        to=report,
    )


@require_POST
@permission_needed("reports.issue")
def send_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once more for every letter that has not gone out."""
    report = found(request, pk)
    return take(
        request,
        lambda: services.send_again(report=report, by=request.user),
        done="Đang gửi lại cho những nơi chưa nhận được.",
        to=report,
    )


def _reason(request: SignedInRequest) -> str:
    return request.POST.get("ly_do", "")
