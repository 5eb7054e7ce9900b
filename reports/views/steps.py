"""Finding a report, and taking one step with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from reports import services
from reports.models import Report


def found(request: HttpRequest, pk: int) -> Report:
    """The report, if this person may see it; 404 else."""
    return get_object_or_404(Report.objects.visible_to(request.user).with_names(), pk=pk)


def to_be_signed(request: HttpRequest, pk: int) -> Report:
    """The report, for its signatory and for leaders; 404 else."""
    report = found(request, pk)
    user: Any = request.user
    if not (user.has_perm("reports.sign") or report.signatory_id == user.pk):
        raise Http404
    return report


def take(
    request: HttpRequest,
    step: Callable[[], object],
    *,
    done: str,
    to: str | Report,
) -> HttpResponse:
    """Take the step and say so, or say why it was not taken; then go on to `to`."""
    try:
        step()
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(to)


def asked(request: HttpRequest, name: str) -> str:
    """A parameter of the address; the database takes no text with zero bytes."""
    return request.GET.get(name, "").replace("\0", "")


def key_of(text: str) -> int:
    """The key that a form sends; 0, which no row has, for what is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0
