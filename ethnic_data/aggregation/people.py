"""Counts of lists of people: always derived from the lists, for any day and area."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, Value

from ethnic_data.models.people import (
    CouncilDeputy,
    PersonQuerySet,
    PrestigiousPerson,
    PrestigiousReview,
)
from portal import formats
from portal.units.models import AdministrativeUnit, Level

if TYPE_CHECKING:
    from portal.collection.workbooks.layout import Layout

    Listed = dict[tuple[str, str], int]

AGES = ((0, 35, "dưới 35"), (35, 40, "35–39"), (40, 60, "40–59"), (60, 200, "từ 60"))


@dataclass(frozen=True)
class Share:
    """One line of a breakdown: how many of the list, and what part of it."""

    label: str
    count: int
    total: int

    @property
    def share(self) -> str:
        return formats.share(self.count, self.total)


@dataclass(frozen=True)
class PeopleCounts:
    """How many, and how many of each kind. Every number is one query over the list."""

    total: int
    minorities: int
    women: int
    party: int
    young: int
    by_group: list[Share]
    by_age: list[Share]
    by_unit: list[Share]

    def _share(self, count: int) -> str:
        return formats.share(count, self.total) if self.total else ""

    @property
    def minorities_share(self) -> str:
        return self._share(self.minorities)

    @property
    def women_share(self) -> str:
        return self._share(self.women)

    @property
    def party_share(self) -> str:
        return self._share(self.party)

    @property
    def young_share(self) -> str:
        return self._share(self.young)


def people_counts(people: PersonQuerySet, *, on: datetime.date) -> PeopleCounts:
    """Counts of `people`; ages by calendar year on `on`. Three queries, whatever the size."""
    age = Value(on.year) - F("birth_year")
    bare = people.order_by()
    whole = bare.annotate(age=age).aggregate(
        total=Count("pk"),
        minorities=Count("pk", filter=Q(group__counts_as_minority=True)),
        women=Count("pk", filter=Q(sex="female")),
        party=Count("pk", filter=Q(is_party_member=True)),
        young=Count("pk", filter=Q(age__lt=40)),
        **{
            f"age{first}": Count("pk", filter=Q(age__gte=first, age__lt=last))
            for first, last, _ in AGES
        },
    )
    total = whole["total"]
    groups = bare.values_list("group__name").annotate(n=Count("pk")).order_by("-n", "group__name")
    units = (
        bare.values_list("unit__kind", "unit__name")
        .annotate(n=Count("pk"))
        .order_by("-n", "unit__name")
    )
    return PeopleCounts(
        total=total,
        minorities=whole["minorities"],
        women=whole["women"],
        party=whole["party"],
        young=whole["young"],
        by_group=[Share(name, n, total) for name, n in groups],
        by_age=[Share(label, whole[f"age{first}"], total) for first, _, label in AGES],
        by_unit=[
            Share(f"{kind[:1].upper()}{kind[1:]} {name}", n, total) for kind, name, n in units
        ],
    )


# which measure a list answers, and of whom
MEASURES = {"C01": "deputies", "C02": "deputies", "V03": "prestigious"}
OF_MINORITIES = {"C02"}


def listed_in(
    unit: AdministrativeUnit, day: datetime.date
) -> tuple[PersonQuerySet, PersonQuerySet]:
    """Deputies in office and prestigious persons recognised on `day`, of `unit` and all below."""
    return (
        CouncilDeputy.objects.on(day).within(unit),
        PrestigiousPerson.objects.on(day).within(unit),
    )


def counted(people: PersonQuerySet, *fields: str) -> dict[tuple[str, ...], int]:
    """How many of each combination of `fields`; one query."""
    rows = people.order_by().values_list(*fields).annotate(n=Count("pk"))
    return {tuple(key): n for *key, n in rows}


@dataclass(frozen=True)
class ListedCounts:
    """What the two lists say of an area on a day; no name in it."""

    day: datetime.date
    deputies: int
    deputies_by_level: dict[str, int]
    women: int
    minorities: int
    prestigious: int
    recognised: int
    removed: int
    reviewed: int


def listed_counts(unit: AdministrativeUnit, day: datetime.date) -> ListedCounts:
    """Counts derived from the lists as of `day`; recognised, removed, reviewed in its year."""
    deputies, _ = listed_in(unit, day)
    told = counted(deputies, "unit__level", "sex", "group__counts_as_minority")
    by_level: dict[str, int] = defaultdict(int)
    for (level, _, _), n in told.items():
        by_level[level] += n
    first = day.replace(month=1, day=1)
    there = Q(recognised_date__lte=day) & (Q(removed_date=None) | Q(removed_date__gt=day))
    reviewed = PrestigiousReview.objects.filter(year=day.year).values("person")
    year = PrestigiousPerson.objects.within(unit).aggregate(
        there=Count("pk", filter=there),
        reviewed=Count("pk", filter=there & Q(pk__in=reviewed)),
        recognised=Count("pk", filter=Q(recognised_date__range=(first, day))),
        removed=Count("pk", filter=Q(removed_date__range=(first, day))),
    )
    return ListedCounts(
        day=day,
        deputies=sum(told.values()),
        deputies_by_level=dict(by_level),
        women=sum(n for (_, sex, _), n in told.items() if sex == "female"),
        minorities=sum(n for (_, _, minority), n in told.items() if minority),
        prestigious=year["there"],
        recognised=year["recognised"],
        removed=year["removed"],
        reviewed=year["reviewed"],
    )


def for_columns(layout: Layout, unit: AdministrativeUnit, day: datetime.date) -> Listed:
    """By unit's code and column's key what the lists count, for the columns that they answer.

    A unit of which a list knows nobody is left out: a list that is not filled yet is no 0.
    """
    found: Listed = {}
    for which in {MEASURES[one.measure] for one in layout.entered if one.measure in MEASURES}:
        deputies, prestigious = listed_in(unit, day)
        people = deputies.filter(unit__level=Level.COMMUNE) if which == "deputies" else prestigious
        told = counted(people, "unit__code", "sex", "group__counts_as_minority")
        columns = [one for one in layout.entered if MEASURES.get(one.measure) == which]
        for code in {code for code, _, _ in told}:
            for column in columns:
                found[code, column.key] = sum(
                    n
                    for (at, sex, minority), n in told.items()
                    if at == code
                    and column.sex in (None, "", sex)
                    and (minority or column.measure not in OF_MINORITIES)
                )
    return found
