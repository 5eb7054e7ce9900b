"""The way a report went: every step with who, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render

from portal.access import SignedInRequest, permission_needed
from reports.references import nodes_of

from .steps import found

if TYPE_CHECKING:
    from reports.models import ReportEvent

from .around import common

MOST_VIEWS = 60

EVENT_KINDS = {
    "returned": "returned",
    "not_rendered": "wrong",
    "issued": "done",
    "signed_by_leader": "done",
    "directed": "information",
    "lifted": "done",
    "signed_by_agency": "done",
    "sent_up": "waiting",
    "content_checked": "done",
    "form_passed": "done",
    "numbered": "done",
    "recalled": "returned",
    "filed": "done",
    "withdrawn": "wrong",
    "replaces": "warning",
    "corrects": "warning",
}


@permission_needed("reports.view")
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every step with who, when and why, and the versions of the text."""
    report = found(request, pk)
    context = common(request, report, "dien-bien")
    context["events"] = [_shown(event) for event in report.events.select_related("who")]
    context["views"] = report.views.select_related("user")[:MOST_VIEWS]
    context["all_remarks"] = report.remarks.with_answers()
    context["versions"] = [
        {"section": node.row, "label": node.label, "count": node.row.versions.count()}
        for node in nodes_of(report)
        if node.row.revision > 1
    ]
    return render(request, "reports/history.html", context)


def _shown(event: ReportEvent) -> dict[str, Any]:
    return {
        "kind": EVENT_KINDS.get(event.kind, "draft"),
        "what": event.what,
        "who": event.who,
        "at": event.at,
        "note": event.note,
    }
