"""The values behind one figure, down to the cell of the file each came from."""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast

from django.http import HttpRequest
from django.views.generic import ListView

from ethnic_data.aggregation import MINORITIES, Answer, answer, observations_behind
from ethnic_data.models import EthnicGroup, FigureKind, Indicator, Sex
from ethnic_data.models.observations import ObservationQuerySet
from portal.access import PermissionNeededMixin
from portal.accounts.models import User
from portal.collection.models import ReportingPeriod
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit

from .selection import Selection, unit_options

MISSING_SHOWN = 12
RATE_DECIMALS = 2


class ObservationList(PermissionNeededMixin, ListView):
    """Where a click on a number leads.

    Address: chi-tieu (indicator), don-vi (unit code), ky (period), dan-toc (group code, or
    "minorities"), gioi-tinh (male, female), phan-loai, loai, ngay (as of what stood approved at
    the end of that day), dia-gioi (the day in whose units; as reported without it); each may be
    left out.
    """

    permissions = ("ethnic_data.exact",)
    template_name = "ethnic_data/observation_list.html"
    paginate_by = 50
    request: HttpRequest

    @cached_property
    def user(self) -> User:
        return cast(User, self.request.user)

    @cached_property
    def selection(self) -> Selection:
        return Selection.of(self.request, self.user)

    @cached_property
    def answer(self) -> Answer:
        asked = self.selection
        return answer(
            asked.indicator.code,
            asked.unit,
            asked.period.code,
            group=asked.group,
            sex=asked.sex or None,
            units_on=asked.units_on,
            category=asked.category,
            on=asked.on,
            kind=asked.kind,
        )

    def get_queryset(self) -> ObservationQuerySet:
        return (
            observations_behind(self.answer)
            .visible_to(self.user)
            .with_sources()
            .order_by("indicator__position", "unit__sort_key", "group__code", "sex", "pk")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, found = self.selection, self.answer
        context = super().get_context_data(
            selection=asked,
            answer=found,
            minorities=MINORITIES,
            missing=self._missing(),
            indicators=Indicator.objects.all(),
            periods=ReportingPeriod.objects.order_by("-end"),
            units=list(unit_options(self.user, asked.units_day)),
            groups=EthnicGroup.objects.order_by("sort_key"),
            sexes=Sex.choices,
            vintages=crosswalk.vintages(),
            **kwargs,
        )
        rows = context["object_list"]
        context["decimals"] = _decimals(found)
        context["kind_words"] = FigureKind(found.kind).label if found.kind else ""
        context["several_indicators"] = found.numerator is not None
        context["with_groups"] = any(row.group_id for row in rows)
        context["with_sexes"] = any(row.sex for row in rows)
        return context

    def _missing(self) -> dict[str, Any]:
        """The communes that gave no figure: the first by name, and how many more."""
        keys = self.answer.missing_units
        if not keys or self.answer.value is None:
            return {}
        units = AdministrativeUnit.objects.filter(pk__in=keys)[:MISSING_SHOWN]
        return {"units": units, "count": len(keys), "more": len(keys) - len(units)}


def _decimals(found: Answer) -> int | None:
    """A rate has two; a count that was shared out by weight is shown whole."""
    if found.numerator is not None:
        return RATE_DECIMALS
    return 0 if found.is_estimate else None
