"""Lists of people as files: out as seen, in with a comparison before anything is stored."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ethnic_data.forms.people import (
    DeputyFilter,
    PeopleFileForm,
    PeopleFilter,
    PrestigiousFilter,
)
from ethnic_data.models import CouncilDeputy, PeopleAccess, PeopleImport, PrestigiousPerson
from ethnic_data.models.people import PeopleList
from ethnic_data.resources.people import RESOURCES
from ethnic_data.services import people as services
from ethnic_data.services.people.importing import APPLY_JOB, READ_JOB
from ethnic_data.views.exports import as_file
from portal.access import permission_needed
from portal.collection.services.lists import CannotUndo, discard
from portal.jobs.models import Job
from portal.waiting import whole_page

FILE_NAMES = {"deputies": "dai-bieu-hdnd", "prestigious": "nguoi-co-uy-tin"}
LISTS = {
    "deputies": ("ethnic_data:deputy_list", "Đại biểu HĐND"),
    "prestigious": ("ethnic_data:prestigious_list", "Người có uy tín"),
}
State = PeopleImport.State


@permission_needed("people.view")
def deputy_export(request: HttpRequest, kind: str) -> HttpResponse:
    return _export(request, kind, PeopleList.DEPUTIES, CouncilDeputy, DeputyFilter)


@permission_needed("people.view")
def prestigious_export(request: HttpRequest, kind: str) -> HttpResponse:
    return _export(request, kind, PeopleList.PRESTIGIOUS, PrestigiousPerson, PrestigiousFilter)


def _export(
    request: HttpRequest, kind: str, which: str, model: Any, filter_class: type[PeopleFilter]
) -> HttpResponse:
    """The list as seen, with the filters of its page; logged with how many people left."""
    wanted = filter_class(
        request.GET, user=request.user, people=model.objects.visible_to(request.user)
    )
    people = wanted.narrowed().with_names()
    response = as_file(RESOURCES[which](by=request.user), people, kind, FILE_NAMES[which])
    response.headers["Cache-Control"] = "private, no-store"
    services.record_access(
        which=which,
        what=PeopleAccess.What.EXPORTED,
        by=request.user,
        count=people.count(),
        detail=f"{kind}; {wanted.in_words()}".strip("; "),
    )
    return response


@permission_needed("people.edit")
def people_blank(request: HttpRequest, which: str) -> HttpResponse:
    """The workbook to fill in: the headings alone."""
    if which not in RESOURCES:
        raise Http404
    resource = RESOURCES[which](by=request.user)
    return as_file(resource, resource._meta.model.objects.none(), "xlsx", FILE_NAMES[which])


@permission_needed("people.edit")
def people_import_start(request: HttpRequest, which: str) -> HttpResponse:
    if which not in RESOURCES:
        raise Http404
    form = PeopleFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            one = services.receive_people_file(
                which=which, file=file, name=file.name, by=request.user, now=timezone.now()
            )
        except services.FileNotTaken as error:
            form.add_error("file", str(error))
        else:
            return redirect(one)
    return render(request, "ethnic_data/people_import_start.html", _context(which, form=form))


def _context(which: str, **more: Any) -> dict[str, Any]:
    url_name, title = LISTS[which]
    resource = RESOURCES[which]
    return {
        "which": which,
        "list_url_name": url_name,
        "list_title": title,
        "required": resource.required,
        **more,
    }


def import_of(request: HttpRequest, pk: int) -> PeopleImport:
    return get_object_or_404(PeopleImport.objects.of(request.user), pk=pk)


def job_of(one: PeopleImport) -> Job | None:
    name = {State.RECEIVED: READ_JOB, State.CONFIRMED: APPLY_JOB}.get(State(one.state))
    return Job.objects.last_of(name, one.pk) if name else None


@permission_needed("people.edit")
def people_import(request: HttpRequest, pk: int) -> HttpResponse:
    one = import_of(request, pk)
    context = _context(one.which, one=one, job=job_of(one))
    return render(request, "ethnic_data/people_import.html", context)


@permission_needed("people.edit")
def people_import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part that waits while a job runs; the whole page once it is done."""
    one = import_of(request, pk)
    job = job_of(one)
    if job is None or not job.is_open:
        return whole_page(request, one.get_absolute_url())
    return render(request, "ethnic_data/people_import_progress.html", {"one": one, "job": job})


@require_POST
@permission_needed("people.edit")
def people_import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    one = import_of(request, pk)
    if not services.confirm_import(one=one):
        messages.error(request, "Tệp này không còn chờ xác nhận.")
    return redirect(one)


@require_POST
@permission_needed("people.edit")
def people_import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    one = import_of(request, pk)
    discard(one=one)
    messages.success(request, "Đã bỏ tệp, danh sách không thay đổi.")
    return redirect(LISTS[one.which][0])


@require_POST
@permission_needed("people.edit")
def people_import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the people of a file off the list again, or say why that cannot be."""
    one = import_of(request, pk)
    try:
        count = services.undo_import(one=one, by=request.user)
    except CannotUndo as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Đã thu hồi {count} người của tệp.")
    return redirect(one)
