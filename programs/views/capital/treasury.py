"""Extracts of the treasury: sent, reconciled, chosen from, entered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from portal.collection.services.lists import FileNotTaken
from portal.formats import read_whole
from portal.jobs.models import Job
from portal.waiting import whole_page
from programs.forms.capital import ChoosingForm, ExtractForm, ScaleForm
from programs.ledger import LedgerRefused, label, with_names
from programs.models import CapitalPlan, Programme, TreasuryExtract, TreasuryRow
from programs.services import treasury
from programs.services.treasury.entering import ENTER_JOB

SHOWN = 50
Outcome = TreasuryRow.Outcome
State = TreasuryExtract.State
#: how rows are listed, what needs a person first
PARTS = (Outcome.OPEN, Outcome.UNMATCHED, Outcome.REFUSED, Outcome.CERTAIN, Outcome.THERE,
         Outcome.ENTERED)  # fmt: skip
JOBS = {State.RECEIVED: treasury.READ_JOB, State.ENTERING: ENTER_JOB}
SUMMED = {
    Outcome.ENTERED: "đã ghi nhận",
    Outcome.THERE: "đã có từ trước",
    Outcome.CERTAIN: "chờ ghi nhận",
    Outcome.OPEN: "chờ chọn dòng vốn",
    Outcome.UNMATCHED: "không khớp",
    Outcome.REFUSED: "không nhận",
}


@permission_needed("programs.plan")
def treasury_list(request: HttpRequest) -> HttpResponse:
    """Send an extract; beside it those that came."""
    code = request.GET.get("chuong-trinh", "").replace("\0", "")
    programme = (
        get_object_or_404(Programme, code=code)
        if code
        else Programme.objects.latest_begun(timezone.localdate())
    )
    form = ExtractForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and programme and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            extract = treasury.receive_extract(
                programme=programme, file=file, name=file.name, by=request.user, now=timezone.now()
            )
        except FileNotTaken as refused:
            form.add_error("file", str(refused))
        else:
            return redirect(extract)
    extracts = TreasuryExtract.objects.select_related("by").annotate(count=Count("rows"))
    extracts = extracts.order_by("-at")
    pages = Paginator(extracts.filter(programme=programme), SHOWN)
    context = {
        "form": form,
        "programme": programme,
        "page_obj": pages.get_page(request.GET.get("page")),
    }
    return render(request, "programs/capital/treasury_list.html", context)


def extract_of(pk: int) -> TreasuryExtract:
    found = TreasuryExtract.objects.select_related("by", "entered_by", "programme")
    return get_object_or_404(found, pk=pk)


@permission_needed("programs.plan")
def treasury_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each row: read = entered + there before + not matched + refused."""
    extract = extract_of(pk)
    context: dict[str, Any] = {"extract": extract, "programme": extract.programme}
    if extract.is_working:
        context["job"] = _job_of(extract)
    elif extract.state == State.ASKED:
        context["scale_form"] = ScaleForm()
    context |= _sums(extract)
    part = request.GET.get("phan", "")
    there = [outcome for outcome in PARTS if context["counts"].get(outcome)]
    chosen = part if part in there else (there[0] if there else "")
    rows = extract.rows.filter(outcome=chosen).select_related(
        "plan__works", "plan__unit", "plan__organisation", "plan__source", "plan__component",
        "plan__phase", "disbursement",
    )  # fmt: skip
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    for row in page:
        row.extract = extract
    context |= {
        "part": chosen,
        "tabs": [_tab(extract, outcome, context["counts"][outcome], chosen) for outcome in there],
        "page_obj": page,
        "can_enter": extract.state == State.READ
        and extract.rows.filter(outcome__in=TreasuryRow.WAITING, plan__isnull=False).exists(),
        "can_discard": Outcome.ENTERED not in there,
        "can_rematch": extract.state in (State.READ, State.ENTERED)
        and bool({Outcome.OPEN, Outcome.UNMATCHED, Outcome.REFUSED} & set(there)),
    }
    if chosen == Outcome.OPEN and extract.state == State.READ:
        context["choosing"] = ChoosingForm(rows=list(page), labels=_labels(page))
    return render(request, "programs/capital/treasury_detail.html", context)


def _tab(extract: TreasuryExtract, outcome: str, count: int, chosen: str) -> dict[str, Any]:
    return {
        "label": Outcome(outcome).label.capitalize(),
        "count": count,
        "url": f"{extract.get_absolute_url()}?phan={outcome}",
        "current": outcome == chosen,
    }


