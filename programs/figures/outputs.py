"""What works gave, summed upward: outputs, people by group and sex, households of the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, Sum

from ethnic_data.models import EthnicGroup
from programs.models import (
    Beneficiaries,
    Component,
    Output,
    OutputKind,
    Programme,
    SupportedHousehold,
)
from programs.models.works import WorksQuerySet


def kinds_by_component() -> dict[int, list[OutputKind]]:
    """The kinds of output that works of each component may give: its own, its contents' if it is
    told no finer, and those of what it belongs to. Two queries."""
    above = dict(Component.objects.values_list("pk", "parent"))
    by_component: dict[int, list[OutputKind]] = defaultdict(list)
    for kind in OutputKind.objects.filter(is_active=True):
        by_component[kind.component_id].append(kind)
    found = {}
    for pk in above:
        line, up = [pk], above[pk]
        while up is not None:
            line.append(up)
            up = above[up]
        below = [one for one in above if _hangs_below(one, pk, above)]
        found[pk] = [kind for one in [*line, *below] for kind in by_component.get(one, ())]
    return found


def _hangs_below(one: int, top: int, above: dict[int, int | None]) -> bool:
    up = above[one]
    while up is not None:
        if up == top:
            return True
        up = above[up]
    return False


def registered_households(works: Collection[str], year: int) -> dict[str, int]:
    """Households of the register by works code."""
    found = SupportedHousehold.objects.filter(works__code__in=works, year=year)
    return dict(found.order_by().values_list("works__code").annotate(n=Count("pk")))


@dataclass(frozen=True)
class KindSum:
    """One kind of output in a year, over the works that gave it."""

    kind: OutputKind
    planned: Decimal | None
    actual: Decimal | None
    works: int

    @property
    def rate(self) -> Decimal | None:
        if not self.planned or self.actual is None:
            return None
        return self.actual / self.planned * 100


@dataclass(frozen=True)
class HouseholdCheck:
    """Households told as outputs of one component beside those of the register."""

    component: Component
    told: Decimal
    registered: int

    @property
    def difference(self) -> Decimal:
        return self.told - self.registered


@dataclass
class Section:
    """The outputs of one project; `checks` where the register says otherwise."""

    project: Component
    kinds: list[KindSum] = field(default_factory=list)
    checks: list[HouseholdCheck] = field(default_factory=list)


def summed(
    programme: Programme,
    year: int,
    works: WorksQuerySet,
    *,
    components: Mapping[int, Component] | None = None,
) -> list[Section]:
    """Outputs of `works` of `programme` in `year`, by project and kind, in order. Four queries;
    `components` are those of the programme, when the caller has them."""
    if components is None:
        components = {one.pk: one for one in programme.components.order_by()}
    given = Output.objects.filter(year=year, works__component__in=components)
    counted = (
        (given if works.is_whole else given.filter(works__in=works))
        .order_by()
        .values_list("kind")
        .annotate(Sum("planned"), Sum("actual"), Count("pk"))
    )
    sums = {kind: told for kind, *told in counted}
    sections: dict[int, Section] = {}
    for kind in OutputKind.objects.filter(component__programme=programme):
        planned, actual, count = sums.get(kind.pk, [None, None, 0])
        if count or kind.is_active:
            top = top_of(components, kind.component_id)
            section = sections.setdefault(top.pk, Section(top))
            section.kinds.append(KindSum(kind, planned, actual, count))
    for check in _checks(components, year, works, sections):
        sections[top_of(components, check.component.pk).pk].checks.append(check)
    return sorted(sections.values(), key=lambda section: section.project.number)


def top_of(components: Mapping[int, Component], pk: int) -> Component:
    """The project that a component of the programme belongs to."""
    found = components[pk]
    while found.parent_id is not None:
        found = components[found.parent_id]
    return found


def _checks(
    components: Mapping[int, Component],
    year: int,
    works: WorksQuerySet,
    sections: Mapping[int, Section],
) -> Iterator[HouseholdCheck]:
    told: dict[int, Decimal] = {}
    for section in sections.values():
        for one in section.kinds:
            if one.kind.counted == OutputKind.Counted.HOUSEHOLDS:
                told[one.kind.component_id] = told.get(one.kind.component_id, Decimal(0)) + (
                    one.actual or 0
                )
    registered = dict.fromkeys(told, 0)
    counted = SupportedHousehold.objects.filter(year=year, component__in=components)
    if not works.is_whole:
        counted = counted.filter(Q(works=None) | Q(works__in=works))
    for pk, count in counted.order_by().values_list("component").annotate(n=Count("pk")):
        up: int | None = pk
        while up is not None and up not in registered:
            up = components[up].parent_id
        if up is not None:
            registered[up] += count
    for pk, number in registered.items():
        if number and told[pk] != number:
            yield HouseholdCheck(components[pk], told[pk], number)


@dataclass(frozen=True)
class GroupSum:
    """People of one group who benefited."""

    group: EthnicGroup
    male: int
    female: int

    @property
    def people(self) -> int:
        return self.male + self.female


def people_by_group(programme: Programme, year: int, works: WorksQuerySet) -> list[GroupSum]:
    """Who benefited from `works` in `year`, the largest group first. Two queries."""
    counted = (
        Beneficiaries.objects.filter(
            year=year, works__in=works, works__component__programme=programme
        )
        .order_by()
        .values_list("group")
        .annotate(male=Sum("male"), female=Sum("female"))
    )
    sums = {group: (male, female) for group, male, female in counted}
    found = [GroupSum(group, *sums[group.pk]) for group in EthnicGroup.objects.filter(pk__in=sums)]
    return sorted(found, key=lambda one: -one.people)


def years_of(programme: Programme, today: int) -> list[int]:
    """The programme's years up to this one, the latest first."""
    first = programme.valid.lower.year
    end = programme.valid.upper
    last = min(today, end.year - 1) if end else today
    return list(range(max(first, last), first - 1, -1))
