"""Typing a submission's values in the browser."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from portal.accounts.models import User
from portal.collection.forms import GridForm
from portal.collection.models import Submission, SubmissionEvent
from portal.collection.row_owners import writes_rows_only
from portal.collection.services.beside import layout_of
from portal.collection.services.cell_facts import CellFacts, cell_facts
from portal.collection.services.committing import in_words
from portal.collection.services.entering import check_typed
from portal.collection.services.grids import Grid, GridRow, cell_name, entry_grid_of
from portal.collection.services.owning import own_rows_of
from portal.collection.services.reasons import unexplained
from portal.collection.services.sharing import Kept, keep_page, texts_now
from portal.collection.services.stored_grid import stored_grid_of
from portal.collection.stores import store_of

from .found import may_enter, submission_of, telling

ROWS_AT_ONCE, MANY_PARTS = 30, 60
YIELD = "lay~"  # before the name of a cell: take what the other person saved


@dataclass(frozen=True)
class Sheet:
    """The part of the grid on one page of the form, and the ways to the other parts.

    A form by group shows one unit at a time, every other form up to 30 rows; the measures of one
    unit are judged together and stand on one page. `own` are the rows that this person may write
    (None: all); they come alone unless the others are asked for (`every_row`), which are locked.
    """

    grid: Grid
    rows: list[GridRow]
    parts: list[dict]
    here: str
    every_group: str = ""
    own: Collection[str] | None = None
    every_row: str = ""

    @property
    def has_many_parts(self) -> bool:
        """So many that one is chosen from a list."""
        return len(self.parts) > MANY_PARTS

    @property
    def following(self) -> str:
        """The address of the next part; "" on the last."""
        places = [part["query"] for part in self.parts]
        after = places.index(self.here) + 1 if self.here in places else 0
        return places[after] if 0 < after < len(places) else ""


def sheet_of(request: HttpRequest, found: Submission) -> Sheet:
    """The values of no more units are fetched than the page shows."""
    layout, store = layout_of(found), store_of(found.dataset)
    own, everything = own_rows_of(found, request.user), request.GET.get("du") == "1"
    if own is not None and everything and writes_rows_only(request.user) and not layout.has_groups:
        raise Http404
    if layout.has_groups:
        told = store.units_of(found)
        units = [unit for unit in layout.valid_units() if own is None or unit.code in own]
        codes = [unit.code for unit in units]
        first = next((code for code in codes if code not in told), next(iter(codes), ""))
        wanted = request.GET.get("xa", "")
        code = wanted if wanted in codes else first
        if not code:
            return Sheet(Grid(layout, {}, []), [], [], "")
        values = store.current(found, units={code})
        grid = entry_grid_of(layout, values, unit=code, every_group=everything)
        parts = [
            {
                "query": urlencode({"xa": unit.code}),
                "code": unit.code,
                "label": f"{unit.label} ({unit.code})" if layout.has_records else unit.label,
                "told": unit.code in told,
            }
            for unit in units
        ]
        more = "" if everything else urlencode({"xa": code, "du": 1})
        return Sheet(grid, list(grid), parts, urlencode({"xa": code}), more)
    grid = stored_grid_of(found, layout)
    if own is not None and not everything and not grid.by_measure:
        grid = replace(grid, places=[place for place in grid.places if place.unit.code in own])
    pages: Paginator = Paginator(
        grid,  # type: ignore[arg-type]
        max(1, len(grid)) if grid.by_measure else ROWS_AT_ONCE,
    )
    page = pages.get_page(request.GET.get("page"))
    all_rows = {"du": 1} if own is not None and everything else {}
    parts = [
        {
            "query": urlencode({"page": number, **all_rows}),
            "code": number,
            "label": f"Trang {number}",
            "told": False,
        }
        for number in pages.page_range
    ]
    here = urlencode({"page": page.number, **all_rows})
    may_see = own is not None and not everything and not writes_rows_only(request.user)
    more = urlencode({"du": 1}) if may_see else ""
    return Sheet(grid, page.object_list, parts, here, own=own, every_row=more)


@permission_needed("collection.enter")
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of the grid as a form. What is wrong stays as typed, with its sentence beside it."""
    found = submission_of(request, pk)
    if not may_enter(request, found):
        return redirect(found)
    sheet = sheet_of(request, found)
    if request.method != "POST":
        return show(request, found, sheet, opened(found, sheet))
    with telling(request):
        kept = keep_page(
            submission=found,
            layout=sheet.grid.layout,
            rows=sheet.rows,
            texts=posted(request, sheet.rows),
            opened_with=opened_with(request),
            yielding={name.removeprefix(YIELD) for name in request.POST if name.startswith(YIELD)},
            by=request.user,
        )
        form = answered(request, pk, kept)
        if kept.conflicts or form.errors:
            found = submission_of(request, pk)
            status = 409 if kept.conflicts else 422
            return show(request, found, sheet_of(request, found), form, status=status)
        if kept.written.touched:
            messages.success(request, f"Đã lưu: {in_words(kept.written)}.")
        else:
            messages.info(request, "Không có gì thay đổi.")
        if unexplained(found):
            messages.warning(request, unexplained(found))
        if "tiep" in request.POST and sheet.following:
            here = reverse("collection:entry", args=[found.pk])
            return redirect(f"{here}?{sheet.following}")
    return redirect(found)


