"""What is hidden of an indicator and a period, whatever table is looked at.

It is decided over all units of the province, groups, sexes and categories together, with every
total (ADR 0040), and kept until other submissions stand or units change.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models.functions import Now

from ethnic_data.aggregation.crosstab import Area, Ask, GroupSet, crosstab
from ethnic_data.aggregation.crosstab.sources import telling
from ethnic_data.aggregation.crosstab.standing import Standing, standing
from ethnic_data.aggregation.observed import MINORITIES
from ethnic_data.aggregation.questions import group_ids
from ethnic_data.aggregation.suppression import Axis, suppressed
from ethnic_data.models import Aggregation, EthnicGroup, HiddenCounts, Indicator, Observation
from portal.collection.models import ReportingPeriod
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit, Level, UnitParent

METHOD = 2  # of finding out: what another one found is not taken
OF_PERSONS = ("người", "hộ", "cặp")  # units of measure of counts that may point to somebody
Name = tuple[str, str, str, str]  # unit, group, sex, category
Pair = tuple[int, int]  # keys of an indicator and a period
Values = dict[Name, Decimal | None]


def of_persons(indicator: Indicator) -> bool:
    return indicator.aggregation == Aggregation.SUM and indicator.unit_of_measure in OF_PERSONS


def hidden_of(
    asked: Iterable[tuple[Indicator, ReportingPeriod]],
) -> dict[Pair, frozenset[Name]]:
    """The hidden names of each indicator and period; three queries where all are kept."""
    pairs = {(indicator.pk, period.pk): (indicator, period) for indicator, period in asked}
    grounds = _grounds(pairs)
    found = _kept(grounds)
    missing: dict[ReportingPeriod, list[Indicator]] = defaultdict(list)
    for pair, (indicator, period) in pairs.items():
        if pair not in found:
            missing[period].append(indicator)
    for period, indicators in missing.items():
        of_period = _Search(period).hidden(indicators)
        fresh = {(indicator, period.pk): names for indicator, names in of_period.items()}
        _keep(fresh, grounds)
        found |= fresh
    return found


def _kept(grounds: dict[Pair, str]) -> dict[Pair, frozenset[Name]]:
    rows = HiddenCounts.objects.filter(
        indicator__in={indicator for indicator, _ in grounds},
        period__in={period for _, period in grounds},
        decided_from__in=grounds.values(),
    )
    return {
        (indicator, period): frozenset(map(tuple, names))
        for indicator, period, decided_from, names in rows.values_list(
            "indicator", "period", "decided_from", "names"
        )
        if grounds.get((indicator, period)) == decided_from
    }


def _keep(found: dict[Pair, frozenset[Name]], grounds: dict[Pair, str]) -> None:
    HiddenCounts.objects.bulk_create(
        [
            HiddenCounts(
                indicator_id=pair[0],
                period_id=pair[1],
                decided_from=grounds[pair],
                names=sorted(names),
                decided_at=Now(),
            )
            for pair, names in found.items()
        ],
        update_conflicts=True,
        unique_fields=["indicator", "period"],
        update_fields=["decided_from", "names", "decided_at"],
    )


def _grounds(pairs: dict[Pair, tuple[Indicator, ReportingPeriod]]) -> dict[Pair, str]:
    """What is hidden goes by the submissions that stand, which never change, and by the units."""
    told = telling(
        {period.pk for _, period in pairs.values()},
        {pk for indicator, _ in pairs.values() for pk in operands(indicator)},
    )
    units = crosswalk.version() if pairs else ""
    found = {}
    for pair, (indicator, period) in pairs.items():
        sources = {one for pk in operands(indicator) for one in told.get((pk, period.pk), ())}
        text = repr((METHOD, pair, sorted(sources), units))
        found[pair] = hashlib.sha256(text.encode()).hexdigest()
    return found


def operands(indicator: Indicator) -> list[int]:
    """Of whose values the count is made: its own, or the minorities' part of a whole."""
    return [pk for pk in (indicator.pk, indicator.all_groups_id) if pk is not None]


