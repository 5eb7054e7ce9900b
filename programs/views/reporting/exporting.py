"""The workbook of the five data groups: asked for, waited for, fetched."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from portal.jobs.models import Job
from portal.waiting import whole_page
from programs.models import GroupsExport, Programme
from programs.services.exporting import EXPORT_JOB, ask_export

READING = ("reports.view",)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page_of(programme: Programme) -> str:
    home = reverse("programs:ministry_home", query={"chuong-trinh": programme.code})
    return f"{home}#nam-nhom"


def exports_of(programme: Programme) -> dict[str, Any]:
    """What a page shows of the workbooks: those that are there, and the one being made."""
    found = list(programme.groups_exports.select_related("by", "programme"))
    return {
        "exports": [one for one in found if one.file],
        **work_of(next((one for one in found if one.is_open), None)),
    }


def work_of(one: GroupsExport | None) -> dict[str, Any]:
    if one is None:
        return {}
    job = Job.objects.last_of(EXPORT_JOB, one.pk)
    return {
        "working": one,
        "job": job,
        "is_given_up": job is not None and job.state == Job.State.FAILED,
        "status_url": reverse("programs:export_progress", args=[one.pk]),
        "page_url": page_of(one.programme),
    }


@require_POST
@permission_needed(*READING)
def ministry_export(request: HttpRequest, programme: str) -> HttpResponse:
    """Ask for the five data groups of Quyết định 25/2025/QĐ-TTg as one workbook."""
    of = get_object_or_404(Programme, code=programme)
    ask_export(programme=of, today=timezone.localdate(), by=request.user)
    messages.success(request, "Đang lập tệp năm nhóm dữ liệu. Tệp hiện ở đây khi xong.")
    return redirect(page_of(of))


@permission_needed(*READING)
def export_progress(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(GroupsExport.objects.select_related("programme"), pk=pk)
    if not one.is_open or request.headers.get("HX-Request") != "true":
        return whole_page(request, page_of(one.programme))
    return render(request, "programs/long_work.html", work_of(one))


@permission_needed(*READING)
def export_file(request: HttpRequest, pk: int) -> FileResponse:
    one = get_object_or_404(GroupsExport.objects.ready().select_related("programme"), pk=pk)
    name = f"nam-nhom-du-lieu-{slugify(one.programme.code)}-{one.day:%Y%m%d}.xlsx"
    try:
        content = one.file.open()
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)
