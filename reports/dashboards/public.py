"""The figures that everybody may see: published censuses and totals of the whole province.

Nothing here speaks of fewer people than the smallest cell that may be shown.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef

from ethnic_data.aggregation import Answer, answer, hides_rate
from ethnic_data.aggregation.disclosure import SMALLEST_SHOWN
from ethnic_data.models import (
    GroupKind,
    PublishedColumn,
    PublishedFigure,
    PublishedRow,
    PublishedTable,
)
from portal.collection.models import ReportingPeriod, Submission
from portal.units.models import AdministrativeUnit, Level, UnitList

from .overview import POOR
from .selection import LIST_861, MAIN_DATASET
from .version import data_version, kept

CENSUS_TABLE = "BG-TDT-2019"
MOST_GROUPS = 6


@dataclass(frozen=True)
class GroupCount:
    """One ethnic group of the census and its share of all minorities, in percent."""

    name: str
    people: Decimal
    share: Decimal


@dataclass(frozen=True)
class Census:
    """The province's census as published."""

    table: PublishedTable
    everybody: Decimal
    minorities: Decimal
    groups: list[GroupCount]

    @property
    def share(self) -> Decimal:
        """The minorities among everybody, in percent."""
        return self.minorities / self.everybody * 100


@dataclass(frozen=True)
class Listed:
    """How many communes are in the minorities' area, and by which decision."""

    communes: int
    decision: str


def published_figures(*, today: datetime.date) -> dict[str, Any]:
    """The context of the public fragment; one query while nothing new is approved."""
    return kept(
        "public",
        [data_version(), today],
        lambda: {
            "census": census(),
            "poverty": poverty_of_province(),
            "listed": listed(on=today),
        },
    )


def census() -> Census | None:
    """The totals as printed, and the largest minorities; None while no census is loaded."""
    printed = list(
        PublishedFigure.objects.filter(
            row__table__code=CENSUS_TABLE, column__role=PublishedColumn.Role.FIGURE
        ).select_related("row__group", "row__table")
    )
    totals = {one.row.covers: one.value for one in printed if one.row.covers}
    everybody = totals.get(PublishedRow.Covers.ALL)
    minorities = totals.get(PublishedRow.Covers.MINORITIES)
    if not everybody or not minorities:
        return None
    groups = [
        GroupCount(one.row.group.name, one.value, one.value / minorities * 100)
        for one in printed
        if one.row.group is not None
        and one.row.group.kind == GroupKind.LISTED
        and one.row.group.counts_as_minority
        and one.value >= SMALLEST_SHOWN
    ]
    groups.sort(key=lambda one: -one.people)
    return Census(printed[0].row.table, everybody, minorities, groups[:MOST_GROUPS])


def poverty_of_province() -> Answer | None:
    """The poverty rate of minority households of the whole province, the latest approved year.

    None while no year is complete: a part of the province is not the province.
    """
    approved = Submission.objects.approved().filter(dataset__code=MAIN_DATASET)
    periods = ReportingPeriod.objects.filter(
        Exists(approved.filter(period=OuterRef("pk"))), frequency="yearly"
    )
    for period in periods[:2]:
        province = (
            AdministrativeUnit.objects.on(period.end)
            .filter(level=Level.PROVINCE, is_reference=False)
            .first()
        )
        if province is None:
            continue
        rate = answer(POOR, province, period.code)
        if rate.is_complete and not hides_rate(rate.numerator, rate.denominator):
            return rate
    return None


def listed(*, on: datetime.date) -> Listed | None:
    """The communes of the minorities' area: those on the list on `on`, else those it began with."""
    found = UnitList.objects.filter(code=LIST_861).first()
    if found is None:
        return None
    in_force = found.memberships.filter(valid__contains=on).count()
    first = found.memberships.order_by("valid").first()
    if not in_force and first is not None:
        in_force = found.memberships.filter(valid__contains=first.valid.lower).count()
    return Listed(in_force, found.decision)
