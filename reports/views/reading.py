"""A report to be read: its text with every number explained, and its printed pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.access import SignedInRequest, permission_needed
from reports import services
from reports.exhibits.blocks import source_of
from reports.models import (
    Exhibit,
    Figure,
    Rendering,
    Report,
    Section,
)
from reports.references import References, nodes_of, shown_body
from reports.text.numbering import Node

from .remarking import Margin, shown_pins
from .steps import asked, found

if TYPE_CHECKING:
    pass

from .around import common, latest_rendering

#: Rows of a table that a page shows; all of them are on the printed pages.
ROWS_SHOWN = 100

_FIGURE = re.compile(r'<span data-figure="(\d+)">([^<]*)</span>')

_EXHIBIT = re.compile(r'<p><span data-exhibit="(\d+)">([^<]*)</span></p>')

_NOTE = re.compile(r'<span data-citation="(\d+)">([^<]*)</span>')


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
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far the laying-out is; when it has ended, htmx is told to load the page anew."""
    report = found(request, pk)
    rendering = latest_rendering(report)
    failed = services.failed_job(rendering)
    response = render(request, "reports/progress.html", {"report": report, "rendering": rendering})
    if failed or rendering is None or rendering.state != Rendering.State.WAITING:
        response.headers["HX-Refresh"] = "true"
    return response
