"""Units as they stand on a day, and one unit's life."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.views.generic import DetailView, ListView

from portal import formats
from portal.access import PermissionNeededMixin

from ..models import AdministrativeUnit, Level, UnitMembership, UnitParent
from ..names import fold
from .history import history_of


class UnitList(PermissionNeededMixin, ListView):
    permissions = ("units.view",)
    template_name = "units/unit_list.html"
    paginate_by = 60

    def get_day(self) -> datetime.date:
        return formats.read_day(self.request.GET.get("ngay", "")) or timezone.localdate()

    def get_queryset(self) -> QuerySet[AdministrativeUnit]:
        day = self.get_day()
        units = (
            AdministrativeUnit.objects.visible_to(self.request.user)
            .on(day)
            .filter(is_reference=False)
            .prefetch_related(
                Prefetch(
                    "parents",
                    UnitParent.objects.filter(valid__contains=day).select_related("parent"),
                    to_attr="parents_that_day",
                ),
                Prefetch(
                    "memberships",
                    UnitMembership.objects.filter(valid__contains=day),
                    to_attr="memberships_that_day",
                ),
            )
        )
        if wanted := fold(self.request.GET.get("q", "")):
            units = units.filter(name_key__contains=wanted)
        if level := self.request.GET.get("cap"):
            units = units.filter(level=level)
        if self.request.GET.get("ds") == "QD861":
            units = units.listed("QD861", on=day)
        return units

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            day=self.get_day(),
            may_reorganise=self.request.user.has_perm("units.reorganise"),
            levels=[Level.PROVINCE, Level.DISTRICT, Level.COMMUNE],
            **kwargs,
        )


class UnitDetail(PermissionNeededMixin, DetailView):
    permissions = ("units.view",)
    template_name = "units/unit_detail.html"
    context_object_name = "unit"

    def get_queryset(self) -> QuerySet[AdministrativeUnit]:
        return AdministrativeUnit.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit = self.object
        visible = self.get_queryset().values_list("pk", flat=True)
        return super().get_context_data(
            parents=unit.parents.select_related("parent").order_by("valid"),
            children=unit.children.select_related("unit").order_by("unit__sort_key"),
            events=history_of(unit, visible),
            memberships=unit.memberships.select_related("unit_list"),
            **kwargs,
        )
