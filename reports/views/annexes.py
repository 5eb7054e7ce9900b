"""Annexes in files of their own: put to a draft, taken off, read, and read sealed."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from reports import services
from reports.forms import AnnexForm
from reports.models import AnnexFile, LiftedAnnex

from .around import common
from .files import file_response
from .steps import found


@permission_needed("reports.view")
def annex_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """The report's annexes; for its drafters the form for one more."""
    report = found(request, pk)
    may_edit = report.is_draft and request.user.has_perm("reports.draft")
    form = AnnexForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and may_edit and form.is_valid():
        try:
            services.add_annex(
                report=report,
                by=request.user,
                title=form.cleaned_data["title"],
                content=form.cleaned_data["file"].read(),
                now=timezone.now(),
            )
        except services.REFUSALS as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, "Đã đính kèm phụ lục.")
            return redirect("reports:annex_list", report.pk)
    context = common(request, report, "phu-luc")
    annexes = report.annex_files.with_revisions().select_related("uploaded_by")
    context.update(form=form, may_edit=may_edit, annexes=annexes)
    return render(request, "reports/annex_list.html", context)


@require_POST
@permission_needed("reports.draft")
def annex_remove(request: SignedInRequest, pk: int, annex_pk: int) -> HttpResponse:
    report = found(request, pk)
    annex = get_object_or_404(AnnexFile, pk=annex_pk, report=report)
    try:
        services.remove_annex(annex=annex, by=request.user, now=timezone.now())
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã bỏ phụ lục.")
    return redirect("reports:annex_list", report.pk)


@permission_needed("reports.view")
def annex_file(request: SignedInRequest, pk: int, annex_pk: int) -> FileResponse:
    """The annex in its latest revision: as uploaded, as sealed, with its proofs."""
    annex = _annex(request, pk, annex_pk)
    return file_response(annex.latest.file, annex.file_name)


@permission_needed("reports.view")
def annex_as_sealed(request: SignedInRequest, pk: int, annex_pk: int) -> FileResponse:
    """What recipients got before the proofs were brought in."""
    annex = _annex(request, pk, annex_pk)
    if not isinstance(annex.latest, LiftedAnnex):
        raise Http404
    return file_response(annex.sealed.file, annex.file_name)


def _annex(request: SignedInRequest, pk: int, annex_pk: int) -> AnnexFile:
    annexes = AnnexFile.objects.with_revisions()
    return get_object_or_404(annexes, pk=annex_pk, report=found(request, pk))
