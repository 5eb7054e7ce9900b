"""The stored values with their sources, the receipt, and the scan of the letter."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from portal import formats
from portal.access import permission_needed
from portal.collection.models import Submission, Upload
from portal.collection.services.changes import digest_of_lines
from portal.collection.services.confirming import confirmation_of, totals_of
from portal.collection.services.stored_grid import seen_grid_of, stored_grid_of
from portal.collection.services.turns import turn_of
from portal.collection.stores import store_of

from .found import SEEING, kept_file, submission_of, whole_submission_of

ROWS_SHOWN = 50


def values_page(request: HttpRequest, found: Submission) -> dict:
    """The grid of stored values, a page of rows at a time."""
    grid = seen_grid_of(found, by=request.user)
    page = Paginator(grid, ROWS_SHOWN).get_page(request.GET.get("page"))
    sums = grid.sums()
    return {
        "grid": grid,
        "page_obj": page,
        "rows": page.object_list,
        "sums": [(column, sums.get(column.key)) for column in grid.columns],
        "has_sums": bool(sums) and len(grid) > 1,
    }


@permission_needed(*SEEING)
def values(request: HttpRequest, pk: int) -> HttpResponse:
    """Every value with the sheet and cell it came from; `#o-<upload>-<cell>` is a value's place."""
    found = submission_of(request, pk)
    known = known_on(request, found)
    if known.revision is not None and known.revision.pk != found.pk:
        response = redirect("collection:values", pk=known.revision.pk)
        response["Location"] += f"?{request.GET.urlencode()}"
        return response
    uploads = Upload.objects.visible_to(request.user).filter(submission=found)
    uploads = uploads.filter(state=Upload.State.COMMITTED).select_related("uploaded_by")
    context = {
        "submission": found,
        "uploads": uploads,
        "known": known,
        **values_page(request, found),
    }
    return render(request, "collection/values.html", context)


class Known(NamedTuple):
    """The day that was asked for as typed, the day it means, the revision that stood approved."""

    text: str = ""
    day: datetime.date | None = None
    revision: Submission | None = None


def known_on(request: HttpRequest, found: Submission) -> Known:
    """Which revision of the same data stood approved at the end of the day in `ngay`."""
    text = request.GET.get("ngay", "").replace("\0", "").strip()
    day = formats.read_day(text)
    if day is None:
        return Known(text)
    same = Submission.objects.visible_to(request.user).filter(
        dataset=found.dataset, unit=found.unit, period=found.period
    )
    return Known(text, day, same.known_on(day).first())


@permission_needed(*SEEING)
def cell(request: HttpRequest, pk: int, upload: int, cell: str) -> HttpResponse:
    """From a file's cell to the value's place on the page of values."""
    found = submission_of(request, pk)
    key = store_of(found.dataset).found_at(found, upload, cell)
    if key is None:
        raise Http404
    index = seen_grid_of(found, by=request.user).position_of(key)
    if index is None:
        raise Http404
    response = redirect("collection:values", pk=found.pk)
    response["Location"] += f"?page={index // ROWS_SHOWN + 1}#o-{upload}-{cell}"
    return response


@permission_needed(*SEEING)
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """What was handed in, to be printed: rows, control totals, hashes, who and when."""
    found = whole_submission_of(request, pk)
    if found.submitted_at is None:
        raise Http404
    grid, store = stored_grid_of(found), store_of(found.dataset)
    sums = grid.sums()
    confirmation = confirmation_of(found)
    context = {
        "confirmation": confirmation,
        "totals": totals_of(confirmation.statement, found) if confirmation else [],
        "submission": found,
        "uploads": found.uploads.filter(state=Upload.State.COMMITTED).select_related("uploaded_by"),
        "steps": found.steps.select_related("by", "on_behalf_of"),
        "turn": turn_of(found, day=timezone.localdate()),
        "due": found.dataset.due_date(found.period),
        "values_hash": digest_of_lines(store.lines(found)),
        "rows": len(grid),
        "values": store.count(found),
        "sums": [(column, sums[column.key]) for column in grid.columns if column.key in sums],
        "grid": grid,
        "now": timezone.now(),
    }
    return render(request, "collection/receipt.html", context)


@permission_needed(*SEEING)
def letter(request: HttpRequest, pk: int) -> FileResponse:
    """The scan of the cover letter."""
    found = whole_submission_of(request, pk)
    if not found.cover_letter_file:
        raise Http404
    suffix = found.cover_letter_file.name.rsplit(".", 1)[-1]
    return kept_file(found.cover_letter_file, f"cong-van-{found.pk}.{suffix}")
