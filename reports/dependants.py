"""Reports whose frozen figures were computed from data that have been corrected since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator

from portal import formats
from portal.collection.dependants import Dependant, finds_dependants
from reports.models import Exhibit, Figure, Report
from reports.services import differing_figures

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import Submission

MOST = 20


@finds_dependants
def reports_with_figures_of(revisions: Sequence[Submission], user: User) -> Iterable[Dependant]:
    """Frozen reports that quote or show one of `revisions`, and how much of them now differs."""
    if not user.has_perm("reports.view"):
        return
    used = Q()
    for revision in revisions:
        used |= Q(provenance__submissions__contains=[{"id": revision.pk}])
    if not used:
        return
    keys = {revision.pk for revision in revisions}
    figures = Figure.objects.filter(used, frozen_at__isnull=False)
    tables = Exhibit.objects.filter(
        reduce(or_, (Q(provenance__submissions__contains=[key]) for key in keys)),
        source=Exhibit.Source.EXPLORER,
        frozen_at__isnull=False,
    )
    found = Report.objects.visible_to(user).filter(
        Q(pk__in=figures.values("report")) | Q(pk__in=tables.values("report"))
    )
    for report in found.order_by("-pk")[:MOST]:
        count = len(differing_figures(report)) + report.exhibits_now.count()
        yield Dependant(
            "Báo cáo",
            f"{Truncator(report.subject).words(14)} ({report.get_status_display().lower()})",
            reverse("reports:figure_list", args=[report.pk]),
            f"{formats.number(count)} số liệu, bảng nay khác"
            if count
            else "số liệu in ra không đổi",
        )
