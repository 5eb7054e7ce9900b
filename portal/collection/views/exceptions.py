"""Closed periods that units still owe, and more time for one of them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from portal.access import permission_needed
from portal.collection.forms import ExceptionForm
from portal.collection.models import LockException, PeriodClosing, ReportingPeriod
from portal.collection.services.closing import GRANTING, closed_from, grant_exception
from portal.collection.services.duties import Duty, duties

from .found import duty_of, telling

PER_PAGE = 50
MOST_PERIODS = 6


@permission_needed(GRANTING)
def exception_list(request: HttpRequest) -> HttpResponse:
    """What is closed and not sent, with who got more time until when."""
    owed = closed_duties(request)
    granted = LockException.objects.select_related("dataset", "unit", "period", "granted_by")
    context = {
        "page_obj": Paginator(owed, PER_PAGE).get_page(request.GET.get("page")),
        "granted": granted[:PER_PAGE],
        "today": timezone.localdate(),
    }
    return render(request, "collection/exception_list.html", context)


def closed_duties(request: HttpRequest) -> list[dict]:
    """Duties of closed periods that nobody sent; `until` when there is more time for them."""
    today = timezone.localdate()
    closings = {
        (row.dataset_id, row.period_id): row.closed_from
        for row in PeriodClosing.objects.filter(closed_from__lte=today)
    }
    periods = ReportingPeriod.objects.filter(pk__in={period for _, period in closings})
    until = {
        (row.dataset_id, row.unit_id, row.period_id): row.until
        for row in LockException.objects.filter(until__gte=today).order_by("until")
    }
    return [
        {
            "duty": duty,
            "closed_from": closings[duty.dataset.pk, duty.period.pk],
            "until": until.get((duty.dataset.pk, duty.unit.pk, duty.period.pk)),
        }
        for duty in duties(periods=periods[:MOST_PERIODS], user=request.user, today=today)
        if not duty.is_sent and (duty.dataset.pk, duty.period.pk) in closings
    ]


@permission_needed(GRANTING)
def exception_create(request: HttpRequest, dataset: str, unit: str, period: str) -> HttpResponse:
    """More time for one unit: until which day and why."""
    found_dataset, found_unit, found_period = duty_of(request, dataset, unit, period)
    form = ExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with telling(request):
            grant_exception(
                dataset=found_dataset,
                unit=found_unit,
                period=found_period,
                until=form.cleaned_data["until"],
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
            messages.success(request, f"Đã gia hạn cho {found_unit}. Đơn vị đã được báo.")
            return redirect("collection:exception_list")
    duty = Duty(
        dataset=found_dataset,
        unit=found_unit,
        period=found_period,
        due=found_dataset.due_date(found_period),
        today=timezone.localdate(),
    )
    granted = LockException.objects.filter(
        dataset=found_dataset, unit=found_unit, period=found_period
    )
    context = {
        "duty": duty,
        "form": form,
        "closed_from": closed_from(found_dataset, found_period),
        "granted": granted.select_related("granted_by"),
    }
    return render(
        request, "collection/exception_form.html", context, status=422 if form.errors else 200
    )
