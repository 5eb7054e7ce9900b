"""Reorganisations: entered, looked at before anything is written, confirmed, undone."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic import DetailView, ListView
from openpyxl import Workbook

from portal import formats
from portal.access import PermissionNeededMixin, permission_needed

from ..forms import ReorganisationForm, written
from ..models import Reorganisation, ReorganisationItem, UnitSuccession, form_of
from ..services import reorganising
from ..services.foreseeing import foreseen, left_open
from ..services.planning import Plan, plan_of

PERMISSION = "units.reorganise"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReorganisationList(PermissionNeededMixin, ListView):
    permissions = (PERMISSION,)
    queryset = Reorganisation.objects.select_related("created_by")
    template_name = "units/reorganisation_list.html"
    paginate_by = 50


@require_http_methods(["GET", "POST"])
@permission_needed(PERMISSION)
def reorganisation_enter(request: HttpRequest) -> HttpResponse:
    form = ReorganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        one = reorganising.enter(
            decision=given["decision"], date=given["date"], items=given["items"], by=request.user
        )
        return redirect(one)
    return render(request, "units/reorganisation_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@permission_needed(PERMISSION)
def reorganisation_mend(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(Reorganisation, pk=pk, state=Reorganisation.State.DRAFT)
    form = ReorganisationForm(request.POST or None, initial=written(one))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            reorganising.mend(
                reorganisation=one,
                decision=given["decision"],
                date=given["date"],
                items=given["items"],
            )
        except reorganising.CannotReorganise as error:
            messages.error(request, str(error))
        return redirect(one)
    return render(request, "units/reorganisation_form.html", {"form": form, "one": one})


class ReorganisationDetail(PermissionNeededMixin, DetailView):
    """What it does, before anything is written; afterwards what it did and what is left to do."""

    permissions = (PERMISSION,)
    queryset = Reorganisation.objects.select_related("created_by", "confirmed_by")
    template_name = "units/reorganisation_detail.html"
    context_object_name = "one"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        plan = plan_of(one) if one.is_pending else None
        is_sound = plan is not None and not plan.problems
        return super().get_context_data(
            rows=rows_of(one, plan),
            plan=plan,
            problems=plan.problems if plan else [],
            is_sound=is_sound,
            is_being_done=is_sound and one.is_due(timezone.localdate()),
            consequences=foreseen(plan) if plan and is_sound else [],
            left_open=left_open([one]) if one.state == Reorganisation.State.IN_FORCE else [],
            **kwargs,
        )


def rows_of(one: Reorganisation, plan: Plan | None) -> list[dict[str, Any]]:
    """Every row as entered, with what it does: as planned, or as it was done."""
    items = list(one.items.select_related("old"))
    if plan:
        return [{"item": item, **_planned(plan, item)} for item in items]
    steps = UnitSuccession.objects.filter(old__in=[item.old_id for item in items], date=one.date)
    forms = {
        (step.old_id, step.new.code if step.new else ""): step
        for step in steps.select_related("old", "new")
    }
    return [
        {"item": item, "new": step.new if step else None, "form": step.form if step else ""}
        for item in items
        for step in [forms.get((item.old_id, item.new_code))]
    ]


def _planned(plan: Plan, item: ReorganisationItem) -> dict[str, Any]:
    new = plan.beginning.get(item.new_code)
    above = new.parent if new else None
    if isinstance(above, str):
        above = plan.beginning[above].full_name
    form = form_of(plan.kind_of(item), renamed=bool(new) and item.old.kind == item.new_kind)
    wrong = [problem.words for problem in plan.problems if problem.row == item.position]
    return {"form": form, "above": above or "", "wrong": wrong}


ACTS = ("confirm", "undo", "discard")


@require_POST
@permission_needed(PERMISSION)
def reorganisation_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    one = get_object_or_404(Reorganisation, pk=pk)
    if act not in ACTS:
        raise Http404
    try:
        if act == "confirm":
            reorganising.confirm(reorganisation=one, by=request.user, today=timezone.localdate())
            messages.success(request, f"Đã xác nhận. Có hiệu lực từ ngày {formats.day(one.date)}.")
        elif act == "undo":
            reorganising.undo(reorganisation=one)
            messages.success(request, "Đã hoàn tác. Các đơn vị cũ có hiệu lực trở lại.")
        else:
            reorganising.discard(reorganisation=one)
            messages.success(request, "Đã xoá.")
            return redirect("units:reorganisation_list")
    except reorganising.CannotReorganise as error:
        for words in error.words[:10]:
            messages.error(request, words)
    return redirect(one)


@require_GET
@permission_needed(PERMISSION)
def reorganisation_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """As a workbook: what ends and begins, what changes elsewhere or is left to do."""
    one = get_object_or_404(Reorganisation, pk=pk)
    book = Workbook()
    sheet = book.active
    sheet.title = "Đơn vị"
    sheet.append(["Đơn vị cũ", "Mã cũ", "Đơn vị mới", "Mã mới", "Phần", "Số dân"])
    for item in one.items.select_related("old"):
        new = f"{item.new_kind} {item.new_name}".strip() or "kết thúc"
        _append(sheet, [str(item.old), item.old.code, new, item.new_code, item.weight, item.people])
    other = book.create_sheet("Ảnh hưởng")
    other.append(["Loại", "Đối tượng", "Thay đổi", "Cần xử lý"])
    for told in foreseen(plan_of(one)) if one.is_pending else left_open([one]):
        row = [told.topic, told.subject, told.effect, "có" if told.open_work else ""]
        _append(other, row)
    file = BytesIO()
    book.save(file)
    response = HttpResponse(file.getvalue(), content_type=SHEET_TYPE)
    response["Content-Disposition"] = f'attachment; filename="sap-xep-{one.pk}.xlsx"'
    return response


def _append(sheet: Any, cells: list[Any]) -> None:
    """Texts stay texts: nothing that was typed becomes a formula."""
    sheet.append(cells)
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"
