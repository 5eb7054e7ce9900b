"""Any text, pasted or from a file, measured by the decree's form; nothing of it is kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.access import SignedInRequest, permission_needed
from reports import services
from reports.forms import TextCheckForm
from reports.linter.rules import RULES

from .form import shown


@permission_needed("reports.view")
def text_check(request: SignedInRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    form = TextCheckForm(request.POST, request.FILES) if is_sent else TextCheckForm()
    context = {"form": form, "rule_count": len(RULES)}
    if is_sent and form.is_valid():
        checked = services.check_text(form.cleaned_data["pages"], today=timezone.localdate())
        context["checked"] = checked
        context["rows"] = [shown(row, {}) for row in checked.listed.rows]
    return render(request, "reports/text_check.html", context)
