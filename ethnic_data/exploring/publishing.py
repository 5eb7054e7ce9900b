"""A table as one person may see it.

Whoever may not see counts of a few persons sees what would be published. What is hidden does not
depend on the table that is looked at: for an indicator and a period it is decided once, over all
units of the province, groups, sexes and categories together. So two tables of the same person
show the same numbers, and nothing is gained by laying one beside the other.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from ethnic_data.aggregation.crosstab import Area, Figure
from ethnic_data.aggregation.disclosure import hides_rate
from ethnic_data.aggregation.observed import MINORITIES
from ethnic_data.models import Aggregation, Indicator
from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit, Level, UnitShare

from .hiding import Name, hidden_of, of_persons, units_on
from .selection import Selection
from .table import Table

if TYPE_CHECKING:
    from portal.accounts.models import User

EXACT = "ethnic_data.exact"
Part = tuple[Indicator, str, str]  # with its own sex and category


def as_asked_by(user: User, chosen: Selection) -> Selection:
    """For those who see published figures only: today's, in the units that reported."""
    if user.has_perm(EXACT) or (chosen.on is None and chosen.units_on is None):
        return chosen
    told = "Chỉ xem được số liệu hiện nay theo địa giới lúc báo cáo."
    return replace(chosen, on=None, units_on=None, problems=[*chosen.problems, told])


def as_seen_by(user: User, table: Table) -> Table:
    """Exact for those whose role may see small cells; for others these are hidden.

    Raises:
        TooLarge
    """
    if user.has_perm(EXACT):
        _ = table.crosstab
        return table
    return as_published(table)


def as_published(table: Table) -> Table:
    """As anybody may see it, whoever asks: what leaves the portal, in a report for example.

    Raises:
        TooLarge
    """
    found = table.crosstab
    published = Published(table.chosen.units_on)
    asked = table.ask()
    published.look_up(asked.measures, asked.periods)
    table.hidden = frozenset(
        table.key(row, column)
        for row, column in product(table.rows, table.columns)
        if published.hides(table.fixes(row, column), found[table.key(row, column)])
    )
    table.leads_on = False
    return table


class Published:
    """What is hidden of each indicator and period, looked up once for a table.

    units_on: the day in whose units the table is given. What is hidden stays decided in the units
    that reported; a unit of another day is shown where each commune behind it is, or where it is
    the same communes as a district or the province of its time.
    """

    def __init__(self, units_on: datetime.date | None = None) -> None:
        self._units_on = units_on
        self._behind: dict[tuple[int, int], list[str]] = {}
        self._wholes: dict[int, dict[frozenset[str], str]] = {}
        self._hidden: dict[tuple[int, int], frozenset[Name]] = {}
        self._codes: dict[int, str] = {}

    def hides(self, fixes: dict[str, Any], figure: Figure) -> bool:
        """Whether the figure, or what it was computed from, is not published."""
        measure: Indicator = fixes["measure"]
        parts = list(_parts(measure))
        if any(self._hides_part(part, fixes) for part in parts):
            return True
        if measure.aggregation in (Aggregation.RATIO, Aggregation.MEAN):
            tells_of_persons = any(of_persons(part) for part, _, _ in parts)
            return tells_of_persons and hides_rate(
                figure.numerator if measure.is_ratio else None, figure.denominator
            )
        return False

    def _hides_part(self, part: Part, fixes: dict[str, Any]) -> bool:
        indicator, own_sex, own_category = part
        if not of_persons(indicator):
            return False
        hidden = self.hidden(indicator, fixes["period"])
        sex, category = own_sex or fixes["sex"], own_category or fixes["category"]
        groups = fixes["group"].key.split("+")
        if fixes["measure"].aggregation == Aggregation.DISTINCT_COUNT:
            units = set(self._units(fixes["area"], fixes["period"]))
            return any(name[0] in units for name in hidden)
        if part[0].pk in {fixes["measure"].all_groups_id} and groups == [""]:
            groups = [MINORITIES]
        return any(
            (unit, group, sex, category) in hidden
            for unit in self._units(fixes["area"], fixes["period"])
            for group in groups
        )

    def _units(self, area: Area, period: ReportingPeriod) -> Iterator[str]:
        """The unit, or the communes of a set: a set is shown only where each of them is."""
        if area.unit is not None and self._units_on is not None:
            yield from self._reported(area.unit, period, self._units_on)
        elif area.unit is not None:
            yield area.code
        for pk in area.members.get(period.pk, ()):
            if pk not in self._codes:
                self._codes |= dict(AdministrativeUnit.objects.values_list("pk", "code"))
            yield self._codes[pk]

    def _reported(self, unit: int, period: ReportingPeriod, day: datetime.date) -> list[str]:
        """The units that reported what is told of `unit`, a unit of another day."""
        if (unit, period.pk) not in self._behind:
            sources = UnitShare.objects.on(day).filter(
                target=unit, unit__level=Level.COMMUNE, unit__valid__contains=period.end
            )
            codes = frozenset(sources.values_list("unit__code", flat=True))
            whole = self._same_communes(period).get(codes)
            self._behind[unit, period.pk] = [whole] if whole else sorted(codes)
        return self._behind[unit, period.pk]

    def _same_communes(self, period: ReportingPeriod) -> dict[frozenset[str], str]:
        """Districts and province of the period by their communes; of equals the largest."""
        if period.pk not in self._wholes:
            parents = units_on(period)[0].parents
            inner = set(parents.values())
            below: dict[str, set[str]] = defaultdict(set)
            for code in parents:
                above = parents[code] if code not in inner else None
                while above is not None:
                    below[above].add(code)
                    above = parents[above]
            self._wholes[period.pk] = {
                frozenset(codes): name
                for name, codes in sorted(below.items(), key=lambda one: len(one[1]))
            }
        return self._wholes[period.pk]

    def hidden(self, indicator: Indicator, period: ReportingPeriod) -> frozenset[Name]:
        """Of one indicator and period."""
        at = (indicator.pk, period.pk)
        if at not in self._hidden:
            self._hidden |= hidden_of([(indicator, period)])
        return self._hidden[at]

    def look_up(self, measures: Iterable[Indicator], periods: Iterable[ReportingPeriod]) -> None:
        """Everything that tables of these need to know, at once."""
        counts = {part.pk: part for one in measures for part, _, _ in _parts(one)}
        persons = [part for part in counts.values() if of_persons(part)]
        if persons:
            self._hidden |= hidden_of(product(persons, list(periods)))


def _parts(measure: Indicator) -> Iterator[Part]:
    """The counts that a figure gives away."""
    if measure.numerator is not None and measure.denominator is not None:
        yield measure.numerator, measure.numerator_sex, measure.numerator_category_id or ""
        yield measure.denominator, measure.denominator_sex, measure.denominator_category_id or ""
        return
    yield measure, "", ""
    for other in (measure.weight, measure.counted, measure.all_groups):
        if other is not None:
            yield other, "", ""
