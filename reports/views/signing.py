"""Signature, number, seal, issue: for the signatory and the records clerk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from portal.documents.models import Register
from reports import services
from reports.forms import NumberForm, PassphraseForm, SignedFileForm
from reports.models import Report, SignerRole, Status

from .around import common
from .files import pdf_response
from .steps import found, take, to_be_signed

#: Who takes which file away: the address's word, the role, the permission.
TAKING = {"lanh-dao": SignerRole.LEADER, "co-quan": SignerRole.AGENCY}


@sensitive_post_parameters("passphrase")
@permission_needed("reports.view")
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """The signatory reads the PDF and signs with the passphrase, on a phone too."""
    report = to_be_signed(request, pk)
    services.note_read(report=report, by=request.user, now=timezone.now())
    form = PassphraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.sign(
                report=report,
                by=request.user,
                passphrase=form.cleaned_data["passphrase"],
                now=timezone.now(),
            )
        except services.REFUSALS as refusal:
            form.add_error("passphrase", str(refusal))
        else:
            messages.success(request, "Đã ký số. Báo cáo chuyển tới văn thư để cấp số.")
            return redirect(report)
    return render(request, "reports/sign.html", _signing(request, report, SignerRole.LEADER, form))


@sensitive_post_parameters("passphrase")
@permission_needed("reports.number")
def seal(request: SignedInRequest, pk: int) -> HttpResponse:
    """The clerk puts the agency's signature on the numbered file."""
    report = found(request, pk)
    form = PassphraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.seal(
                report=report,
                by=request.user,
                passphrase=form.cleaned_data["passphrase"],
                now=timezone.now(),
            )
        except services.REFUSALS as refusal:
            form.add_error("passphrase", str(refusal))
        else:
            messages.success(request, "Đã ký số của cơ quan. Có thể phát hành báo cáo.")
            return redirect(report)
    return render(request, "reports/seal.html", _signing(request, report, SignerRole.AGENCY, form))


def _signing(
    request: SignedInRequest, report: Report, role: str, form: PassphraseForm
) -> dict[str, Any]:
    """What both signing pages show: the certificate, the file, the way to sign elsewhere."""
    context = common(request, report, "")
    word = next(word for word, known in TAKING.items() if known == role)
    try:
        certificate = services.certificate_for(report, role, timezone.now())
    except services.NoCertificate as refusal:
        certificate = None
        context["problem"] = str(refusal)
    wanted = Status.TO_SIGN if role == SignerRole.LEADER else Status.NUMBERED
    context.update(
        form=form,
        upload_form=SignedFileForm(),
        certificate=certificate,
        in_force=certificate is not None and certificate.is_in_force(timezone.now()),
        now=timezone.now(),
        taking=word,
        is_open=report.status == wanted,
        differing=services.differing_figures(report) if report.status == wanted else [],
        exhibits_now=report.exhibits_now.count(),
        waivers=services.left_as_is(report),
        barred=_barred(report, role),
        sealed_here_why=_only_here(report, role),
        annex_count=report.annex_files.count(),
        may_direct=role == SignerRole.LEADER and report.signatory_id == request.user.pk,
    )
    return context


def _only_here(report: Report, role: str) -> str:
    """Why the seal cannot be made elsewhere, in words; "" when it can."""
    if role == SignerRole.AGENCY and report.annex_files.filter(sealed=None).exists():
        return services.AnnexesNeedKeyHere.message
    return ""


def _barred(report: Report, role: str) -> str:
    """Why the signatory may not sign today, told before the passphrase is typed."""
    if role != SignerRole.LEADER or report.status != Status.TO_SIGN:
        return ""
    return services.why_not_signed_by(report, now=timezone.now())


@permission_needed("reports.number")
def number(request: SignedInRequest, pk: int) -> HttpResponse:
    """Number and date: the next number of the register, or the one the province's system gave."""
    report = found(request, pk)
    register = services.outgoing_register()
    is_given = register.numbering == Register.Numbering.GIVEN
    initial = {"issue_date": services.likely_date(report, now=timezone.now())}
    form = NumberForm(request.POST or None, is_given=is_given, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            numbered = services.number(
                report=report,
                by=request.user,
                on=form.cleaned_data["issue_date"],
                given_number=form.cleaned_data.get("given_number"),
                now=timezone.now(),
            )
        except services.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            dated = f"ngày {numbered.issue_date:%d/%m/%Y}"
            messages.success(request, f"Đã cấp số {numbered.number_and_symbol} {dated}.")
            return redirect("reports:seal", report.pk)
    context = common(request, report, "")
    context.update(form=form, register=register, is_given=is_given)
    context["is_open"] = report.status == Status.SIGNED
    return render(request, "reports/number.html", context)


@require_POST
@permission_needed("reports.issue")
def issue(request: SignedInRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    return take(
        request,
        lambda: services.issue(
            report=report,
            by=request.user,
            now=timezone.now(),
            is_public=request.POST.get("cong_khai") == "1",
        ),
        done="Đã phát hành. Từ nay nội dung báo cáo không sửa được nữa.",
        to=report,
    )


@permission_needed("reports.view")
def take_away(request: SignedInRequest, pk: int, taking: str) -> FileResponse:
    """The prepared file, to be signed with the office's own tool."""
    report, role = _taken(request, pk), _role(taking)
    try:
        file = services.file_to_take_away(
            report=report, role=role, by=request.user, now=timezone.now()
        )
    except services.REFUSALS:
        raise Http404 from None
    return pdf_response(file, f"cho-ky-{report.pk}-{taking}.pdf", is_download=True)


@require_POST
@permission_needed("reports.view")
def take_back(request: SignedInRequest, pk: int, taking: str) -> HttpResponse:
    """The file as it came back from being signed elsewhere."""
    report, role = _taken(request, pk), _role(taking)
    form = SignedFileForm(request.POST, request.FILES)
    back = "reports:sign" if role == SignerRole.LEADER else "reports:seal"
    if not form.is_valid():
        problems = [str(problem) for problem in form.errors.get("file", [])]
        messages.error(request, " ".join(problems) or "Hãy chọn tệp đã ký.")
        return redirect(back, report.pk)
    try:
        services.take_back(
            report=report,
            role=role,
            by=request.user,
            uploaded=form.cleaned_data["file"].read(),
            now=timezone.now(),
        )
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect(back, report.pk)
    messages.success(request, "Đã nhận tệp ký ở ngoài, chữ ký hợp lệ.")
    return redirect(report)


def _taken(request: SignedInRequest, pk: int) -> Report:
    """The report, for whoever puts one of its two signatures; 404 else."""
    if request.user.has_perm("reports.number"):
        return found(request, pk)
    return to_be_signed(request, pk)


def _role(taking: str) -> str:
    if taking not in TAKING:
        raise Http404
    return TAKING[taking]
