"""Targets by year with their state, and what was reached of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import ListView, TemplateView

from portal.access import PermissionNeededMixin
from portal.formats import read_whole
from programs.figures.targets import Course, State, courses
from programs.forms.results import ActualForm
from programs.models import Programme, Target
from programs.services.results import enter_actual
from programs.views.structure import ProgrammePartMixin

ENTERING = ("programs.plan", "programs.design")


def last_year_of(programme: Programme) -> int:
    """This year, or the programme's last when it is over."""
    end = programme.valid.upper
    this_year = timezone.localdate().year
    return min(this_year, end.year - 1) if end else this_year


def year_asked(request: HttpRequest, years: Sequence[int], default: int) -> int:
    """The year of ?nam=, one of `years`."""
    year = read_whole(request.GET.get("nam", ""))
    return year if year is not None and year in years else default


class TargetList(ProgrammePartMixin, ListView):
    """All targets in one year: baseline, what was to be reached, what was, how it stands."""

    template_name = "programs/target_list.html"
    part = "programs:target_list"

    def get_queryset(self) -> QuerySet[Target]:
        self.programme = self.get_programme()
        return self.programme.targets.select_related("unit").prefetch_related("values")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        until = last_year_of(self.programme)
        found = courses(self.programme, until=until, targets=self.object_list)
        years = range(self.programme.valid.lower.year, until + 1)
        told = [mark.year for course in found if (mark := course.last)]
        year = year_asked(self.request, years, max(told, default=until))
        aims = sorted({value.year for course in found for value in course.values})
        rows = [
            (course, course.mark_of(year), course.target.printed_by_year(aims)) for course in found
        ]
        return super().get_context_data(
            years=years,
            year=year,
            aims=aims,
            counts=counted(found, year),
            sections=[
                (title, chosen)
                for title, chosen in (
                    ("Mục tiêu riêng của tỉnh", [row for row in rows if row[0].target.unit_id]),
                    ("Mục tiêu chung của cả nước, mức thực hiện của tỉnh",
                     [row for row in rows if not row[0].target.unit_id]),
                )
                if chosen
            ],
            not_verified=any(not course.target.is_verified for course in found),
            is_demo=any(mark.actual and mark.actual.is_demo for _, mark, _ in rows),
            **kwargs,
        )  # fmt: skip


def counted(found: Sequence[Course], year: int) -> list[tuple[State, int]]:
    """How many targets are in each state in `year`; those that nobody is in are left out."""
    states = [course.mark_of(year).state for course in found]
    return [(state, states.count(state)) for state in State if state in states]


class TargetDetail(PermissionNeededMixin, TemplateView):
    """One target through the years, and the form for what was reached."""

    permissions = ("programs.view",)
    template_name = "programs/results/target_detail.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "\0" in kwargs["code"]:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_target(self) -> Target:
        return get_object_or_404(
            Target.objects.select_related("programme", "unit").prefetch_related("values"),
            programme__code=self.kwargs["programme"],
            code=self.kwargs["code"],
        )

    def form(self, target: Target, data: Any = None) -> ActualForm:
        return ActualForm(
            data, target=target, by=self.request.user, last_year=last_year_of(target.programme)
        )

    def may_enter(self, target: Target) -> bool:
        return any(self.request.user.has_perm(permission) for permission in ENTERING)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        target = kwargs.get("target") or self.get_target()
        until = last_year_of(target.programme)
        course = courses(target.programme, until=until, targets=[target])[0]
        form = kwargs.get("form")
        if form is None and self.may_enter(target):
            form = self.form(target)
        return super().get_context_data(
            target=target,
            programme=target.programme,
            course=course,
            form=form,
            is_demo=any(mark.actual and mark.actual.is_demo for mark in course.marks),
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        target = self.get_target()
        if not self.may_enter(target):
            raise Http404
        form = self.form(target, request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(target=target, form=form))
        told = form.cleaned_data
        enter_actual(
            target=target,
            year=told["year"],
            value=told["value"],
            document=told["document"],
            note=told["note"],
            by=request.user,
        )
        messages.success(request, f"Đã lưu mức thực hiện năm {told['year']}.")
        return redirect(
            reverse("programs:target_detail", args=[target.programme.code, target.code])
        )
