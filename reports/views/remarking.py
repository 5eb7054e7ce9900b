"""Remarks: written at a paragraph, answered, settled; and how pages show them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from portal.accounts.models import User
from portal.templatetags.portal_components import icon
from reports import services
from reports.models import Remark, Report, Section, Status
from reports.remarking import Whereabouts, pins

from .steps import found, key_of, take


def shown_pins(report: Report, sections: Iterable[Section], user: User) -> list[dict[str, Any]]:
    """The open remarks, each with where its paragraph is now and what this person may do."""
    return _rows(report, report.remarks.open().with_answers(), sections, user)


def whole_remarks(report: Report, user: User) -> list[dict[str, Any]]:
    """The open remarks that are about no single paragraph."""
    return _rows(report, report.remarks.open().filter(paragraph=None).with_answers(), (), user)


def _rows(
    report: Report, remarks: Iterable[Remark], sections: Iterable[Section], user: User
) -> list[dict[str, Any]]:
    may_answer = not report.has_reached(Status.ISSUED) and any(
        map(user.has_perm, services.REMARKING)
    )
    return [
        {
            "pin": pin,
            "remark": pin.remark,
            "kind": "wrong" if pin.where == Whereabouts.GONE else "warning",
            "may_answer": may_answer,
            "may_settle": may_answer and services.may_settle(pin.remark, user),
        }
        for pin in pins(remarks, sections)
    ]


_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)


@dataclass(frozen=True)
class Margin:
    """What stands at the paragraphs of a report's text: open remarks, a new one's form, and the
    links that ask for it."""

    request: SignedInRequest
    report: Report
    rows: list[dict[str, Any]]
    may_remark: bool = False
    asked: str = ""  # "12-3": the paragraph 3 of the section 12

    def with_remarks(self, section: Section, html: str) -> str:
        """The text of a section with its remarks behind their paragraphs."""
        places: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in self.rows:
            if row["pin"].section == section.pk and row["pin"].paragraph is not None:
                places[row["pin"].paragraph].append(row)
        number = count()

        def one(match: re.Match[str]) -> str:
            at = next(number)
            return self._paragraph(section, at, match[1], places.get(at, []))

        return _PARAGRAPH.sub(one, html)

    def at_end(self, section: Section) -> list[dict[str, Any]]:
        """The remarks whose paragraph is no longer there."""
        gone = (row for row in self.rows if row["pin"].where == Whereabouts.GONE)
        return [row for row in gone if row["remark"].section_id == section.pk]

    def _paragraph(self, section: Section, at: int, words: str, rows: list[dict[str, Any]]) -> str:
        link = self._link(section, at) if self.may_remark else ""
        is_exhibit = words.startswith("<span data-exhibit")
        html = f"<p>{words}</p>{link}" if is_exhibit else f"<p>{words}{link}</p>"
        for row in rows:
            html += self._drawn("reports/remark.html", row=row)
        if self.may_remark and self.asked == f"{section.pk}-{at}":
            html += self._drawn("reports/remark_form.html", section=section, paragraph=at)
        return html

    def _link(self, section: Section, at: int) -> str:
        return format_html(
            '<a class="pin" id="doan-{0}-{1}" href="?doan={0}-{1}"'
            ' title="Góp ý về đoạn này">{2}'
            '<span class="visually-hidden">Góp ý về đoạn này</span></a>',
            section.pk,
            at,
            icon("chat-left-text"),
        )

    def _drawn(self, template: str, **context: Any) -> str:
        return render_to_string(template, {"report": self.report} | context, self.request)


@require_POST
@permission_needed(*services.REMARKING)
def remark_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """At the report, at the section `muc`, or at its paragraph `doan` (from 0)."""
    report = found(request, pk)
    key, told = request.POST.get("muc", ""), request.POST
    section = get_object_or_404(Section, pk=key_of(key), report=report) if key else None
    try:
        remark = services.add_remark(
            report=report,
            by=request.user,
            text=told.get("gop_y", ""),
            now=timezone.now(),
            section=section,
            paragraph=key_of(told["doan"]) if told.get("doan") else None,
            revision=key_of(told["lan_sua"]) if told.get("lan_sua") else None,
        )
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect(report)
    messages.success(request, "Đã ghi góp ý.")
    return redirect(f"{report.get_absolute_url()}#gop-y-{remark.pk}")


@require_POST
@permission_needed(*services.REMARKING)
def remark_answer(request: SignedInRequest, pk: int, remark_pk: int) -> HttpResponse:
    report = found(request, pk)
    remark = get_object_or_404(report.remarks, pk=remark_pk)
    return take(
        request,
        lambda: services.answer_remark(
            remark=remark,
            by=request.user,
            text=request.POST.get("tra_loi", ""),
            now=timezone.now(),
        ),
        done="Đã ghi trả lời.",
        to=f"{_back(request, report)}#gop-y-{remark.pk}",
    )


@require_POST
@permission_needed(*services.REMARKING)
def remark_resolve(request: SignedInRequest, pk: int, remark_pk: int) -> HttpResponse:
    report = found(request, pk)
    remark = get_object_or_404(report.remarks, pk=remark_pk)
    return take(
        request,
        lambda: services.resolve_remark(remark=remark, by=request.user, now=timezone.now()),
        done="Đã đánh dấu góp ý là xong.",
        to=_back(request, report),
    )


def _back(request: SignedInRequest, report: Report) -> str:
    """To the section that is being written, else to the report."""
    key = key_of(request.POST.get("muc_dang_soan", ""))
    if request.user.has_perm("reports.draft") and report.sections.filter(pk=key).exists():
        return reverse("reports:section_edit", args=[report.pk, key])
    return report.get_absolute_url()
