"""What is due, for those who send data; how complete a period is, for those who read them."""

from __future__ import annotations

import datetime
from collections import defaultdict

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.access import permission_needed
from portal.accounts.models import User
from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.collection.services.closing import GRANTING
from portal.collection.services.duties import (
    Duty,
    duties,
    latest_period_in_use,
    periods_for,
)
from portal.collection.services.turns import waiting_for
from portal.units.models import AdministrativeUnit

from .found import SEEING

PER_PAGE = 50


def chosen(
    request: HttpRequest, periods: list[ReportingPeriod], default: ReportingPeriod | None
) -> ReportingPeriod | None:
    wanted = request.GET.get("ky", "")
    return next((period for period in periods if period.code == wanted), default)


@permission_needed("collection.enter")
def submission_list(request: HttpRequest) -> HttpResponse:
    """The home of "Nộp số liệu": what this user's units owe in a period."""
    today = timezone.localdate()
    periods = periods_for(request.user, today=today)
    everywhere = request.user.sees_every_unit
    usual = latest_period_in_use(periods) if everywhere else at_hand(periods, today)
    period = chosen(request, periods, usual)
    found = duties(periods=[period], user=request.user, today=today) if period else []
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "collection/submission_list.html",
        {
            "periods": periods,
            "period": period,
            "duties": page.object_list,
            "page_obj": page,
            "returned": returned_to(request, period),
            "to_review": to_review(request.user, today),
            "one_unit": len({duty.unit.pk for duty in found}) == 1,
        },
    )


def at_hand(periods: list[ReportingPeriod], today: datetime.date) -> ReportingPeriod | None:
    """The latest period in which something is still to come; else the latest that was used."""
    in_use = latest_period_in_use(periods)
    datasets = list(Dataset.objects.active())
    for period in periods:
        if period == in_use:
            break
        days = [one.due_date(period) for one in datasets if one.is_due_in(period)]
        if any(day and day >= today for day in days):
            return period
    return in_use


def to_review(user: User, today: datetime.date) -> int:
    """How many data of units below wait for an officer of a district."""
    if not user.has_perm("collection.review_own_area"):
        return 0
    return waiting_for(user, day=today).count()


def returned_to(request: HttpRequest, period: ReportingPeriod | None) -> list[Submission]:
    """What came back with remarks, in whatever period; the one in view is in the table anyway."""
    return list(
        Submission.objects.visible_to(request.user)
        .filter(status=Submission.Status.RETURNED)
        .with_names()
        .prefetch_related("remarks")
        .order_by("-period__end")[:20]
    )


@permission_needed(*SEEING)
def completeness(request: HttpRequest) -> HttpResponse:
    """Units × datasets of a period: what is there, what is missing."""
    today = timezone.localdate()
    periods = periods_for(request.user, today=today)
    period = chosen(request, periods, latest_period_in_use(periods))
    found = duties(periods=[period], user=request.user, today=today) if period else []
    return render(
        request,
        "collection/completeness.html",
        {
            "periods": periods,
            "period": period,
            "tables": tables_of(found),
            "may_grant": request.user.has_perm(GRANTING),
        },
    )


def tables_of(found: list[Duty]) -> list[dict]:
    """One table for each level of sending; other provinces and the nation apart."""
    by_level: dict[tuple[str, bool], list[Duty]] = defaultdict(list)
    for duty in found:
        by_level[duty.unit.level, duty.unit.is_reference].append(duty)
    return [table_of(level) for level in by_level.values()]


def table_of(found: list[Duty]) -> dict:
    """A row of duties for each unit, one for each dataset; and how many are done."""
    rows: dict[AdministrativeUnit, list[Duty]] = defaultdict(list)
    for duty in found:
        rows[duty.unit].append(duty)
    return {
        "level": found[0].unit.get_level_display(),
        "heads": next(iter(rows.values())),
        "rows": [{"unit": unit, "duties": own} for unit, own in rows.items()],
        "approved": sum(duty.is_approved for duty in found),
        "sent": sum(duty.is_sent for duty in found),
        "total": len(found),
        "late": late_of(found),
    }


def late_of(found: list[Duty]) -> list[dict]:
    """The datasets with late units and how many those are; the letter to them is drafted above."""
    late: dict[Dataset, int] = defaultdict(int)
    for duty in found:
        if duty.days_late:
            late[duty.dataset] += 1
    return [{"dataset": dataset, "count": count} for dataset, count in late.items()]
