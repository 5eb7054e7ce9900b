"""The explorer: choose measures, rows and columns; a table, its chart, its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from ethnic_data.exploring import charts, files
from ethnic_data.exploring.options import Options
from ethnic_data.exploring.publishing import as_asked_by, as_seen_by
from ethnic_data.exploring.selection import OVERLAYS, Reading
from ethnic_data.exploring.table import MOST_CELLS, Table, TooLarge
from ethnic_data.forms.saved_views import SavedViewForm
from ethnic_data.models import SavedView
from ethnic_data.services import saved_views as services
from portal.access import permission_needed

ROWS_ON_A_PAGE = 100
MOST_EXPORTED = 500_000
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@permission_needed("ethnic_data.view")
def explorer(request: HttpRequest) -> HttpResponse:
    chosen = as_asked_by(request.user, Reading(request.GET, request.user).selection())
    context: dict[str, Any] = {
        "chosen": chosen,
        "options": Options(chosen, request.user, request.GET.get("tim", "")),
        "query": services.tidied(request.GET.urlencode()),
    }
    try:
        table = as_seen_by(request.user, Table.of(chosen))
    except TooLarge as large:
        context |= {"cells": large.cells, "most": MOST_CELLS, "exported": MOST_EXPORTED}
        return render(request, "ethnic_data/explorer.html", context)
    page = Paginator(table.body, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context |= {
        "table": table,
        "page_obj": page,
        "lines": list(table.lines(page.object_list)),
        "totals": list(table.lines(table.totals)),
        "drawn": charts.drawn(table),
        "charts": charts.choices(table),
        "overlays": OVERLAYS,
    }
    return render(request, "ethnic_data/explorer.html", context)


@permission_needed("ethnic_data.view")
def explorer_export(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """The whole table as a file; csv of large ones is read and sent some rows at a time."""
    if kind not in TYPES:
        raise Http404
    chosen = as_asked_by(request.user, Reading(request.GET, request.user).selection())
    heads = {"Content-Disposition": f'attachment; filename="kham-pha.{kind}"'}
    table = Table.of(chosen)
    whole = table.size <= MOST_CELLS or not request.user.has_perm("ethnic_data.exact")
    try:
        if whole:
            table = as_seen_by(request.user, table)
        if kind == "xlsx":
            if not whole:
                raise TooLarge(table.size)
            return HttpResponse(files.workbook(table), content_type=TYPES[kind], headers=heads)
    except TooLarge:
        return _too_large(request)
    if table.size > MOST_EXPORTED:
        return _too_large(request)
    lines = files.csv_lines(table, whole=whole)
    return StreamingHttpResponse(
        (line.encode() for line in lines), content_type=TYPES[kind], headers=heads
    )


def _too_large(request: HttpRequest) -> HttpResponse:
    messages.error(request, "Bảng quá lớn để tải. Bớt dòng hoặc cột rồi tải lại.")
    return redirect(_address(request.GET.urlencode()))


def _address(query: str) -> str:
    return SavedView(query=services.tidied(query)).get_absolute_url()


@permission_needed("ethnic_data.view")
def saved_view_list(request: HttpRequest) -> HttpResponse:
    seen = SavedView.objects.visible_to(request.user).select_related("owner")
    context = {
        "own": [one for one in seen if one.owner_id == request.user.pk],
        "shared": [one for one in seen if one.owner_id != request.user.pk],
    }
    return render(request, "ethnic_data/saved_view_list.html", context)


@require_POST
@permission_needed("ethnic_data.view")
def saved_view_create(request: HttpRequest) -> HttpResponse:
    form = SavedViewForm(request.POST, instance=SavedView(owner=request.user))
    query = request.POST.get("query", "")
    if not form.is_valid():
        messages.error(request, f"Chưa lưu được. {form.words()}")
        return redirect(_address(query[:10_000]))
    try:
        view = services.save_view(owner=request.user, query=query, **form.cleaned_data)
    except services.TooManyViews:
        messages.error(request, "Đã đủ 200 bảng. Xoá bớt bảng cũ rồi lưu lại.")
    except services.QueryTooLong:
        messages.error(request, "Lựa chọn quá dài để lưu. Bớt chỉ tiêu, dân tộc hoặc kỳ.")
        return redirect("ethnic_data:explorer")
    else:
        messages.success(request, f"Đã lưu bảng “{view.name}”.")
    return redirect(_address(query))


@require_POST
@permission_needed("ethnic_data.view")
def saved_view_change(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.owned_by(request.user), pk=pk)
    form = SavedViewForm(request.POST, instance=view)
    if form.is_valid():
        services.change_view(view=view, **form.cleaned_data)
        messages.success(request, f"Đã sửa bảng “{view.name}”.")
    else:
        messages.error(request, f"Chưa sửa được. {form.words()}")
    return redirect("ethnic_data:saved_view_list")


@require_POST
@permission_needed("ethnic_data.view")
def saved_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.owned_by(request.user), pk=pk)
    services.drop_view(view=view)
    messages.success(request, f"Đã xoá bảng “{view.name}”.")
    return redirect("ethnic_data:saved_view_list")
