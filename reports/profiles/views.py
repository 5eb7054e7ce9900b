"""Profiles as page and as PDF, and the search that leads to them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ethnic_data.models import EthnicGroup
from portal.access import SignedInRequest, permission_needed
from portal.documents.models import Document
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit, Level
from reports.rendering import RENDERING_ERRORS
from reports.rendering.sheets import Sheet, SheetTooLarge
from reports.views.papers import paper

from . import paper as papers
from .addresses import LEVELS, own_addresses, profile_address
from .asking import Asked, NoSuchUnit, NotThatDay, Years, ask, seen_by, years
from .group import GroupProfile, group_profile
from .profile import Profile, profile
from .searching import search as found_by

SUGGESTED, FOUND, DOCUMENTS = 6, 40, 6


def _text(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "").strip()[:200]


@require_safe
@permission_needed("ethnic_data.view", "documents.view")
def search(request: SignedInRequest) -> HttpResponse:
    """Communes first, then other units and groups, then documents."""
    words, user, today = _text(request, "q"), request.user, timezone.localdate()
    context: dict[str, Any] = {"words": words}
    if user.has_perm("ethnic_data.view"):
        context["answer"] = found_by(words, user, today=today, most=FOUND)
    if user.has_perm("documents.view") and words:
        documents = Document.objects.visible_to(user).search(words)
        context["documents"] = documents.with_catalogue()[:DOCUMENTS]
    return render(request, "reports/profiles/search.html", context)


@require_safe
@permission_needed("ethnic_data.view", "documents.view")
def suggestions(request: SignedInRequest) -> HttpResponse:
    """A few lines under the field while somebody types; nothing for those who see no units."""
    context = {}
    if request.user.has_perm("ethnic_data.view"):
        words = _text(request, "q")
        answer = found_by(words, request.user, today=timezone.localdate(), most=SUGGESTED)
        context = {"answer": answer, "words": words}
    return render(request, "reports/profiles/suggestions.html", context)


@require_safe
@permission_needed("ethnic_data.view")
def unit(request: SignedInRequest, kind: str, code: str) -> HttpResponse:
    found = _unit(request, kind, code)
    if isinstance(found, HttpResponse):
        return found
    return render(request, "reports/profiles/unit.html", _context(request, found))


@require_safe
@permission_needed("ethnic_data.view")
def unit_paper(request: SignedInRequest, kind: str, code: str) -> HttpResponse:
    found = _unit(request, kind, code)
    if isinstance(found, HttpResponse):
        return found
    asked = found.asked
    page = profile_address(asked.unit, units_on=asked.units_on, period=asked.period.code)
    sheets = papers.unit_sheets(
        found, now=timezone.localtime(), address=f"{request.get_host()}{page}"
    )
    pages = 1 if asked.unit.level == Level.COMMUNE else None
    name = f"ho-so-{asked.unit.code}-{asked.period.code}"
    return _file(request, sheets, name, page, pages=pages)


def _unit(request: SignedInRequest, kind: str, code: str) -> Profile | HttpResponse:
    """The profile, or the page that says where or when there is one. Raises Http404."""
    try:
        asked = _asked(request, kind, code)
    except NotThatDay as other:
        own = own_addresses(other.units[-1:], crosswalk.vintages())
        return _elsewhere(request, other, own_url=own[other.units[-1].pk])
    if asked is None:
        return render(request, "reports/profiles/nothing.html")
    return profile(asked, request.user, today=timezone.localdate())


@require_safe
@permission_needed("ethnic_data.view")
def group(request: SignedInRequest, code: str) -> HttpResponse:
    found = _group(request, code)
    if isinstance(found, HttpResponse):
        return found
    context = _context(request, found) | {"group": found.group}
    return render(request, "reports/profiles/group.html", context)


@require_safe
@permission_needed("ethnic_data.view")
def group_paper(request: SignedInRequest, code: str) -> HttpResponse:
    found = _group(request, code)
    if isinstance(found, HttpResponse):
        return found
    page = request.path.removesuffix("/pdf")
    sheet = papers.group_sheet(
        found, now=timezone.localtime(), address=f"{request.get_host()}{page}"
    )
    return _file(request, [sheet], f"ho-so-dan-toc-{code}-{found.asked.period.code}", page)


def _asked(request: SignedInRequest, kind: str, code: str) -> Asked | None:
    """None while no year has begun. Raises Http404, NotThatDay."""
    level = LEVELS.get(kind)
    if level is None or not code.isprintable():
        raise Http404
    known = years(_text(request, "ky"))
    if known is None:
        if not seen_by(request.user).filter(code=code[:10], level=level).exists():
            raise Http404
        return None
    try:
        return ask(request.GET, level=level, code=code, user=request.user, years=known)
    except NoSuchUnit:
        raise Http404 from None


def _group(request: SignedInRequest, code: str) -> GroupProfile | HttpResponse:
    """The profile, or the page that says where or when the reader's area is. Raises Http404."""
    if not code.isprintable():
        raise Http404
    group = get_object_or_404(EthnicGroup, code=code)
    known = years(_text(request, "ky"))
    if known is None:
        return render(request, "reports/profiles/nothing.html")
    area = _area(request, known)
    try:
        asked = ask(request.GET, level=area.level, code=area.code, user=request.user, years=known)
    except NotThatDay as other:
        return _elsewhere(request, other, own_url=reverse("reports:group_profile", args=[code]))
    return group_profile(group, asked, request.user)


def _area(request: SignedInRequest, known: Years) -> AdministrativeUnit:
    """The reader's own area, or the province of the year."""
    own = request.user.area
    if own is not None and not request.user.sees_every_unit:
        return own
    provinces = seen_by(request.user).filter(level=Level.PROVINCE)
    found = provinces.on(known.chosen.end).first() or provinces.order_by("-valid").first()
    if found is None:
        raise Http404
    return found


def _elsewhere(request: SignedInRequest, other: NotThatDay, *, own_url: str) -> HttpResponse:
    """The unit was not there on that day: what it was called, and where it is found."""
    unit = other.units[-1]
    day = other.vintage.day
    same = seen_by(request.user).on(day).filter(level=unit.level, shares_of__unit=unit)
    same = same.filter(shares_of__valid__contains=day).distinct()
    context = {
        "unit": unit,
        "vintage": other.vintage,
        "own_url": own_url,
        "same": [(one, profile_address(one, units_on=day)) for one in same],
    }
    return render(request, "reports/profiles/elsewhere.html", context)


def _context(request: SignedInRequest, found: Profile | GroupProfile) -> dict[str, Any]:
    return {
        "profile": found,
        "asked": found.asked,
        "may_convert": request.user.has_perm("ethnic_data.exact"),
        "query": request.GET.urlencode(),
    }


def _file(
    request: SignedInRequest, sheets: list[Sheet], name: str, page: str, *, pages: int | None = None
) -> HttpResponse:
    try:
        return paper(*sheets, name=name, pages=pages)
    except (SheetTooLarge, *RENDERING_ERRORS) as error:
        messages.error(request, str(error))
        return redirect(page)
