"""Copies of documents: the list, a new one, its way to number and signature."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from portal.access import SignedInRequest, permission_needed
from portal.documents.models import Document, Register
from portal.jobs.models import Job
from portal.waiting import whole_page
from reports import services
from reports.forms import PassphraseForm
from reports.models import Copy
from reports.services.certificates import certificate_of
from reports.services.copies import COPY_JOB
from reports.views.files import file_response
from reports.views.steps import take

from .forms import CopyForm, CopyNumberForm

PER_PAGE = 25

CHIPS = {
    Copy.State.MAKING: "waiting",
    Copy.State.REFUSED: "wrong",
    Copy.State.DRAFT: "draft",
    Copy.State.NUMBERED: "waiting",
    Copy.State.READY: "done",
}
STEPS = ("Chuẩn bị", "Cấp số", "Ký số cơ quan"), ("Chuẩn bị", "Cấp số", "In, ký, đóng dấu")


def found(request: SignedInRequest, pk: int) -> Copy:
    visible = Copy.objects.visible_to(request.user).with_names()
    visible = visible.select_related("certificate", "lifted")
    return get_object_or_404(visible, pk=pk)


def rows(copies: Any) -> list[tuple[Copy, str]]:
    return [(copy, CHIPS[Copy.State(copy.state)]) for copy in copies]


@require_safe
@permission_needed("reports.view")
def copy_list(request: SignedInRequest) -> HttpResponse:
    """Every copy, the latest first, and the way to the book of copies."""
    copies = Copy.objects.visible_to(request.user).with_names()
    page = Paginator(copies, PER_PAGE).get_page(request.GET.get("page"))
    register = Register.objects.visible_to(request.user).of_copies()
    context = {"page_obj": page, "rows": rows(page), "register": register}
    return render(request, "reports/copying/list.html", context)


@require_safe
@permission_needed("reports.view")
def document_copies(request: SignedInRequest, document_pk: int) -> HttpResponse:
    """The copies of one document; a part of the document's own page."""
    document = readable(request, document_pk)
    copies = Copy.objects.visible_to(request.user).filter(source=document).with_names()
    context = {
        "document": document,
        "rows": rows(copies[:PER_PAGE]),
        "may_copy": services.is_copyable(document, request.user),
    }
    return render(request, "reports/copying/of_document.html", context)


def readable(request: SignedInRequest, pk: int) -> Document:
    documents = Document.objects.visible_to(request.user).with_catalogue()
    return get_object_or_404(documents, pk=pk)


@permission_needed("reports.issue")
def copy_create(request: SignedInRequest, document_pk: int) -> HttpResponse:
    """What is copied, in which form, signed by whom."""
    document = readable(request, document_pk)
    if not services.is_copyable(document, request.user):
        raise Http404
    report = services.report_of(document)
    day = max(settings.AGENCY_DAY or timezone.localdate(), document.date)
    form = CopyForm(
        request.POST or None, request.FILES or None, document=document, report=report, day=day
    )
    if request.method == "POST" and form.is_valid():
        try:
            copy = services.start_copy(
                source=document, wanted=form.wanted(), by=request.user, now=timezone.now()
            )
        except services.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(copy)
    status = 422 if request.method == "POST" else 200
    context = {"document": document, "form": form}
    return render(request, "reports/copying/form.html", context, status=status)


@require_safe
@permission_needed("reports.view")
def copy_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _shown(request, found(request, pk), PassphraseForm())


def _shown(
    request: SignedInRequest, copy: Copy, form: PassphraseForm, *, status: int = 200
) -> HttpResponse:
    may = request.user.has_perm("reports.issue")
    register = Register.objects.of_copies()
    is_given = register is not None and register.numbering == Register.Numbering.GIVEN
    step = {Copy.State.DRAFT: 2, Copy.State.NUMBERED: 3, Copy.State.READY: 4}
    context: dict[str, Any] = {
        "copy": copy,
        "chip": CHIPS[Copy.State(copy.state)],
        "job": job_of(copy),
        "waits": waits(copy),
        "steps": STEPS[0] if copy.is_electronic else STEPS[1],
        "step": step.get(Copy.State(copy.state), 1),
        "may": may,
        "number_form": CopyNumberForm() if is_given else None,
        "form": form,
        "register": register,
    }
    if may and copy.is_electronic and copy.state == Copy.State.NUMBERED:
        try:
            context["certificate"] = certificate_of(copy.agency, timezone.now())
        except services.NoCertificate as refusal:
            context["problem"] = str(refusal)
    return render(request, "reports/copying/detail.html", context, status=status)


def waits(copy: Copy) -> bool:
    """Whether a worker has it now."""
    prints = copy.state == Copy.State.NUMBERED and not copy.is_electronic
    return copy.state == Copy.State.MAKING or prints


def job_of(copy: Copy) -> Job | None:
    return Job.objects.last_of(COPY_JOB, copy.pk)


@require_safe
@permission_needed("reports.view")
def copy_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far the worker is; when it has ended, the whole page anew."""
    copy = found(request, pk)
    job = job_of(copy)
    if not waits(copy) or (job is not None and not job.is_open):
        return whole_page(request, copy.get_absolute_url())
    return render(request, "reports/copying/progress.html", {"copy": copy, "job": job})


@require_POST
@permission_needed("reports.issue")
def copy_number(request: SignedInRequest, pk: int) -> HttpResponse:
    copy = found(request, pk)
    form = CopyNumberForm(request.POST)
    given = form.cleaned_data["given_number"] if form.is_valid() else None
    return take(
        request,
        lambda: services.number_copy(
            copy=copy, by=request.user, now=timezone.now(), given_number=given
        ),
        done="Đã cấp số và vào sổ bản sao.",
        to=copy.get_absolute_url(),
    )


@sensitive_post_parameters("passphrase")
@require_POST
@permission_needed("reports.issue")
def copy_seal(request: SignedInRequest, pk: int) -> HttpResponse:
    copy = found(request, pk)
    form = PassphraseForm(request.POST)
    if form.is_valid():
        try:
            services.seal_copy(
                copy=copy,
                by=request.user,
                passphrase=form.cleaned_data["passphrase"],
                now=timezone.now(),
            )
        except services.REFUSALS as refusal:
            form.add_error("passphrase", str(refusal))
        else:
            messages.success(request, "Đã ký số của cơ quan vào bản sao.")
            return redirect(copy)
    return _shown(request, copy, form, status=422)


@require_POST
@permission_needed("reports.issue")
def copy_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    copy = found(request, pk)
    return take(
        request,
        lambda: services.drop_copy(copy=copy, by=request.user),
        done="Đã bỏ bản sao chưa cấp số.",
        to=copy.source.get_absolute_url(),
    )


@require_safe
@permission_needed("reports.view")
def copy_file(request: SignedInRequest, pk: int, which: str) -> FileResponse:
    """The finished copy ("ban-sao"), as it was when sealed ("luc-ky"), what is copied ("goc")."""
    copy = found(request, pk)
    lifted = getattr(copy, "lifted", None)
    files = {"ban-sao": lifted.file if lifted else copy.file, "goc": copy.original}
    file = (files | ({"luc-ky": copy.file} if lifted else {})).get(which)
    if not file:
        raise Http404
    name = copy.document.number_and_symbol.replace("/", "-") if copy.document else f"{copy.pk}"
    return file_response(file, f"ban-sao-{name}.pdf")
