"""Printed pages as a browser draws them: of a whole report, and beside the text being written."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.views.decorators.clickjacking import xframe_options_sameorigin

from portal.access import SignedInRequest, permission_needed
from portal.formats import day_in_words
from reports import services
from reports.models import Level, Report, Section
from reports.previewing import Typed, preview_beside
from reports.printing import printed_report
from reports.rendering import preview_html
from reports.rendering.markup import date_phrase

from .steps import found

_SHEETS = ("report/print.css", "report/screen.css", "reports/preview.css")


def style_sheets() -> list[str]:
    return [static(sheet) for sheet in _SHEETS]


@xframe_options_sameorigin
@permission_needed("reports.view")
def preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """The report's own page for the frame: the printed layout, drawn by the browser."""
    report = found(request, pk)
    try:
        html = preview_html(
            printed_report(report, is_preview=True),
            title=str(report),
            month=report.issue_date or report.report_date,
            style_sheets=style_sheets(),
        )
    except services.NOT_PRINTABLE as problem:
        return render(request, "reports/preview_refused.html", {"problem": str(problem)})
    return HttpResponse(_with_number(html, report))


@xframe_options_sameorigin
@permission_needed("reports.draft")
def section_preview(request: SignedInRequest, pk: int, section_pk: int) -> HttpResponse:
    """The pages with one section as it stands in the form, or as it is saved; nothing is kept."""
    report = found(request, pk)
    section = get_object_or_404(report.sections.present(), pk=section_pk)
    typed = _typed(request, section) if request.method == "POST" else None
    try:
        shown = preview_beside(report, section, typed, style_sheets=style_sheets())
    except services.NOT_PRINTABLE as problem:
        return render(request, "reports/preview_refused.html", {"problem": str(problem)})
    response = HttpResponse(shown.html)
    response.headers["X-Whole"] = "1" if shown.is_whole else "0"
    return response


def _typed(request: SignedInRequest, section: Section) -> Typed:
    """The form's fields; a level that is none is that of the section."""
    told = {name: request.POST.get(name, "") for name in ("title", "body", "manual_label")}
    level = request.POST.get("level", "")
    return Typed(level=level if level in Level else section.level, **told)


def _with_number(html: str, report: Report) -> str:
    """The preview knows no number; once it is given it stands where the file has it."""
    if report.issue_date is None:
        return html
    blank = f"Số: {chr(0x2007) * 6}/"
    html = html.replace(blank, f"Số: {report.printed_number}/", 1)
    return html.replace(date_phrase(report.issue_date), day_in_words(report.issue_date), 1)
