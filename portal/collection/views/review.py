"""For those who review: what waits, the values with their warnings, remarks, return, approve."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from portal.collection.forms import RemarkForm
from portal.collection.models import Dataset, Remark, ReportingPeriod, Submission, Upload
from portal.collection.services.approving import approve, return_submission
from portal.collection.services.confirming import confirmation_of
from portal.collection.services.grids import Grid, GridCell, GridRow
from portal.collection.services.reasons import place_of, reasons_of
from portal.collection.services.review import add_remark, delete_remark
from portal.collection.services.turns import makers
from portal.collection.workbooks.layout import Layout
from portal.units.models import AdministrativeUnit

from .found import remark_of, submission_of, telling
from .submissions import duty_of_submission, events_of
from .uploads import shown_issue
from .values import values_page

PER_PAGE = 30


@permission_needed("collection.review")
def review_list(request: HttpRequest) -> HttpResponse:
    """Everything that was sent, filtered; what waits for review first."""
    names = ("ky", "bieu", "tt", "huyen")
    chosen = {name: request.GET.get(name, "").replace("\0", "") for name in names}
    if "tt" not in request.GET:
        chosen["tt"] = Submission.Status.SUBMITTED
    found = sent(request, chosen)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "chosen": chosen,
        "periods": ReportingPeriod.objects.filter(submissions__isnull=False).distinct(),
        "datasets": Dataset.objects.active(),
        "statuses": Submission.Status.choices,
        "units": AdministrativeUnit.objects.visible_to(request.user)
        .filter(submissions__isnull=False)
        .distinct(),
        "user_pk": request.user.pk,
    }
    return render(request, "collection/review_list.html", context)


def sent(request: HttpRequest, chosen: dict[str, str]) -> QuerySet[Submission]:
    found = Submission.objects.visible_to(request.user).with_names().defer("findings", "typed")
    if chosen["tt"] in Submission.Status.values:
        found = found.filter(status=chosen["tt"])
    if chosen["ky"]:
        found = found.filter(period__code=chosen["ky"])
    if chosen["bieu"]:
        found = found.filter(dataset__code=chosen["bieu"])
    if chosen["huyen"].isdecimal() and len(chosen["huyen"]) < 15:
        found = found.filter(unit=int(chosen["huyen"]))
    found = found.annotate(open_remarks=Count("remarks", filter=Q(remarks__resolved_at=None)))
    return found.order_by(
        "-period__end", "submitted_at", "dataset__position", "unit__sort_key", "pk"
    )


@permission_needed("collection.review")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The values under review, with what the rules warn of and what was said about them."""
    found = submission_of(request, pk)
    if found.status != Submission.Status.SUBMITTED:
        return redirect(found)
    return render(request, "collection/review.html", review_context(request, found, RemarkForm()))


def review_context(request: HttpRequest, found: Submission, form: RemarkForm) -> dict:
    page = values_page(request, found)
    grid: Grid = page["grid"]
    cell = form["cell"].value() or request.GET.get("o", "")
    return {
        "submission": found,
        "duty": duty_of_submission(found),
        "confirmation": confirmation_of(found),
        "own": request.user.pk in makers(found),
        "warnings": warnings_with_reasons(found, grid.layout),
        "remarks": found.remarks.select_related("author"),
        "remarked": {
            f"o~{remark.row_unit.code if remark.row_unit else ''}~{remark.group_code}"
            f"~{remark.column_key}"
            for remark in found.remarks.filter(resolved_at=None).select_related("row_unit")
        },
        "uploads": found.uploads.filter(state=Upload.State.COMMITTED).select_related("uploaded_by"),
        "events": events_of(found),
        "form": form,
        "pinned": place_in_words(grid, cell),
        "pinned_name": cell,
        **page,
    }


def warnings_with_reasons(found: Submission, layout: Layout) -> list[dict]:
    reasons = reasons_of(found)
    return [
        {**shown_issue(issue, layout), "reason": reasons.get(place_of(issue), "")}
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
@permission_needed("collection.review")
def remark_create(request: HttpRequest, pk: int) -> HttpResponse:
    found = submission_of(request, pk)
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
            **place_fields(found, grid, name),
        )
        messages.success(request, "Đã ghi ý kiến. Ý kiến được gửi khi bấm “Trả lại”.")
    return redirect("collection:review", pk=found.pk)


def place_fields(found: Submission, grid: Grid, name: str) -> dict:
    """What pins a remark to its cell, as fields of the remark."""
    place = found_cell(grid, name)
    if place is None:
        return {}
    _row, cell = place
    unit = AdministrativeUnit.objects.on(found.period.end).filter(code=cell.key.unit).first()
    return {
        "row_unit": unit,
        "group_code": _row.place.group.code if _row.place.group else "",
        "column_key": cell.column.key,
        "sheet": cell.stored.sheet if cell.stored else "",
        "cell": cell.stored.cell if cell.stored else "",
        "place": place_in_words(grid, name),
    }


@require_POST
@permission_needed("collection.review")
def remark_delete(request: HttpRequest, pk: int) -> HttpResponse:
    remark: Remark = remark_of(request, pk)
    with telling(request):
        delete_remark(remark=remark, by=request.user)
    return redirect("collection:review", pk=remark.submission_id)


@require_POST
@permission_needed("collection.review")
def return_to_unit(request: HttpRequest, pk: int) -> HttpResponse:
    found = submission_of(request, pk)
    with telling(request):
        return_submission(submission=found, by=request.user, text=request.POST.get("text", ""))
        messages.success(request, f"Đã trả lại {found} kèm ý kiến.")
        return redirect("collection:review_list")
    return redirect("collection:review", pk=found.pk)


@require_POST
@permission_needed("collection.review")
def approve_submission(request: HttpRequest, pk: int) -> HttpResponse:
    found = submission_of(request, pk)
    with telling(request):
        approve(submission=found, by=request.user)
        messages.success(request, f"Đã duyệt {found}. Số liệu đã khoá.")
        return redirect("collection:review_list")
    return redirect("collection:review", pk=found.pk)
