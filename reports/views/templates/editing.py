"""Writing the draft of a template: what stands around the text, then one section at a time."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from portal.documents.models import Document
from reports import figures, services
from reports.models import Citation, Level, ReportTemplate, Style
from reports.services import templates
from reports.text import richtext

from ..editing import figure_scope
from ..picking import scope_of, told_parameters
from ..steps import asked, take
from .forms import (
    NewTemplateForm,
    TemplateFactsForm,
    TemplateRecipientFormSet,
    TemplateSectionForm,
)
from .reading import PLACEHOLDERS, exhibit_title, template_found, title_of

_MOST = 12


@permission_needed(templates.EDIT)
def template_create(request: SignedInRequest) -> HttpResponse:
    form = NewTemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            template = templates.new_template(by=request.user, **form.cleaned_data)
        except services.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            return redirect("reports:template_edit", template.pk)
    return render(request, "reports/template_create.html", {"form": form})


@permission_needed(templates.EDIT)
def template_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Title, kind, deadline's owner, signatory and recipients of a draft."""
    template = draft_found(request, pk)
    form = TemplateFactsForm(request.POST or None, instance=template)
    lines = TemplateRecipientFormSet(
        request.POST or None, initial=template.recipients, prefix="noi-nhan"
    )
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        rows = [line for line in lines.cleaned_data if line.get("text") and not line.get("DELETE")]
        try:
            templates.edit_facts(
                template=template, by=request.user, facts=form.cleaned_data, recipients=rows
            )
        except services.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            messages.success(request, "Đã lưu thông tin chung của đề cương.")
            return redirect("reports:template_edit", template.pk)
    context = editor(template, "") | {"form": form, "lines": lines, "current": "facts"}
    return render(request, "reports/template_facts.html", context)


def draft_found(request: SignedInRequest, pk: int) -> ReportTemplate:
    """A version that may still be changed; 404 for one in use."""
    template = template_found(request, pk)
    if not template.is_draft:
        raise Http404
    return template


def editor(template: ReportTemplate, key: str) -> dict[str, Any]:
    """The outline at the side, and what the editor's atoms stand for."""
    return {
        "template": template,
        "navigation_narrow": True,
        "nodes": [
            {
                "key": node.row.key,
                "label": node.label,
                "depth": node.depth,
                "title": node.row.row.get("title") or "Đoạn văn",
                "current": node.row.key == key,
            }
            for node in templates.nodes(template.outline)
        ],
        "placeholders": PLACEHOLDERS.items(),
        "references": {
            "figure": {
                name: {"text": f"[{title_of(row)}]"[:60], "title": title_of(row)}
                for name, row in template.figures.items()
            },
            "exhibit": {
                name: {"text": exhibit_title(row), "title": exhibit_title(row)}
                for name, row in template.exhibits.items()
            },
            "citation": {
                name: {
                    "text": row["printed"] if row.get("place") == Citation.Place.TEXT else "",
                    "title": row["printed"],
                }
                for name, row in template.citations.items()
            },
        },
    }


