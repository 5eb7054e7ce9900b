"""Typing a submission's values in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from portal.access import permission_needed
from portal.collection.forms import GridForm
from portal.collection.models import Submission
from portal.collection.services.beside import layout_of
from portal.collection.services.committing import in_words
from portal.collection.services.entering import keep_typed
from portal.collection.services.grids import Grid, GridRow, entry_grid_of, grid_of
from portal.collection.services.reasons import unexplained
from portal.collection.stores import store_of

from .found import may_enter, submission_of, telling

ROWS_AT_ONCE = 30


@dataclass(frozen=True)
class Sheet:
    """The part of the grid on one page of the form, and the ways to the other parts.

    A form by group shows one unit at a time, every other form up to 30 rows; the measures of one
    unit are judged together and stand on one page.
    """

    grid: Grid
    rows: list[GridRow]
    parts: list[dict]
    here: str
    every_group: str = ""

    @property
    def following(self) -> str:
        """The address of the next part; "" on the last."""
        places = [part["query"] for part in self.parts]
        after = places.index(self.here) + 1 if self.here in places else 0
        return places[after] if 0 < after < len(places) else ""


def sheet_of(request: HttpRequest, found: Submission) -> Sheet:
    layout, values = layout_of(found), store_of(found.dataset).current(found)
    if layout.has_groups:
        told = {key.unit for key in values}
        units = list(layout.valid_units())
        codes = [unit.code for unit in units]
        first = next((code for code in codes if code not in told), codes[0])
        wanted = request.GET.get("xa", "")
        code = wanted if wanted in codes else first
        everything = request.GET.get("du") == "1"
        grid = entry_grid_of(layout, values, unit=code, every_group=everything)
        parts = [
            {"query": urlencode({"xa": unit.code}), "label": unit.label, "told": unit.code in told}
            for unit in units
        ]
        more = "" if everything else urlencode({"xa": code, "du": 1})
        return Sheet(grid, list(grid), parts, urlencode({"xa": code}), more)
    grid = grid_of(layout, values)
    pages = Paginator(grid, max(1, len(grid)) if grid.by_measure else ROWS_AT_ONCE)
    page = pages.get_page(request.GET.get("page"))
    parts = [
        {"query": urlencode({"page": number}), "label": f"Trang {number}", "told": False}
        for number in pages.page_range
    ]
    return Sheet(grid, page.object_list, parts, urlencode({"page": page.number}))


@permission_needed("collection.enter")
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of the grid as a form. What is wrong stays as typed, with its sentence beside it."""
    found = submission_of(request, pk)
    if not may_enter(request, found):
        return redirect(found)
    sheet = sheet_of(request, found)
    if request.method != "POST":
        return show(request, found, sheet, GridForm(submission=found, sheet=sheet))
    form = GridForm(request.POST, submission=found, sheet=sheet)
    with telling(request):
        checked, written = keep_typed(
            submission=found,
            layout=sheet.grid.layout,
            rows=sheet.rows,
            texts=form.typed(),
            by=request.user,
        )
        form.tell(checked)
        if form.errors:
            return show(request, found, sheet, form, status=422)
        if written.touched:
            messages.success(request, f"Đã lưu: {in_words(written)}.")
        else:
            messages.info(request, "Không có gì thay đổi.")
        if unexplained(found):
            messages.warning(request, unexplained(found))
        if "tiep" in request.POST and sheet.following:
            here = reverse("collection:entry", args=[found.pk])
            return redirect(f"{here}?{sheet.following}")
    return redirect(found)


def show(
    request: HttpRequest, found: Submission, sheet: Sheet, form: GridForm, status: int = 200
) -> HttpResponse:
    context = {"submission": found, "sheet": sheet, "grid": sheet.grid, "form": form}
    return render(request, "collection/entry.html", context, status=status)
