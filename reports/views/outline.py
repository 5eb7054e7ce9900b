"""The tree of sections: adding, moving and taking out, by buttons, keys or drag."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from reports import services
from reports.forms import NewSectionForm
from reports.models import Report, Section
from reports.references import nodes_of
from reports.text.outline import Place, Way

from .editing import editor, outlined
from .steps import asked, found, key_of, take

#: What is said where a section has no further place to go.
_AT_END = {
    Way.UP: "Mục này đã ở đầu hàng.",
    Way.DOWN: "Mục này đã ở cuối hàng.",
    Way.IN: "Không có mục nào ở trên để chuyển vào trong.",
    Way.OUT: "Mục này đã ở cấp cao nhất.",
}


@permission_needed("reports.draft")
def section_add(request: SignedInRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    nodes = nodes_of(report)
    labels = {node.row.pk: node.label for node in nodes}
    given = {"parent": key_of(asked(request, "thuoc")) or None}
    form = NewSectionForm(request.POST or None, report=report, labels=labels, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            section = services.add_section(
                report=report, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except services.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("reports:section_edit", report.pk, section.pk)
    context = editor(report, nodes, None) | {"form": form}
    return render(request, "reports/section_add.html", context)


@require_POST
@permission_needed("reports.draft")
def section_move(request: SignedInRequest, pk: int, section_pk: int, way: str) -> HttpResponse:
    """One step: "len", "xuong", "vao" or "ra"."""
    if way not in list(Way):
        raise Http404

    def step(section: Section, as_seen: str) -> str:
        taken = services.move_section(
            section=section, way=Way(way), by=request.user, now=timezone.now(), as_seen=as_seen
        )
        return "" if taken else _AT_END[Way(way)]

    return _rearranged(request, pk, section_pk, step)


@require_POST
@permission_needed("reports.draft")
def section_place(request: SignedInRequest, pk: int, section_pk: int) -> HttpResponse:
    """To any place: below the section `thuoc` (empty: highest), behind `sau` (empty: first)."""
    place = Place(*(_key(request, name) for name in ("thuoc", "sau")))

    def step(section: Section, as_seen: str) -> str:
        services.place_section(
            section=section, place=place, by=request.user, now=timezone.now(), as_seen=as_seen
        )
        return ""

    return _rearranged(request, pk, section_pk, step)


def _key(request: SignedInRequest, name: str) -> int | None:
    """The section named; one that cannot be is 0, which the service knows nothing of."""
    text = request.POST.get(name, "")
    return key_of(text) if text else None


def _rearranged(
    request: SignedInRequest, pk: int, section_pk: int, step: Callable[[Section, str], str]
) -> HttpResponse:
    """Take the step; answer a script with the new tree, a form with the section's page."""
    report = found(request, pk)
    section = get_object_or_404(report.sections.present(), pk=section_pk)
    problem = ""
    try:
        problem = step(section, request.POST.get("thay", ""))
    except services.REFUSALS as refusal:
        problem = str(refusal)
    if request.headers.get("HX-Request"):
        return _tree(request, report, section, problem)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, "Đã chuyển mục.")
    return redirect("reports:section_edit", report.pk, section.pk)


def _tree(request: SignedInRequest, report: Report, section: Section, problem: str) -> HttpResponse:
    """The tree as it is now, with one sentence about the section for who cannot see it."""
    nodes = nodes_of(report)
    current = next((n.row for n in nodes if n.row.pk == _key(request, "dang_soan")), None)
    at = next((n for n, node in enumerate(nodes) if node.row.pk == section.pk), None)
    told = problem
    if not told and at is not None:
        before = nodes[at - 1] if at else None
        place = f"sau “{before.label} {before.row}”" if before else "đầu báo cáo"
        told = f"Đã chuyển: “{nodes[at].label} {nodes[at].row}”, {place}."
    context = outlined(report, nodes, current) | {"told": told, "refused": bool(problem)}
    return render(request, "reports/outline.html", context)


@require_POST
@permission_needed("reports.draft")
def section_remove(request: SignedInRequest, pk: int, section_pk: int) -> HttpResponse:
    report = found(request, pk)
    section = get_object_or_404(report.sections.present(), pk=section_pk)
    return take(
        request,
        lambda: services.remove_section(section=section, by=request.user, now=timezone.now()),
        done="Đã bỏ mục. Các bản cũ của mục vẫn được lưu.",
        to=reverse("reports:edit", args=[report.pk]),
    )
