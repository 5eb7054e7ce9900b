"""Reports whose frozen figures were computed from data that have been corrected since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator

from portal import formats
from portal.collection.dependants import Dependant, finds_dependants
from reports.models import Figure, Report
from reports.services import differing_figures

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import Submission

MOST = 20


@finds_dependants
def reports_with_figures_of(revisions: Sequence[Submission], user: User) -> Iterable[Dependant]:
    """Frozen reports that quote one of `revisions`, and how many of their figures now differ."""
    if not user.has_perm("reports.view"):
        return
    used = Q()
    for revision in revisions:
        used |= Q(provenance__submissions__contains=[{"id": revision.pk}])
    if not used:
        return
    figures = Figure.objects.filter(used, frozen_at__isnull=False)
    found = Report.objects.visible_to(user).filter(pk__in=figures.values("report"))
    for report in found.order_by("-pk")[:MOST]:
        count = len(differing_figures(report))
        yield Dependant(
            "Báo cáo",
            f"{Truncator(report.subject).words(14)} ({report.get_status_display().lower()})",
            reverse("reports:figure_list", args=[report.pk]),
            f"{formats.number(count)} số liệu nay khác" if count else "số liệu in ra không đổi",
        )
