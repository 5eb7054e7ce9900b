"""How much of a period has come in and is approved, by district and by commune."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from ethnic_data.models import Observation
from portal.collection.models import Dataset, DatasetColumn, ReportingPeriod, Submission
from portal.collection.services.duties import Duty, duties
from portal.units.models import AdministrativeUnit, Level

from .selection import MAIN_DATASET, Selection

if TYPE_CHECKING:
    from portal.accounts.models import User

    from .overview import Area

YEARS = 6  # that are looked back


@dataclass(frozen=True)
class UnitState:
    """One submitting unit with its duties and its complete communes; a commune has itself."""

    unit: AdministrativeUnit
    duties: list[Duty]
    communes: int
    complete: int

    @property
    def approved(self) -> int:
        return sum(is_approved(duty) for duty in self.duties)

    @property
    def late(self) -> int:
        return sum(bool(duty.days_late) for duty in self.duties)

    @property
    def is_complete(self) -> bool:
        return 0 < len(self.duties) == self.approved


@dataclass(frozen=True)
class Completeness:
    """A period's completeness in one unit. Its rows are districts while there are any, later
    communes (the district level ended on 1/7/2025)."""

    datasets: list[Dataset]
    rows: list[UnitState]
    communes: int
    complete_communes: int
    missing_communes: list[AdministrativeUnit]
    level: str

    @property
    def is_by_commune(self) -> bool:
        return self.level == Level.COMMUNE

    @property
    def units_words(self) -> str:
        return "xã" if self.is_by_commune else "huyện"

    @property
    def units(self) -> int:
        return len(self.rows)

    @property
    def complete_units(self) -> int:
        return sum(row.is_complete for row in self.rows)

    @property
    def late(self) -> int:
        return sum(row.late for row in self.rows)


def is_approved(duty: Duty) -> bool:
    return duty.submission is not None and duty.submission.status == Submission.Status.APPROVED


def completeness(
    selection: Selection, area: Area, *, user: User, today: datetime.date
) -> Completeness:
    """Who has brought what of the selected period; five queries.

    A commune is complete when every required column of the main form has an approved value.
    """
    complete = complete_communes(selection, area.communes)
    senders = {one.pk: one for one in area.districts or area.communes}
    owed: dict[int, list[Duty]] = {pk: [] for pk in senders}
    datasets: dict[int, Dataset] = {}
    for duty in duties(periods=[selection.period], user=user, today=today):
        if duty.unit.pk in owed:
            owed[duty.unit.pk].append(duty)
            datasets[duty.dataset.pk] = duty.dataset
    communes_of: dict[int, set[int]] = {pk: set() for pk in senders}
    for commune in area.communes:
        sender = area.district_of.get(commune.pk, commune) if area.districts else commune
        communes_of.setdefault(sender.pk, set()).add(commune.pk)
    return Completeness(
        datasets=list(datasets.values()),
        rows=[
            UnitState(sender, owed[pk], len(communes_of[pk]), len(communes_of[pk] & complete))
            for pk, sender in senders.items()
        ],
        communes=len(area.communes),
        complete_communes=len(complete),
        missing_communes=[one for one in area.communes if one.pk not in complete],
        level=Level.DISTRICT if area.districts else Level.COMMUNE,
    )


def complete_communes(selection: Selection, communes: list[AdministrativeUnit]) -> set[int]:
    """Of `communes`, those with an approved value in every required column of the main form."""
    return set(_complete([selection.period], communes)[selection.period.pk])


def complete_by_year(selection: Selection, area: Area) -> list[tuple[str, int]]:
    """How many communes of the area were complete in each year up to the one chosen.

    In the units of the year chosen: a year of other communes counts those that are still there.
    """
    years = [one for one in selection.periods if one.end <= selection.period.end]
    years = sorted(years, key=lambda one: one.end)[-YEARS:]
    found = _complete(years, area.communes)
    return [(str(one.year), len(found[one.pk])) for one in years if found[one.pk]]


def _complete(
    periods: list[ReportingPeriod], communes: list[AdministrativeUnit]
) -> dict[int, set[int]]:
    """Complete communes by the key of the period; two queries."""
    required = DatasetColumn.objects.filter(
        dataset__code=MAIN_DATASET, kind=DatasetColumn.Kind.ENTERED, is_required=True
    )
    measures = set(required.values_list("measure", flat=True))
    counted = (
        Observation.objects.approved()
        .filter(
            submission__period__in=periods,
            submission__dataset__code=MAIN_DATASET,
            indicator__code__in=measures,
            unit__in=[commune.pk for commune in communes],
            value__isnull=False,
        )
        .order_by()
        .values("unit", "submission__period")
        .annotate(brought=Count("indicator", distinct=True))
    )
    found: dict[int, set[int]] = {period.pk: set() for period in periods}
    for row in counted:
        if row["brought"] == len(measures) > 0:
            found[row["submission__period"]].add(row["unit"])
    return found
