"""A report to be read: its text with every number explained, its printed pages, its files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.access import SignedInRequest, permission_needed
from portal.documents.models import CaseFile
from reports import services
from reports.exhibits.blocks import source_of
from reports.models import (
    Delivery,
    Exhibit,
    Figure,
    Rendering,
    Report,
    ReportFile,
    Section,
    Sequel,
    Signature,
    Status,
)
from reports.numbering import Node
from reports.references import References, exhibit_labels, nodes_of, shown_body, used_atoms

from .remarking import Margin, shown_pins, whole_remarks
from .steps import asked, found
from .turn import chip_of, step_number, step_words, turn_of

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

    from portal.accounts.models import User
    from reports.models import ReportEvent

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

#: Rows of a table that a page shows; all of them are on the printed pages.
ROWS_SHOWN = 100

#: What a PDF answers with: the browser's own viewer must not be kept from showing it.
PDF_POLICY = "frame-ancestors 'self'"

MOST_VIEWS = 60
MOST_FILES = 200

_FIGURE = re.compile(r'<span data-figure="(\d+)">([^<]*)</span>')
_EXHIBIT = re.compile(r'<p><span data-exhibit="(\d+)">([^<]*)</span></p>')
_NOTE = re.compile(r'<span data-citation="(\d+)">([^<]*)</span>')

EVENT_KINDS = {
    "returned": "returned",
    "not_rendered": "wrong",
    "issued": "done",
    "signed_by_leader": "done",
    "directed": "information",
    "lifted": "done",
    "signed_by_agency": "done",
    "sent_up": "waiting",
    "content_checked": "done",
    "form_passed": "done",
    "numbered": "done",
    "recalled": "returned",
    "filed": "done",
    "withdrawn": "wrong",
    "replaces": "warning",
    "corrects": "warning",
}


def common(request: SignedInRequest, report: Report, tab: str) -> dict[str, Any]:
    """What every page of one report shows around its content."""
    names = (
        ("noi-dung", "Nội dung", "reports:report_detail"),
        ("trang-in", "Trang in", "reports:pages"),
        ("so-lieu", "Số liệu", "reports:figure_list"),
        ("phu-luc", "Phụ lục rời", "reports:annex_list"),
        ("the-thuc", "Thể thức", "reports:form_check"),
        ("dien-bien", "Diễn biến", "reports:history"),
    )
    form = form_before_signing(report)
    return {
        "report": report,
        "form_check": form,
        "turn": turn_of(report, request.user),
        "chip_kind": chip_of(report),
        "steps": step_words(),
        "step": step_number(report),
        "tabs": [
            {
                "label": label,
                "url": reverse(name, args=[report.pk]),
                "current": key == tab,
                "count": len(form.open) if form and key == "the-thuc" else None,
            }
            for key, label, name in names
        ],
        "remarks": report.remarks.open().select_related("author", "section"),
        "whole_remarks": whole_remarks(report, request.user),
        "rendering": latest_rendering(report),
        "failed_job": services.failed_job(latest_rendering(report)),
        "files": downloads(report),
        "may_make_template": request.user.has_perm("reports.draft"),
        "may_follow": not report.is_draft and request.user.has_perm("reports.draft"),
        "directions": report.events.filter(kind="directed").select_related("who"),
        "recipients": report.recipients.all(),
        "after": after_issue(report, request.user),
        "signed": Signature.objects.filter(rendering=report.rendering_id).order_by("pk"),
        "lifted": services.issued_files(report).filter(stage=ReportFile.Stage.LIFTED).first(),
        "delivered": report.recipients.filter(delivery__isnull=False).select_related("delivery"),
    }


def after_issue(report: Report, user: User) -> dict[str, Any]:
    """What became of an issued report, and what this person may still do with it."""
    if report.status != Status.ISSUED:
        return {"mends": report.replaces or report.corrects}
    sequels = {one.kind: one for one in report.sequels.select_related("by")}
    replacement = Report.objects.filter(replaces=report).first()
    withdrawn = sequels.get(Sequel.Kind.WITHDRAWN)
    drafts = user.has_perm("reports.draft")
    return {
        "mends": report.replaces or report.corrects,
        "filed": sequels.get(Sequel.Kind.FILED),
        "withdrawn": withdrawn,
        "replacement": replacement,
        "corrections": list(report.corrections.order_by("pk")),
        "may_replace": drafts and replacement is None,
        "may_copy": user.has_perm("reports.issue"),
        "may_correct": drafts,
        "may_withdraw": user.has_perm("reports.sign") and withdrawn is None,
        "case_files": open_case_files(report, user) if Sequel.Kind.FILED not in sequels else [],
        "may_file": user.has_perm("reports.issue") and Sequel.Kind.FILED not in sequels,
        "may_send_again": user.has_perm("reports.issue")
        and Delivery.objects.filter(recipient__report=report, sent_at=None).exists(),
    }


def open_case_files(report: Report, user: User) -> list[tuple[CaseFile, bool]]:
    """Open files that this person keeps, newest years first; marked: that of the assignment."""
    if not user.has_perm("reports.issue"):
        return []
    kept = CaseFile.objects.kept_by(user).open().order_by("-year", "symbol")[:MOST_FILES]
    return [
        (one, one.assignment_id is not None and one.assignment_id == report.assignment_id)
        for one in kept
    ]


def form_before_signing(report: Report) -> services.FormList | None:
    """Departures from the decree's form, while they can still be mended or explained."""
    return None if report.has_reached(Status.TO_SIGN) else services.form_list(report)


