"""The signatory's queue: what waits, what was read, and many signatures with one passphrase."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from reports import services
from reports.forms import PassphraseForm
from reports.models import Report, SignerRole

from .steps import take, to_be_signed

#: Where the results are written into the page while they come.
_PLACE = "<!--results-->"


@permission_needed("reports.view")
def signing_queue(request: SignedInRequest) -> HttpResponse:
    """Of leaders, and of those whom a document lets sign."""
    only_signatories(request)
    return _queue(request, PassphraseForm(), chosen=None)


def only_signatories(request: SignedInRequest) -> None:
    if not services.is_signatory(request.user):
        raise Http404


def _queue(
    request: SignedInRequest, form: PassphraseForm, *, chosen: set[int] | None
) -> HttpResponse:
    """The page; `chosen` are the documents that were ticked, None: those that were read."""
    waiting = services.to_sign_by(request.user)
    reports = list(waiting[: services.MOST_AT_ONCE])
    read = services.read_among(reports, request.user)
    now = timezone.now()
    barred = {one.pk: why for one in reports if (why := services.why_not_signed_by(one, now=now))}
    chosen = (read if chosen is None else chosen & read) - barred.keys()
    waivers = services.waivers_of(reports)
    context: dict[str, Any] = {
        "form": form,
        "rows": [
            {
                "report": one,
                "is_read": one.pk in read,
                "is_chosen": one.pk in chosen,
                "barred": barred.get(one.pk, ""),
                "waivers": waivers.get(one.pk, []),
            }
            for one in reports
        ],
        "more": max(waiting.count() - len(reports), 0),
        "read_count": len(read - barred.keys()),
    }
    if reports:
        _add_certificate(context, reports[0])
    return render(request, "reports/signing_queue.html", context)


def _add_certificate(context: dict[str, Any], report: Report) -> None:
    now = timezone.now()
    try:
        context["certificate"] = services.certificate_for(report, SignerRole.LEADER, now)
    except services.NoCertificate as refusal:
        context["problem"] = str(refusal)


@sensitive_post_parameters("passphrase")
@require_POST
@permission_needed("reports.view")
def sign_many(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Sign the ticked documents one by one; the page grows with each result."""
    only_signatories(request)
    form = PassphraseForm(request.POST)
    keys = [int(key) for key in request.POST.getlist("chon") if key.isdecimal() and len(key) < 10]
    if not form.is_valid():
        return _queue(request, form, chosen=set(keys))
    try:
        batch = services.SigningBatch(
            keys=keys,
            by=request.user,
            passphrase=form.cleaned_data["passphrase"],
            directions={key: request.POST.get(f"y_kien_{key}", "") for key in keys},
        )
    except services.REFUSALS as refusal:
        form.add_error("passphrase", str(refusal))
        return _queue(request, form, chosen=set(keys))
    page = render_to_string(
        "reports/signing_results.html", {"count": len(batch.reports)}, request=request
    )
    response = StreamingHttpResponse(_Growing(page, batch))
    response.headers["X-Accel-Buffering"] = "no"  # a proxy in front passes each result on at once
    response.headers["Cache-Control"] = "no-store"
    return response


class _Growing:
    """The page's head, a row for each result as it comes, the page's foot."""

    def __init__(self, page: str, batch: services.SigningBatch) -> None:
        self._head, _, self._foot = page.partition(_PLACE)
        self._batch = batch

    def __iter__(self) -> Iterator[str]:
        yield self._head
        done = signed = 0
        for result in self._batch:
            done, signed = done + 1, signed + result.is_signed
            told = {"result": result, "number": done, "count": len(self._batch.reports)}
            yield render_to_string("reports/signing_result.html", told)
        self.close()
        told = {"signed": signed, "left": done - signed}
        yield render_to_string("reports/signing_summary.html", told)
        yield self._foot

    def close(self) -> None:
        self._batch.close()


@require_POST
@permission_needed("reports.view")
def direct(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep a direction with the report."""
    report = to_be_signed(request, pk)
    return take(
        request,
        lambda: services.direct(
            report=report,
            by=request.user,
            text=request.POST.get("y_kien", ""),
            now=timezone.now(),
        ),
        done="Đã ghi ý kiến chỉ đạo.",
        to=report,
    )
