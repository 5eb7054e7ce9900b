"""From a piece of work given out to the report that answers it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.access import SignedInRequest, permission_needed
from portal.documents.models import Assignment
from reports.models import Report

from .turn import chip_of

ASKED = "giao-viec"


def asked_assignment(request: SignedInRequest) -> Assignment | None:
    """The work the new report is for, as the address or the form names it; None without one.

    Raises:
        Http404: it is not this person's, or done.
    """
    key = request.POST.get(ASKED) or request.GET.get(ASKED) or ""
    if not key:
        return None
    if not (key.isascii() and key.isdigit() and len(key) < 10):
        raise Http404
    theirs = Assignment.objects.handled_by(request.user).open()
    return get_object_or_404(theirs.with_names(), pk=int(key), part=Assignment.Part.LEAD)


@permission_needed("reports.view")
def assignment_reports(request: SignedInRequest, pk: int) -> HttpResponse:
    """A fragment: the reports begun for this work."""
    assignment = get_object_or_404(Assignment.objects.visible_to(request.user), pk=pk)
    reports = Report.objects.visible_to(request.user).filter(assignment=assignment).with_names()
    rows = [{"report": report, "kind": chip_of(report)} for report in reports]
    return render(request, "reports/assignment_reports.html", {"rows": rows})