def latest_rendering(report: Report) -> Rendering | None:
    """The last laying-out of the present draft."""
    return report.renderings.filter(draft_no=report.draft_no).order_by("-attempt").first()


def downloads(report: Report) -> list[dict[str, Any]]:
    """The files of the present draft that may be read, newest first."""
    files = ReportFile.objects.filter(rendering=report.rendering_id).order_by("-pk")
    shown = files[:1] if report.has_reached(Status.TO_SIGN) else ReportFile.objects.none()
    return [
        {"file": file, "url": reverse("reports:file", args=[report.pk, file.stage])}
        for file in shown
    ]


@permission_needed("reports.view")
def report_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    services.note_view(report=report, user=request.user, now=timezone.now())
    context = common(request, report, "noi-dung")
    nodes = nodes_of(report)
    rows = shown_pins(report, [node.row for node in nodes], request.user)
    margin = Margin(request, report, rows, context["turn"].may_remark, asked(request, "doan"))
    context["sections"], context["notes"] = shown_text(report, nodes, margin)
    return render(request, "reports/report_detail.html", context)


def shown_text(
    report: Report, nodes: list[Node[Section]], margin: Margin
) -> tuple[list[dict[str, Any]], list[SafeString]]:
    """Sections with their words as HTML, figures explained, remarks at their paragraphs, and the
    notes below."""
    references = References.of(report, with_data=True)
    unseen = services.unseen_figures(report) if report.is_draft else set()
    number, sections = 1, []
    notes: list[SafeString] = []
    for node in nodes:
        first = number
        body, number = shown_body(node.row.body, references, first_note=first)
        body = margin.with_remarks(node.row, body)
        html = _FIGURE.sub(
            lambda match: explained(
                references.figures.get(match[1]), match[2], is_new=int(match[1]) in unseen
            ),
            body,
        )
        html = _EXHIBIT.sub(
            lambda match: exhibit_shown(references.exhibits.get(match[1]), match[2]), html
        )
        html = _NOTE.sub(lambda match: _call(references, match[1], match[2], notes), html)
        sections.append(
            {
                "section": node.row,
                "label": node.label,
                "heading": min(node.depth + 2, 6),
                "html": mark_safe(html),  # noqa: S308 - canonical form of richtext
                "gone": margin.at_end(node.row),
            }
        )
    return sections, notes


def explained(figure: Figure | None, words: str, *, is_new: bool = False) -> str:
    """A figure of the text as a number that says where it comes from; `is_new` shows beside it what
    the copied report said, until somebody has seen the change."""
    if figure is None:
        return words
    return render_to_string(
        "reports/figure.html", {"figure": figure, "words": words, "is_new": is_new}
    ).strip()


def exhibit_shown(exhibit: Exhibit | None, words: str) -> str:
    """A table or chart of the text as the screen shows it; long tables begin only."""
    if exhibit is None:
        return f"<p>{words}</p>"
    context = {
        "exhibit": exhibit,
        "words": words,
        "source": source_of(exhibit),
        "rows": exhibit.rows[:ROWS_SHOWN],
        "more": max(0, len(exhibit.rows) - ROWS_SHOWN),
        "drawing": mark_safe(exhibit.drawing),  # noqa: S308 - drawn by reports.exhibits.drawing
    }
    return render_to_string("reports/exhibit.html", context).strip()


def _call(references: References, key: str, words: str, notes: list[SafeString]) -> str:
    """A note's call, or a citation inside the sentence as a link to the register."""
    citation = references.citations.get(key)
    if citation is None:
        return words
    if citation.place == citation.Place.NOTE:
        notes.append(
            format_html(
                '<a href="{}">{}</a>',
                citation.document.get_absolute_url(),
                references.words_of(key),
            )
        )
        return format_html(
            '<sup><a href="#chu-thich-{0}" id="loi-goi-{0}">{0}</a></sup>', len(notes)
        )
    return format_html(
        '<a href="{}">{}</a>', citation.document.get_absolute_url(), citation.printed
    )


