"""What the editor's two pickers show and insert: figures, and documents of the register."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from portal.documents.models import Document
from reports import figures, services
from reports.models import Citation, RepeatedNotes, Report, Status, Style
from reports.references import References, nodes_of, used_atoms

from .editing import editor
from .steps import asked, found, key_of, take

_MOST = 12


@permission_needed("reports.draft")
def figure_picker(request: SignedInRequest, pk: int) -> HttpResponse:
    """Queries that match the words, each with its value for this report today."""
    report = found(request, pk)
    words, scope = asked(request, "q"), scope_of(request)
    rows = [_row(report, query, scope) for query in figures.search(words)[:_MOST]]
    context = {"report": report, "rows": rows, "words": words, "styles": Style.choices}
    context["parameters"] = json.dumps(scope)
    return render(request, "reports/figure_picker.html", context)


def scope_of(request: SignedInRequest) -> dict[str, Any]:
    """What the picker's fields narrow figures to: unit, group, another year, a difference."""
    names = {"unit": "don_vi", "group": "nhom", "years": "nam", "compare": "so_sanh"}
    return figures.scoped({name: asked(request, field) for name, field in names.items()})


def _row(report: Report, query: figures.FigureQuery, parameters: dict[str, Any]) -> dict[str, Any]:
    wanted, parameters = parameters, figures.fitting(query, parameters)
    scope = figures.Scope(report.period, report.report_date, parameters)
    computed = figures.ask(query, scope)
    value, style = computed.value, fitting_style(query, parameters)
    printed = "" if value is None else figures.printed(value, style)
    title = figures.title_of(query, parameters, on=report.period.end)
    return {"query": query, "computed": computed, "printed": printed, "style": style} | {
        "title": title,
        "is_whole": wanted != parameters,
    }


def fitting_style(query: figures.FigureQuery, parameters: dict[str, Any]) -> str:
    """A difference is said as one unless somebody chooses otherwise."""
    return Style.CHANGE if parameters.get("compare") else query.style


def told_parameters(request: SignedInRequest) -> dict[str, Any]:
    """The parameters that a chosen row sends back; what is none is left aside."""
    try:
        told = json.loads(request.POST.get("parameters", "") or "{}")
    except (ValueError, RecursionError):
        return {}
    return figures.scoped(told) if isinstance(told, dict) else {}


@require_POST
@permission_needed("reports.draft")
def figure_insert(request: SignedInRequest, pk: int) -> JsonResponse:
    """Bind a figure and tell the editor what to put into the text."""
    report = found(request, pk)
    try:
        figure = services.insert_figure(
            report=report,
            query=request.POST.get("query", "").replace("\0", ""),
            style=request.POST.get("style", ""),
            parameters=told_parameters(request),
            by=request.user,
            now=timezone.now(),
        )
    except services.REFUSALS as refusal:
        return JsonResponse({"problem": str(refusal)}, status=422)
    return JsonResponse(
        {"kind": "figure", "key": str(figure.pk), "text": figure.printed or "…"}
        | {"title": figure.title}
    )


@permission_needed("reports.draft")
def citation_picker(request: SignedInRequest, pk: int) -> HttpResponse:
    """Documents of the register that match the words."""
    report = found(request, pk)
    words = asked(request, "q")
    documents = Document.objects.visible_to(request.user).search(words).with_catalogue()[:_MOST]
    context = {"report": report, "documents": documents, "words": words}
    return render(request, "reports/citation_picker.html", context)


@require_POST
@permission_needed("reports.draft")
def citation_insert(request: SignedInRequest, pk: int) -> JsonResponse:
    """Cite a document and tell the editor what to put into the text."""
    report = found(request, pk)
    key = request.POST.get("document", "")
    visible = Document.objects.visible_to(request.user).with_catalogue()
    document = get_object_or_404(visible, pk=key_of(key))
    is_text = request.POST.get("place") == Citation.Place.TEXT
    try:
        citation = services.insert_citation(
            report=report,
            document=document,
            by=request.user,
            place=Citation.Place.TEXT if is_text else Citation.Place.NOTE,
            full=not is_text,
        )
    except services.REFUSALS as refusal:
        return JsonResponse({"problem": str(refusal)}, status=422)
    return JsonResponse(
        {
            "kind": "citation",
            "key": str(citation.pk),
            "text": citation.printed if is_text else "",
            "title": citation.printed,
        }
    )


@permission_needed("reports.draft")
def citation_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every citation of a draft with the text as printed, to be changed there."""
    report = found(request, pk)
    if request.method == "POST" and report.status == Status.DRAFT:
        save = _save_citation if "citation" in request.POST else _save_repeated_notes
        return save(request, report)
    place = {atom.key: n for n, atom in enumerate(used_atoms(report)) if atom.kind == "citation"}
    known = report.citations.select_related("document__issuer", "document__document_type")
    citations = sorted(known, key=lambda one: place.get(str(one.pk), len(place) + 10**6))
    context = editor(report, nodes_of(report), None)
    context.update(used=set(map(int, place)), current="citations")
    references = References.of(report)
    context["citations"] = [(one, references.words_of(str(one.pk))) for one in citations]
    context["styles"] = RepeatedNotes.choices
    return render(request, "reports/citation_list.html", context)


def _save_repeated_notes(request: SignedInRequest, report: Report) -> HttpResponse:
    return take(
        request,
        lambda: services.set_repeated_notes(
            report=report,
            style=request.POST.get("nhac_lai", ""),
            by=request.user,
            now=timezone.now(),
        ),
        done="Đã đổi cách ghi chú thích nhắc lại.",
        to=reverse("reports:citation_list", args=[report.pk]),
    )


def _save_citation(request: SignedInRequest, report: Report) -> HttpResponse:
    key = request.POST.get("citation", "")
    citation = get_object_or_404(report.citations, pk=key_of(key))
    try:
        services.edit_citation(
            citation=citation,
            by=request.user,
            printed=request.POST.get("printed", ""),
            now=timezone.now(),
        )
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã lưu chú thích.")
    return redirect("reports:citation_list", report.pk)
