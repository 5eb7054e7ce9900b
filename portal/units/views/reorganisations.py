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

from portal.access import PermissionNeededMixin, permission_needed

from ..consequences import Consequence, parties
from ..forms import ReorganisationForm
from ..models import Reorganisation
from ..services import reorganising
from ..services.planning import Plan, plan_of, words_of

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


class ReorganisationDetail(PermissionNeededMixin, DetailView):
    """What it does, before anything is written; afterwards what it did."""

    permissions = (PERMISSION,)
    queryset = Reorganisation.objects.select_related("created_by", "confirmed_by")
    template_name = "units/reorganisation_detail.html"
    context_object_name = "one"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        pending = one.state in (Reorganisation.State.DRAFT, Reorganisation.State.CONFIRMED)
        plan = plan_of(one) if pending else None
        foreseen = consequences(plan) if plan and not plan.problems else []
        return super().get_context_data(
            items=one.items.select_related("old"),
            plan=plan,
            problems=words_of(plan.problems) if plan else [],
            consequences=foreseen,
            pending=pending,
            is_draft=one.state == Reorganisation.State.DRAFT,
            is_in_force=one.state == Reorganisation.State.IN_FORCE,
            **kwargs,
        )


def consequences(plan: Plan) -> list[Consequence]:
    """Everything that changes elsewhere: lists first, then what the rooms above foresee."""
    found = [
        Consequence(
            "Danh sách địa bàn",
            f"{place.unit}: {place.unit_list}",
            "xếp lại: các đơn vị nhập vào không cùng danh sách hoặc khu vực",
            True,
        )
        for place in plan.undecided
    ]
    for party in parties().values():
        found.extend(party.foresee(plan))
    return found


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
            messages.success(request, f"Đã xác nhận. Có hiệu lực từ {one.date:%d/%m/%Y}.")
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
    """The dry run as a workbook: what ends and begins, what changes elsewhere."""
    one = get_object_or_404(Reorganisation, pk=pk)
    book = Workbook()
    sheet = book.active
    sheet.title = "Đơn vị"
    sheet.append(["Đơn vị cũ", "Mã cũ", "Đơn vị mới", "Mã mới", "Phần", "Số dân"])
    for item in one.items.select_related("old"):
        new = f"{item.new_kind} {item.new_name}".strip() or "kết thúc"
        _append(sheet, [str(item.old), item.old.code, new, item.new_code, item.weight, item.people])
    plan = plan_of(one)
    other = book.create_sheet("Ảnh hưởng")
    other.append(["Loại", "Đối tượng", "Thay đổi", "Cần xử lý"])
    pending = one.state in (Reorganisation.State.DRAFT, Reorganisation.State.CONFIRMED)
    for told in consequences(plan) if pending else []:
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