@dataclass(frozen=True)
class Told:
    """By what the values of an indicator are told apart in a period."""

    groups: set[int] = field(default_factory=set)
    sexes: set[str] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    @property
    def shape(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Sexes, categories and kinds that have to be asked for; "" is all of them together."""
        several = self.kinds if len(self.kinds) > 1 else ()
        parts = (self.sexes, self.categories, several)
        sexes, categories, kinds = (("", *sorted({*part} - {""})) for part in parts)
        return sexes, categories, kinds


class _Search:
    """Every name under which indicators can be asked for in one period, and which are hidden.

    Kinds of figures are looked at one by one; what is hidden of one is hidden of all.
    """

    def __init__(self, period: ReportingPeriod) -> None:
        self.period = period
        self.units, self.areas = units_on(period)
        self.where: Standing = standing(self.areas, [period])

    def hidden(self, asked: Iterable[Indicator]) -> dict[int, frozenset[Name]]:
        indicators = list(Indicator.objects.with_parts().filter(pk__in=[one.pk for one in asked]))
        told = self._told(indicators)
        alike: dict[tuple[tuple[str, ...], ...], list[Indicator]] = defaultdict(list)
        for one in indicators:
            alike[told[one.pk].shape].append(one)
        found: dict[int, frozenset[Name]] = {}
        for (sexes, categories, kinds), measures in alike.items():
            keys = set().union(*(told[one.pk].groups for one in measures))
            groups, sets = _groups(keys)
            values = self._values(measures, sets, sexes, categories, kinds)
            axes = [
                self.units, groups,
                Axis({"": None} | dict.fromkeys(sexes[1:], "")),
                Axis({"": None} | dict.fromkeys(categories[1:], "")),
            ]  # fmt: skip
            for one in measures:
                found[one.pk] = _hidden([values[one.code, kind] for kind in kinds], axes)
        return found

    def _told(self, indicators: list[Indicator]) -> dict[int, Told]:
        rows = (
            Observation.objects.approved()
            .filter(
                indicator__in={pk for one in indicators for pk in operands(one)},
                submission__period=self.period,
            )
            .order_by()
            .values_list("indicator", "group", "sex", "category", "kind")
            .distinct()
        )
        found = {one.pk: Told() for one in indicators}
        for indicator, group, sex, category, kind in rows:
            for one in indicators:
                if indicator in operands(one):
                    told = found[one.pk]
                    told.groups.update({group} - {None})
                    told.sexes.add(sex)
                    told.categories.add(category)
                    told.kinds.add(kind)
        return found

    def _values(
        self,
        measures: list[Indicator],
        groups: list[GroupSet],
        sexes: Iterable[str],
        categories: Iterable[str],
        kinds: Iterable[str],
    ) -> dict[tuple[str, str], Values]:
        """The counts by indicator and kind."""
        ask = Ask(
            measures=measures, areas=self.areas, periods=[self.period], groups=groups,
            sexes=list(sexes), categories=list(categories), kinds=list(kinds),
        )  # fmt: skip
        found: dict[tuple[str, str], Values] = defaultdict(dict)
        for key, figure in crosstab(ask, self.where).figures.items():
            if figure.value is not None:
                name = (key.area, key.group, key.sex, key.category)
                found[key.measure, key.kind][name] = figure.value
        return found


def _hidden(by_kind: Iterable[Values], axes: list[Axis]) -> frozenset[Name]:
    hidden: set[Name] = set()
    seen: list[Values] = []
    for values in by_kind:
        if values not in seen:
            seen.append(values)
            hidden |= set(suppressed(values, axes))  # type: ignore[arg-type]
    return frozenset(hidden)


def units_on(period: ReportingPeriod) -> tuple[Axis, list[Area]]:
    """The province with its districts and communes on the period's last day."""
    day = period.end
    units = {
        unit.pk: unit
        for unit in AdministrativeUnit.objects.on(day)
        .filter(is_reference=False)
        .exclude(level=Level.NATION)
    }
    above = dict(
        UnitParent.objects.filter(unit__in=units, parent__in=units, valid__contains=day)
        .order_by("pk")
        .values_list("unit", "parent")
    )
    parents = {
        unit.code: units[above[pk]].code if pk in above else None for pk, unit in units.items()
    }
    return Axis(parents), [Area(unit.code, unit.pk) for unit in units.values()]


def _groups(present: set[int]) -> tuple[Axis, list[GroupSet]]:
    """The groups told of, the minorities together, everybody."""
    groups = list(EthnicGroup.objects.filter(pk__in=present).order_by("code"))
    parents: dict[str, str | None] = {"": None, MINORITIES: ""}
    parents |= {one.code: MINORITIES if one.counts_as_minority else "" for one in groups}
    sets = [GroupSet(""), GroupSet(MINORITIES, group_ids(MINORITIES))]
    return Axis(parents), [*sets, *(GroupSet(one.code, (one.pk,)) for one in groups)]
