"""The pages of the themes and their files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.access import permission_needed
from portal.accounts.models import User
from portal.charts import as_png
from reports.exhibits.drawing import as_svg
from reports.models import Dashboard
from reports.rendering import RENDERING_ERRORS
from reports.rendering.sheets import SheetTooLarge
from reports.views.papers import paper as as_file

from . import files, paper
from .declared import BY_SLUG, Theme
from .pages import Page, themes_of
from .shown import Shown

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def person(request: HttpRequest) -> User:
    return cast(User, request.user)


def theme_for(request: HttpRequest, slug: str) -> Theme:
    """A theme that this person may not open is not there."""
    theme = BY_SLUG.get(slug)
    if theme is None or theme not in themes_of(person(request)):
        raise Http404
    return theme


@require_safe
@permission_needed("ethnic_data.view")
def theme_index(request: HttpRequest) -> HttpResponse:
    context = {
        "themes": themes_of(person(request)),
        "boards": Dashboard.objects.visible_to(person(request)),
    }
    return render(request, "reports/themes/index.html", context)


@require_safe
@permission_needed("ethnic_data.view")
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    found = theme_for(request, slug)
    page = Page.of(found, person(request), request.GET)
    shown_on = urlencode({"c": slug})
    return page_of(request, page, title=found.title, lead=found.lead, shown_on=shown_on)


def page_of(request: HttpRequest, page: Page, **more: object) -> HttpResponse:
    panels = page.shown()
    context = {
        "page": page,
        "filters": page.filters,
        "panels": panels,
        "query": page.filters.address(),
        "is_demo": any(one.is_demo for one in panels),
        **more,
    }
    return render(request, "reports/themes/theme.html", context)


def board_for(request: HttpRequest, pk: int) -> Dashboard:
    """A page that is not published for this person is not there."""
    return get_object_or_404(Dashboard.objects.visible_to(person(request)), pk=pk)


@require_safe
@permission_needed("ethnic_data.view")
def board(request: HttpRequest, pk: int) -> HttpResponse:
    found = board_for(request, pk)
    page = Page.of_board(found, person(request), request.GET)
    more = {"title": found.title, "lead": found.lead, "board": found}
    return page_of(request, page, shown_on=urlencode({"c": f"trang-{pk}"}), **more)


@require_safe
@permission_needed("ethnic_data.view")
def board_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    found = board_for(request, pk)
    page = Page.of_board(found, person(request), request.GET)
    return whole_file(request, page, found.title, kind, f"trang-{pk}")


@require_safe
@permission_needed("ethnic_data.view")
def board_panel(request: HttpRequest, pk: int, key: str, kind: str) -> HttpResponse:
    page = Page.of_board(board_for(request, pk), person(request), request.GET)
    return one_file(request, page, key, kind, f"trang-{pk}-{key}")


@require_safe
@permission_needed("ethnic_data.view")
def theme_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The whole dashboard: a sheet, or a part of the PDF, for each panel."""
    found = theme_for(request, slug)
    page = Page.of(found, person(request), request.GET)
    return whole_file(request, page, found.title, kind, slug)


def whole_file(request: HttpRequest, page: Page, title: str, kind: str, name: str) -> HttpResponse:
    if kind == "xlsx":
        return _file(files.workbook(page.shown(), page.filters.words), XLSX, f"{name}.xlsx")
    if kind == "pdf":
        return _paper(request, page, title, page.shown(), name)
    raise Http404


def _paper(
    request: HttpRequest, page: Page, title: str, panels: Sequence[Shown], name: str
) -> HttpResponse:
    """As a PDF; back to the page with a sentence where it cannot be made."""
    try:
        now, host = timezone.localtime(), request.get_host()
        sheet = paper.sheet_of(title, panels, page.filters.words, now=now, address=host)
        return as_file(sheet, name=name)
    except (SheetTooLarge, *RENDERING_ERRORS) as error:
        messages.error(request, str(error))
        return redirect(f"{page.path}?{page.filters.address()}")


@require_safe
@permission_needed("ethnic_data.view")
def panel_file(request: HttpRequest, slug: str, key: str, kind: str) -> HttpResponse:
    """One panel as xlsx, csv or pdf, or its chart as png."""
    page = Page.of(theme_for(request, slug), person(request), request.GET)
    return one_file(request, page, key, kind, f"{slug}-{key}")


def one_file(request: HttpRequest, page: Page, key: str, kind: str, stem: str) -> HttpResponse:
    panels = page.shown({key})
    if not panels:
        raise Http404
    name = f"{stem}.{kind}"
    if kind == "pdf":
        return _paper(request, page, panels[0].title, panels, stem)
    if kind == "xlsx":
        return _file(files.workbook(panels, page.filters.words), XLSX, name)
    if kind == "csv":
        lines = files.csv_lines(panels[0], page.filters.words)
        return _file("".join(lines).encode(), CSV, name)
    if kind == "png" and panels[0].picture is not None:
        shown = panels[0].picture
        foot = " · ".join([*panels[0].about[2:], shown.note]).strip(" ·")
        picture = as_png(as_svg(shown.chart), title=shown.title, foot=foot)
        return HttpResponse(
            picture,
            content_type="image/png",
            headers={"Content-Disposition": f'inline; filename="{name}"'},
        )
    raise Http404


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    heads = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=heads)
