"""Writing: one section at a time beside the outline and the printed pages."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ethnic_data.models import EthnicGroup
from portal.access import SignedInRequest, permission_needed
from portal.units.models import AdministrativeUnit, Level
from reports import services
from reports.forms import FactsForm, RecipientFormSet, SectionForm, ShareForm
from reports.models import Recipient, Report, Section, SectionVersion
from reports.previewing import is_shown_whole
from reports.references import References, nodes_of, shown_body
from reports.services import Sharing
from reports.text import richtext
from reports.text.comparing import Change, paragraphs, word_changes
from reports.text.numbering import ANNEXES, Node
from reports.text.outline import seen

from .form import shown
from .remarking import shown_pins
from .steps import found, take


@permission_needed("reports.draft")
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open the first section, or the form for one when there is none."""
    report = found(request, pk)
    nodes = nodes_of(report)
    if not nodes:
        return redirect("reports:section_add", report.pk)
    return redirect("reports:section_edit", report.pk, nodes[0].row.pk)


@permission_needed("reports.draft")
def section_edit(request: SignedInRequest, pk: int, section_pk: int) -> HttpResponse:
    """One section's form; what was typed stays in it when it cannot be saved."""
    report = found(request, pk)
    section = get_object_or_404(report.sections.present(), pk=section_pk)
    nodes = nodes_of(report)
    form = SectionForm(request.POST or None, initial=_initial(report, section, nodes))
    latest, changes = None, []
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_section(
                section=section, by=request.user, now=timezone.now(), **form.told()
            )
        except services.EditedMeanwhile as refusal:
            form.add_error(None, str(refusal))
            latest = refusal.latest
            changes = _changes(latest, form)
            seen = {"revision": str(latest.revision if latest else section.revision)}
            form.data = {**request.POST.dict(), **seen}
        except services.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã lưu.")
            return redirect(_after_saving(request, report, section, nodes))
    context = editor(report, nodes, section)
    context.update(shared(request, context["sharing"], section))
    if request.method == "GET" and not context["editable"]:
        form.fields["body"].disabled = True
    context.update(
        form=form, latest=latest, changes=changes, section=section, label=_label(nodes, section)
    )
    context["saved"] = section.last_saved_by(request.user)
    context["remarks"] = [
        row
        for row in shown_pins(report, [node.row for node in nodes], request.user)
        if section.pk in (row["pin"].section, row["remark"].section_id)
    ]
    context["pages_whole"] = is_shown_whole(nodes)
    context["scope"] = figure_scope(report.period.end)
    if report.is_draft:
        listed = services.form_list(report)
        context["departures"] = [shown(row, {}) for row in listed.of_section(str(section.pk))]
        context["form_check"] = listed
    return render(request, "reports/section_form.html", context)


def _changes(latest: SectionVersion | None, form: SectionForm) -> list[list[Change]]:
    """Word by word, what saving the typed text would do to the version saved meanwhile."""
    if latest is None:
        return []
    saved, typed = latest.body, form.cleaned_data["body"]
    return paragraphs(word_changes(richtext.plain(saved), richtext.plain(typed)))


def shared(request: SignedInRequest, sharing: Sharing, section: Section) -> dict[str, Any]:
    """Whose the section is to write, and what this person may do about it."""
    report, share = sharing.report, sharing.share_of(section.pk)
    is_owner = report.is_draft and report.drafter_id == request.user.pk
    return {
        "editable": report.is_draft and sharing.may_write(request.user, section.pk),
        "share": share,
        "is_mine": share is not None and share.person_id == request.user.pk,
        "may_take_back": is_owner and share is not None and share.section_id == section.pk,
        "share_form": ShareForm(report=report) if is_owner and share is None else None,
    }


def figure_scope(day: datetime.date) -> dict[str, Any]:
    """What the figure picker may narrow to: districts and communes of the day, minorities."""
    units = AdministrativeUnit.objects.on(day).filter(is_reference=False)
    return {
        "units": units.exclude(level__in=[Level.NATION, Level.PROVINCE]).order_by(
            "-level", "sort_key"
        ),
        "groups": EthnicGroup.objects.minorities(),
    }


def _initial(report: Report, section: Section, nodes: list[Node[Section]]) -> dict[str, Any]:
    references = References.of(report)
    first, body = 1, ""
    for node in nodes:
        body, after = shown_body(node.row.body, references, first_note=first)
        if node.row.pk == section.pk:
            break
        first = after
    return {
        "title": section.title,
        "level": section.level,
        "level_seen": section.level,
        "manual_label": section.manual_label,
        "body": body,
        "revision": section.revision,
    }


