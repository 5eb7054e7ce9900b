"""Who looked at which list of people: for those who audit."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.views.generic import ListView

from ethnic_data.models import PeopleAccess
from ethnic_data.models.people import PeopleList
from portal.access import PermissionNeededMixin


class PeopleLog(PermissionNeededMixin, ListView):
    permissions = ("accounts.audit",)
    template_name = "ethnic_data/people_log.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[PeopleAccess]:
        rows = PeopleAccess.objects.select_related("who")
        if (which := self.request.GET.get("ds")) in PeopleList.values:
            rows = rows.filter(which=which)
        if (what := self.request.GET.get("viec")) in PeopleAccess.What.values:
            rows = rows.filter(what=what)
        if name := self.request.GET.get("q", "").strip():
            rows = rows.filter(who__full_name__icontains=name[:120])
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lists=PeopleList.choices, acts=PeopleAccess.What.choices, **kwargs
        )
