"""A report that began as a copy: what is to be looked at; and taking sections over from others."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from portal.documents.models import Document
from portal.formats import number
from portal.units.names import fold
from reports import services
from reports.models import Report, Section
from reports.references import nodes_of

from .editing import editor
from .steps import asked, found, take

_MOST_REPORTS = 30
_MOST_KEYS = 500


@permission_needed("reports.draft")
def points(request: SignedInRequest, pk: int) -> HttpResponse:
    """Figures that changed or are missing, words of the old period, documents to check."""
    report = found(request, pk)
    context = editor(report, nodes_of(report), None)
    context.update(points=services.points_of(report), current="points")
    return render(request, "reports/points.html", context)


@require_POST
@permission_needed("reports.draft")
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write what is offered at the chosen places."""
    report = found(request, pk)
    try:
        count = services.change_words(
            report=report, keys=_keys(request), by=request.user, now=timezone.now()
        )
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Đã đổi {number(count)} chỗ.")
    return redirect("reports:points", report.pk)


@require_POST
@permission_needed("reports.draft")
def keep(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave the chosen places as they are."""
    report = found(request, pk)
    try:
        count = services.keep_points(
            report=report, keys=_keys(request), by=request.user, now=timezone.now()
        )
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Đã ghi {number(count)} chỗ là đã xem.")
    return redirect("reports:points", report.pk)


def _keys(request: SignedInRequest) -> set[str]:
    return set(request.POST.getlist("cho")[:_MOST_KEYS])


@require_POST
@permission_needed("reports.draft")
def replace(request: SignedInRequest, pk: int) -> HttpResponse:
    """Cite another document of the register in the place of one that ended."""
    report = found(request, pk)
    citation = get_object_or_404(report.citations, pk=_key(request, "trich"))
    visible = Document.objects.visible_to(request.user).with_catalogue()
    document = get_object_or_404(visible, pk=_key(request, "van_ban"))
    return take(
        request,
        lambda: services.replace_citation(
            citation=citation, document=document, by=request.user, now=timezone.now()
        ),
        done="Đã thay văn bản dẫn. Đọc lại câu có văn bản này.",
        to=reverse("reports:points", args=[report.pk]),
    )


def _key(request: SignedInRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@permission_needed("reports.draft")
def copy_section(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose a report, then the section of it that is taken over."""
    report = found(request, pk)
    if request.method == "POST":
        return _copied(request, report)
    words, chosen = asked(request, "q"), asked(request, "tu")
    context = editor(report, nodes_of(report), None)
    context.update(current="copy", words=words)
    if chosen.isdecimal() and len(chosen) < 10:
        source = found(request, int(chosen))
        context.update(source=source, source_nodes=nodes_of(source))
    else:
        context["reports"] = _reports(request, report, words)
    return render(request, "reports/section_copy.html", context)


def _reports(request: SignedInRequest, report: Report, words: str) -> list[Report]:
    """Reports that may be copied from; those of the same kind first."""
    wanted = fold(words).split()
    others = Report.objects.visible_to(request.user).exclude(pk=report.pk).with_names()
    fitting = [
        one
        for one in others[: _MOST_REPORTS * 20]
        if all(word in fold(f"{one.subject} {one.period.label} {one.symbol}") for word in wanted)
    ]
    fitting.sort(key=lambda one: one.template.code != report.template.code)
    return fitting[:_MOST_REPORTS]


def _copied(request: SignedInRequest, report: Report) -> HttpResponse:
    visible = Report.objects.visible_to(request.user)
    section = get_object_or_404(
        Section.objects.present().select_related("report__period"),
        pk=_key(request, "muc"),
        report__in=visible,
    )
    parent = report.sections.present().filter(pk=_key(request, "thuoc")).first()
    try:
        copied = services.copy_section(
            section=section, into=report, by=request.user, now=timezone.now(), parent=parent
        )
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:section_copy", report.pk)
    messages.success(request, "Đã chép mục. Xem lại số liệu và chữ của kỳ cũ trong mục này.")
    return redirect("reports:section_edit", report.pk, copied.pk)
