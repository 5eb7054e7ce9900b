"""The figures of a report with their sources; after freezing, what now differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render

from portal.access import SignedInRequest, permission_needed
from reports import services
from reports.models import (
    Report,
)
from reports.references import exhibit_labels, used_atoms

from .steps import asked, found

if TYPE_CHECKING:
    pass

from .around import common


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
