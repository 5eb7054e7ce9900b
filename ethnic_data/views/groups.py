"""The 54 groups: by any name, with their codes and what was published of them."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.views.generic import DetailView, ListView

from ethnic_data.models import EthnicGroup, GroupAlias, GroupCode, PublishedFigure
from portal.access import PermissionNeededMixin

NATION, PROVINCE = "VN-54-2009-2019", "BG-TDT-2019"
COLUMNS = {(NATION, "pop_2009"): "nation_2009", (NATION, "pop_2019"): "nation_2019",
           (PROVINCE, "population"): "province_2019"}  # fmt: skip


def published_people(groups: list[EthnicGroup]) -> dict[int, dict[str, Decimal]]:
    """People by group and census, as published; one query."""
    figures = PublishedFigure.objects.filter(
        row__group__in=groups, row__table__code__in=[NATION, PROVINCE]
    ).values_list("row__group_id", "row__table__code", "column__key", "value")
    people: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for group, table, column, value in figures:
        if name := COLUMNS.get((table, column)):
            people[group][name] = value
    return people


class GroupList(PermissionNeededMixin, ListView):
    permissions = ("ethnic_data.view",)
    template_name = "ethnic_data/group_list.html"
    context_object_name = "groups"

    def get_queryset(self) -> QuerySet[EthnicGroup]:
        groups = EthnicGroup.objects.named(self.request.GET.get("q", "")).prefetch_related(
            "aliases", "codes", "local_groups"
        )
        return groups.order_by("sort_key") if self.sort == "ten" else groups

    @property
    def sort(self) -> str:
        return "ten" if self.request.GET.get("xep") == "ten" else "ma"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = list(self.object_list)
        people = published_people(groups)
        rows = [
            {
                "group": group,
                "other_code": next(
                    (
                        code.code
                        for code in group.codes.all()
                        if code.code_system == GroupCode.System.CENSUS_1999_2009
                    ),
                    "",
                ),
                **people.get(group.pk, {}),
            }
            for group in groups
        ]
        return super().get_context_data(rows=rows, sort=self.sort, **kwargs)


class GroupDetail(PermissionNeededMixin, DetailView):
    permissions = ("ethnic_data.view",)
    template_name = "ethnic_data/group_detail.html"
    context_object_name = "group"
    slug_field = slug_url_kwarg = "code"

    def get_queryset(self) -> QuerySet[EthnicGroup]:
        return EthnicGroup.objects.prefetch_related("aliases", "codes", "local_groups")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        group = self.object
        figures = (
            PublishedFigure.objects.filter(row__group=group, column__indicator__isnull=False)
            .select_related("row__table", "row__unit", "column")
            .order_by("row__table__position", "column__position")
        )
        return super().get_context_data(figures=figures, shared=self._shared(), **kwargs)

    def _shared(self) -> list[tuple[GroupAlias, list[str]]]:
        """The names that have to be asked about, with the other groups that go by them."""
        asked = [alias for alias in self.object.names if alias.needs_confirmation]
        others: dict[str, set[str]] = defaultdict(set)
        for key, name in GroupAlias.objects.filter(
            key__in=[alias.key for alias in asked]
        ).values_list("key", "groups__name"):
            others[key].add(name)
        return [(alias, sorted(others[alias.key] - {self.object.name})) for alias in asked]
