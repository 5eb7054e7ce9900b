"""Bringing in what the old systems held: choose what, send its file, see it, confirm.

Tables go the way of every submission, documents, catalogues and people that of every list:
nothing is read here.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ethnic_data.models import PeopleImport
from portal.access import permission_needed
from portal.collection.lists.registry import lists_of
from portal.collection.models import Dataset, ListImport, ListState, ReportingPeriod, Submission
from portal.collection.services.confirming import READ
from portal.collection.services.opening import open_submission, reporting_units
from portal.collection.views.found import telling

SHOWN = 100


@permission_needed("collection.bring_in", "documents.edit", "collection.design")
def old_system(request: HttpRequest) -> HttpResponse:
    """What this person may bring in, and what was brought: tables, people, documents, lists."""
    user = request.user
    tables = user.has_perm("collection.bring_in")
    context = {
        "tables": tables,
        "lists": [one for one in lists_of(user) if one.from_old_system],
        "files": ListImport.objects.of(user).exclude(state=ListState.DISCARDED)[:20],
        "people": PeopleImport.objects.of(user).filter(state=PeopleImport.State.DONE)[:20],
    }
    if tables:
        context |= _offered(request)
        context["brought"] = [_brought(one) for one in _tables(request)[:SHOWN]]
    return render(request, "ethnic_data/old_system.html", context)


def _offered(request: HttpRequest) -> dict[str, Any]:
    """The tables; after a table and a year are chosen, the units."""
    datasets = Dataset.objects.active()
    chosen = datasets.filter(code=request.GET.get("bieu", "")).first()
    periods = ReportingPeriod.objects.begun(timezone.localdate())
    if chosen is not None:
        periods = periods.filter(frequency=chosen.frequency)
    period = periods.filter(code=request.GET.get("ky", "")).first() if chosen else None
    return {
        "datasets": datasets,
        "chosen": chosen,
        "periods": periods if chosen else (),
        "period": period,
        "rows": _units(request, chosen, period) if chosen and period else (),
    }


def _units(request: HttpRequest, dataset: Dataset, period: ReportingPeriod) -> list[dict]:
    units = reporting_units(dataset=dataset, period=period, user=request.user)
    there = Submission.objects.visible_to(request.user).filter(dataset=dataset, period=period)
    latest = {one.unit_id: one for one in there.order_by("revision")}
    return [{"unit": unit, "submission": latest.get(unit.pk)} for unit in units]


def _tables(request: HttpRequest) -> QuerySet[Submission]:
    return (
        Submission.objects.visible_to(request.user)
        .filter(from_old_system=True)
        .with_names()
        .prefetch_related("uploads")
        .order_by("-created_at")
    )


def _brought(submission: Submission) -> dict:
    """With its counts: rows read = stored + skipped + refused, over the files taken over."""
    files = [one for one in submission.uploads.all() if one.state == one.State.COMMITTED]
    counts = {name: sum(one.reconciliation.get(name, 0) for one in files) for name in READ}
    return {"submission": submission, "files": len(files), **counts}


@require_POST
@permission_needed("collection.bring_in")
def old_system_open(request: HttpRequest) -> HttpResponse:
    """Open the submission, marked, and go on where its file is sent."""
    asked = request.POST
    dataset = get_object_or_404(Dataset.objects.active(), code=asked.get("bieu", ""))
    period = get_object_or_404(
        ReportingPeriod, code=asked.get("ky", ""), frequency=dataset.frequency
    )
    units = reporting_units(dataset=dataset, period=period, user=request.user)
    unit = get_object_or_404(units, code=asked.get("dv", ""))
    with telling(request):
        return redirect(
            open_submission(
                dataset=dataset, unit=unit, period=period, by=request.user, from_old_system=True
            )
        )
    return redirect("ethnic_data:old_system")
