"""Certificates of leaders and agency: registered, withdrawn, and when they run out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from reports import services
from reports.forms import CertificateForm
from reports.models import Certificate, CertificateEvent

_SHOWN_EVENTS = 20


@permission_needed("reports.certificates")
def certificate_list(request: SignedInRequest) -> HttpResponse:
    """All certificates, and the form for one more."""
    form = CertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            entered = services.enter_certificate(
                data=form.cleaned_data["file"].read(),
                token=form.cleaned_data["token"],
                by=request.user,
                now=timezone.now(),
                **form.cleaned_data["whose"],
            )
        except services.REFUSALS as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, f"Đã đăng ký chứng thư của {entered.subject}.")
            return redirect("reports:certificate_list")
    return render(request, "reports/certificate_list.html", _page(form))


@require_POST
@permission_needed("reports.certificates")
def certificate_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    certificate = get_object_or_404(Certificate, pk=pk)
    try:
        services.withdraw_certificate(
            certificate=certificate,
            by=request.user,
            reason=request.POST.get("ly_do", ""),
            now=timezone.now(),
        )
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Đã ngừng dùng chứng thư của {certificate.subject}.")
    return redirect("reports:certificate_list")


def _page(form: CertificateForm) -> dict[str, Any]:
    now = timezone.now()
    certificates = Certificate.objects.select_related("owner", "agency", "registered_by")
    events = CertificateEvent.objects.select_related("certificate", "who")
    return {
        "form": form,
        "rows": [
            {"certificate": one, "state": _state(one, now), "key": _place_of_key(one)}
            for one in certificates
        ],
        "events": [
            {
                "kind": "draft",
                "what": f"{event.what}: {event.certificate.subject}",
                "who": event.who,
                "at": event.at,
                "note": event.note,
            }
            for event in events[:_SHOWN_EVENTS]
        ],
    }


def _state(certificate: Certificate, now: Any) -> tuple[str, str]:
    """The chip's kind and its word."""
    if certificate.revoked_at is not None:
        return "draft", "Ngừng dùng"
    if certificate.not_after < now:
        return "wrong", "Hết hạn"
    if certificate.not_before > now:
        return "waiting", "Chưa có hiệu lực"
    if certificate.not_after <= now + services.WARNED_BEFORE:
        return "warning", f"Còn {(certificate.not_after - now).days} ngày"
    return "done", "Còn hiệu lực"


def _place_of_key(certificate: Certificate) -> str:
    if certificate.token:
        return f"Thiết bị “{certificate.token}” ở máy chủ"
    return "Tệp khoá ở máy chủ" if certificate.key_file else "Thiết bị của người ký"
