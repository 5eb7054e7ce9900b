"""Case files: the year's list, one file, what is put in, closing, taking away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal.access import SignedInRequest, permission_needed
from portal.documents.forms.casefiles import CaseFileForm, CloseForm, PutInForm, RetentionForm
from portal.documents.forms.desk import document_named
from portal.documents.models import (
    Assignment,
    CaseFile,
    CaseFileItem,
    Document,
    PreparedFile,
    RetentionTerm,
)
from portal.documents.services import casefiles, exporting, preparing
from portal.spreadsheets import CONTENT_TYPE

from .registers import asked_year

PER_PAGE = 30
READING = ("documents.view",)
KEEPING = ("documents.number", "documents.edit", "reports.draft")
EXPORTS = {"muc-luc": PreparedFile.Kind.CASE_CONTENTS, "toan-bo": PreparedFile.Kind.CASE_ZIP}


@require_safe
@permission_needed(*READING)
def case_file_list(request: SignedInRequest) -> HttpResponse:
    """The list of files of a year (danh mục hồ sơ)."""
    user = request.user
    if not user.sees_every_unit:
        raise Http404
    year = asked_year(request)
    visible = CaseFile.objects.visible_to(user)
    found = visible.of_year(year).with_names().with_totals().order_by("division__name", "symbol")
    years = {year, timezone.localdate().year, *visible.values_list("year", flat=True).distinct()}
    context = {
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "year": year,
        "years": sorted(years, reverse=True),
        "keeps": any(user.has_perm(name) for name in KEEPING),
    }
    return render(request, "documents/case_file_list.html", context)


@permission_needed(*KEEPING)
def case_file_create(request: SignedInRequest) -> HttpResponse:
    form = CaseFileForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        made = form.save()
        messages.success(request, "Đã mở hồ sơ.")
        return redirect(made)
    context = {"form": form, "heading": "Mở hồ sơ", "send": "Mở hồ sơ"}
    return render(request, "documents/case_file_form.html", context)


def kept(request: SignedInRequest, pk: int) -> CaseFile:
    """A file this person keeps; that of somebody else does not exist for them."""
    return get_object_or_404(CaseFile.objects.kept_by(request.user).with_names(), pk=pk)


@permission_needed(*KEEPING)
def case_file_update(request: SignedInRequest, pk: int) -> HttpResponse:
    one = kept(request, pk)
    form = CaseFileForm(request.POST or None, user=request.user, instance=one)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Đã lưu hồ sơ.")
        return redirect(one)
    context = {"form": form, "heading": "Sửa hồ sơ", "send": "Lưu thay đổi", "case_file": one}
    return render(request, "documents/case_file_form.html", context)


@require_safe
@permission_needed(*READING)
def case_file(request: SignedInRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(CaseFile.objects.visible_to(request.user).with_names(), pk=pk)
    readable = Document.objects.visible_to(request.user)
    items = one.items.filter(document__in=readable).order_by("position")
    keeps = CaseFile.objects.kept_by(request.user).filter(pk=one.pk).exists()
    context = {
        "case_file": one,
        "items": items.select_related("document__document_type", "document__issuer"),
        "keeps": keeps,
        "faults": casefiles.faults_of(one) if keeps and one.is_open else [],
        "put_in_form": PutInForm(),
        "close_form": CloseForm(),
    }
    return render(request, "documents/case_file_detail.html", context)


def take(
    request: SignedInRequest, one: CaseFile, step: Callable[[], object], done: str
) -> HttpResponse:
    try:
        step()
    except casefiles.FilingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(one)


@require_POST
@permission_needed(*KEEPING)
def put_in(request: SignedInRequest, pk: int) -> HttpResponse:
    one = kept(request, pk)
    form = PutInForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy ghi số, ký hiệu văn bản; số trang từ 0 đến 9.999.")
        return redirect(one)
    asked: dict[str, Any] = form.cleaned_data
    document = document_named(Document.objects.visible_to(request.user), asked["named"])
    if document is None:
        messages.error(request, f"Trong sổ chưa có văn bản “{asked['named']}”.")
        return redirect(one)
    return take(
        request,
        one,
        lambda: casefiles.file_document(
            case_file=one, document=document, by=request.user, now=timezone.now(),
            pages=asked["pages"],
        ),
        f"Đã đưa {document} vào hồ sơ.",
    )  # fmt: skip


@require_POST
@permission_needed(*KEEPING)
def take_out(request: SignedInRequest, pk: int, item_pk: int) -> HttpResponse:
    one = kept(request, pk)
    readable = Document.objects.visible_to(request.user)
    items = CaseFileItem.objects.filter(case_file=one, document__in=readable)
    item = get_object_or_404(items, pk=item_pk)
    return take(
        request, one, lambda: casefiles.take_out(item=item, by=request.user), "Đã bỏ khỏi hồ sơ."
    )


@require_POST
@permission_needed(*KEEPING)
def put_in_order(request: SignedInRequest, pk: int) -> HttpResponse:
    one = kept(request, pk)
    return take(
        request,
        one,
        lambda: casefiles.put_in_time_order(case_file=one, by=request.user),
        "Đã xếp theo ngày văn bản.",
    )


@require_POST
@permission_needed(*KEEPING)
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    one = kept(request, pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        messages.error(request, next(str(errors[0]) for errors in form.errors.values()))
        return redirect(one)
    return take(
        request,
        one,
        lambda: casefiles.close_case_file(
            case_file=one,
            by=request.user,
            on=form.cleaned_data["closed_date"],
            note=form.cleaned_data["note"],
        ),
        "Đã đóng hồ sơ.",
    )


@require_POST
@permission_needed(*KEEPING)
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    one = kept(request, pk)
    return take(
        request,
        one,
        lambda: casefiles.reopen_case_file(case_file=one, by=request.user),
        "Đã mở lại hồ sơ.",
    )


@require_POST
@permission_needed(*READING)
def export(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """Ask for the list of documents as PDF, or the whole file as zip."""
    one = get_object_or_404(CaseFile.objects.visible_to(request.user).with_names(), pk=pk)
    if what not in EXPORTS:
        raise Http404
    try:
        prepared = preparing.prepare_case(
            case_file=one, kind=EXPORTS[what], by=request.user, now=timezone.now()
        )
    except preparing.TooManyWaiting as refusal:
        messages.error(request, str(refusal))
        return redirect(one)
    return redirect(prepared)


@require_safe
@permission_needed(*READING)
def metadata(request: SignedInRequest, pk: int, ending: str) -> HttpResponse | FileResponse:
    """The fields of Phụ lục VI as XML or workbook, in time order."""
    one = get_object_or_404(CaseFile.objects.visible_to(request.user).with_names(), pk=pk)
    name = f"ho-so-{one.pk}.{ending}"
    if ending == "xlsx":
        content = exporting.metadata_workbook(one, request.user)
        return FileResponse(content, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
    if ending != "xml":
        raise Http404
    response = HttpResponse(
        exporting.metadata_xml(one, request.user), content_type="application/xml; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@permission_needed(*READING)
def open_for_work(request: SignedInRequest, pk: int) -> HttpResponse:
    """The case file of a piece of work: opened when there is none, the letter put in."""
    theirs = Assignment.objects.handled_by(request.user)
    work = get_object_or_404(theirs, pk=pk, part=Assignment.Part.LEAD)
    try:
        one = casefiles.case_file_for(assignment=work, by=request.user, now=timezone.now())
    except casefiles.FilingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(work)
    return redirect(one)


@permission_needed("documents.number")
def retention_list(request: SignedInRequest) -> HttpResponse:
    """The table of how long files are kept, and one line more."""
    form = RetentionForm(request.POST or None, initial={"is_active": True})
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Đã thêm thời hạn bảo quản.")
        return redirect("documents:retention_list")
    context = {"form": form, "terms": RetentionTerm.objects.all()}
    return render(request, "documents/retention_list.html", context)


@permission_needed("documents.number")
def retention_update(request: SignedInRequest, pk: int) -> HttpResponse:
    term = get_object_or_404(RetentionTerm, pk=pk)
    form = RetentionForm(request.POST or None, instance=term)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Đã lưu thời hạn bảo quản.")
        return redirect(reverse("documents:retention_list"))
    context = {"form": form, "term": term}
    return render(request, "documents/retention_form.html", context)