def posted(request: HttpRequest, rows: Iterable[GridRow]) -> dict[str, str]:
    """What was sent of the cells of `rows`, by the name of the field."""
    names = [cell.name for row in rows for cell in row.cells if cell.column.is_entered]
    return {name: request.POST[name] for name in names if name in request.POST}


def opened_with(request: HttpRequest) -> dict[str, str]:
    """What stood in the cells when the page was opened, as the page itself carries it."""
    try:
        told = json.loads(request.POST.get("goc", "{}"))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict):
        return {}
    return {name: text for name, text in told.items() if isinstance(text, str)}


def remarked_cells(submission: Submission) -> set[str]:
    """Names of the cells whose remark was not dealt with yet."""
    places = submission.remarks.filter(is_sent=True, resolved_at=None).exclude(row_code="")
    return {
        cell_name(unit, group or None, column)
        for unit, group, column in places.values_list("row_code", "group_code", "column_key")
    }


def opened(submission: Submission, sheet: Sheet) -> GridForm:
    """The page as it is opened; texts that were refused before have their sentences again."""
    form = GridForm(submission=submission, sheet=sheet, remarked=remarked_cells(submission))
    texts = texts_now(submission, sheet.rows)
    if any(name in submission.typed for name in texts):
        waiting = [row for row in sheet.rows if any(c.name in submission.typed for c in row.cells)]
        layout = sheet.grid.layout
        form.tell(check_typed(submission=submission, layout=layout, rows=waiting, texts=texts))
    return form


def answered(request: HttpRequest, pk: int, kept: Kept) -> GridForm:
    """The page after it was sent: what was merged, and what stands against it."""
    found = submission_of(request, pk)
    form = GridForm(
        kept.texts,
        submission=found,
        sheet=sheet_of(request, found),
        conflicts=kept.conflicts,
        remarked=remarked_cells(found),
    )
    form.tell(kept.checked)
    return form


def show(
    request: HttpRequest, found: Submission, sheet: Sheet, form: GridForm, status: int = 200
) -> HttpResponse:
    base = texts_now(found, sheet.rows)
    context = {
        "submission": found,
        "sheet": sheet,
        "grid": sheet.grid,
        "form": form,
        "opened_with": json.dumps(base, ensure_ascii=False),
        "draft": f"nhap-{request.user.pk}-{found.pk}-{sheet.here}",
        "saved": last_saved(found, request.user),
        "facts": facts_of(request, found, sheet),
    }
    return render(request, "collection/entry.html", context, status=status)


def last_saved(submission: Submission, user: User) -> int:
    """Changes when this person saves; a draft on their machine from before is done with then."""
    mine = submission.events.filter(who=user, what=SubmissionEvent.What.TYPED)
    return mine.order_by("-pk").values_list("pk", flat=True).first() or 0


def facts_of(request: HttpRequest, found: Submission, sheet: Sheet) -> CellFacts | None:
    """What is known of the cell that the address names; None when it names none of this page."""
    wanted = request.GET.get("o", "")
    cells = (cell for row in sheet.rows for cell in row.cells if cell.name == wanted)
    cell = next(cells, None)
    if cell is None:
        return None
    return cell_facts(submission=found, layout=sheet.grid.layout, cell=cell)


@permission_needed("collection.enter")
def entry_cell(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel beside the grid: earlier values, limits, remarks and history of one cell."""
    found = submission_of(request, pk)
    facts = facts_of(request, found, sheet_of(request, found))
    if facts is None and "o" in request.GET:
        raise Http404
    return render(request, "collection/cell_panel.html", {"submission": found, "facts": facts})


@require_POST
@permission_needed("collection.enter")
def entry_check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the rules say of the rows that were typed so far; nothing is stored.

    Answers {"o~07615~~N03": [["error", "45 lớn hơn…"]]}, for the rows that were sent. Of cells
    that are still empty nothing is said before the page is saved.
    """
    found = submission_of(request, pk)
    if not may_enter(request, found):
        raise Http404
    sheet = sheet_of(request, found)
    rows = [row for row in sheet.rows if any(cell.name in request.POST for cell in row.cells)]
    texts = posted(request, rows)
    layout = sheet.grid.layout
    checked = check_typed(submission=found, layout=layout, rows=rows, texts=texts, by=request.user)
    form = GridForm(submission=found, sheet=sheet)
    form.tell(checked)
    said: dict[str, list[tuple[str, str]]] = {}
    for name, sentences in form.errors_at.items():
        said.setdefault(name, []).extend(("error", sentence) for sentence in sentences)
    for name, sentences in form.warnings.items():
        said.setdefault(name, []).extend(("warning", sentence) for sentence in sentences)
    told = {name: sentences for name, sentences in said.items() if texts.get(name, "").strip()}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
