"""Typing a submission's values in the browser."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.access import permission_needed
from portal.collection.forms import GridForm
from portal.collection.models import Submission
from portal.collection.services.committing import in_words
from portal.collection.services.entering import keep_typed
from portal.collection.services.grids import Grid, grid_of
from portal.collection.services.reading import layout_of
from portal.collection.stores import store_of

from .found import may_enter, submission_of, telling

ROWS_AT_ONCE = 30


@permission_needed("collection.enter")
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of the grid as a form. What is wrong stays as typed, with its sentence beside it."""
    found = submission_of(request, pk)
    if not may_enter(request, found):
        return redirect(found)
    grid = grid_of(layout_of(found), store_of(found.dataset).current(found), for_entry=True)
    page = Paginator(grid, rows_at_once(grid)).get_page(request.GET.get("page"))
    if request.method != "POST":
        form = GridForm(submission=found, grid=grid, rows=page.object_list)
        return show(request, found, grid, page, form)
    form = GridForm(request.POST, submission=found, grid=grid, rows=page.object_list)
    done = False
    with telling(request):
        checked, written = keep_typed(
            submission=found,
            layout=grid.layout,
            rows=page.object_list,
            texts=form.typed(),
            by=request.user,
        )
        done = True
    if not done:
        return redirect(found)
    form.tell(checked)
    if form.errors:
        return show(request, found, grid, page, form, status=422)
    if written.touched:
        messages.success(request, f"Đã lưu: {in_words(written)}.")
    else:
        messages.info(request, "Không có gì thay đổi.")
    following = page.next_page_number() if "tiep" in request.POST and page.has_next() else None
    if following:
        response = redirect("collection:entry", pk=found.pk)
        response["Location"] += f"?page={following}"
        return response
    return redirect(found)


def rows_at_once(grid: Grid) -> int:
    """The measures of one unit are judged together, so they stand on one page."""
    return max(1, len(grid)) if grid.by_measure else ROWS_AT_ONCE


def show(
    request: HttpRequest,
    found: Submission,
    grid: Grid,
    page,  # type: ignore[no-untyped-def]
    form: GridForm,
    status: int = 200,
) -> HttpResponse:
    context = {"submission": found, "grid": grid, "page_obj": page, "form": form}
    return render(request, "collection/entry.html", context, status=status)
