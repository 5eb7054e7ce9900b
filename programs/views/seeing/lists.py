"""What stands behind the numbers: lines of capital, payments, works; a page at a time."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Sum
from django.views.generic import ListView, TemplateView

from portal.documents.models import Document
from portal.formats import lateness, read_whole
from programs.aggregation import in_state_on, late_on, standings, works_of
from programs.aggregation.standing import ORDERS, Standing, Standings
from programs.models import CapitalChange, Disbursement, State, Works

from .asking import AskingMixin, line_address, works_address
from .tables import Written, bar

PAGE = 50
WHICH = {"cong-trinh": "works", "tren-cong-trinh": "above"}


class LineList(AskingMixin, TemplateView):
    """Lines of the question as they stood on the day; ?duoi= leaves those below that rate."""

    template_name = "programs/seeing/line_list.html"
    part_name = "programs:line_list"

    @cached_property
    def slow_below(self) -> int | None:
        asked = read_whole(self.request.GET.get("duoi", "")) or 0
        return asked if 0 < asked <= 100 else None

    @property
    def order(self) -> str:
        asked = self.request.GET.get("sort", "")
        default = "rate" if self.slow_below else "-plan"
        return asked if asked.removeprefix("-") in ORDERS else default

    def page_number(self) -> int:
        return read_whole(self.request.GET.get("page", "")) or 1

    def found(self, page: int) -> Standings:
        level = WHICH.get(self.request.GET.get("cap", ""), "every")
        return standings(
            self.question,
            self.visible,
            which="slow" if self.slow_below else level,
            slow_below=self.slow_below or 0,
            order=self.order,
            limit=PAGE,
            offset=(page - 1) * PAGE,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page_number()
        found = self.found(page)
        if not found.rows and page > 1:
            page, found = 1, self.found(1)
        written = Written(self.in_millions)
        return super().get_context_data(
            rows=[line_row(one, self.question.elapsed * 100, written) for one in found.rows],
            count=found.count,
            total_plan=written.amount(found.plan),
            total_paid=written.amount(found.paid),
            page_obj=Paginator(range(found.count), PAGE).get_page(page),
            slow_below=self.slow_below,
            level=self.request.GET.get("cap", ""),
            sort=self.order,
            is_demo=any(one.line.is_demo for one in found.rows),
            **kwargs,
        )


def line_row(one: Standing, expected: float, written: Written) -> dict[str, Any]:
    return {
        "line": one.line,
        "url": line_address(one.line.pk),
        "plan": written.amount(one.plan),
        "paid": written.amount(one.paid),
        "left": written.amount(one.left),
        "rate": one.rate,
        "bar": bar(one.rate, expected),
    }


class PaymentList(AskingMixin, ListView):
    """Payments of the question's lines up to its day, the latest first; ?thang= takes one month."""

    template_name = "programs/seeing/payment_list.html"
    context_object_name = "payments"
    paginate_by = PAGE
    part_name = "programs:payment_list"

    @cached_property
    def month(self) -> datetime.date | None:
        try:
            return datetime.datetime.strptime(self.request.GET.get("thang", ""), "%Y-%m").date()
        except ValueError:
            return None

    @cached_property
    def found(self) -> QuerySet[Disbursement]:
        lines = self.question.lines(self.visible).order_by()
        first = datetime.date(self.question.year, 1, 1)  # money of a year is not paid before it
        days = (first, self.question.day)
        found = Disbursement.objects.filter(plan__in=lines, day__range=days)
        return found.filter(month=self.month) if self.month else found

    @cached_property
    def whole(self) -> dict[str, Any]:
        return self.found.order_by().aggregate(count=Count("pk"), total=Sum("amount"))

    def get_paginator(self, *args: Any, **kwargs: Any) -> Paginator:
        pages = super().get_paginator(*args, **kwargs)
        pages.count = self.whole["count"]  # counted with the sum
        return pages

    def get_queryset(self) -> Any:
        """Keys first: the rows of a page are then fetched with all that they show."""
        return self.found.order_by("-day", "-pk").values_list("pk", flat=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(month=self.month, **kwargs)
        payments = self.rows(list(context["payments"]))
        demo = any(payment.plan.is_demo for payment in payments)
        return context | {
            "payments": payments,
            "total": self.whole["total"] or 0,
            "is_demo": demo,
        }

    def rows(self, keys: list[int]) -> list[Any]:
        found: dict[int, Any] = (
            Disbursement.objects.select_related(
                "plan__works", "plan__unit", "plan__organisation", "plan__source", "plan__component"
            )
            .prefetch_related("document__document_type", "document__issuer")  # few have one
            .in_bulk(keys)
        )
        given_by = decisions_of([payment.plan_id for payment in found.values()])
        for payment in found.values():
            payment.plan_url = line_address(payment.plan_id)
            payment.given_by = given_by.get(payment.plan_id)
        return [found[key] for key in keys]


def decisions_of(lines: list[int]) -> dict[int, Document]:
    """The decision that first gave each of these lines its money."""
    changes = CapitalChange.objects.filter(plan__in=lines).select_related(
        "document__document_type", "document__issuer"
    )
    return {one.plan_id: one.document for one in changes.order_by("-day", "-pk")}


class FundedWorksList(AskingMixin, ListView):
    """Works that lines of the question are for: ?cham=1 the late ones, ?tinh_trang= by state."""

    template_name = "programs/seeing/works_list.html"
    context_object_name = "works"
    paginate_by = PAGE
    part_name = "programs:funded_works_list"

    @property
    def late_only(self) -> bool:
        return self.request.GET.get("cham") == "1"

    @property
    def state(self) -> State | None:
        asked = self.request.GET.get("tinh_trang", "")
        return State(asked) if asked in State.values else None

    def get_queryset(self) -> QuerySet[Works]:
        day = self.question.day
        works = works_of(self.question, self.visible)
        if self.late_only:
            works = late_on(works, day)
        found = in_state_on(works.select_related("investor", "component"), day)
        found = found.prefetch_related("place_rows__unit")
        return found.filter(state_then=self.state) if self.state else found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        day = self.question.day
        for one in context["works"]:
            one.url = works_address(one.code)
            one.state_words = State(one.state_then).label
            late = (day - one.planned_finish).days if is_late(one, day) else 0
            one.late_words = lateness(late) if late > 0 else ""
        return context | {
            "late_only": self.late_only,
            "state": self.state,
            "is_demo": any(one.is_demo for one in context["works"]),
        }


def is_late(works: Works, day: datetime.date) -> bool:
    """Planned to be finished before `day`, and not finished at its end."""
    if works.planned_finish is None or works.planned_finish >= day:
        return False
    if works.actual_finish is None:
        return not works.is_done
    return works.actual_finish > day
