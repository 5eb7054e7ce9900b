"""The columns of a dataset: built from an indicator, worded, ordered, taken out of use."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django.views.generic import UpdateView

from ethnic_data.forms.design import BuilderForm, ChooseIndicator, ColumnForm
from ethnic_data.models import Indicator
from ethnic_data.services import design
from portal.access import PermissionNeededMixin, permission_needed
from portal.collection.models import Dataset, DatasetColumn

from .datasets import DESIGN, dataset_of

SHOW = "xem"


@permission_needed(DESIGN)
def column_add(request: HttpRequest, code: str) -> HttpResponse:
    """First the indicator, then what to divide it by; `?xem` shows what would be added."""
    dataset = dataset_of(code)
    asked = request.GET.get("chi-tieu", "").replace("\0", "")
    indicator = Indicator.objects.active().with_parts().filter(code=asked).first()
    if indicator is None:
        form = ChooseIndicator()
        return render(
            request, "ethnic_data/design/column_choose.html", {"dataset": dataset, "form": form}
        )
    last = design.last_sent_day(dataset)
    given = request.GET if SHOW in request.GET else None
    if request.method == "POST":
        given = request.POST
    form = BuilderForm(
        given,
        indicator=indicator,
        by_group=dataset.row_axis == Dataset.RowAxis.UNIT_GROUP,
        since=last + design.A_DAY if last else None,
    )
    if request.method == "POST" and form.is_valid() and _added(request, dataset, form):
        return redirect("ethnic_data:dataset_detail", code=dataset.code)
    shown = design.proposals(dataset, form.wish()) if form.is_valid() else None
    context = {"dataset": dataset, "indicator": indicator, "form": form, "proposed": shown}
    status = 422 if request.method == "POST" else 200
    return render(request, "ethnic_data/design/column_add.html", context, status=status)


def _added(request: HttpRequest, dataset: Dataset, form: BuilderForm) -> bool:
    told = form.cleaned_data
    try:
        added = design.add_columns(
            dataset=dataset,
            wish=form.wish(),
            since=told["tu_ngay"],
            with_rules=told.get("quy_tac", False),
        )
    except design.DesignRefused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, f"Đã thêm {len(added)} cột. Biểu mẫu đã tải trước đây là bản cũ.")
    return True


def column_of(code: str, key: str) -> DatasetColumn:
    if "\0" in key:
        raise Http404
    return get_object_or_404(dataset_of(code).columns.filter(until=None), key=key)


class ColumnUpdate(PermissionNeededMixin, UpdateView):
    permissions = (DESIGN,)
    form_class = ColumnForm
    template_name = "ethnic_data/design/column_form.html"
    context_object_name = "column"

    def get_object(self, queryset: Any = None) -> DatasetColumn:
        return column_of(self.kwargs["code"], self.kwargs["key"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        column = self.get_object()
        indicator = Indicator.objects.filter(code=column.measure).first()
        return super().get_context_data(dataset=column.dataset, indicator=indicator, **kwargs)

    def form_valid(self, form: ModelForm) -> HttpResponse:
        design.update_column(column=form.instance)
        messages.success(self.request, "Đã lưu cột. Biểu mẫu đã tải trước đây là bản cũ.")
        return redirect("ethnic_data:dataset_detail", code=self.kwargs["code"])


@require_POST
@permission_needed(DESIGN)
def column_move(request: HttpRequest, code: str, key: str) -> HttpResponse:
    design.move_column(column=column_of(code, key), up="len" in request.POST)
    return redirect("ethnic_data:dataset_detail", code=code)


@require_POST
@permission_needed(DESIGN)
def column_retire(request: HttpRequest, code: str, key: str) -> HttpResponse:
    try:
        stays = design.retire_column(column=column_of(code, key))
    except design.DesignRefused as refused:
        messages.error(request, str(refused))
        return redirect("ethnic_data:column_update", code=code, key=key)
    words = "Cột thôi dùng từ kỳ sau; số liệu đã nộp được giữ." if stays else "Đã bỏ cột."
    messages.success(request, words)
    return redirect("ethnic_data:dataset_detail", code=code)
