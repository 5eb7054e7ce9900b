"""Datasets whose rows are works: those of the sending unit that are in force in the period."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Exists, OuterRef, Q

from portal.accounts.roles import Role
from portal.collection.workbooks.layout import Layout, RowUnit
from portal.collection.workbooks.rules import Objection, Told
from portal.units.models import MOSTLY, UnitShare
from programs.models import Membership, Programme, State, Works, WorksPlace

from . import RecordStore
from .sizes import with_known_size

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import Dataset, ReportingPeriod
    from portal.collection.stores import Asked
    from portal.units.models import AdministrativeUnit
    from programs.services.posting import Stands

Value = TypeVar("Value")


def in_force(start: datetime.date, end: datetime.date) -> Q:
    """Works that may be told of in a period: begun by plan in its year or before, not settled
    before it began."""
    begun = Q(planned_start=None) | Q(planned_start__year__lte=end.year)
    return begun & ~Q(state=State.SETTLED, state_since__lt=start)


def works_of(
    unit: AdministrativeUnit, start: datetime.date, end: datetime.date
) -> Iterator[tuple[Works, AdministrativeUnit]]:
    """Works whose main place lies in `unit` (in the units of `end`), each with that place.

    In the order of their projects, then by name. One query.
    """
    here = UnitShare.objects.on(end).filter(unit=OuterRef("unit"), target=unit, weight__gt=MOSTLY)
    places = WorksPlace.objects.filter(Exists(here), is_main=True).filter(
        works__in=Works.objects.filter(in_force(start, end))
    )
    order = ("works__component__code", "works__sort_key", "works__code")
    for place in places.select_related("works__component", "unit").order_by(*order):
        yield place.works, place.unit


def row_of(works: Works, place: AdministrativeUnit) -> RowUnit:
    return RowUnit(
        code=works.code,
        name=works.name,
        district=place.code,
        district_name=place.full_name,
        expected=works.total_investment,
    )


class WorksStore(RecordStore):
    """What the datasets of works share. An investor writes the own works only."""

    def row_units(
        self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
    ) -> Sequence[RowUnit]:
        rows = [row_of(works, place) for works, place in works_of(unit, period.start, period.end)]
        return with_known_size(rows)

    def known_rows(
        self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
    ) -> Sequence[RowUnit]:
        """Works of other units, so that a row at the wrong place is told where it belongs."""
        here = UnitShare.objects.on(period.end).filter(
            unit=OuterRef("unit"), target=unit, weight__gt=MOSTLY
        )
        elsewhere = WorksPlace.objects.filter(~Exists(here), is_main=True).filter(
            works__in=Works.objects.filter(in_force(period.start, period.end))
        )
        return [row_of(one.works, one.unit) for one in elsewhere.select_related("works", "unit")]

    def own_rows(self, asked: Asked, user: User) -> Collection[str] | None:
        if user.role != Role.INVESTOR:
            return None
        mine = Membership.objects.filter(user=user, organisation=OuterRef("investor"))
        return set(Works.objects.filter(Exists(mine)).values_list("code", flat=True))


def by_programme(
    values: Mapping[tuple[str, str], Value],
) -> list[tuple[Programme, dict[tuple[str, str], Value]]]:
    """Values by works code and measure, apart for each programme that the works belong to.

    A works that nobody knows stands with the first programme, whose services tell it.
    """
    codes = {code for code, _ in values}
    found = dict(
        Works.objects.filter(code__in=codes).values_list("code", "component__programme_id")
    )
    programmes = Programme.objects.in_bulk(set(found.values()))
    grouped: dict[int, dict[tuple[str, str], Value]] = defaultdict(dict)
    for key, value in values.items():
        if key[0] in found:
            grouped[found[key[0]]][key] = value
    return [(programmes[pk], told) for pk, told in grouped.items()]


def numbers_by_measure(layout: Layout, told: Told) -> dict[tuple[str, str], Decimal]:
    """What rows tell, by code and measure."""
    return {
        (row.unit, layout.by_key[key].measure): value
        for row, cells in told.items()
        for key, value in cells.items()
        if key in layout.by_key
    }


def at_its_cell(layout: Layout, found: Iterable[Stands]) -> Iterator[Objection]:
    """Objections by works and measure, at the column of the measure."""
    keys = {column.measure: column.key for column in layout.entered}
    for one in found:
        if one.measure in keys:
            rule = one.rule[:30].replace("_", "-")
            yield Objection(
                one.works, keys[one.measure], one.text, rule=rule, severity=one.severity
            )
