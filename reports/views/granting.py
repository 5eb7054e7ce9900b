"""Who may sign by order or by authorisation: the list, a new grant, its end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from reports import services
from reports.forms import GrantForm
from reports.models import SigningGrant

MOST = 200


@permission_needed("reports.view")
def grant_list(request: SignedInRequest) -> HttpResponse:
    """Grants in force and those that ended, and the form for a new one."""
    may_grant = request.user.has_perm("reports.grant")
    form = GrantForm(by=request.user) if may_grant else None
    return _listed(request, form)


@require_POST
@permission_needed("reports.grant")
def grant_create(request: SignedInRequest) -> HttpResponse:
    form = GrantForm(request.POST, by=request.user)
    if not form.is_valid():
        return _listed(request, form, status=422)
    try:
        grant = services.enter_grant(grant=form.save(commit=False), by=request.user)
    except services.REFUSALS as refusal:
        form.add_error(None, str(refusal))
        return _listed(request, form, status=422)
    messages.success(request, f"Đã ghi: {grant}.")
    return redirect("reports:grant_list")


@require_POST
@permission_needed("reports.grant")
def grant_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    grant = get_object_or_404(SigningGrant, pk=pk)
    services.revoke_grant(grant=grant, by=request.user, on=timezone.localdate())
    messages.success(request, "Đã thôi giao ký từ hôm nay. Văn bản đã ký trước đó vẫn có giá trị.")
    return redirect("reports:grant_list")


def _listed(request: SignedInRequest, form: GrantForm | None, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    grants = SigningGrant.objects.select_related("grantee", "granter", "document__document_type")
    context = {
        "form": form,
        "grants": [(grant, grant.is_in_force(today)) for grant in grants[:MOST]],
    }
    return render(request, "reports/grant_list.html", context, status=status)