@permission_needed("reports.view")
def pages(request: SignedInRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    return render(request, "reports/pages.html", common(request, report, "trang-in"))


@permission_needed("reports.view")
def word(request: SignedInRequest, pk: int) -> HttpResponse:
    """The report as it stands as a Word file."""
    report = found(request, pk)
    try:
        copy = services.word_copy(report, now=timezone.now())
    except services.NOT_PRINTABLE as problem:
        messages.error(request, str(problem))
        return redirect("reports:pages", report.pk)
    heads = {"Content-Disposition": f'attachment; filename="{copy.name}"'}
    return HttpResponse(copy.content, content_type=WORD_TYPE, headers=heads)


@permission_needed("reports.view")
def report_file(request: SignedInRequest, pk: int, stage: str) -> FileResponse:
    """The PDF of the present draft after `stage`."""
    report = found(request, pk)
    file = get_object_or_404(ReportFile, rendering=report.rendering_id, stage=stage)
    return pdf_response(file, f"{report.number_and_symbol.replace('/', '-')}.pdf")


def pdf_response(file: ReportFile, name: str, *, is_download: bool = False) -> FileResponse:
    return file_response(file.file, name.replace("…", "chua-co-so"), is_download=is_download)


def file_response(file: FieldFile, name: str, *, is_download: bool = False) -> FileResponse:
    """A PDF of the store, shown by the browser; 404 where the store has lost it."""
    if not (file.name and file.storage.exists(file.name)):
        raise Http404
    response = FileResponse(
        file.open("rb"),
        content_type="application/pdf",
        filename=name,
        as_attachment=is_download,
    )
    response.headers["Content-Security-Policy"] = PDF_POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@permission_needed("reports.view")
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far the laying-out is; when it has ended, htmx is told to load the page anew."""
    report = found(request, pk)
    rendering = latest_rendering(report)
    failed = services.failed_job(rendering)
    response = render(request, "reports/progress.html", {"report": report, "rendering": rendering})
    if failed or rendering is None or rendering.state != Rendering.State.WAITING:
        response.headers["HX-Refresh"] = "true"
    return response


@permission_needed("reports.view")
def figure_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every figure with value, words and provenance; after freezing, which now differ."""
    report = found(request, pk)
    context = common(request, report, "so-lieu")
    place = {atom.key: number for number, atom in enumerate(used_atoms(report))}
    context["figures"] = sorted(
        report.figures.all(), key=lambda figure: place.get(str(figure.pk), len(place))
    )
    context["unfinished"] = services.unfinished_parts(report) if report.is_draft else []
    context["missing"] = services.missing_figures(report) if report.is_draft else []
    context["differing"] = report.figures_now.differing().select_related("figure")
    context["freeze"] = report.freezes.filter(draft_no=report.draft_no).first()
    context["differing_exhibits"] = _exhibits_now(report)
    context["recomputed"] = context["exhibits_again"] = []
    if report.frozen_at and asked(request, "tinh-lai"):
        context["exhibits_again"] = services.recompute_exhibits(report)
        context["recomputed"] = [services.recompute(one) for one in report.figures.all()]
    return render(request, "reports/figure_list.html", context)


def _exhibits_now(report: Report) -> list[dict[str, Any]]:
    """Frozen tables and charts that now differ, by their labels, in the order they are read."""
    rows = {str(one.pk): one for one in report.exhibits_now.select_related("exhibit")}
    if not rows:
        return []
    exhibits = {str(one.pk): one for one in report.exhibits.all()}
    labels = exhibit_labels(report, exhibits)
    return [{"label": label, "now": rows[key]} for key, label in labels.items() if key in rows]


@permission_needed("reports.view")
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every step with who, when and why, and the versions of the text."""
    report = found(request, pk)
    context = common(request, report, "dien-bien")
    context["events"] = [_shown(event) for event in report.events.select_related("who")]
    context["views"] = report.views.select_related("user")[:MOST_VIEWS]
    context["all_remarks"] = report.remarks.with_answers()
    context["versions"] = [
        {"section": node.row, "label": node.label, "count": node.row.versions.count()}
        for node in nodes_of(report)
        if node.row.revision > 1
    ]
    return render(request, "reports/history.html", context)


def _shown(event: ReportEvent) -> dict[str, Any]:
    return {
        "kind": EVENT_KINDS.get(event.kind, "draft"),
        "what": event.what,
        "who": event.who,
        "at": event.at,
        "note": event.note,
    }
