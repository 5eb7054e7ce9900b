"""A dataset's counts beside those of the lists of people, and filled from them."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ethnic_data.services.people.filling import (
    compared,
    fill_from_lists,
    is_answered,
)
from portal.access import permission_needed
from portal.collection.models import Submission
from portal.collection.services.refusals import Refused


def _found(request: HttpRequest, pk: int) -> tuple[Submission, datetime.date]:
    """A submission of this area that a list answers, and the day that is counted for."""
    visible = Submission.objects.visible_to(request.user).with_names()
    submission = get_object_or_404(visible, pk=pk)
    if not is_answered(submission):
        raise Http404
    return submission, min(submission.period.end, timezone.localdate())


@permission_needed("people.view")
def people_beside(request: HttpRequest, pk: int) -> HttpResponse:
    submission, day = _found(request, pk)
    cells = compared(submission, day=day)
    differing = [one for one in cells if one.difference != 0]
    context = {
        "submission": submission,
        "day": day,
        "cells": differing,
        "same": len(cells) - len(differing),
        "any": bool(cells),
        "fills": submission.is_editable and request.user.has_perm("collection.enter"),
    }
    return render(request, "ethnic_data/people_beside.html", context)


@permission_needed("people.view")
def people_beside_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The way to the comparison, for the submission's page; nothing where no list answers."""
    visible = Submission.objects.visible_to(request.user).with_names()
    submission = get_object_or_404(visible, pk=pk)
    if not is_answered(submission):
        return HttpResponse("")
    return render(request, "ethnic_data/people_beside_link.html", {"submission": submission})


@require_POST
@permission_needed("people.view")
def people_fill(request: HttpRequest, pk: int) -> HttpResponse:
    submission, day = _found(request, pk)
    try:
        words = fill_from_lists(submission=submission, day=day, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("ethnic_data:people_beside", pk)
    messages.success(request, f"Đã điền {words}. Hãy xem lại trước khi nộp.")
    return redirect(submission)
