"""The steps before the signature, each one a post."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from reports import services

from .steps import found, take


@require_POST
@permission_needed("reports.draft")
def send_up(request: SignedInRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    return take(
        request,
        lambda: services.send_up(report=report, by=request.user, now=timezone.now()),
        done="Đã trình. Số liệu trong báo cáo được chốt cùng văn bản.",
        to=report,
    )


@require_POST
@permission_needed("reports.check_content")
def pass_content(request: SignedInRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    return take(
        request,
        lambda: services.pass_content(
            report=report,
            by=request.user,
            now=timezone.now(),
            note=request.POST.get("ghi_chu", ""),
        ),
        done="Đã xác nhận nội dung. Báo cáo chuyển sang kiểm tra thể thức.",
        to=report,
    )


@require_POST
@permission_needed("reports.check_form")
def pass_form(request: SignedInRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    return take(
        request,
        lambda: services.pass_form(report=report, by=request.user, now=timezone.now()),
        done="Đang kết xuất bản trình ký. Xong thì báo cáo tự chuyển tới người ký.",
        to=report,
    )


@require_POST
@permission_needed(*services.MAY_RETURN.values())
def return_report(request: SignedInRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    return take(
        request,
        lambda: services.return_report(
            report=report,
            by=request.user,
            reason=request.POST.get("ly_do", ""),
            now=timezone.now(),
            with_remarks=request.POST.get("kem_gop_y") == "1",
        ),
        done="Đã trả lại để sửa. Người soạn thảo thấy lý do trong phần diễn biến.",
        to=report,
    )
