"""Who stands in for me, for whom I stand in; what somebody who left leaves open."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from portal.accounts.models import User
from portal.collection.forms import DelegationForm, SuccessorForm
from portal.collection.models import REVIEWING, Delegation, HandOver
from portal.collection.services.handing_over import hand_over, open_work
from portal.collection.services.standing_in import delegate, end_delegation

from .found import telling

DELEGATING = ("collection.submit", *REVIEWING)
SHOWN = 50


@permission_needed(*DELEGATING)
def delegations(request: HttpRequest) -> HttpResponse:
    """The own delegations, given and taken, and the form for a new one."""
    today = timezone.localdate()
    form = DelegationForm(request.POST or None, principal=request.user)
    if request.method == "POST" and form.is_valid():
        with telling(request):
            made = delegate(principal=request.user, by=request.user, **form.cleaned_data)
            messages.success(request, f"Đã lưu uỷ quyền cho {made.substitute}.")
            return redirect("collection:delegations")
    mine = Delegation.objects.filter(Q(principal=request.user) | Q(substitute=request.user))
    context = {
        "form": form,
        "rows": [
            {
                "row": row,
                "last": row.valid.upper - datetime.timedelta(days=1),
                "given": row.principal_id == request.user.pk,
                "over": row.valid.upper <= today,
                "begun": row.valid.lower <= today,
            }
            for row in mine.select_related("principal", "substitute")[:SHOWN]
        ],
    }
    return render(
        request, "collection/delegations.html", context, status=422 if form.errors else 200
    )


@require_POST
@permission_needed(*DELEGATING)
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Delegation.objects.filter(principal=request.user), pk=pk)
    with telling(request):
        end_delegation(delegation=found, by=request.user)
        messages.success(request, "Đã kết thúc uỷ quyền.")
    return redirect("collection:delegations")


@permission_needed("accounts.manage")
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """The open work of one person, and who takes it over."""
    leaver = get_object_or_404(User.objects.select_related("area"), pk=pk)
    work = open_work(leaver, today=timezone.localdate())
    form = SuccessorForm(request.POST or None, leaver=leaver) if work else None
    if request.method == "POST" and form is None:
        raise Http404
    if request.method == "POST" and form.is_valid():
        with telling(request):
            made = hand_over(
                leaver=leaver, successor=form.cleaned_data["successor"], by=request.user
            )
            messages.success(request, f"Đã bàn giao {len(made.work)} việc cho {made.successor}.")
            return redirect("collection:handover", pk=leaver.pk)
    context = {
        "leaver": leaver,
        "work": work,
        "form": form,
        "done": HandOver.objects.filter(leaver=leaver).select_related("successor", "by")[:SHOWN],
    }
    failed = form is not None and form.errors
    return render(request, "collection/handover.html", context, status=422 if failed else 200)