def _sums(extract: TreasuryExtract) -> dict[str, Any]:
    """Counts and sums by outcome, and what rounding to the thousand đồng made of the whole."""
    counts, told = {}, {}
    found = extract.rows.order_by().values("outcome")
    for one in found.annotate(count=Count("pk"), total=Sum("amount"), exact=Sum("told")):
        counts[one["outcome"]] = one["count"]
        told[one["outcome"]] = one["total"] or Decimal(0), one["exact"] or Decimal(0)
    scale = extract.scale or 1
    exact = sum((pair[1] for pair in told.values()), Decimal(0)) * scale / 1_000_000
    total = sum((pair[0] for pair in told.values()), Decimal(0))
    return {
        "counts": counts,
        "read": sum(counts.values()),
        "total": total,
        "exact": exact,
        "rounded": total - exact if extract.scale else Decimal(0),
        "sums": [
            (words, counts.get(outcome, 0), told.get(outcome, (Decimal(0), 0))[0])
            for outcome, words in SUMMED.items()
            if counts.get(outcome)
        ],
    }


def _labels(rows: Any) -> dict[int, str]:
    lines = CapitalPlan.objects.filter(pk__in={pk for row in rows for pk in row.candidates})
    return {
        line.pk: f"{label(line)}, còn {line.available.normalize():f}".replace(".", ",")
        for line in with_names(lines)
    }


def _job_of(extract: TreasuryExtract) -> Job | None:
    return Job.objects.last_of(JOBS[State(extract.state)], extract.pk)


@permission_needed("programs.plan")
def treasury_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part that waits while a job runs; the whole page once it is done."""
    extract = extract_of(pk)
    job = _job_of(extract) if extract.is_working else None
    if job is None or not job.is_open:
        return whole_page(request, extract.get_absolute_url())
    context = {"extract": extract, "job": job}
    return render(request, "programs/capital/treasury_progress.html", context)


@require_POST
@permission_needed("programs.plan")
def treasury_scale(request: HttpRequest, pk: int) -> HttpResponse:
    extract = extract_of(pk)
    form = ScaleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Chọn đơn vị tính của số tiền.")
        return redirect(extract)
    return _done(request, extract, treasury.answer_scale, scale=form.cleaned_data["scale"])


@require_POST
@permission_needed("programs.plan")
def treasury_choose(request: HttpRequest, pk: int) -> HttpResponse:
    extract = extract_of(pk)
    asked = (read_whole(name.removeprefix("row_")) for name in request.POST if "row_" in name)
    rows = extract.rows.filter(pk__in=[pk for pk in asked if pk], outcome=Outcome.OPEN)
    form = ChoosingForm(request.POST, rows=list(rows), labels=_labels(rows))
    if not form.is_valid():
        messages.error(request, "Có dòng chọn dòng vốn chưa đúng. Hãy chọn lại.")
        return redirect(extract)
    try:
        count = treasury.choose(extract=extract, chosen=form.chosen())
        messages.success(request, f"Đã lưu lựa chọn, {count} dòng có dòng vốn.")
    except LedgerRefused as refused:
        messages.error(request, refused.message)
    return redirect(f"{extract.get_absolute_url()}?phan={Outcome.OPEN}")


@require_POST
@permission_needed("programs.plan")
def treasury_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, extract_of(pk), treasury.confirm_extract, by=request.user)


@require_POST
@permission_needed("programs.plan")
def treasury_rematch(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, extract_of(pk), treasury.rematch)


@require_POST
@permission_needed("programs.plan")
def treasury_discard(request: HttpRequest, pk: int) -> HttpResponse:
    extract = extract_of(pk)
    try:
        treasury.discard_extract(extract=extract)
    except LedgerRefused as refused:
        messages.error(request, refused.message)
        return redirect(extract)
    messages.success(request, f"Đã bỏ bảng kê {extract.original_name}, không có gì thay đổi.")
    return redirect("programs:treasury_list")


def _done(request: HttpRequest, extract: TreasuryExtract, do: Any, **told: Any) -> HttpResponse:
    try:
        do(extract=extract, **told)
    except LedgerRefused as refused:
        messages.error(request, refused.message)
    return redirect(reverse("programs:treasury_detail", args=[extract.pk]))
