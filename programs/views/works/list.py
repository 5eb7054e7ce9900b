"""The register of works: filters in the address, sorted, a page at a time."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, IntegerField, Prefetch, Sum, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from portal.access import PermissionNeededMixin, permission_needed
from programs.forms.works import WorksFilter
from programs.models import State, WorksPlace
from programs.models.structure import ByNumbers
from programs.models.works import WorksQuerySet
from programs.resources import WorksResource

PER_PAGE = 50
MOST_EXPORTED = 20_000
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATE_KINDS = {
    State.PREPARED: "draft",
    State.APPROVED: "information",
    State.STARTED: "waiting",
    State.SUSPENDED: "warning",
    State.FINISHED: "done",
    State.SETTLED: "locked",
}
IN_ORDER = Case(
    *(When(state=state, then=Value(n)) for n, state in enumerate(State)),
    output_field=IntegerField(),
)
SORTS: dict[str, Any] = {
    "name": "sort_key",
    "code": "code",
    "component": ByNumbers("component__code"),
    "investment": F("total_investment"),
    "finish": F("planned_finish"),
    "state": IN_ORDER,
}


def in_order(works: WorksQuerySet, sort: str) -> WorksQuerySet:
    """By the heading `sort`, "-" before it for downwards; unknown values come last."""
    by = SORTS.get(sort.removeprefix("-"), "sort_key")
    down = sort.startswith("-")
    if isinstance(by, str):
        return works.order_by(f"-{by}" if down else by, "code")
    turned = by.desc(nulls_last=True) if down else by.asc(nulls_last=True)
    return works.order_by(turned, "sort_key", "code")


def with_names(works: WorksQuerySet) -> WorksQuerySet:
    """With component, investor and the places, the main one first; two queries."""
    places = WorksPlace.objects.select_related("unit").order_by("-is_main", "pk")
    return works.select_related("component__programme", "investor").prefetch_related(
        Prefetch("place_rows", places)
    )


def row_of(works: Any, today: datetime.date) -> dict[str, Any]:
    """One line of the list: the works with the words that stand beside them."""
    places = list(works.place_rows.all())
    return {
        "works": works,
        "place": places[0].unit if places else None,
        "more_places": len(places) - 1,
        "late": works.days_late(on=today),
        "kind": STATE_KINDS[works.state],
        "state": works.get_state_display().capitalize(),
    }


class WorksPart(PermissionNeededMixin, TemplateView):
    """What the list and the map share: the filter, and the tabs between them."""

    permissions = ("programs.view",)
    here = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.copy()
        for name in ("page", "sort"):
            asked.pop(name, None)
        tabs = [
            {
                "label": label,
                "url": f"{reverse(name)}{f'?{asked.urlencode()}' if asked else ''}",
                "current": name == self.here,
            }
            for name, label in (
                ("programs:works_list", "Danh sách"),
                ("programs:works_map", "Bản đồ"),
            )
        ]
        return super().get_context_data(tabs=tabs, **kwargs)


class WorksList(WorksPart):
    template_name = "programs/works/works_list.html"
    here = "programs:works_list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        user: Any = self.request.user
        wanted = WorksFilter(self.request.GET, user=user, today=today)
        works = wanted.narrowed()
        sort = self.request.GET.get("sort", "")
        whole = works.order_by().aggregate(count=Count("pk"), investment=Sum("total_investment"))
        paginator = Paginator(in_order(with_names(works), sort), PER_PAGE)
        paginator.count = whole["count"]  # type: ignore[misc] # asked with the sum
        page = paginator.get_page(self.request.GET.get("page"))
        return super().get_context_data(
            form=wanted,
            page_obj=page,
            rows=[row_of(one, today) for one in page],
            sort=sort or "name",
            whole=whole,
            late_count=works.late(on=today).count(),
            any_demo=any(one.is_demo for one in page),
            edits=user.has_perm("programs.works"),
            **kwargs,
        )


@permission_needed("programs.view")
def works_export(request: HttpRequest) -> HttpResponse:
    """The list as seen, as a workbook that can be brought in again."""
    user: Any = request.user
    wanted = WorksFilter(request.GET, user=user, today=timezone.localdate())
    works = in_order(with_names(wanted.narrowed()), request.GET.get("sort", ""))
    table = WorksResource(by=user).export(works[:MOST_EXPORTED])
    response = HttpResponse(table.xlsx, content_type=SHEET)
    response.headers["Content-Disposition"] = 'attachment; filename="cong-trinh.xlsx"'
    return response
