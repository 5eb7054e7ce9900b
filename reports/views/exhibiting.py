"""Tables and charts: picked in the editor, handed over from where they are looked at, listed."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ethnic_data.models import SavedView
from ethnic_data.services.saved_views import tidied
from portal.access import SignedInRequest, permission_needed
from programs.models import Programme
from reports import services
from reports.exhibits.blocks import source_of
from reports.exhibits.content import NotToBeMade
from reports.exhibits.programme import CUTS
from reports.exhibits.programme import tidied as tidied_cut
from reports.models import Exhibit, Report, ReportTemplate, Status
from reports.references import References, nodes_of
from reports.services import templates

from .editing import editor
from .steps import asked, found, key_of

_MOST = 12
_MOST_DRAFTS = 30
_PREVIEWED = 5

#: Before the key of a template, where the form tells one from a report.
_OUTLINE = "dc:"


@permission_needed("reports.draft")
def exhibit_picker(request: SignedInRequest, pk: int) -> HttpResponse:
    """Saved views of the explorer and cuts of the programmes that match the words."""
    report = found(request, pk)
    words = asked(request, "q").strip()[:100]
    rows = choices(request, words, year=report.period.year)
    context = {"report": report, "words": words, "rows": rows}
    return render(request, "reports/exhibit_picker.html", context)


def choices(
    request: SignedInRequest, words: str, *, year: int, year_words: str = ""
) -> list[dict[str, str]]:
    """What the pickers offer; `year_words` tell the year of a programme's cuts."""
    views = SavedView.objects.visible_to(request.user).select_related("owner")
    rows = [
        {
            "source": Exhibit.Source.EXPLORER.value,
            "query": view.query,
            "title": view.name,
            "about": "Bảng đã lưu"
            if view.owner_id == request.user.pk
            else f"Bảng của {view.owner} chia sẻ",
        }
        for view in views.filter(name__icontains=words)[:_MOST]
    ]
    for programme in Programme.objects.order_by("code"):
        for cut, title in CUTS.items():
            named = f"Vốn và giải ngân {title.lower()}, {year_words or f'năm {year}'}"
            if words.lower() in f"{named} {programme.short_name}".lower():
                query = {"chuong-trinh": programme.code, "nam": year, "bang": cut}
                rows.append(
                    {
                        "source": Exhibit.Source.PROGRAMME.value,
                        "query": urlencode(query),
                        "title": named,
                        "about": programme.short_name,
                    }
                )
    return rows[: 3 * _MOST]


@require_POST
@permission_needed("reports.draft")
def exhibit_insert(request: SignedInRequest, pk: int) -> JsonResponse:
    """Make a table or chart and tell the editor what to put into the text."""
    report = found(request, pk)
    try:
        exhibit = services.insert_exhibit(
            report=report, by=request.user, now=timezone.now(), **told(request)
        )
    except services.REFUSALS as refusal:
        return JsonResponse({"problem": str(refusal)}, status=422)
    return JsonResponse(
        {
            "kind": "exhibit",
            "key": str(exhibit.pk),
            "text": exhibit.title,
            "title": exhibit.get_source_display(),
        }
    )


def told(request: SignedInRequest) -> dict[str, str]:
    """What a form says of a table or chart; the database takes no text with zero bytes."""
    fields = {"kind": "loai", "source": "nguon", "query": "lua-chon", "title": "ten"}
    return {name: request.POST.get(key, "").replace("\0", "") for name, key in fields.items()}


