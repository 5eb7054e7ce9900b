"""The files of a report: PDFs shown by the browser, the Word copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from portal.access import SignedInRequest, permission_needed
from reports import services
from reports.models import (
    ReportFile,
)

from .steps import found

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile


WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

#: What a PDF answers with: the browser's own viewer must not be kept from showing it.
PDF_POLICY = "frame-ancestors 'self'"


@permission_needed("reports.view")
def word(request: SignedInRequest, pk: int) -> HttpResponse:
    """The report as it stands as a Word file."""
    report = found(request, pk)
    try:
        copy = services.word_copy(report, now=timezone.now())
    except services.NOT_PRINTABLE as problem:
        messages.error(request, str(problem))
        return redirect("reports:pages", report.pk)
    heads = {"Content-Disposition": f'attachment; filename="{copy.name}"'}
    return HttpResponse(copy.content, content_type=WORD_TYPE, headers=heads)


@permission_needed("reports.view")
def report_file(request: SignedInRequest, pk: int, stage: str) -> FileResponse:
    """The PDF of the present draft after `stage`."""
    report = found(request, pk)
    file = get_object_or_404(ReportFile, rendering=report.rendering_id, stage=stage)
    return pdf_response(file, f"{report.number_and_symbol.replace('/', '-')}.pdf")


def pdf_response(file: ReportFile, name: str, *, is_download: bool = False) -> FileResponse:
    return file_response(file.file, name.replace("…", "chua-co-so"), is_download=is_download)


def file_response(file: FieldFile, name: str, *, is_download: bool = False) -> FileResponse:
    """A PDF of the store, shown by the browser; 404 where the store has lost it."""
    if not (file.name and file.storage.exists(file.name)):
        raise Http404
    response = FileResponse(
        file.open("rb"),
        content_type="application/pdf",
        filename=name,
        as_attachment=is_download,
    )
    response.headers["Content-Security-Policy"] = PDF_POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    return response
