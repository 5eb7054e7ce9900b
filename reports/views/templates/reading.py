"""Templates to be read: the list, one version, two versions compared."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import mark_safe

from portal.access import SignedInRequest, permission_needed
from reports import figures, services
from reports.exhibits.words import asked_words
from reports.models import Exhibit, ReportTemplate, TemplateDeadline
from reports.services import templates
from reports.text import richtext

from ..steps import asked


def template_found(request: HttpRequest, pk: int) -> ReportTemplate:
    """The version, if this person may see it; 404 else."""
    visible = ReportTemplate.objects.visible_to(request.user)
    return get_object_or_404(
        visible.select_related("document_type", "division", "signatory", "published_by"), pk=pk
    )


@permission_needed("reports.view")
def template_list(request: SignedInRequest) -> HttpResponse:
    """The newest version of every template; those out of use apart, drafts named."""
    every = ReportTemplate.objects.visible_to(request.user).select_related("division")
    newest: dict[str, ReportTemplate] = {}
    drafts: dict[str, ReportTemplate] = {}
    for one in every.order_by("code", "version"):
        (drafts if one.is_draft else newest)[one.code] = one
    in_force = _rules().filter(valid_from__lte=timezone.localdate()).order_by("valid_from")
    rules = {rule.code: rule for rule in in_force}
    rows = [
        {"template": one, "draft": drafts.pop(code, None), "deadline": due_words(rules.get(code))}
        for code, one in newest.items()
    ]
    rows += [{"template": one, "draft": one, "deadline": ""} for one in drafts.values()]
    rows.sort(key=lambda row: (not row["template"].is_active, row["template"].title))
    context = {"rows": rows, "may_edit": request.user.has_perm(templates.EDIT)}
    return render(request, "reports/template_list.html", context)


def _rules() -> Any:
    return TemplateDeadline.objects.all()


def due_words(rule: TemplateDeadline | None) -> str:
    """ "ngày 20 của tháng cuối kỳ", "ngày 10 của tháng thứ nhất sau kỳ"."""
    if rule is None:
        return ""
    if rule.months == 0:
        return f"ngày {rule.day} của tháng cuối kỳ"
    side = "sau kỳ" if rule.months > 0 else "trước tháng cuối kỳ"
    return f"ngày {rule.day} của tháng thứ {abs(rule.months)} {side}"


@permission_needed("reports.view")
def template_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One version: facts, outline with its figures and citations, the versions before it."""
    template = template_found(request, pk)
    versions = ReportTemplate.objects.visible_to(request.user).filter(code=template.code)
    context = {
        "template": template,
        "nodes": shown_nodes(template),
        "versions": versions.select_related("published_by", "created_by").order_by("-version"),
        "deadlines": [
            {"rule": rule, "words": due_words(rule)}
            for rule in _rules().filter(code=template.code).order_by("-valid_from")
        ],
        "figures": figure_rows(template),
        "exhibits": exhibit_rows(template),
        "may_edit": request.user.has_perm(templates.EDIT),
        "may_publish": request.user.has_perm(templates.PUBLISH),
        "draft": versions.drafts().first(),
        "is_newest": template == versions.published().order_by("-version").first(),
    }
    return render(request, "reports/template_detail.html", context)


def figure_rows(template: ReportTemplate) -> list[dict[str, Any]]:
    """Every figure of the template with the title that the registry knows."""
    return [
        {"name": name, "title": title_of(row), "query": row["query"]}
        for name, row in template.figures.items()
    ]


def title_of(row: dict[str, Any]) -> str:
    try:
        query, told = figures.find(row["query"]), row.get("parameters", {})
        return figures.title_of(query, told, on=timezone.localdate()) if told else query.title
    except figures.UnknownFigure:
        return f"{row['query']} (không còn trong danh mục)"


def exhibit_title(row: Mapping[str, str]) -> str:
    """ "Bảng: Hộ nghèo theo huyện" of a template's table or chart."""
    if not row:
        return "Bảng, biểu đồ"
    word = str(Exhibit.Kind(row["kind"]).label).capitalize()
    return f"{word}: {row.get('title') or asked_words(row['source'], row['query'])}"


def exhibit_rows(template: ReportTemplate) -> list[dict[str, Any]]:
    """Every table and chart with what it asks for, those that the text places first."""
    placed = templates.placed_exhibits(template)
    names = [*placed, *(name for name in template.exhibits if name not in placed)]
    return [
        {
            "name": name,
            "row": row,
            "title": exhibit_title(row),
            "about": _about(row, is_placed=name in placed),
        }
        for name in names
        if (row := template.exhibits.get(name))
    ]


def _about(row: Mapping[str, str], *, is_placed: bool) -> str:
    """What stands beside the name of a table: what it asks, its note, how it stands."""
    told = [asked_words(row["source"], row["query"]) if row.get("title") else ""]
    told.append(row.get("caption", ""))
    if row.get("orientation") == Exhibit.Orientation.LANDSCAPE:
        told.append("trang ngang")
    if not is_placed:
        told.append("không có trong lời văn, sẽ bỏ khi đưa vào dùng")
    return " · ".join(filter(None, told))


def shown_nodes(template: ReportTemplate) -> list[dict[str, Any]]:
    """Sections with labels and their words as HTML, atoms as marks that say what they are."""
    titles = {name: title_of(row) for name, row in template.figures.items()}

    def mark(atom: richtext.Atom) -> str:
        if atom.kind == "figure":
            title = escape(titles.get(atom.key, atom.key))
            return f'<span class="atom atom--figure">{title}</span>'
        if atom.kind == "exhibit":
            title = escape(exhibit_title(template.exhibits.get(atom.key, {})))
            return f'<span class="atom atom--figure">{title}</span>'
        printed = escape(str(template.citations.get(atom.key, {}).get("printed", atom.key)))
        if template.citations.get(atom.key, {}).get("place") == "text":
            return f'<span class="atom atom--citation">{printed}</span>'
        return f'<span class="atom atom--citation">chú thích: {printed}</span>'

    return [
        {
            "key": node.row.key,
            "label": node.label,
            "depth": node.depth,
            "heading": min(node.depth + 2, 6),
            "title": node.row.row.get("title", ""),
            "html": mark_safe(_html(node.row.row.get("body", ""), mark)),  # noqa: S308 - canonical
        }
        for node in templates.nodes(template.outline)
    ]


def _html(body: str, mark: Any) -> str:
    """Canonical HTML with every atom written by `mark`."""
    html = richtext.write(richtext.read(body, is_trusted=True))
    for line in richtext.read(body, is_trusted=True):
        for piece in line.pieces:
            if isinstance(piece, richtext.Atom):
                span = f'<span data-{piece.kind}="{escape(piece.key)}">{escape(piece.text)}</span>'
                html = html.replace(span, mark(piece), 1)
    return html


@permission_needed("reports.view")
def template_compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """This version beside an older one (`voi`), the one before it when none is named."""
    template = template_found(request, pk)
    others = ReportTemplate.objects.visible_to(request.user).filter(code=template.code)
    others = others.exclude(pk=template.pk).order_by("-version")
    named = asked(request, "voi")
    if named:
        other = others.filter(version=int(named) if named.isdecimal() and len(named) < 6 else 0)
        older = other.first()
    else:
        older = others.filter(version__lt=template.version).first()
    if older is None:
        raise Http404
    context = {
        "template": template,
        "older": older,
        "others": others,
        "differences": templates.differences(older, template),
    }
    return render(request, "reports/template_compare.html", context)


PLACEHOLDERS = services.PLACEHOLDERS
