"""A template's steps: new version, into use, out of use; each one a post."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from reports import services
from reports.services import templates

from ..steps import found, take
from .forms import DeadlineForm
from .reading import template_found


@require_POST
@permission_needed(templates.EDIT)
def new_version(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go on in the draft of the next version, begun from this one when there is none."""
    template = template_found(request, pk)
    try:
        draft = templates.new_version(template=template, by=request.user)
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect(template)
    messages.success(request, "Đang sửa phiên bản mới; phiên bản đang dùng giữ nguyên.")
    return redirect("reports:template_edit", draft.pk)


@require_POST
@permission_needed(templates.PUBLISH)
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    template = template_found(request, pk)
    return take(
        request,
        lambda: templates.publish(
            template=template,
            by=request.user,
            now=timezone.now(),
            note=request.POST.get("ghi_chu", ""),
        ),
        done="Đã đưa phiên bản này vào dùng. Báo cáo lập từ nay theo phiên bản này.",
        to=template.get_absolute_url(),
    )


@require_POST
@permission_needed(templates.PUBLISH)
def set_in_use(request: SignedInRequest, pk: int, use: str) -> HttpResponse:
    """`use`: "dung" or "ngung"."""
    template = template_found(request, pk)
    in_use = use == "dung"
    return take(
        request,
        lambda: templates.set_in_use(template=template, by=request.user, in_use=in_use),
        done="Đề cương được dùng lại."
        if in_use
        else "Đã ngừng dùng đề cương. Báo cáo cũ giữ nguyên.",
        to=template.get_absolute_url(),
    )


@require_POST
@permission_needed(templates.EDIT)
def drop_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    template = template_found(request, pk)
    return take(
        request,
        lambda: templates.drop_draft(template=template, by=request.user),
        done="Đã bỏ bản nháp.",
        to=reverse("reports:template_list"),
    )


@require_POST
@permission_needed(templates.PUBLISH)
def deadline_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """A rule for the day reports are due, from a day on."""
    template = template_found(request, pk)
    form = DeadlineForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return redirect(template)
    try:
        templates.set_deadline(template=template, by=request.user, **form.cleaned_data)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, "Đã ghi hạn lập báo cáo.")
    return redirect(template)


@require_POST
@permission_needed(templates.EDIT)
def from_report(request: SignedInRequest, pk: int) -> HttpResponse:
    """A report's text as the draft of a new template."""
    report = found(request, pk)
    try:
        template = templates.template_from_report(
            report=report, title=request.POST.get("ten", ""), by=request.user
        )
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect(report)
    messages.success(request, "Đã lưu báo cáo thành bản nháp đề cương. Xem lại từng mục.")
    return redirect("reports:template_edit", template.pk)
