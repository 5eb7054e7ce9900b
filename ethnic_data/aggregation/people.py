"""Counts of lists of people: always derived from the lists, for any day and area."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, F, Q, Value

from ethnic_data.models.people import PersonQuerySet
from portal import formats

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