def _label(nodes: list[Node[Section]], section: Section) -> str:
    return next((node.label for node in nodes if node.row.pk == section.pk), "")


def _after_saving(
    request: SignedInRequest, report: Report, section: Section, nodes: list[Node[Section]]
) -> str:
    keys = [node.row.pk for node in nodes]
    if "tiep" in request.POST and section.pk in keys and section.pk != keys[-1]:
        following = keys[keys.index(section.pk) + 1]
        return reverse("reports:section_edit", args=[report.pk, following])
    return reverse("reports:section_edit", args=[report.pk, section.pk])


def outlined(report: Report, nodes: list[Node[Section]], section: Section | None) -> dict[str, Any]:
    """The tree of sections beside the text, and the mark of how it stands."""
    remarked = {remark.section_id for remark in report.remarks.open()}
    sharing = services.Sharing.of(report)
    return {
        "report": report,
        "editable": report.is_draft,
        "sharing": sharing,
        "as_seen": seen(nodes),
        "nodes": [
            {
                "section": node.row,
                "label": node.label,
                "depth": node.depth,
                "current": section is not None and node.row.pk == section.pk,
                "remarked": node.row.pk in remarked,
                "share": sharing.shares.get(node.row.pk),
                "is_annex": node.row.level in ANNEXES,
            }
            for node in nodes
        ],
    }


def editor(report: Report, nodes: list[Node[Section]], section: Section | None) -> dict[str, Any]:
    """Outline, references for the editor's atoms, and whether anything may be changed."""
    references = References.of(report)
    return outlined(report, nodes, section) | {
        "navigation_narrow": True,
        "to_review": services.points_of(report).count if services.is_copied(report) else None,
        "references": {
            "figure": {
                key: {"text": figure.printed or "…", "title": _told(figure)}
                for key, figure in references.figures.items()
            },
            "citation": {
                key: {
                    "text": "" if citation.place == citation.Place.NOTE else citation.printed,
                    "title": citation.printed,
                }
                for key, citation in references.citations.items()
            },
            "exhibit": {
                key: {"text": references.named(key), "title": exhibit.get_source_display()}
                for key, exhibit in references.exhibits.items()
            },
        },
    }


def _told(figure: Any) -> str:
    """What hovering over a figure in the editor tells."""
    where = next(
        (
            f"{cell['file']}, {cell['sheet']}, ô {cell['cell']}"
            for cell in figure.files
            if cell.get("file")
        ),
        figure.provenance.get("source", ""),
    )
    was = f"{figure.carried['period']}: {figure.was}" if figure.was else ""
    parts = [figure.title, was, figure.provenance.get("formula", ""), where]
    return " · ".join(part for part in parts if part)


@permission_needed("reports.draft")
def facts_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Subject, date, signatory and recipients."""
    report = found(request, pk)
    form = FactsForm(request.POST or None, instance=report)
    lines = RecipientFormSet(
        request.POST or None, queryset=report.recipients.all(), prefix="noi-nhan"
    )
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        report = found(request, pk)
        try:
            _save_facts(request, report, form, lines)
        except services.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã lưu thông tin chung.")
            return redirect("reports:edit", report.pk)
    context = editor(report, nodes_of(report), None)
    context.update(form=form, lines=lines, current="facts")
    return render(request, "reports/facts_form.html", context)


def _save_facts(request: SignedInRequest, report: Report, form: FactsForm, lines: Any) -> None:
    told, now = form.cleaned_data, timezone.now()
    services.edit_facts(report=report, by=request.user, now=now, **told)
    kept = [
        Recipient(
            text=row["text"],
            email=row["email"],
            prints_email=row["prints_email"],
            relation=row["relation"],
        )
        for row in (line.cleaned_data for line in lines.forms)
        if row and row.get("text") and not row.get("DELETE")
    ]
    # "Lưu" always stands last (Nghị định 30/2020, Phụ lục I)
    kept.sort(key=lambda recipient: recipient.relation == "file")
    services.set_recipients(report=report, by=request.user, now=now, recipients=kept)


@require_POST
@permission_needed("reports.draft")
def figures_refresh(request: SignedInRequest, pk: int) -> HttpResponse:
    """Compute the draft's figures from today's approved data."""
    report = found(request, pk)

    def refresh() -> None:
        now = timezone.now()
        changed = services.refresh_figures(report=report, now=now)
        services.refresh_exhibits(report=report, now=now)
        services.note_changes(report, changed, by=request.user, now=now)

    return take(
        request,
        refresh,
        done="Đã cập nhật số liệu theo dữ liệu được duyệt mới nhất.",
        to=reverse("reports:figure_list", args=[report.pk]),
    )
