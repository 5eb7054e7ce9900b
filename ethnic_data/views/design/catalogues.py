"""Indicators, and what they are divided by: the administrator adds, words and retires them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import CreateView, ListView, UpdateView

from ethnic_data.forms.design import CategoryForm, DimensionForm, IndicatorForm
from ethnic_data.models import Category, Dimension, Indicator
from ethnic_data.services.design import is_used
from portal.access import PermissionNeededMixin

from .datasets import DESIGN


class Saving(PermissionNeededMixin):
    """A form page of one row of a catalogue."""

    permissions = (DESIGN,)
    template_name = "ethnic_data/design/catalogue_form.html"
    home, home_name = "ethnic_data:category_list", "Phân loại"
    adding = ""

    def get_object(self, queryset: Any = None) -> Any:
        code = self.kwargs["code"]
        if "\0" in code:
            raise Http404
        return get_object_or_404(self.model, code=code)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            home_url=reverse(self.home), home_name=self.home_name, adding=self.adding, **kwargs
        )

    def get_success_url(self) -> str:
        messages.success(self.request, f"Đã lưu “{self.object}”.")
        return reverse(self.home)


class IndicatorSaving(Saving):
    model = Indicator
    form_class = IndicatorForm
    home, home_name = "ethnic_data:indicator_list", "Chỉ tiêu"
    adding = "Thêm chỉ tiêu"

    def get_success_url(self) -> str:
        super().get_success_url()
        return self.object.get_absolute_url()


class IndicatorCreate(IndicatorSaving, CreateView):
    def form_valid(self, form: Any) -> Any:
        last = Indicator.objects.order_by("-position").values_list("position", flat=True).first()
        form.instance.position = (last or 0) + 1
        return super().form_valid(form)


class IndicatorUpdate(IndicatorSaving, UpdateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"is_used": is_used(self.object)}


class CategoryList(PermissionNeededMixin, ListView):
    permissions = (DESIGN,)
    template_name = "ethnic_data/design/category_list.html"

    def get_queryset(self) -> QuerySet[Dimension]:
        categories = Category.objects.order_by("position", "code")
        return Dimension.objects.with_categories().prefetch_related(
            Prefetch("categories", categories)
        )


class CategorySaving(Saving):
    model = Category
    form_class = CategoryForm
    adding = "Thêm phân loại"

    def get_success_url(self) -> str:
        return f"{super().get_success_url()}#{self.object.dimension.code}"


class CategoryCreate(CategorySaving, CreateView):
    def get_initial(self) -> dict[str, Any]:
        code = self.request.GET.get("cach", "").replace("\0", "")
        return {"dimension": Dimension.objects.filter(code=code).first()}

    def form_valid(self, form: Any) -> Any:
        last = Category.objects.order_by("-position").values_list("position", flat=True).first()
        form.instance.position = (last or 0) + 1
        return super().form_valid(form)


class CategoryUpdate(CategorySaving, UpdateView):
    pass


class DimensionSaving(Saving):
    model = Dimension
    form_class = DimensionForm
    adding = "Thêm cách phân tổ"


class DimensionCreate(DimensionSaving, CreateView):
    def form_valid(self, form: Any) -> Any:
        last = Dimension.objects.order_by("-position").values_list("position", flat=True).first()
        form.instance.position = (last or 0) + 1
        return super().form_valid(form)


class DimensionUpdate(DimensionSaving, UpdateView):
    pass
