"""One submission under review: its values or what changed, remarks, return, approve."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from portal.collection.forms import RemarkForm
from portal.collection.models import REVIEWING, Remark, Submission, Upload
from portal.collection.services.approving import approve, return_submission, send_back
from portal.collection.services.changes import Changes, changes_of
from portal.collection.services.confirming import confirmation_of
from portal.collection.services.grids import Grid, GridCell, GridRow, cell_name
from portal.collection.services.reasons import reason_for, reasons_of
from portal.collection.services.review import add_remark, delete_remark
from portal.collection.services.turns import (
    makers,
    may_review,
    path_of,
    standings,
    turn_of,
)
from portal.collection.stores import ValueKey
from portal.collection.workbooks.layout import Column, Layout

from .found import name_given, remark_of, submission_of, telling
from .submissions import duty_of_submission, events_of
from .uploads import shown_issue
from .values import values_page

CHANGES_SHOWN = 200
EVERYTHING = "het"


@permission_needed(*REVIEWING)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The values under review, with what the rules warn of and what was said about them."""
    found = submission_of(request, pk)
    if not may_review(request.user, found, day=timezone.localdate()):
        raise Http404
    if found.status != Submission.Status.SUBMITTED:
        return redirect(found)
    return render(request, "collection/review.html", review_context(request, found, RemarkForm()))


def review_context(request: HttpRequest, found: Submission, form: RemarkForm) -> dict:
    page = values_page(request, found)
    grid: Grid = page["grid"]
    cell = form["cell"].value() or request.GET.get("o", "")
    today = timezone.localdate()
    changes = changes_of(found)
    return {
        "path": path_of(found, day=today),
        "turn": turn_of(found, day=today),
        "names": standings(request.user, found, day=today),
        "changes": shown_changes(found, changes, grid) if changes else None,
        "everything": changes is None or request.GET.get("xem") == EVERYTHING or bool(cell),
        "submission": found,
        "duty": duty_of_submission(found),
        "confirmation": confirmation_of(found),
        "own": request.user.pk in makers(found),
        "warnings": warnings_with_reasons(found, grid.layout),
        "remarks": found.remarks.select_related("author", "answered_by"),
        "remarked": {
            cell_name(remark.row_code, remark.group_code, remark.column_key)
            for remark in found.remarks.filter(resolved_at=None)
        },
        "uploads": found.uploads.filter(state=Upload.State.COMMITTED).select_related("uploaded_by"),
        "events": events_of(found),
        "form": form,
        "pinned": place_in_words(grid, cell),
        "pinned_name": cell,
        **page,
    }


def shown_changes(found: Submission, changes: Changes, grid: Grid) -> dict:
    """The changed cells with their row, their column and what was said and answered there."""
    said = remarks_by_cell(found)
    layout = grid.layout
    lines = []
    for item in changes.cells[:CHANGES_SHOWN]:
        column, label, name = place_of_key(layout, item.key)
        lines.append(
            {
                "label": label,
                "column": column,
                "name": name,
                "old": item.old,
                "new": item.new,
                "remarks": said.get(name, []),
            }
        )
    return {
        "base": changes.base,
        "lines": lines,
        "count": len(changes.cells),
        "more": max(len(changes.cells) - CHANGES_SHOWN, 0),
        "same": changes.same,
    }


def place_of_key(layout: Layout, key: ValueKey) -> tuple[Column | None, str, str]:
    """The column, the words for the row, and the name of the cell that a value stands in."""
    unit = layout.unit_by_code.get(key.unit)
    label = unit.label if unit else key.unit
    for column in layout.columns:
        exact = column.measure == key.measure and (column.sex or None) == (key.sex or None)
        if exact and (column.category or "") == key.category and column.group in (None, key.group):
            group = None if column.group else key.group
            known = layout.group_by_code.get(group or "")
            words = f"{label} · {known.name}" if known else label
            return column, words, cell_name(key.unit, group, column.key)
    return None, label, ""


def remarks_by_cell(found: Submission) -> dict[str, list[Remark]]:
    said: dict[str, list[Remark]] = {}
    for remark in found.remarks.select_related("author", "answered_by"):
        name = cell_name(remark.row_code, remark.group_code, remark.column_key)
        said.setdefault(name, []).append(remark)
    return said


