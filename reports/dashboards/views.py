"""The overview for leaders, everybody's own page, and the few figures open to all."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from ethnic_data.aggregation.people import listed_counts
from portal.access import permission_needed
from portal.accounts.models import User
from portal.spreadsheets import CONTENT_TYPE
from reports.glance import glance
from reports.glance.paper import paper_of
from reports.rendering import RENDERING_ERRORS
from reports.views.papers import paper

from . import tables
from .communes import SORTS
from .completeness import completeness
from .home import changes, own_work, rooms
from .key_figures import people_figures, work_figures
from .overview import Area, overview
from .public import published_figures
from .seen import view_of
from .selection import NoSuchUnit, Selection, select
from .waiting import waiting_count


def person(request: HttpRequest) -> User:
    """Who asks; these pages are for people who have signed in."""
    return cast(User, request.user)


def selection_of(request: HttpRequest) -> Selection | None:
    """What the address asks for; a unit that is not this person's does not exist for them."""
    try:
        return select(
            request.GET,
            user=person(request),
            sorts=frozenset(SORTS),
            today=timezone.localdate(),
        )
    except NoSuchUnit:
        raise Http404 from None


@require_safe
@permission_needed("dashboards.view")
def dashboard(request: HttpRequest) -> HttpResponse:
    selection = selection_of(request)
    context: dict[str, Any] = {"selection": selection}
    if selection is not None and selection.unit is not None:
        area = Area.of(selection.unit, on=selection.day)
        progress = completeness(selection, area, user=person(request), today=timezone.localdate())
        view = view_of(selection, area)
        context |= {
            "area": area,
            "view": view,
            "figures": [
                *view.figures,
                *people_figures(
                    listed_counts(selection.unit, min(selection.day, timezone.localdate())),
                    user=person(request),
                    unit=selection.unit,
                ),
                *work_figures(progress, user=person(request)),
            ],
            "progress": progress,
            "now": timezone.now(),
        }
    return render(request, "reports/dashboard.html", context)


@require_safe
@permission_needed("dashboards.view")
def dashboard_export(request: HttpRequest) -> HttpResponse:
    """The table of communes as seen: the same filters, the same order."""
    selection = selection_of(request)
    if selection is None or selection.unit is None:
        raise Http404
    found = overview(selection, Area.of(selection.unit, on=selection.day))
    response = HttpResponse(tables.communes(found, now=timezone.now()), content_type=CONTENT_TYPE)
    name = f"ho-ngheo-{selection.unit.code}-{selection.period.code}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, what is late, what has changed."""
    today = timezone.localdate()
    return render(
        request,
        "reports/home.html",
        {
            "today": today,
            "works": own_work(person(request), today=today),
            "events": changes(person(request)),
            "rooms": rooms(person(request)),
            "glance": glance(person(request), today=today),
        },
    )


@require_safe
@permission_needed("reports.sign")
def home_paper(request: HttpRequest) -> HttpResponse:
    """The province at a glance with what waits, as a file to be kept or printed."""
    user, now = person(request), timezone.localtime()
    found = glance(user, today=now.date())
    if found is None:
        messages.info(request, "Chưa có số liệu được duyệt để tổng hợp.")
        return redirect("reports:home")
    works = own_work(user, today=now.date())
    sheet = paper_of(found, works, reader=user.full_name, now=now, address=request.get_host())
    try:
        return paper(sheet, name="xem-nhanh")
    except RENDERING_ERRORS as error:
        messages.error(request, str(error))
        return redirect("reports:home")


@require_safe
def waiting_number(request: HttpRequest) -> HttpResponse:
    """The number beside the bell, as a fragment; nothing when nothing waits."""
    count = waiting_count(person(request), today=timezone.localdate())
    return HttpResponse(format_html("<b>{}</b>", count) if count else "")


@login_not_required
@require_safe
@cache_control(max_age=300)
@vary_on_headers("HX-Request")
def public_figures(request: HttpRequest) -> HttpResponse:
    """The fragment that the public front page loads; a page of its own for everybody else."""
    asks_for_part = request.headers.get("HX-Request") == "true"
    template = "public_figures" if asks_for_part else "public_figures_page"
    figures = published_figures(today=timezone.localdate())
    return render(request, f"reports/{template}.html", figures)
