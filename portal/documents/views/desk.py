"""Beside the registers: books as PDF, post, kept copies, new books, statistics."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal.access import SignedInRequest, permission_needed
from portal.documents.books import UnknownBook
from portal.documents.forms.desk import (
    BookForm,
    CopyUseForm,
    DispatchForm,
    NamedDocumentForm,
    RegisterForm,
    ReturnForm,
)
from portal.documents.models import Document, KeptCopyUse, PostalDispatch, PreparedFile, Register
from portal.documents.services import preparing, statistics
from portal.jobs.models import Job
from portal.spreadsheets import CONTENT_TYPE, Column, table_workbook
from portal.waiting import whole_page

from .registers import asked_year

PER_PAGE = 25
LATEST = 10
FILE_TYPES = {"pdf": "application/pdf", "zip": "application/zip"}


def only_books(request: SignedInRequest) -> None:
    """The books are the committee's own; for others they do not exist."""
    if not Register.objects.visible_to(request.user).exists():
        raise Http404


@permission_needed("documents.view")
def book_list(request: SignedInRequest) -> HttpResponse:
    """Choose a book and a period; the files asked for lately."""
    only_books(request)
    asked = request.POST if request.method == "POST" else None
    initial = {"book": request.GET.get("so", "").replace("\0", "")}
    form = BookForm(asked, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            prepared = preparing.prepare_book(
                key=form.cleaned_data["book"],
                period=form.period,
                by=request.user,
                now=timezone.now(),
            )
        except (UnknownBook, preparing.TooManyWaiting) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(prepared)
    mine = PreparedFile.objects.visible_to(request.user)[:LATEST]
    return render(request, "documents/book_list.html", {"form": form, "mine": mine})


def prepared_of(request: SignedInRequest, pk: int) -> PreparedFile:
    mine = PreparedFile.objects.visible_to(request.user).select_related("case_file")
    return get_object_or_404(mine, pk=pk)


def job_of(prepared: PreparedFile) -> Job | None:
    return Job.objects.last_of(preparing.JOBS[PreparedFile.Kind(prepared.kind)], prepared.pk)


@require_safe
@permission_needed("documents.view")
def prepared_file(request: SignedInRequest, pk: int) -> HttpResponse:
    prepared = prepared_of(request, pk)
    context = {"prepared": prepared, "job": job_of(prepared)}
    return render(request, "documents/prepared_file.html", context)


@require_safe
@permission_needed("documents.view")
def prepared_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far the file is; when it has ended, the whole page anew."""
    prepared = prepared_of(request, pk)
    job = job_of(prepared)
    if prepared.state != PreparedFile.State.WAITING or (job is not None and not job.is_open):
        return whole_page(request, prepared.get_absolute_url())
    context = {"prepared": prepared, "job": job}
    return render(request, "documents/prepared_progress.html", context)


@require_safe
@permission_needed("documents.view")
def prepared_download(request: SignedInRequest, pk: int) -> FileResponse:
    prepared = prepared_of(request, pk)
    if prepared.state != PreparedFile.State.READY:
        raise Http404
    try:
        content = prepared.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    ending = str(prepared.file.name).rpartition(".")[2]
    response = FileResponse(
        content,
        as_attachment=True,
        filename=f"{prepared.kind.replace('_', '-')}-{prepared.pk}.{ending}",
        content_type=FILE_TYPES.get(ending, "application/octet-stream"),
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def kept_lines(
    request: SignedInRequest, form_class: type[NamedDocumentForm], here: str, done: str
) -> NamedDocumentForm | HttpResponse:
    """The clerk's form above a list of lines; a redirect once a line is stored."""
    readable = Document.objects.visible_to(request.user)
    posted = request.POST if request.method == "POST" else None
    form = form_class(posted, readable=readable)
    if request.method != "POST":
        return form
    if not request.user.has_perm("documents.number"):
        raise Http404
    if not form.is_valid():
        return form
    form.instance.entered_by = request.user
    form.save()
    messages.success(request, done)
    return redirect(here)


@permission_needed("documents.view")
def dispatch_list(request: SignedInRequest) -> HttpResponse:
    """What went by post, and one line more."""
    only_books(request)
    here = reverse("documents:dispatch_list")
    form = kept_lines(request, DispatchForm, here, "Đã ghi vào sổ gửi bưu điện.")
    if isinstance(form, HttpResponse):
        return form
    found = PostalDispatch.objects.of_documents(Document.objects.visible_to(request.user))
    page = Paginator(found.select_related("document__document_type"), PER_PAGE)
    context = {"form": form, "page_obj": page.get_page(request.GET.get("page"))}
    return render(request, "documents/dispatch_list.html", context)


@permission_needed("documents.view")
def copy_use_list(request: SignedInRequest) -> HttpResponse:
    """Who used the kept copies, and one line more."""
    only_books(request)
    here = reverse("documents:copy_use_list")
    form = kept_lines(request, CopyUseForm, here, "Đã ghi vào sổ sử dụng bản lưu.")
    if isinstance(form, HttpResponse):
        return form
    found = KeptCopyUse.objects.of_documents(Document.objects.visible_to(request.user))
    page = Paginator(found.select_related("document__document_type"), PER_PAGE)
    context = {"form": form, "page_obj": page.get_page(request.GET.get("page"))}
    return render(request, "documents/copy_use_list.html", context)


@require_POST
@permission_needed("documents.number")
def copy_returned(request: SignedInRequest, pk: int) -> HttpResponse:
    readable = Document.objects.visible_to(request.user)
    use = get_object_or_404(KeptCopyUse.objects.of_documents(readable), pk=pk)
    form = ReturnForm(request.POST, use=use)
    if form.is_valid():
        use.returned_date = form.cleaned_data["returned_date"]
        use.save(update_fields=["returned_date"])
        messages.success(request, "Đã ghi ngày trả.")
    else:
        messages.error(request, next(str(errors[0]) for errors in form.errors.values()))
    return redirect("documents:copy_use_list")


@permission_needed("documents.number")
def register_create(request: SignedInRequest) -> HttpResponse:
    """A book with a series of its own: of secret documents, of an advisory body."""
    form = RegisterForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                register = form.save()
        except IntegrityError:
            form.add_error(None, "Sổ này vừa được người khác lập. Hãy xem lại danh sách sổ.")
        else:
            messages.success(request, f"Đã lập {register}. Dãy số bắt đầu từ 01.")
            return redirect(register)
    return render(request, "documents/register_form.html", {"form": form})


@require_safe
@permission_needed("documents.view")
def year_statistics(request: SignedInRequest) -> HttpResponse:
    only_books(request)
    year = asked_year(request)
    today = timezone.localdate()
    tables = statistics.of_year(request.user, year, today=today)
    if request.GET.get("tep") == "xlsx":
        return statistics_workbook(tables, year)
    years = sorted({today.year, year, *year_choices()}, reverse=True)
    context = {"tables": tables, "year": year, "years": years}
    return render(request, "documents/statistics.html", context)


def year_choices() -> list[int]:
    return list(
        Document.objects.exclude(direction="legal")
        .order_by()
        .values_list("date__year", flat=True)
        .distinct()
    )


def statistics_workbook(tables: list[statistics.Table], year: int) -> HttpResponse:
    """All counts one below the other, the title of each in its first column."""
    width = max(len(table.headings) for table in tables)
    rows: list[list[Any]] = []
    for table in tables:
        rows.append([table.title, *table.headings[1:], *[""] * (width - len(table.headings))])
        rows += [[*row, *[""] * (width - len(row))] for row in table.rows]
        rows.append([""] * width)
    content = table_workbook(
        title=f"Thống kê văn bản năm {year}",
        about=[],
        columns=[Column("Mục", 44), *[Column("", 18) for _ in range(width - 1)]],
        rows=rows,
    )
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="thong-ke-{year}.xlsx"'
    return response
