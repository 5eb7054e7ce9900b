"""Tables and charts of a template: picked in the editor, listed with their names."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from reports import services
from reports.models import Exhibit
from reports.services import templates

from ..exhibiting import choices, told
from ..steps import asked, take
from .editing import draft_found, editor
from .reading import exhibit_rows, exhibit_title

_YEAR_WORDS = "năm của kỳ"


@permission_needed(templates.EDIT)
def exhibit_picker(request: SignedInRequest, pk: int) -> HttpResponse:
    """Saved views of the explorer and cuts of the programmes; a template has no data to show."""
    template = draft_found(request, pk)
    words = asked(request, "q").strip()[:100]
    year = timezone.localdate().year
    rows = choices(request, words, year=year, year_words=_YEAR_WORDS)
    context = {"template": template, "words": words, "rows": rows}
    return render(request, "reports/exhibit_picker.html", context)


@require_POST
@permission_needed(templates.EDIT)
def exhibit_insert(request: SignedInRequest, pk: int) -> JsonResponse:
    template = draft_found(request, pk)
    try:
        name = templates.insert_exhibit(
            template=template, by=request.user, today=timezone.localdate(), **told(request)
        )
    except services.REFUSALS as refusal:
        return JsonResponse({"problem": str(refusal)}, status=422)
    template.refresh_from_db()
    title = exhibit_title(template.exhibits[name])
    return JsonResponse({"kind": "exhibit", "key": name, "text": title, "title": title})


@permission_needed(templates.EDIT)
def exhibit_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every table and chart of the draft: what it asks, its name, its note, how it stands."""
    template = draft_found(request, pk)
    if request.method == "POST":
        return take(
            request,
            lambda: templates.edit_exhibit(
                template=template,
                by=request.user,
                name=request.POST.get("bang", ""),
                title=request.POST.get("ten", "").replace("\0", ""),
                caption=request.POST.get("ghi_chu", "").replace("\0", ""),
                orientation=request.POST.get("chieu", ""),
            ),
            done="Đã lưu.",
            to=reverse("reports:template_exhibits", args=[template.pk]),
        )
    context = editor(template, "") | {
        "rows": exhibit_rows(template),
        "current": "exhibits",
        "orientations": Exhibit.Orientation.choices,
    }
    return render(request, "reports/template_exhibits.html", context)
