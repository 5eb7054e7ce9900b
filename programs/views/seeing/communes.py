"""One commune: its works and their states, their money, what came of it; in its own extent."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView

from portal.access import PermissionNeededMixin
from portal.formats import NO_BREAK, lateness, money, number, percent, read_day
from portal.units.models import AdministrativeUnit
from programs.aggregation import communes
from programs.models import Works
from programs.models.works import WorksQuerySet

from .asking import works_address

PAGE = 50


class CommuneDetail(PermissionNeededMixin, DetailView):
    """?dia-gioi=2025-07-01 asks for the commune of that day in the same place."""

    permissions = ("programs.view",)
    template_name = "programs/seeing/commune.html"
    context_object_name = "commune"
    object: AdministrativeUnit

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "dia-gioi" in request.GET:
            return self.of_another_day(request.GET["dia-gioi"])
        return super().get(request, *args, **kwargs)

    def get_object(self, queryset: Any = None) -> AdministrativeUnit:
        seen = AdministrativeUnit.objects.visible_to(self.request.user).communes()
        return get_object_or_404(seen, pk=self.kwargs["pk"])

    def of_another_day(self, asked: str) -> HttpResponse:
        day = read_day(asked)
        if day is None:
            raise Http404
        there = list(communes.same_place(self.get_object(), on=day)[:2])
        if len(there) != 1:
            raise Http404
        return redirect("programs:commune_detail", there[0].pk)

    @cached_property
    def visible(self) -> WorksQuerySet:
        return Works.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        extent = communes.extent_of(self.object, today=today)
        done = communes.done_in(extent, self.visible)
        pages = Paginator(communes.works_listed(extent, self.visible), PAGE)
        pages.count = done.works  # type: ignore[misc]
        page = pages.get_page(self.request.GET.get("page"))
        return super().get_context_data(
            extent=extent,
            done=done,
            partly=communes.works_partly_in(extent, self.visible),
            page_obj=page,
            rows=[works_row(one, today) for one in page],
            figures=figures(done),
            photos=[photo_of(one) for one in done.photos],
            other_times=self.other_times(),
            is_demo=any(one.is_demo for one in page),
            **kwargs,
        )

    def other_times(self) -> list[AdministrativeUnit]:
        """The communes of other times in the same place that this person may open."""
        seen = AdministrativeUnit.objects.visible_to(self.request.user)
        return list(
            communes.same_place(self.object)
            .filter(pk__in=seen.values("pk"))
            .exclude(pk=self.object.pk)
            .order_by("valid")
        )


def works_row(works: Works, today: datetime.date) -> dict[str, Any]:
    late = works.days_late(on=today)
    return {
        "works": works,
        "url": works_address(works.code),
        "late": lateness(late) if late else "",
    }


def photo_of(photo: Any) -> dict[str, Any]:
    return {
        "photo": photo,
        "url": reverse("programs:works_photo", args=[photo.pk]),
        "works_url": works_address(photo.works.code),
    }


def figures(done: communes.Done) -> list[tuple[str, str, str, str]]:
    """Label, value, unit, note."""
    plan = sum((year.plan for year in done.money), communes.ZERO)
    paid = sum((year.paid for year in done.money), communes.ZERO)
    rate = f"{percent(paid / plan * 100)} kế hoạch" if plan else ""
    people = sum(year.total for year in done.people)
    households = sum(one.households for one in done.households)
    return [
        ("Công trình, hoạt động", number(done.works), "", ""),
        ("Vốn của công trình", *money(plan).split(NO_BREAK, 1), ""),
        ("Đã giải ngân", *money(paid).split(NO_BREAK, 1), rate),
        ("Lượt người thụ hưởng", number(people), "", ""),
        ("Lượt hộ được hỗ trợ", number(households), "", ""),
    ]
