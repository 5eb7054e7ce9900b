"""Departures from the decree's form: the list, mends with one click, reasons to leave them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from reports import services
from reports.models import FormWaiver, Report, Status
from reports.references import nodes_of

from .around import common
from .steps import asked, found, key_of, take

#: Who may say why something is left, at which step.
GIVING = ("reports.draft", "reports.check_content", "reports.check_form")
_STEPS = {
    Status.DRAFT: "reports.draft",
    Status.CONTENT_CHECK: "reports.check_content",
    Status.FORM_CHECK: "reports.check_form",
}
#: Parts of the list, by the word in the address.
_VIEWS = (("sai", "Sai"), ("nen-xem", "Nên xem"), ("tat-ca", "Tất cả"))


@permission_needed("reports.view")
def form_check(request: SignedInRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    context = common(request, report, "the-thuc")
    listed = services.form_list(report)
    part = asked(request, "xem")
    if part not in dict(_VIEWS):
        part = "sai" if listed.wrong else "tat-ca"
    places = section_places(request, report)
    wanted = {"sai": (True,), "nen-xem": (False,)}.get(part, (True, False))
    context.update(
        listed=listed,
        rows=[shown(row, places) for row in listed.open if row.is_wrong in wanted],
        explained=[shown(row, places) for row in listed.explained],
        parts=_parts(report, listed, part),
        may_mend=report.is_draft and request.user.has_perm("reports.draft"),
        may_explain=_may_explain(request, report),
        may_accept=report.status == Status.FORM_CHECK
        and request.user.has_perm("reports.check_form"),
    )
    return render(request, "reports/form_check.html", context)


def _parts(report: Report, listed: services.FormList, part: str) -> list[dict[str, Any]]:
    counts = {"tat-ca": len(listed.open), "sai": listed.wrong, "nen-xem": listed.to_look_at}
    here = reverse("reports:form_check", args=[report.pk])
    return [
        {
            "label": label,
            "url": f"{here}?xem={key}",
            "count": counts[key],
            "current": key == part,
        }
        for key, label in _VIEWS
    ]


def _may_explain(request: SignedInRequest, report: Report) -> bool:
    permission = _STEPS.get(Status(report.status), "")
    return bool(permission) and request.user.has_perm(permission)


def section_places(request: SignedInRequest, report: Report) -> dict[str, dict[str, str]]:
    """By section: its label and title, and where this person goes to see or change it."""
    edits = report.is_draft and request.user.has_perm("reports.draft")
    detail = report.get_absolute_url()
    return {
        str(node.row.pk): {
            "name": f"{node.label} {node.row}".strip(),
            "url": reverse("reports:section_edit", args=[report.pk, node.row.pk])
            if edits
            else f"{detail}#muc-{node.row.pk}",
        }
        for node in nodes_of(report)
    }


def shown(row: services.Listed, places: dict[str, dict[str, str]]) -> dict[str, Any]:
    """One departure for the page."""
    departure = row.departure
    return {
        "row": row,
        "kind": "wrong" if row.is_wrong else "warning",
        "word": "Sai" if row.is_wrong else "Nên xem",
        "place": places.get(row.section),
        "mend": mend_words(row),
        "more": len(departure.spots) - 1,
    }


def mend_words(row: services.Listed) -> str:
    """What the button writes, short enough to stand beside it; "" where it writes nothing."""
    words = (row.departure.spot.mend or "").strip()
    return words if len(words) <= 240 else f"{words[:237]}…"


@require_POST
@permission_needed("reports.draft")
def mend(request: SignedInRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    return take(
        request,
        lambda: services.mend_departure(
            report=report,
            fingerprint=request.POST.get("cho", ""),
            by=request.user,
            now=timezone.now(),
        ),
        done="Đã sửa. Bản cũ của mục vẫn được lưu.",
        to=_back(request, report),
    )


def _back(request: SignedInRequest, report: Report) -> str:
    """To the section that was being written, else to the list."""
    section = request.POST.get("muc_dang_soan", "")
    if report.sections.filter(pk=key_of(section)).exists():
        return reverse("reports:section_edit", args=[report.pk, key_of(section)])
    return reverse("reports:form_check", args=[report.pk])


@require_POST
@permission_needed(*GIVING)
def waive(request: SignedInRequest, pk: int) -> HttpResponse:
    report = found(request, pk)
    return take(
        request,
        lambda: services.waive(
            report=report,
            fingerprints=request.POST.getlist("cho_giu"),
            reason=request.POST.get("ly_do", ""),
            by=request.user,
            now=timezone.now(),
        ),
        done="Đã ghi lý do giữ nguyên.",
        to=reverse("reports:form_check", args=[report.pk]),
    )


@require_POST
@permission_needed("reports.check_form")
def waiver_accept(request: SignedInRequest, pk: int, waiver_pk: int) -> HttpResponse:
    report = found(request, pk)
    waiver = get_object_or_404(FormWaiver, pk=waiver_pk, report=report)
    return take(
        request,
        lambda: services.accept_waiver(waiver=waiver, by=request.user, now=timezone.now()),
        done="Đã đồng ý giữ nguyên.",
        to=reverse("reports:form_check", args=[report.pk]),
    )


@require_POST
@permission_needed(*GIVING)
def waiver_withdraw(request: SignedInRequest, pk: int, waiver_pk: int) -> HttpResponse:
    report = found(request, pk)
    waiver = get_object_or_404(FormWaiver, pk=waiver_pk, report=report)
    return take(
        request,
        lambda: services.withdraw_waiver(waiver=waiver, by=request.user, now=timezone.now()),
        done="Đã bỏ lý do; chỗ này hiện lại trong danh sách.",
        to=reverse("reports:form_check", args=[report.pk]),
    )
