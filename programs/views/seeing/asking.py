"""What an address asks for, the same on every page of seeing, and where its numbers lead."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from portal.formats import day
from portal.row_addresses import row_address
from programs.aggregation import Answer, Question, answer
from programs.forms.seeing import SeeingFilter, address_of
from programs.models import CapitalPlan
from programs.models.capital import CapitalPlanQuerySet
from programs.views.structure import ProgrammePartMixin

BILLION, MILLION = "tỷ đồng", "triệu đồng"


@dataclass(frozen=True)
class Links:
    """Addresses of the pages of seeing that ask `question`; what they show beside goes along."""

    question: Question
    today: datetime.date
    beside: tuple[tuple[str, str], ...] = ()

    def query(self, question: Question | None = None) -> str:
        """The question as it stands in an address."""
        return urlencode(
            address_of(question or self.question, today=self.today) | dict(self.beside)
        )

    def to(self, name: str, question: Question | None = None, **more: object) -> str:
        query = self.query(question)
        return address(name, f"{query}&{urlencode(more)}" if more else query)

    def dashboard(self, question: Question | None = None) -> str:
        return self.to("programs:dashboard", question)

    def lines(self, question: Question | None = None, **more: object) -> str:
        return self.to("programs:line_list", question, **more)

    def payments(self, question: Question | None = None, **more: object) -> str:
        return self.to("programs:payment_list", question, **more)


def line_address(pk: int) -> str:
    """The page of one line, with its entries."""
    return row_address("programs:plan_detail", pk)


def works_address(code: str) -> str:
    """The page of works, with their history."""
    return row_address("programs:works_detail", code)


_paths: dict[str, str] = {}


def address(name: str, query: str) -> str:
    """The page `name` with that query; reversed once, since a page has hundreds of these."""
    if name not in _paths:
        _paths[name] = reverse(name)
    return f"{_paths[name]}?{query}"


class AskingMixin(ProgrammePartMixin):
    """A page about the money of one programme and year, as of a day, narrowed by filters."""

    part = "programs:dashboard"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.programme = self.get_programme()
        return super().get(request, *args, **kwargs)  # type: ignore[misc]

    @cached_property
    def today(self) -> datetime.date:
        return timezone.localdate()

    @cached_property
    def visible(self) -> CapitalPlanQuerySet:
        return CapitalPlan.objects.visible_to(self.request.user)

    @cached_property
    def form(self) -> SeeingFilter:
        return SeeingFilter(
            self.request.GET, programme=self.programme, visible=self.visible, today=self.today
        )

    @cached_property
    def question(self) -> Question:
        return self.form.question

    def answer(self) -> Answer:
        return answer(self.question, self.visible, low=self.form.threshold, names=self.form.names)

    @property
    def in_millions(self) -> bool:
        return self.request.GET.get("tien") == "trieu"

    @cached_property
    def links(self) -> Links:
        beside = {"tien": "trieu"} if self.in_millions else {}
        if "nguong" in self.request.GET:
            beside["nguong"] = str(self.form.threshold)
        return Links(self.question, self.today, tuple(beside.items()))

    def narrowed_by(self) -> list[tuple[str, str, str]]:
        """The filters in force: what, to what, and the address without it."""
        question = self.question
        words = {
            "component": ("Dự án, nội dung", question.component),
            "source": ("Nguồn vốn", question.source),
            "kind": ("Loại vốn", dict(self.form.fields["loai"].choices).get(question.kind)),
            "place": ("Công trình tại", question.place.full_name if question.place else None),
            "area": ("Địa bàn", question.area or self._nobody("dia_ban", "area")),
            "investor": ("Chủ đầu tư", question.investor or self._nobody("chu_dau_tu", "investor")),
        }
        return [
            (label, str(chosen), self.links.to(self.part_name, question.freed(name)))
            for name, (label, chosen) in words.items()
            if chosen and (name != "kind" or question.kind)
        ]

    def _nobody(self, field: str, dimension: str) -> str:
        if dimension not in self.question.without:
            return ""
        return str(self.form.fields[field].choices[-1][1])

    part_name = "programs:dashboard"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = self.question
        return super().get_context_data(
            form=self.form,
            question=question,
            money_unit=MILLION if self.in_millions else BILLION,
            narrowed_by=self.narrowed_by(),
            as_of=f"Tính đến hết ngày {day(question.day)}",
            dashboard_url=self.links.dashboard(),
            **kwargs,
        )
