"""The catalogue of datasets; a dataset's page, its form, and a look at what officers will see."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.generic import CreateView, DetailView, ListView, UpdateView

from ethnic_data.forms.design import DatasetForm
from ethnic_data.models import Indicator
from ethnic_data.services.datasets import STORE
from ethnic_data.services.design import create_dataset, update_dataset
from ethnic_data.store.layouts import layout_of
from portal.access import PermissionNeededMixin, permission_needed
from portal.collection.models import Dataset, ReportingPeriod
from portal.collection.services.grids import entry_grid_of, grid_of
from portal.collection.services.opening import reporting_units
from portal.collection.services.templates import template_name, template_workbook
from portal.units.models import AdministrativeUnit

DESIGN = "collection.design"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_SHOWN = 20


def dataset_of(code: str) -> Dataset:
    if "\0" in code:
        raise Http404
    return get_object_or_404(Dataset, code=code, store=STORE)


class DatasetList(PermissionNeededMixin, ListView):
    permissions = (DESIGN,)
    template_name = "ethnic_data/design/dataset_list.html"

    def get_queryset(self) -> QuerySet[Dataset]:
        in_use = Q(columns__until=None, columns__isnull=False)
        return Dataset.objects.filter(store=STORE).annotate(
            column_count=Count("columns", filter=in_use, distinct=True)
        )


class DatasetEditing(PermissionNeededMixin):
    permissions = (DESIGN,)
    model = Dataset
    form_class = DatasetForm
    template_name = "ethnic_data/design/dataset_form.html"


class DatasetCreate(DatasetEditing, CreateView):
    """`?tu=CODE` starts from a copy: its fields, and on saving its columns and rules."""

    def copied(self) -> Dataset | None:
        code = self.request.GET.get("tu", "").replace("\0", "")
        return Dataset.objects.filter(code=code, store=STORE).first() if code else None

    def get_initial(self) -> dict[str, Any]:
        source = self.copied()
        if source is None:
            return {"collected_from": timezone.localdate().replace(month=1, day=1)}
        names = self.form_class.Meta.fields
        fields = {name: getattr(source, name) for name in names}
        return fields | {"code": "", "title": f"{source.title} (bản sao)"[:200], "short_title": ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(copied=self.copied(), **kwargs)

    def form_valid(self, form: ModelForm) -> HttpResponse:
        form.instance.store = STORE
        dataset = create_dataset(dataset=form.instance, copy_of=self.copied())
        messages.success(self.request, "Đã thêm biểu. Thêm các cột của biểu ở dưới.")
        return redirect("ethnic_data:dataset_detail", code=dataset.code)


class OneDataset:
    slug_field = slug_url_kwarg = "code"

    def get_object(self, queryset: Any = None) -> Dataset:
        return dataset_of(self.kwargs["code"])


class DatasetUpdate(OneDataset, DatasetEditing, UpdateView):
    def form_valid(self, form: ModelForm) -> HttpResponse:
        dataset = update_dataset(dataset=form.instance)
        messages.success(self.request, "Đã lưu biểu. Biểu mẫu đã tải trước đây là bản cũ.")
        return redirect("ethnic_data:dataset_detail", code=dataset.code)


class DatasetDetail(OneDataset, PermissionNeededMixin, DetailView):
    permissions = (DESIGN,)
    template_name = "ethnic_data/design/dataset_detail.html"
    context_object_name = "dataset"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = list(self.object.columns.all())
        names = dict(
            Indicator.objects.filter(code__in={c.measure for c in columns}).values_list(
                "code", "name"
            )
        )
        rows = [{"column": one, "indicator": names.get(one.measure, "")} for one in columns]
        return super().get_context_data(
            rows=[row for row in rows if row["column"].until is None],
            retired=[row for row in rows if row["column"].until is not None],
            rule_count=self.object.rules.count(),
            rules_url=address("collection:rule_list", self.object),
            levels_url=address("collection:level_edit", self.object),
            **kwargs,
        )


def address(name: str, dataset: Dataset) -> str:
    """The page of another room about this dataset; "" while there is none."""
    try:
        return reverse(name, args=[dataset.code])
    except NoReverseMatch:
        return ""


def chosen_place(
    request: HttpRequest, dataset: Dataset
) -> tuple[list[ReportingPeriod], list[AdministrativeUnit], ReportingPeriod, AdministrativeUnit]:
    """The periods and units to look at, and those asked for: `?ky=`, `?don-vi=` (codes)."""
    today = timezone.localdate()
    periods = list(ReportingPeriod.objects.begun(today).filter(frequency=dataset.frequency)[:24])
    wanted = request.GET.get("ky", "")
    period = next((one for one in periods if one.code == wanted), periods[0] if periods else None)
    if period is None:
        raise Http404
    units = list(reporting_units(dataset=dataset, period=period, user=request.user))
    code = request.GET.get("don-vi", "")
    unit = next((one for one in units if one.code == code), units[0] if units else None)
    if unit is None:
        raise Http404
    return periods, units, period, unit


@permission_needed(DESIGN)
def dataset_look(request: HttpRequest, code: str) -> HttpResponse:
    """The empty grid as an officer of one unit will see it, with its template to download."""
    dataset = dataset_of(code)
    periods, units, period, unit = chosen_place(request, dataset)
    layout = layout_of(dataset, unit, period)
    first = next(layout.valid_units(), None)
    if layout.has_groups and first is not None:
        grid = entry_grid_of(layout, {}, unit=first.code)
    else:
        grid = grid_of(layout, {})
    page = Paginator(grid, ROWS_SHOWN).get_page(1)
    return render(
        request,
        "ethnic_data/design/dataset_look.html",
        {
            "dataset": dataset, "periods": periods, "units": units, "period": period,
            "unit": unit, "grid": grid, "rows": page.object_list, "hidden": len(grid) - len(page),
            "due": dataset.due_date(period),
        },
    )  # fmt: skip


@permission_needed(DESIGN)
def dataset_template(request: HttpRequest, code: str) -> HttpResponse:
    """The template workbook of any unit that sends the dataset."""
    dataset = dataset_of(code)
    _, _, period, unit = chosen_place(request, dataset)
    content = template_workbook(dataset=dataset, unit=unit, period=period)
    name = template_name(dataset=dataset, unit=unit, period=period)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
