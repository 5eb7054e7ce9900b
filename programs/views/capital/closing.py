"""Months of a programme: which are closed, by whom; closed and opened again here."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from portal.access import permission_needed
from portal.formats import read_whole
from programs.forms.capital import ReopenForm
from programs.ledger import LedgerRefused
from programs.models import ClosedMonth, Disbursement, Programme
from programs.services import closing
from programs.views.structure import ProgrammePartMixin


def page_of(programme: Programme, year: int) -> str:
    return reverse(
        "programs:closed_month_list", query={"chuong-trinh": programme.code, "nam": year}
    )


class ClosedMonthList(ProgrammePartMixin, TemplateView):
    permissions = ("programs.plan",)
    template_name = "programs/capital/closed_months.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.programme = self.get_programme()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        asked = read_whole(self.request.GET.get("nam", "")) or 0
        year = asked if 2000 <= asked <= 2100 else today.year
        first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 1)
        closed = ClosedMonth.objects.filter(
            programme=self.programme, month__range=(first, last)
        ).select_related("by", "reopened_by")
        now = {one.month: one for one in closed if one.reopened_at is None}
        paid = Disbursement.objects.filter(
            plan__programme=self.programme, month__range=(first, last)
        )
        sums = dict(paid.order_by().values_list("month").annotate(total=Sum("amount")))
        months = [datetime.date(year, month, 1) for month in range(1, 13)]
        return super().get_context_data(
            year=year,
            months=[
                {
                    "month": month,
                    "paid": sums.get(month, Decimal(0)),
                    "closed": now.get(month),
                    "ended": month < today.replace(day=1),
                }
                for month in months
            ],
            opened=[one for one in closed if one.reopened_at],
            **kwargs,
        )


@require_POST
@permission_needed("programs.plan")
def month_close(request: HttpRequest, code: str, year: int, month: int) -> HttpResponse:
    programme = get_object_or_404(Programme, code=code)
    if not 1 <= month <= 12 or not 2000 <= year <= 2100:
        raise Http404
    try:
        closing.close_month(
            programme=programme,
            month=datetime.date(year, month, 1),
            by=request.user,
            now=timezone.localtime(),
        )
        messages.success(request, f"Đã khoá sổ tháng {month:02}/{year}.")
    except LedgerRefused as refused:
        messages.error(request, refused.message)
    return redirect(page_of(programme, year))


@require_POST
@permission_needed("programs.plan")
def month_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    closed = get_object_or_404(ClosedMonth.objects.select_related("programme"), pk=pk)
    form = ReopenForm(request.POST)
    try:
        reason = form.data.get("reason", "") if form.is_valid() else ""
        closing.reopen_month(closed=closed, by=request.user, reason=reason, now=timezone.now())
        messages.success(request, f"Đã mở lại tháng {closed.month:%m/%Y}.")
    except LedgerRefused as refused:
        messages.error(request, refused.message)
    return redirect(page_of(closed.programme, closed.month.year))
