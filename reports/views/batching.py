"""Sheets for many units: asking for them, watching them come, taking them away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from portal.formats import number
from reports import services
from reports.models import Batch, BatchSheet

from .files import PDF_POLICY
from .templates.forms import BatchForm

_MOST_LISTED = 50


def batch_found(request: HttpRequest, pk: int) -> Batch:
    visible = Batch.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("template", "period", "requested_by"), pk=pk)


@permission_needed("reports.view")
def batch_list(request: SignedInRequest) -> HttpResponse:
    """The latest batches, and the form for a new one."""
    may_ask = request.user.has_perm("reports.draft")
    form = BatchForm(request.POST or None) if may_ask else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and (batch := _requested(request, form)):
            return redirect(batch)
    batches = Batch.objects.visible_to(request.user).select_related(
        "template", "period", "requested_by"
    )[:_MOST_LISTED]
    rows = [{"batch": one, "progress": services.progress_of(one)} for one in batches[:12]]
    return render(request, "reports/batch_list.html", {"form": form, "rows": rows})


def _requested(request: SignedInRequest, form: BatchForm) -> Batch | None:
    try:
        return services.request_batch(by=request.user, now=timezone.now(), **form.cleaned_data)
    except services.REFUSALS as refusal:
        form.add_error(None, str(refusal))
        return None


@permission_needed("reports.view")
def batch_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = batch_found(request, pk)
    return render(request, "reports/batch_detail.html", _context(request, batch))


@permission_needed("reports.view")
def batch_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while the batch runs."""
    batch = batch_found(request, pk)
    return render(request, "reports/batch_progress.html", _context(request, batch))


def _context(request: SignedInRequest, batch: Batch) -> dict[str, Any]:
    failed = services.failed_sheets(batch)
    return {
        "batch": batch,
        "progress": services.progress_of(batch),
        "rows": [
            {"sheet": sheet, "job": failed.get(sheet.pk)}
            for sheet in batch.sheets.select_related("unit")
        ],
        "may_ask": request.user.has_perm("reports.draft"),
    }


@require_POST
@permission_needed("reports.draft")
def batch_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go on with what is not made."""
    batch = batch_found(request, pk)
    count = services.ask_again(batch=batch, by=request.user)
    messages.success(request, f"Đang lập lại {number(count)} phiếu còn thiếu.")
    return redirect(batch)


@permission_needed("reports.view")
def batch_sheet(request: SignedInRequest, pk: int, sheet_pk: int) -> FileResponse:
    batch = batch_found(request, pk)
    sheet = get_object_or_404(batch.sheets, pk=sheet_pk, state=BatchSheet.State.DONE)
    if not sheet.file.storage.exists(str(sheet.file.name)):
        raise Http404
    response = FileResponse(
        sheet.file.open("rb"),
        content_type="application/pdf",
        filename=services.sheet_file_name(sheet),
    )
    response.headers["Content-Security-Policy"] = PDF_POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@permission_needed("reports.view")
def batch_zip(request: SignedInRequest, pk: int) -> FileResponse:
    """Every sheet made so far in one file."""
    batch = batch_found(request, pk)
    if not services.progress_of(batch).done:
        raise Http404
    response = FileResponse(
        services.zipped(batch),
        content_type="application/zip",
        filename=services.zip_name(batch),
        as_attachment=True,
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response