@permission_needed("reports.draft")
def exhibit_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every table and chart of a draft: its name, its note, how it stands on paper."""
    report = found(request, pk)
    if request.method == "POST":
        return _save_exhibit(request, report)
    references = References.of(report, with_data=True)
    rows = [
        {
            "exhibit": exhibit,
            "label": references.labels.get(key, ""),
            "source": source_of(exhibit),
            "head": exhibit.data.get("head", []),
            "rows": exhibit.rows[:_PREVIEWED],
            "more": max(0, len(exhibit.rows) - _PREVIEWED),
        }
        for key, exhibit in references.exhibits.items()
    ]
    place = list(references.labels)
    rows.sort(key=lambda row: place.index(str(row["exhibit"].pk)) if row["label"] else len(place))
    context = editor(report, nodes_of(report), None)
    context.update(rows=rows, current="exhibits", orientations=Exhibit.Orientation.choices)
    return render(request, "reports/exhibit_list.html", context)


def _save_exhibit(request: SignedInRequest, report: Report) -> HttpResponse:
    key = request.POST.get("exhibit", "")
    exhibit = get_object_or_404(report.exhibits, pk=key_of(key))
    try:
        services.edit_exhibit(
            exhibit=exhibit,
            by=request.user,
            title=request.POST.get("title", ""),
            caption=request.POST.get("caption", ""),
            orientation=request.POST.get("orientation", ""),
            now=timezone.now(),
        )
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã lưu.")
    return redirect("reports:exhibit_list", report.pk)


@permission_needed("reports.draft")
def exhibit_hand(request: SignedInRequest) -> HttpResponse:
    """Hand what is looked at to one of my drafts, or of templates, at the end of a section.

    ?nguon= says from where; the rest of the address is that of the page it was looked at on.
    """
    if request.method == "POST":
        return _hand_over(request)
    source = asked(request, "nguon")
    query = _query_of(request, source)
    drafts = Report.objects.visible_to(request.user).with_names().filter(status=Status.DRAFT)
    mine = drafts.filter(drafter=request.user)[:_MOST_DRAFTS]
    context = {
        "source": source,
        "query": query,
        "title": asked(request, "ten")[:300],
        "back": _back(source, query),
        "kinds": Exhibit.Kind.choices,
        "drafts": [{"report": report, "sections": nodes_of(report)} for report in mine],
        "outlines": [
            {"template": one, "nodes": templates.nodes(one.outline)}
            for one in _outlines(request)[:_MOST_DRAFTS]
            if one.outline
        ],
    }
    return render(request, "reports/exhibit_hand.html", context)


def _outlines(request: SignedInRequest) -> QuerySet[ReportTemplate]:
    """Templates being written that take tables."""
    return ReportTemplate.objects.visible_to(request.user).drafts().filter(unit_level="")


def _query_of(request: SignedInRequest, source: str) -> str:
    looked_at = request.GET.copy()
    for name in ("nguon", "ten", "page"):
        looked_at.pop(name, None)
    query = looked_at.urlencode()
    if source == Exhibit.Source.PROGRAMME:
        try:
            return tidied_cut(query, today=timezone.localdate())
        except NotToBeMade:
            return ""
    return tidied(query)


def _back(source: str, query: str) -> str:
    """The page that was looked at."""
    name = "programs:dashboard" if source == Exhibit.Source.PROGRAMME else "ethnic_data:explorer"
    return f"{reverse(name)}?{query}" if query else reverse(name)


def _hand_over(request: SignedInRequest) -> HttpResponse:
    owner, _, section = request.POST.get("muc", "").partition("-")
    try:
        if owner.startswith(_OUTLINE):
            title, place = _to_outline(request, owner.removeprefix(_OUTLINE), section)
        else:
            title, place = _to_report(request, owner, section)
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
        back = QueryDict(request.POST.get("lua-chon", "").replace("\0", ""), mutable=True)
        back["nguon"] = request.POST.get("nguon", "")
        return redirect(f"{reverse('reports:exhibit_hand')}?{back.urlencode()}")
    messages.success(request, f"Đã đưa “{title}” vào cuối mục.")
    return redirect(place)


def _to_report(request: SignedInRequest, report_key: str, section_key: str) -> tuple[str, str]:
    """The title of what was placed, and where. Raises as the services."""
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=key_of(report_key))
    section = get_object_or_404(report.sections.present(), pk=key_of(section_key))
    now = timezone.now()
    exhibit = services.insert_exhibit(report=report, by=request.user, now=now, **told(request))
    services.place_exhibit(exhibit=exhibit, section=section, by=request.user, now=now)
    return exhibit.title, reverse("reports:section_edit", args=[report.pk, section.pk])


def _to_outline(request: SignedInRequest, template_key: str, key: str) -> tuple[str, str]:
    template = get_object_or_404(_outlines(request), pk=key_of(template_key))
    if templates.find(template.outline, key) is None:
        raise Http404
    today = timezone.localdate()
    name = templates.insert_exhibit(
        template=template, by=request.user, today=today, **told(request)
    )
    template = templates.place_exhibit(template=template, by=request.user, name=name, key=key)
    title = template.exhibits[name]["title"] or "bảng"
    return title, reverse("reports:template_section", args=[template.pk, key])
