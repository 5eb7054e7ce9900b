"""Versions beside each other, word by word: of a whole report, and of one section."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.access import SignedInRequest, permission_needed
from reports.models import Section
from reports.references import References, shown_body
from reports.text import richtext
from reports.text.comparing import paragraphs, word_changes
from reports.versions import differences, moments

from .around import common
from .steps import asked, found, key_of


@permission_needed("reports.view")
def report_compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """The whole text at two moments (`cu`, `moi`): by default now and the one before."""
    report = found(request, pk)
    offered = moments(report)
    by_key = {moment.key: moment for moment in offered}
    new = by_key.get(asked(request, "moi"), offered[0])
    old = by_key.get(asked(request, "cu"), offered[min(1, len(offered) - 1)])
    context = common(request, report, "dien-bien")
    context |= {"moments": offered, "old": old, "new": new}
    context["differences"] = differences(report, old, new)
    return render(request, "reports/compare.html", context)


@permission_needed("reports.view")
def section_versions(request: SignedInRequest, pk: int, section_pk: int) -> HttpResponse:
    """Every version of one section's text, newest first, and two of them beside each other."""
    report = found(request, pk)
    section = get_object_or_404(report.sections, pk=section_pk)
    references = References.of(report)
    context = common(request, report, "dien-bien")
    context["section"] = section
    versions = list(section.versions.select_related("author"))
    context["versions"] = [
        {"version": version, "html": shown_body(version.body, references)[0]}
        for version in versions
    ]
    if len(versions) > 1:
        context |= _compared(request, section, versions)
    return render(request, "reports/section_versions.html", context)


def _compared(request: SignedInRequest, section: Section, versions: list[Any]) -> dict[str, Any]:
    """The two versions asked for (`cu`, `moi`): by default the last and the one before."""
    by_revision = {version.revision: version for version in versions}
    new = by_revision.get(key_of(asked(request, "moi")), versions[0])
    old = by_revision.get(key_of(asked(request, "cu")), versions[1])
    return {
        "old": old,
        "new": new,
        "title_changes": word_changes(old.title, new.title) if old.title != new.title else [],
        "paragraphs": paragraphs(word_changes(richtext.plain(old.body), richtext.plain(new.body))),
    }