def warnings_with_reasons(found: Submission, layout: Layout) -> list[dict]:
    reasons = reasons_of(found)
    return [
        {**shown_issue(issue, layout), "reason": reason_for(issue, reasons)}
        for issue in found.findings
    ]


def found_cell(grid: Grid, name: str) -> tuple[GridRow, GridCell] | None:
    """The row and cell of a field name such as "o~07642~~D01"."""
    if not name:
        return None
    for row in grid:
        for cell in row.cells:
            if cell.name == name:
                return row, cell
    return None


def place_in_words(grid: Grid, name: str) -> str:
    found = found_cell(grid, name)
    if found is None:
        return ""
    row, cell = found
    return row.label if row.heading is not None else f"{row.label} · {cell.column.heading}"


@require_POST
@permission_needed(*REVIEWING)
def remark_create(request: HttpRequest, pk: int) -> HttpResponse:
    found = submission_of(request, pk)
    if not may_review(request.user, found, day=timezone.localdate()):
        raise Http404
    form = RemarkForm(request.POST)
    if not form.is_valid():
        if found.status != Submission.Status.SUBMITTED:
            return redirect(found)
        context = review_context(request, found, form)
        return render(request, "collection/review.html", context, status=422)
    grid: Grid = values_page(request, found)["grid"]
    name = form.cleaned_data["cell"]
    with telling(request):
        add_remark(
            submission=found,
            text=form.cleaned_data["text"],
            by=request.user,
            **place_fields(grid, name),
        )
        messages.success(request, "Đã ghi ý kiến. Ý kiến được gửi khi bấm “Trả lại”.")
    return redirect("collection:review", pk=found.pk)


def place_fields(grid: Grid, name: str) -> dict:
    """What pins a remark to its cell, as fields of the remark."""
    place = found_cell(grid, name)
    if place is None:
        return {}
    _row, cell = place
    return {
        "row_code": cell.key.unit,
        "group_code": _row.place.group.code if _row.place.group else "",
        "column_key": cell.column.key,
        "sheet": cell.stored.sheet if cell.stored else "",
        "cell": cell.stored.cell if cell.stored else "",
        "place": place_in_words(grid, name),
    }


@require_POST
@permission_needed(*REVIEWING)
def remark_delete(request: HttpRequest, pk: int) -> HttpResponse:
    remark: Remark = remark_of(request, pk)
    with telling(request):
        delete_remark(remark=remark, by=request.user)
    return redirect("collection:review", pk=remark.submission_id)


@require_POST
@permission_needed(*REVIEWING)
def return_to_unit(request: HttpRequest, pk: int) -> HttpResponse:
    return _given_back(request, pk, return_submission, "Đã trả lại {} kèm ý kiến.")


@require_POST
@permission_needed(*REVIEWING)
def send_back_a_level(request: HttpRequest, pk: int) -> HttpResponse:
    return _given_back(request, pk, send_back, "Đã chuyển {} cho cấp dưới xem lại.")


def _given_back(
    request: HttpRequest, pk: int, give: Callable[..., object], said: str
) -> HttpResponse:
    found = submission_of(request, pk)
    with telling(request):
        give(
            submission=found,
            by=request.user,
            text=request.POST.get("text", ""),
            on_behalf_of=name_given(request),
        )
        messages.success(request, said.format(found))
        return redirect("collection:review_list")
    return redirect("collection:review", pk=found.pk)


@require_POST
@permission_needed(*REVIEWING)
def approve_submission(request: HttpRequest, pk: int) -> HttpResponse:
    found = submission_of(request, pk)
    with telling(request):
        done = approve(submission=found, by=request.user, on_behalf_of=name_given(request))
        locked = done.status == Submission.Status.APPROVED
        words = "Số liệu đã khoá." if locked else "Đã chuyển cấp duyệt tiếp theo."
        messages.success(request, f"Đã duyệt {found}. {words}")
        return redirect("collection:review_list")
    return redirect("collection:review", pk=found.pk)
