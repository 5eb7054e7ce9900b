"""Published tables as printed, with what their cells give when worked out again."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.views.generic import DetailView, ListView

from ethnic_data.aggregation.published import Grid, control_totals
from ethnic_data.models import PublishedTable
from portal.access import PermissionNeededMixin


class PublishedList(PermissionNeededMixin, ListView):
    permissions = ("ethnic_data.view",)
    template_name = "ethnic_data/published_list.html"
    context_object_name = "tables"
    queryset = PublishedTable.objects.order_by("position", "code")


class PublishedDetail(PermissionNeededMixin, DetailView):
    permissions = ("ethnic_data.view",)
    template_name = "ethnic_data/published_detail.html"
    context_object_name = "table"
    slug_field = slug_url_kwarg = "code"

    def get_queryset(self) -> QuerySet[PublishedTable]:
        return PublishedTable.objects.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        grid = Grid.of(self.object)
        totals = control_totals(self.object)
        wrong = [total for total in totals if not total.agrees]
        rows = [
            (row, [(column, grid.value(row, column.pk)) for column in grid.columns])
            for row in grid.rows
        ]
        return super().get_context_data(
            columns=grid.columns, rows=rows, totals=totals, wrong=wrong, **kwargs
        )
