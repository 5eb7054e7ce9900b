"""Administrators compose pages from saved views: make, order, look, publish, delete."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from reports.models import Dashboard, DashboardPanel
from reports.models.dashboard import COMPOSE
from reports.services import composing as services
from reports.services.refusals import ReportRefusal

from .forms import DashboardForm, NewDashboardForm, PanelForm


@permission_needed(COMPOSE)
def board_list(request: SignedInRequest) -> HttpResponse:
    """Every page, and the form for a new one."""
    form = NewDashboardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        board = services.save_dashboard(dashboard=form.save(commit=False), by=request.user)
        messages.success(request, f"Đã tạo trang “{board}”. Thêm bảng rồi công bố.")
        return redirect("reports:board_edit", pk=board.pk)
    boards = Dashboard.objects.select_related("owner").prefetch_related("panels")
    context = {"form": form, "boards": boards}
    status = 422 if form.is_bound else 200
    return render(request, "reports/themes/board_list.html", context, status=status)


@permission_needed(COMPOSE)
def board_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the page says of itself, its panels in their order, and the form for one more."""
    board = get_object_or_404(Dashboard, pk=pk)
    form = DashboardForm(request.POST if request.method == "POST" else None, instance=board)
    if form.is_valid():
        try:
            services.save_dashboard(dashboard=form.save(commit=False), by=request.user)
        except ReportRefusal as refusal:
            form.add_error("is_published", str(refusal))
        else:
            messages.success(request, "Đã lưu trang.")
            return redirect("reports:board_edit", pk=pk)
    return _edited(request, pk, form, PanelForm(by=request.user))


def _edited(
    request: SignedInRequest, pk: int, form: DashboardForm, adding: PanelForm
) -> HttpResponse:
    board = get_object_or_404(Dashboard, pk=pk)
    panels = list(board.panels.select_related("view__owner"))
    rows = [
        {
            "panel": one,
            "form": PanelForm(instance=one, by=request.user, prefix=f"p{one.pk}"),
            "is_shared": one.view is not None and one.view.is_shared,
            "is_first": place == 0,
            "is_last": place == len(panels) - 1,
        }
        for place, one in enumerate(panels)
    ]
    context = {"board": board, "form": form, "rows": rows, "adding": adding}
    status = 422 if form.errors or adding.errors else 200
    return render(request, "reports/themes/board_edit.html", context, status=status)


@require_POST
@permission_needed(COMPOSE)
def board_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    board = get_object_or_404(Dashboard, pk=pk)
    services.drop_dashboard(dashboard=board, by=request.user)
    messages.success(request, f"Đã xoá trang “{board}”. Các bảng đã lưu vẫn còn.")
    return redirect("reports:board_list")


@require_POST
@permission_needed(COMPOSE)
def panel_add(request: SignedInRequest, pk: int) -> HttpResponse:
    board = get_object_or_404(Dashboard, pk=pk)
    adding = PanelForm(request.POST, by=request.user)
    if adding.is_valid():
        try:
            services.add_panel(dashboard=board, by=request.user, **adding.cleaned_data)
        except ReportRefusal as refusal:
            adding.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã thêm bảng.")
            return redirect("reports:board_edit", pk=pk)
    return _edited(request, pk, DashboardForm(instance=board), adding)


@require_POST
@permission_needed(COMPOSE)
def panel_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move it up or down, take it off, or change what is said of it."""
    panel = get_object_or_404(DashboardPanel.objects.select_related("dashboard"), pk=pk)
    deed = request.POST.get("viec", "")
    if deed in ("len", "xuong"):
        services.move_panel(panel=panel, by=request.user, earlier=deed == "len")
    elif deed == "bo":
        services.remove_panel(panel=panel, by=request.user)
        messages.success(request, "Đã bỏ bảng khỏi trang.")
    else:
        form = PanelForm(request.POST, instance=panel, by=request.user, prefix=f"p{pk}")
        if form.is_valid():
            services.change_panel(panel=form.save(commit=False), by=request.user)
            messages.success(request, "Đã sửa bảng.")
        else:
            messages.error(request, "Chưa sửa được bảng. Chọn một bảng đã lưu và thử lại.")
    return redirect("reports:board_edit", pk=panel.dashboard_id)
