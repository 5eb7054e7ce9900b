"""The register of households that were helped; every look is recorded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from ethnic_data.models import PeopleAccess
from ethnic_data.models.people.access import PeopleList
from ethnic_data.services.people.keeping import record_access
from portal.access import permission_needed
from portal.collection.workbooks.names import tidy
from programs.figures.outputs import years_of
from programs.models import Component, SupportedHousehold
from programs.models.works import units_in
from programs.resources.households import household_number
from programs.services.results import forget_household
from programs.views.structure import ProgrammePartMixin

from .outputs import place_asked
from .targets import year_asked


def visible(user: Any) -> QuerySet[SupportedHousehold]:
    """All, or those of the own area and of what went wholly into it, as with works."""
    if user.sees_every_unit:
        return SupportedHousehold.objects.all()
    return SupportedHousehold.objects.filter(unit__in=units_in(user.area_id or 0).values("pk"))


class HouseholdRegister(ProgrammePartMixin, ListView):
    permissions = ("people.view",)
    template_name = "programs/results/household_list.html"
    context_object_name = "households"
    paginate_by = 50
    part = "programs:output_list"

    def get_queryset(self) -> QuerySet[SupportedHousehold]:
        self.programme, self.place = self.get_programme(), place_asked(self.request)
        self.years = years_of(self.programme, timezone.localdate().year)
        mine = visible(self.request.user).filter(component__programme=self.programme)
        last = mine.order_by("-year").values_list("year", flat=True).first()
        default = last if last in self.years else self.years[0]
        self.year = year_asked(self.request, self.years, default)
        found = mine.filter(year=self.year)
        self.contents = Component.objects.filter(
            pk__in=found.order_by().values("component").distinct()
        ).select_related("programme", "parent")
        if self.place:
            found = found.filter(unit__in=units_in(self.place.pk).values("pk"))
        self.content = self.request.GET.get("noi-dung", "").replace("\0", "")
        if self.content:
            found = found.filter(component__code=self.content)
        self.asked = tidy(self.request.GET.get("q", "").replace("\0", ""))[:30]
        if self.asked:
            found = found.filter(
                Q(household_no=household_number(self.asked)) | Q(works__code__iexact=self.asked)
            )
        return found.select_related("component__parent", "unit", "group", "works")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            year=self.year,
            years=self.years,
            contents=self.contents,
            content=self.content,
            asked=self.asked,
            place=self.place,
            **kwargs,
        )
        count = context["paginator"].count
        record_access(
            which=PeopleList.HOUSEHOLDS,
            what=PeopleAccess.What.LISTED,
            by=self.request.user,
            count=count,
            detail=f"năm {self.year}",
        )
        context["is_demo"] = any(one.works and one.works.is_demo for one in context["object_list"])
        return context


@require_POST
@permission_needed("people.edit")
def household_forget(request: HttpRequest, pk: int) -> HttpResponse:
    household = get_object_or_404(visible(request.user), pk=pk)
    words, year = str(household.household_no), household.year
    record_access(
        which=PeopleList.HOUSEHOLDS,
        what=PeopleAccess.What.REMOVED,
        by=request.user,
        detail=str(household),
    )
    forget_household(household=household)
    messages.success(request, f"Đã bỏ hộ {words} khỏi sổ năm {year}.")
    return redirect("programs:household_list")
