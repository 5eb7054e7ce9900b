"""Everything the programme did in one commune, in its own extent: with what its predecessors had.

Works lie in the unit of their own time. A commune of another day holds the works of every unit
that went wholly into it (UnitShare, weight 1); of units that are only partly in it no one can say
which works lie there, and they are named apart.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from portal.units.models import AdministrativeUnit, Level, UnitShare
from programs.models import (
    Beneficiaries,
    CapitalChange,
    Disbursement,
    Output,
    Programme,
    State,
    SupportedHousehold,
    WorksPhoto,
    WorksPlace,
)
from programs.models.capital import CapitalPlanQuerySet
from programs.models.works import WorksQuerySet

ZERO = Decimal(0)
MOST_PHOTOS = 12


@dataclass(frozen=True)
class Extent:
    """The units whose works are those of a commune, and those that are only partly in it."""

    unit: AdministrativeUnit
    whole: Sequence[AdministrativeUnit]
    partly: Sequence[AdministrativeUnit]

    @property
    def ids(self) -> list[int]:
        return [unit.pk for unit in self.whole]

    @property
    def others(self) -> list[AdministrativeUnit]:
        """The units beside itself that went wholly into it."""
        return [unit for unit in self.whole if unit.pk != self.unit.pk]


def extent_of(unit: AdministrativeUnit, *, today: datetime.date) -> Extent:
    """One query; `unit` is taken as on its last day, or today while it is in force."""
    end = unit.valid.upper
    day = min(today, end - datetime.timedelta(days=1)) if end else today
    day = max(day, unit.valid.lower or day)
    shares = (
        UnitShare.objects.on(day)
        .filter(target=unit, unit__level=Level.COMMUNE)
        .select_related("unit")
        .order_by("unit__sort_key", "unit__code")
    )
    found = {share.unit_id: share for share in shares}
    whole = [share.unit for share in found.values() if share.weight == 1]
    if unit.pk not in found:
        whole.append(unit)
    return Extent(unit, whole, [share.unit for share in found.values() if share.weight != 1])


def same_place(unit: AdministrativeUnit, *, on: datetime.date | None = None) -> Any:
    """The communes of other times that hold some of `unit`; of one day when it is given."""
    shares = UnitShare.objects.filter(unit=unit, target__level=Level.COMMUNE)
    if on is not None:
        shares = shares.on(on)
    return AdministrativeUnit.objects.filter(pk__in=shares.values("target"))


def works_in(extent: Extent, visible: WorksQuerySet) -> WorksQuerySet:
    return visible.within(extent.unit)


def works_partly_in(extent: Extent, visible: WorksQuerySet) -> int:
    places = WorksPlace.objects.filter(unit__in=[unit.pk for unit in extent.partly])
    return visible.filter(pk__in=places.values("works")).count() if extent.partly else 0


@dataclass
class YearMoney:
    """Money of the commune's works in one programme and year, in million đồng."""

    programme: Programme
    year: int
    works: int
    plan: Decimal = ZERO
    paid: Decimal = ZERO

    @property
    def rate(self) -> Decimal | None:
        return self.paid / self.plan * 100 if self.plan else None


@dataclass(frozen=True)
class OutputSum:
    """One kind of output over all years."""

    code: str
    name: str
    unit_of_measure: str
    decimals: int
    planned: Decimal | None
    actual: Decimal | None


@dataclass(frozen=True)
class People:
    """Who benefited in one year, over all works: a person of two works counts twice."""

    year: int
    programme: str
    male: int
    female: int

    @property
    def total(self) -> int:
        return self.male + self.female


@dataclass(frozen=True)
class Households:
    """Households helped with one content in one year; each counts once there."""

    year: int
    programme: str
    code: str
    component: str
    households: int


@dataclass(frozen=True)
class Done:
    """What was done in a commune; ten queries."""

    states: list[tuple[State, int]]
    money: list[YearMoney]
    outputs: list[OutputSum]
    people: list[People]
    households: list[Households]
    photos: list[WorksPhoto]
    shared: int  # works that lie in other communes too

    @property
    def works(self) -> int:
        return sum(count for _, count in self.states)


