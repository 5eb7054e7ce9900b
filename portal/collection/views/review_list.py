"""For those who review: what waits for them, what was sent, and several approved at once."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from portal.access import permission_needed
from portal.collection.models import REVIEWING, Dataset, ReportingPeriod, Submission
from portal.collection.services.approving import approve_several, hindrances
from portal.collection.services.turns import waiting_for
from portal.units.models import AdministrativeUnit

PER_PAGE = 30
MINE = "toi"
MOST_AT_ONCE = 100


@permission_needed(*REVIEWING)
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits for this reviewer; by choice everything that was sent."""
    names = ("ky", "bieu", "tt", "huyen")
    chosen = {name: request.GET.get(name, "").replace("\0", "") for name in names}
    if "tt" not in request.GET:
        chosen["tt"] = MINE
    page = Paginator(sent(request, chosen), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "chosen": chosen,
        "mine": chosen["tt"] == MINE,
        "all_ticked": request.GET.get("chon") == "het",
        "tick_all_query": ticked_query(request),
        "periods": ReportingPeriod.objects.filter(submissions__isnull=False).distinct(),
        "datasets": Dataset.objects.active(),
        "statuses": [(MINE, "Chờ tôi duyệt"), *Submission.Status.choices],
        "units": AdministrativeUnit.objects.visible_to(request.user)
        .filter(submissions__isnull=False)
        .distinct(),
    }
    return render(request, "collection/review_list.html", context)


def ticked_query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["chon"] = "het"
    return query.urlencode()


def sent(request: HttpRequest, chosen: dict[str, str]) -> QuerySet[Submission]:
    today = timezone.localdate()
    if chosen["tt"] == MINE:
        found = waiting_for(request.user, day=today)
    else:
        found = Submission.objects.visible_to(request.user).with_turn(today)
    if chosen["tt"] in Submission.Status.values:
        found = found.filter(status=chosen["tt"])
    if chosen["ky"]:
        found = found.filter(period__code=chosen["ky"])
    if chosen["bieu"]:
        found = found.filter(dataset__code=chosen["bieu"])
    if chosen["huyen"].isdecimal() and len(chosen["huyen"]) < 15:
        found = found.filter(unit=int(chosen["huyen"]))
    found = found.annotate(open_remarks=Count("remarks", filter=Q(remarks__resolved_at=None)))
    return (
        found.with_names()
        .defer("findings", "typed")
        .order_by("-period__end", "submitted_at", "dataset__position", "unit__sort_key", "pk")
    )


@permission_needed(*REVIEWING)
def approve_chosen(request: HttpRequest) -> HttpResponse:
    """A look at the whole of what was ticked; then each approved by itself, and what became of it.

    Address: chon (numbers of submissions, repeated).
    """
    given = request.POST if request.method == "POST" else request.GET
    wanted = [int(one) for one in given.getlist("chon") if one.isdecimal() and len(one) < 15]
    chosen = list(
        waiting_for(request.user, day=timezone.localdate())
        .filter(pk__in=wanted[:MOST_AT_ONCE])
        .with_names()
        .prefetch_related("remarks")
        .order_by("dataset__position", "unit__sort_key", "pk")
    )
    if not chosen:
        return redirect("collection:review_list")
    if request.method == "POST":
        outcome = approve_several(submissions=chosen, by=request.user)
        return render(
            request,
            "collection/approved_several.html",
            {"outcome": outcome, "done": sum(item.done for item in outcome)},
        )
    ready, apart = [], []
    for submission in chosen:
        held = hindrances(submission)
        (apart if held else ready).append({"submission": submission, "held": ", ".join(held)})
    context = {"ready": ready, "apart": apart, "totals": totals(ready)}
    return render(request, "collection/approve_several.html", context)


def totals(ready: list[dict]) -> dict[str, int]:
    """Rows, values and warnings of everything that would be approved."""
    found = [item["submission"].reconciliation for item in ready]
    keys = ("rows", "value_count", "warnings")
    return {key: sum(sums.get(key) or 0 for sums in found) for key in keys}
