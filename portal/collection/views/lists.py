"""Lists of the old systems from files: compared first, then taken over, taken back if need be."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.collection.forms.lists import ListFileForm
from portal.collection.lists.registry import list_resource, lists_of
from portal.collection.lists.resource import ListResource
from portal.collection.lists.tables import blank_workbook
from portal.collection.models import ListImport, ListState
from portal.collection.services import lists as services
from portal.collection.services.lists.receiving import APPLY_JOB, READ_JOB
from portal.jobs.models import Job
from portal.waiting import whole_page

DONE_WORDS = "Đã ghi nhận. Các dòng chuyển vào được đánh dấu chưa đối chiếu."
JOBS = {ListState.RECEIVED: READ_JOB, ListState.CONFIRMED: APPLY_JOB}


def resource_named(request: HttpRequest, which: str) -> type[ListResource]:
    """The list of that name, for those who may bring it in; else 404."""
    for resource in lists_of(request.user):
        if resource.which == which:
            return resource
    raise Http404


def import_of(request: HttpRequest, pk: int) -> ListImport:
    one = get_object_or_404(ListImport.objects.of(request.user).select_related("by"), pk=pk)
    resource_named(request, one.which)
    return one


def job_of(one: ListImport) -> Job | None:
    name = JOBS.get(ListState(one.state))
    return Job.objects.last_of(name, one.pk) if name else None


def list_start(request: HttpRequest, which: str) -> HttpResponse:
    """Send a file; beside it, what its columns are called and the sender's earlier files."""
    resource = resource_named(request, which)
    form = ListFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            one = services.receive_list(
                which=which, file=file, name=file.name, by=request.user, now=timezone.now()
            )
        except services.FileNotTaken as error:
            form.add_error("file", str(error))
        else:
            return redirect(one)
    earlier = ListImport.objects.of(request.user).filter(which=which)[:10]
    context = {
        "list": resource,
        "form": form,
        "optional": [one for one in resource.blank_headings() if one not in resource.required],
        "earlier": earlier,
    }
    return render(request, "collection/list_start.html", context)


def list_blank(request: HttpRequest, which: str) -> HttpResponse:
    """The workbook to fill in: the headings alone."""
    resource = resource_named(request, which)
    content = blank_workbook(resource)
    return FileResponse(content, as_attachment=True, filename=f"{which}.xlsx")


def list_import(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file would do, is doing or has done."""
    one = import_of(request, pk)
    return render(request, "collection/list_import.html", _context(request, one))


def _context(request: HttpRequest, one: ListImport) -> dict[str, Any]:
    resource = resource_named(request, one.which)
    return {
        "one": one,
        "list": resource,
        "done_words": DONE_WORDS if resource.from_old_system else "Đã ghi nhận.",
        "job": job_of(one),
        "can_undo": resource.can_undo and one.state == ListState.DONE and bool(one.made),
    }


def list_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part that waits while a job runs; the whole page once it is done."""
    one = import_of(request, pk)
    job = job_of(one)
    if job is None or not job.is_open:
        return whole_page(request, one.get_absolute_url())
    return render(request, "collection/list_progress.html", {"one": one, "job": job})


@require_POST
def list_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    one = import_of(request, pk)
    if not services.confirm_list(one=one):
        messages.error(request, "Tệp này không còn chờ xác nhận.")
    return redirect(one)


@require_POST
def list_discard(request: HttpRequest, pk: int) -> HttpResponse:
    one = import_of(request, pk)
    if services.discard(one=one):
        messages.success(request, "Đã bỏ tệp, dữ liệu không thay đổi.")
    return redirect("collection:list_start", one.which)


@require_POST
def list_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the whole file back, or say what rests on it."""
    one = import_of(request, pk)
    try:
        count = services.undo_list(one=one, resource=list_resource(one))
    except services.CannotUndo as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Đã thu hồi {count} dòng của tệp.")
    return redirect(one)
