"""The catalogue of indicators: what each says, how it is computed, where it is collected."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Q, QuerySet
from django.views.generic import DetailView, ListView

from ethnic_data.models import TOPICS, Dimension, Indicator
from portal.access import PermissionNeededMixin
from portal.collection.models import Dataset, DatasetColumn


def datasets_of(codes: list[str]) -> dict[str, list[Dataset]]:
    """The active datasets with a column of each indicator; one query."""
    columns = (
        DatasetColumn.objects.filter(measure__in=codes, dataset__is_active=True)
        .select_related("dataset")
        .order_by("dataset__position")
    )
    found: dict[str, dict[int, Dataset]] = defaultdict(dict)
    for column in columns:
        found[column.measure][column.dataset_id] = column.dataset
    return {code: list(datasets.values()) for code, datasets in found.items()}


class IndicatorList(PermissionNeededMixin, ListView):
    permissions = ("ethnic_data.view",)
    template_name = "ethnic_data/indicator_list.html"
    paginate_by = 60

    def get_queryset(self) -> QuerySet[Indicator]:
        asked = self.request.GET
        return (
            Indicator.objects.with_parts()
            .named(asked.get("q", ""))
            .of_topic(asked.get("nhom", ""))
            .order_by("position", "code")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(topics=TOPICS, **kwargs)
        datasets = datasets_of([one.code for one in context["object_list"]])
        context["rows"] = [
            {"indicator": one, "datasets": datasets.get(one.code, [])}
            for one in context["object_list"]
        ]
        return context


class IndicatorDetail(PermissionNeededMixin, DetailView):
    permissions = ("ethnic_data.view",)
    template_name = "ethnic_data/indicator_detail.html"
    context_object_name = "indicator"
    slug_field = slug_url_kwarg = "code"

    def get_queryset(self) -> QuerySet[Indicator]:
        return Indicator.objects.with_parts()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        used_by = Indicator.objects.filter(
            Q(numerator=one) | Q(denominator=one) | Q(weight=one) | Q(counted=one)
            | Q(all_groups=one)
        )  # fmt: skip
        return super().get_context_data(
            datasets=datasets_of([one.code]).get(one.code, []),
            dimensions=Dimension.objects.filter(code__in=one.disaggregation),
            used_by=used_by,
            **kwargs,
        )
