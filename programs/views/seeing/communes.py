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
from programs.aggregation import Question, communes, day_of
from programs.models import CapitalPlan, Works
from programs.models.works import WorksQuerySet

from .asking import Links, works_address

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
        lines = CapitalPlan.objects.visible_to(self.request.user)
        done = communes.done_in(extent, self.visible, lines, today=today)
        pages = Paginator(communes.works_listed(done.works_ids), PAGE)
        pages.count = done.works  # type: ignore[misc]
        page = pages.get_page(self.request.GET.get("page"))
        return super().get_context_data(
            extent=extent,
            done=done,
            partly=communes.works_partly_in(extent, self.visible),
            page_obj=page,
            rows=[works_row(one, today) for one in page],
            figures=figures(done, self.works_url()),
            states=[
                (one, count, self.works_url(tinh_trang=one.value)) for one, count in done.states
            ],
            money=[self.money_row(one, today) for one in done.money],
            programmes={one.programme.pk for one in done.money},
            today=today,
            photos=[photo_of(one) for one in done.photos],
            other_times=self.other_times(),
            is_demo=any(one.is_demo for one in page),
            **kwargs,
        )

    def works_url(self, **more: str) -> str:
        return reverse("programs:works_list", query={"xa": self.object.pk, **more})

    def money_row(self, one: communes.YearMoney, today: datetime.date) -> dict[str, Any]:
        """A year's money of the works here; each number leads to what it is the sum of."""
        question = Question(one.programme, one.year, day_of(one.year, today), place=self.object)
        links = Links(question, today, (("tien", "trieu"),))
        return {
            "money": one,
            "works_url": links.to("programs:funded_works_list"),
            "lines_url": links.lines(),
            "payments_url": links.payments(),
            "url": links.dashboard(),
        }

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


def figures(done: communes.Done, works_url: str) -> list[tuple[str, str, str, str, str]]:
    """Label, value, unit, note, and where it leads: of several years, to the table of years."""
    plan = sum((year.plan for year in done.money), communes.ZERO)
    paid = sum((year.paid for year in done.money), communes.ZERO)
    rate = f"{percent(paid / plan * 100)} kế hoạch" if plan else ""
    people = sum(year.total for year in done.people)
    households = sum(one.households for one in done.households)
    return [
        ("Công trình, hoạt động", number(done.works), "", "", works_url if done.works else ""),
        ("Vốn của công trình", *money(plan).split(NO_BREAK, 1), "", "#von" if plan else ""),
        ("Đã giải ngân", *money(paid).split(NO_BREAK, 1), rate, "#von" if paid else ""),
        ("Lượt người thụ hưởng", number(people), "", "", "#nguoi" if people else ""),
        ("Lượt hộ được hỗ trợ", number(households), "", "", "#ho" if households else ""),
    ]
