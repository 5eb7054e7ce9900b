"""A year's money goes on into the next: asked for here, done by a worker, its outcome told here."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from portal.access import permission_needed
from portal.formats import number, read_whole
from portal.jobs.models import Job
from portal.waiting import whole_page
from programs.forms.capital import CarryOverForm
from programs.models import CapitalPlan, CarryOver
from programs.services.carrying import CARRY_JOB, ask_carry_over
from programs.views.structure import ProgrammePartMixin

from .deciding import Deciding

TOLD = 5  # of those that were asked for before


def page_of(code: str, year: int) -> str:
    return reverse("programs:carry_over_create", query={"chuong-trinh": code, "nam": year})


class CarryOverCreate(ProgrammePartMixin, Deciding):
    """All that is left of a year goes on into the next, in one decision."""

    permissions = ("programs.plan",)
    template_name = "programs/capital/carry_over.html"
    form_class = CarryOverForm
    title = "Chuyển nguồn sang năm sau"
    button = "Chuyển nguồn"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and request.user.has_perm("programs.plan"):
            self.programme = self.get_programme()
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def year(self) -> int:
        asked = read_whole(self.request.GET.get("nam", "")) or 0
        return asked if 2000 <= asked <= 2099 else timezone.localdate().year - 1

    def get_initial(self) -> dict[str, Any]:
        return {"day": datetime.date(self.year, 12, 31)}

    def home(self) -> str:
        asked = {"chuong-trinh": self.programme.code, "nam": self.year}
        return reverse("programs:plan_list", query=asked)

    def told_at(self) -> str:
        return page_of(self.programme.code, self.year)

    def write(self, form: Any) -> str:
        ask_carry_over(
            programme=self.programme, year=self.year, by=self.request.user, **form.cleaned_data
        )
        return "Đã ghi yêu cầu chuyển nguồn. Kết quả hiện ở đây khi xong."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        left = F("received") - F("passed_on") - F("carried_out") - F("disbursed")
        lines = CapitalPlan.objects.yearly(self.programme, self.year)
        rest = lines.aggregate(left=Sum(left))["left"] or Decimal(0)
        asked = CarryOver.objects.filter(programme=self.programme, year=self.year)
        told = list(asked.select_related("document__document_type", "by")[:TOLD])
        return super().get_context_data(
            lead=f"{self.programme.short_name}, năm {self.year}",
            remark=f"Năm {self.year} còn {number(rest)} triệu đồng chưa chi. Mỗi dòng "
            f"vốn chuyển số còn lại sang cùng dòng của năm {self.year + 1}.",
            asked=told,
            **work_of(next((one for one in told if one.is_open), None)),
            **kwargs,
        )


def work_of(one: CarryOver | None) -> dict[str, Any]:
    """What a page shows of one that is being done."""
    if one is None:
        return {}
    job = Job.objects.last_of(CARRY_JOB, one.pk)
    return {
        "working": one,
        "job": job,
        "is_given_up": job is not None and job.state == Job.State.FAILED,
        "status_url": reverse("programs:carry_over_progress", args=[one.pk]),
        "page_url": page_of(one.programme.code, one.year),
    }


@permission_needed("programs.plan")
def carry_over_progress(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(CarryOver.objects.select_related("programme"), pk=pk)
    if not one.is_open or request.headers.get("HX-Request") != "true":
        return whole_page(request, page_of(one.programme.code, one.year))
    return render(request, "programs/long_work.html", work_of(one))