def done_in(
    extent: Extent, visible: WorksQuerySet, lines: CapitalPlanQuerySet, *, today: datetime.date
) -> Done:
    """`visible` and `lines` are the works and the lines of capital that somebody may see."""
    works = works_in(extent, visible).order_by()
    ids = works.values("pk")
    elsewhere = WorksPlace.objects.filter(works__in=ids).exclude(unit__in=extent.ids)
    return Done(
        states=_states(works),
        money=_money(lines.within(extent.unit), today),
        outputs=_outputs(ids),
        people=[
            People(row["year"], row["of"], row["men"], row["women"])
            for row in Beneficiaries.objects.filter(works__in=ids)
            .order_by("year", "works__component__programme__code")
            .values("year", of=F("works__component__programme__code"))
            .annotate(men=Sum("male"), women=Sum("female"))
        ],
        households=[
            Households(row["year"], row["of"], row["code"], row["name"], row["households"])
            for row in SupportedHousehold.objects.filter(unit__in=extent.ids)
            .order_by("year", "component__code")
            .values(
                "year",
                of=F("component__programme__code"),
                code=F("component__code"),
                name=F("component__name"),
            )
            .annotate(households=Count("pk"))
        ],
        photos=list(
            WorksPhoto.objects.filter(works__in=ids)
            .select_related("works")
            .order_by("-taken_at", "-pk")[:MOST_PHOTOS]
        ),
        shared=elsewhere.aggregate(works=Count("works", distinct=True))["works"],
    )


def _states(works: WorksQuerySet) -> list[tuple[State, int]]:
    counted = {
        row["state"]: row["works"] for row in works.values("state").annotate(works=Count("pk"))
    }
    return [(state, counted[state.value]) for state in State if state.value in counted]


def _money(lines: CapitalPlanQuerySet, today: datetime.date) -> list[YearMoney]:
    """What these lines held and paid at the end of today, as the lists behind it say."""
    lines = lines.filter(year__isnull=False).order_by()
    counted = lines.values_list("programme", "year").annotate(works=Count("works", distinct=True))
    programmes = Programme.objects.in_bulk({row[0] for row in counted})
    found = {(of, year): YearMoney(programmes[of], year, works) for of, year, works in counted}
    changes = CapitalChange.objects.filter(day__lte=today).order_by()
    drawing = changes.filter(what__in=CapitalChange.DRAWING)
    came = changes.exclude(what=CapitalChange.What.CARRIED_OUT).filter(plan__in=lines)
    for key, amount in _by_year(came, "plan"):
        found[key].plan += amount
    for key, amount in _by_year(drawing.filter(plan__parent__in=lines), "plan__parent"):
        found[key].plan -= amount
    paid = Disbursement.objects.filter(day__lte=today, plan__in=lines).order_by()
    for key, amount in _by_year(paid, "plan"):
        found[key].paid += amount
    return sorted(found.values(), key=lambda one: (one.year, one.programme.code))


def _by_year(entries: Any, line: str) -> Iterator[tuple[tuple[int, int], Decimal]]:
    """The amounts of entries summed by programme and year of the line that they are of."""
    sums = entries.values_list(f"{line}__programme", f"{line}__year").annotate(Sum("amount"))
    for of, year, amount in sums:
        yield (of, year), amount


def _outputs(ids: Any) -> list[OutputSum]:
    rows = (
        Output.objects.filter(works__in=ids)
        .filter(Q(planned__isnull=False) | Q(actual__isnull=False))
        .order_by("kind__position", "kind__code")
        .values("kind__position", "kind__code", "kind__name", "kind__unit_of_measure")
        .annotate(decimals=F("kind__decimals"), planned=Sum("planned"), actual=Sum("actual"))
    )
    return [
        OutputSum(
            row["kind__code"],
            row["kind__name"],
            row["kind__unit_of_measure"],
            row["decimals"],
            row["planned"],
            row["actual"],
        )
        for row in rows
    ]


def works_listed(extent: Extent, visible: WorksQuerySet) -> Any:
    """Its works for a list, the latest begun first."""
    return (
        works_in(extent, visible)
        .select_related("investor", "component")
        .prefetch_related("place_rows__unit")
        .order_by(F("planned_start").desc(nulls_last=True), "sort_key", "code")
    )
