"""Everything the programme did in one commune, in its own extent: with what its predecessors had.

Works lie in the unit of their own time. A commune of another day holds the works of every unit
that went wholly into it (UnitShare, weight 1); of units that are only partly in it no one can say
which works lie there, and they are named apart.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from portal.units.models import AdministrativeUnit, Level, UnitShare
from programs.models import (
    Beneficiaries,
    CapitalChange,
    Disbursement,
    Output,
    Programme,
    State,
    SupportedHousehold,
    Works,
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
    """What was done in a commune; eleven queries. `works_ids` are the keys of its works."""

    works_ids: list[int]
    states: list[tuple[State, int]]
    money: list[YearMoney]
    outputs: list[OutputSum]
    people: list[People]
    households: list[Households]
    photos: list[WorksPhoto]
    shared: int  # works that lie in other communes too

    @property
    def works(self) -> int:
        return len(self.works_ids)


def done_in(
    extent: Extent, visible: WorksQuerySet, lines: CapitalPlanQuerySet, *, today: datetime.date
) -> Done:
    """`visible` and `lines` are the works and the lines of capital that somebody may see."""
    there = dict(works_in(extent, visible).order_by().values_list("pk", "state"))
    ids = list(there)  # some hundreds; with their keys the rest is looked up by index
    elsewhere = WorksPlace.objects.filter(works__in=ids).exclude(unit__in=extent.ids)
    return Done(
        works_ids=ids,
        states=_states(there.values()),
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


def _states(told: Iterable[str]) -> list[tuple[State, int]]:
    counted = Counter(told)
    return [(state, counted[state.value]) for state in State if state.value in counted]


def _money(lines: CapitalPlanQuerySet, today: datetime.date) -> list[YearMoney]:
    """What these lines held and paid at the end of today, as the lists behind it say."""
    yearly = lines.filter(year__isnull=False).order_by()
    rows = yearly.values_list("pk", "programme", "year", "works")
    told = [(line, of, year, one) for line, of, year, one in rows if year is not None]
    programmes = Programme.objects.in_bulk({of for _, of, _, _ in told})
    works: dict[tuple[int, int], set[int | None]] = defaultdict(set)
    for _, of, year, one in told:
        works[of, year].add(one)
    found = {
        (of, year): YearMoney(programmes[of], year, len(some - {None}))
        for (of, year), some in works.items()
    }
    year_of = {line: found[of, year] for line, of, year, _ in told}
    changes = CapitalChange.objects.filter(day__lte=today).order_by()
    came = changes.exclude(what=CapitalChange.What.CARRIED_OUT).filter(plan__in=year_of)
    drawn = changes.filter(what__in=CapitalChange.DRAWING, plan__parent__in=year_of)
    paid = Disbursement.objects.filter(day__lte=today, plan__in=year_of).order_by()
    for line, amount in came.values_list("plan").annotate(Sum("amount")):
        year_of[line].plan += amount
    for line, amount in drawn.values_list("plan__parent").annotate(Sum("amount")):
        year_of[line].plan -= amount
    for line, amount in paid.values_list("plan").annotate(Sum("amount")):
        year_of[line].paid += amount
    return sorted(found.values(), key=lambda one: (one.year, one.programme.code))


def money_in(
    unit: AdministrativeUnit, lines: CapitalPlanQuerySet, *, today: datetime.date
) -> list[YearMoney]:
    """The same money of the works in a unit of any level, oldest year first; two queries."""
    changes = CapitalChange.objects.filter(day__lte=today).order_by()
    came = changes.filter(plan=OuterRef("pk")).exclude(what=CapitalChange.What.CARRIED_OUT)
    drawn = changes.filter(plan__parent=OuterRef("pk"), what__in=CapitalChange.DRAWING)
    paid = Disbursement.objects.filter(plan=OuterRef("pk"), day__lte=today).order_by()
    rows = list(
        lines.within(unit)
        .filter(year__isnull=False)
        .order_by()
        .values_list("programme", "year", "works", _sum_of(came), _sum_of(drawn), _sum_of(paid))
    )
    programmes = Programme.objects.in_bulk({of for of, *_ in rows})
    works: dict[tuple[int, int], set[int | None]] = defaultdict(set)
    found: dict[tuple[int, int], YearMoney] = {}
    for of, year, one, added, taken, spent in rows:
        money = found.setdefault((of, year), YearMoney(programmes[of], year, 0))
        works[of, year].add(one)
        money.plan += added - taken
        money.paid += spent
    for key, money in found.items():
        money.works = len(works[key] - {None})
    return sorted(found.values(), key=lambda one: (one.year, one.programme.code))


def _sum_of(amounts: QuerySet[Any]) -> Coalesce:
    """Of a line's entries, in a statement over lines."""
    summed = amounts.annotate(of_line=Func(F("amount"), function="SUM")).values("of_line")
    return Coalesce(Subquery(summed), Value(ZERO))


def _outputs(ids: Collection[int]) -> list[OutputSum]:
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


def works_listed(ids: Collection[int]) -> WorksQuerySet:
    """These works for a list, the latest begun first."""
    return (
        Works.objects.filter(pk__in=ids)
        .select_related("investor", "component")
        .prefetch_related("place_rows__unit")
        .order_by(F("planned_start").desc(nulls_last=True), "sort_key", "code")
    )