@permission_needed(templates.EDIT)
def section_edit(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    template = draft_found(request, pk)
    found = templates.find(template.outline, key)
    if found is None:
        raise Http404
    row = found[0][found[1]]
    given = {
        "title": row.get("title", ""),
        "level": row.get("level", Level.PLAIN),
        "body": _with_names(template, row.get("body", "")),
        "seen": templates.mark_of(row),
    }
    form = TemplateSectionForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            templates.edit_section(template=template, by=request.user, key=key, **form.cleaned_data)
        except services.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã lưu mục.")
            return redirect("reports:template_section", template.pk, key)
    context = editor(template, key) | {"form": form, "key": key}
    context["scope"] = figure_scope(timezone.localdate())
    context["label"] = next(node["label"] for node in context["nodes"] if node["current"])
    return render(request, "reports/template_section.html", context)


def _with_names(template: ReportTemplate, body: str) -> str:
    """The body with each atom showing what it stands for."""

    def say(atom: richtext.Atom) -> richtext.Atom:
        if atom.kind == "figure" and atom.key in template.figures:
            return replace(atom, text=f"[{title_of(template.figures[atom.key])}]"[:60])
        if atom.kind == "exhibit":
            return replace(atom, text=exhibit_title(template.exhibits.get(atom.key, {})))
        row = template.citations.get(atom.key, {})
        is_text = row.get("place") == Citation.Place.TEXT
        return replace(atom, text=row.get("printed", "") if is_text else "")

    return richtext.write(richtext.with_atoms(richtext.read(body, is_trusted=True), say))


@require_POST
@permission_needed(templates.EDIT)
def section_add(request: SignedInRequest, pk: int) -> HttpResponse:
    template = draft_found(request, pk)
    try:
        key = templates.add_section(
            template=template,
            by=request.user,
            title=request.POST.get("ten", ""),
            level=request.POST.get("cap", ""),
            parent=request.POST.get("thuoc", ""),
        )
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:template_edit", template.pk)
    return redirect("reports:template_section", template.pk, key)


@require_POST
@permission_needed(templates.EDIT)
def section_move(request: SignedInRequest, pk: int, key: str, way: str) -> HttpResponse:
    template = draft_found(request, pk)
    return take(
        request,
        lambda: templates.move_section(
            template=template, by=request.user, key=key, up=way == "len"
        ),
        done="Đã chuyển mục.",
        to=reverse("reports:template_section", args=[template.pk, key]),
    )


@require_POST
@permission_needed(templates.EDIT)
def section_remove(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    template = draft_found(request, pk)
    return take(
        request,
        lambda: templates.remove_section(template=template, by=request.user, key=key),
        done="Đã bỏ mục.",
        to=reverse("reports:template_edit", args=[template.pk]),
    )


@permission_needed(templates.EDIT)
def figure_picker(request: SignedInRequest, pk: int) -> HttpResponse:
    """Queries that match the words; a template has no period, so no values."""
    template = draft_found(request, pk)
    words, scope = asked(request, "q"), scope_of(request)
    rows = [{"query": query} for query in figures.search(words)[:_MOST]]
    context = {"template": template, "rows": rows, "words": words, "styles": Style.choices}
    context["parameters"] = json.dumps(scope)
    return render(request, "reports/template_figure_picker.html", context)


@require_POST
@permission_needed(templates.EDIT)
def figure_insert(request: SignedInRequest, pk: int) -> JsonResponse:
    template = draft_found(request, pk)
    try:
        name = templates.insert_figure(
            template=template,
            by=request.user,
            query=request.POST.get("query", "").replace("\0", ""),
            style=request.POST.get("style", ""),
            parameters=told_parameters(request),
        )
    except services.REFUSALS as refusal:
        return JsonResponse({"problem": str(refusal)}, status=422)
    template.refresh_from_db()
    title = title_of(template.figures[name])
    return JsonResponse({"kind": "figure", "key": name, "text": f"[{title}]"[:60], "title": title})


@permission_needed(templates.EDIT)
def citation_picker(request: SignedInRequest, pk: int) -> HttpResponse:
    template = draft_found(request, pk)
    words = asked(request, "q")
    documents = Document.objects.visible_to(request.user).search(words).with_catalogue()[:_MOST]
    context = {"template": template, "documents": documents, "words": words}
    return render(request, "reports/citation_picker.html", context)


@require_POST
@permission_needed(templates.EDIT)
def citation_insert(request: SignedInRequest, pk: int) -> JsonResponse:
    template = draft_found(request, pk)
    key = request.POST.get("document", "")
    visible = Document.objects.visible_to(request.user).with_catalogue()
    document = get_object_or_404(visible, pk=int(key) if key.isdecimal() and len(key) < 10 else 0)
    is_text = request.POST.get("place") == Citation.Place.TEXT
    try:
        name = templates.insert_citation(
            template=template,
            by=request.user,
            document=document,
            place=Citation.Place.TEXT if is_text else Citation.Place.NOTE,
        )
    except services.REFUSALS as refusal:
        return JsonResponse({"problem": str(refusal)}, status=422)
    template.refresh_from_db()
    printed = template.citations[name]["printed"]
    return JsonResponse(
        {"kind": "citation", "key": name, "text": printed if is_text else "", "title": printed}
    )
