"""The same sums and values as `reading` gives, for submissions whose values may just be added up.

One pass over the index; see `shapes` for when this may be done.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db import connection

from ethnic_data.aggregation.observed import Observed
from portal.units.models import Level

from .asking import Needs, Way
from .reading import COVERED, LEVELS, OTHER, OWN, Sum, Sums, Table
from .shapes import A_WEEK, Told
from .sources import Sources
from .standing import NO_UNIT, Standing

# {parts}: group and sex, where asked for
UNITS = """
SELECT indicator_id, submission_id, kind, unit_id, {parts}, sum(value)
FROM ethnic_data_observation
WHERE indicator_id = ANY (%(indicators)s) AND submission_id = ANY (%(submissions)s)
  AND unit_id = ANY (%(units)s)
GROUP BY indicator_id, submission_id, kind, unit_id{grouped}
"""
# {number}: which areas the units tell of, the same for many of them: one sum for all of these
AREAS = """
SELECT indicator_id, submission_id, kind, {number}, {parts}, sum(value)
FROM ethnic_data_observation{places}
WHERE indicator_id = ANY (%(indicators)s) AND submission_id = ANY (%(submissions)s)
GROUP BY indicator_id, submission_id, kind{by}{grouped}
"""
OF_UNITS = {
    "number": "place.number",
    "places": """
JOIN unnest(%(place_unit)s::bigint[], %(place_number)s::int[]) AS place (unit, number)
    ON place.unit = unit_id""",
    "by": ", place.number",
}
OF_SUBMISSIONS = {"number": "0", "places": "", "by": ""}
MOST_KEPT = 20_000  # rows
PlainlyTold = dict[int, list[Told]]
Where = tuple[int, int]  # an area's number, a level
Places = tuple[tuple[Where, ...], ...]  # of one unit, in each period


class Reader:
    """Reads the ways of one table from plain submissions."""

    def __init__(
        self,
        needs: Needs,
        ways: Iterable[Way],
        sources: Sources,
        standing: Standing,
        told: PlainlyTold,
    ) -> None:
        self.sources = {one.submission: one for one in sources.rows}
        self.standing = standing
        self.told = told
        self.groups_of = {number: set(groups) for groups, number in needs.sets.items()}
        self.ways: dict[int, list[tuple[Way, str]]] = defaultdict(list)
        what = {number: operand for operand, number in needs.operands.items()}
        for way in ways:
            indicator, sex, category = what[way[0]]
            if not category:  # nothing plain has a category
                self.ways[indicator].append((way, sex))
        self.meant: dict[tuple[int, int | None, str], list[Way]] = {}
        self.sets_with: dict[int, set[int]] = defaultdict(set)
        for number, groups in self.groups_of.items():
            for group in groups:
                self.sets_with[group].add(number)

    def _parts(self) -> dict[str, str]:
        """The columns that the ways tell apart, as selected and as grouped."""
        every = [pair for ways in self.ways.values() for pair in ways]
        with_groups = any(at is not None for (_, at), _ in every)
        with_sexes = any(sex for _, sex in every)
        selected = [
            "group_id" if with_groups else "NULL::bigint AS group_id",
            "sex" if with_sexes else "'' AS sex",
        ]
        grouped = (", group_id" if with_groups else "") + (", sex" if with_sexes else "")
        return {"parts": ", ".join(selected), "grouped": grouped}

    def _read(self, statement: str, **more: Any) -> list[tuple[Any, ...]]:
        """The rows of a statement; kept, since what approved submissions hold never changes."""
        asked = {
            "indicators": list(self.ways),
            "submissions": list(self.sources),
            "units": sorted(self.standing.units),
        } | more
        approved = [one.approved_at.isoformat() for one in self.sources.values()]
        told = repr((statement, sorted(asked.items()), approved))
        key = f"crosstab-rows-{hashlib.sha256(told.encode()).hexdigest()}"
        rows: list[tuple[Any, ...]] | None = cache.get(key)
        if rows is None:
            with connection.cursor() as cursor:
                cursor.execute(statement, asked)
                rows = cursor.fetchall()
            if len(rows) <= MOST_KEPT:
                cache.set(key, rows, A_WEEK)
        return rows

    def _meant(self, indicator: int, group: int | None, sex: str) -> list[Way]:
        """The ways that a value of this group and sex is a part of; many rows ask the same."""
        found = self.meant.get((indicator, group, sex))
        if found is None:
            sets = self.sets_with[group or 0]
            found = self.meant[indicator, group, sex] = [
                way
                for way, own_sex in self.ways[indicator]
                if own_sex in ("", sex) and (way[1] is None or way[1] in sets)
            ]
        return found

    def at_units(self) -> Table:
        """As `reading.at_units`."""
        values: dict[tuple[Way, int, str, int], Decimal] = defaultdict(Decimal)
        for indicator, submission, kind, unit, group, sex, value in self._read(
            UNITS.format(**self._parts())
        ):
            for way in self._meant(indicator, group, sex):
                values[way, submission, kind, unit] += value
        found: Table = defaultdict(list)
        units = self.standing.units
        for indicator, ways in self.ways.items():
            for one in sorted(self.told[indicator], key=lambda one: self._order(one)):
                if one.unit not in units or one.submission not in self.sources:
                    continue
                source = self.sources[one.submission]
                for way, sex in ways:
                    if sex in one.sexes and (way[1] is None or one.by_group):
                        value = values.get((way, one.submission, one.kind, one.unit), Decimal(0))
                        found[way[0], way[1], source.period].append(
                            Observed(
                                way[0], source.dataset, one.kind, one.unit, None,
                                one.submission, value, "", False, 1,
                            )
                        )  # fmt: skip
        return found

    def _order(self, one: Told) -> tuple[int, str, int]:
        source = self.sources.get(one.submission)
        return (source.dataset if source else 0, one.kind, one.unit)

    def over_areas(self, areas: list[str]) -> Sums:
        """As `reading.over_areas`."""
        where = self._where(areas)
        periods = {period: n for n, period in enumerate({period for _, period in where})}
        numbers, kept = self._alike(where, list(periods))
        whole = self._whole(numbers)
        totals: dict[tuple[Way, int, int], dict[tuple[int, str, int], Decimal]] = defaultdict(
            lambda: defaultdict(Decimal)
        )
        for indicator, submission, kind, told, group, sex, value in self._read(
            AREAS.format(**self._parts(), **(OF_UNITS if whole is None else OF_SUBMISSIONS)),
            place_unit=list(numbers),
            place_number=list(numbers.values()),
        ):
            source = self.sources[submission]
            number = told if whole is None else whole.get(submission)
            if number is None:
                continue
            for area, level in kept[number][periods[source.period]]:
                for way in self._meant(indicator, group, sex):
                    totals[way, source.period, area][source.dataset, kind, level] += value
        return self._summed(totals, where)

    def _alike(
        self, where: dict[tuple[int, int], list[Where]], periods: list[int]
    ) -> tuple[dict[int, int], list[Places]]:
        """Units by number: those of one number tell of the same areas in every period."""
        found: dict[Places, int] = {}
        numbers = {}
        for unit in sorted({unit for unit, _ in where}):
            places = tuple(tuple(where.get((unit, period), ())) for period in periods)
            numbers[unit] = found.setdefault(places, len(found))
        return numbers, list(found)

    def _whole(self, numbers: dict[int, int]) -> dict[int, int | None] | None:
        """The number of all units that a submission tells of; None where one has several."""
        found: dict[int, int | None] = {}
        for one in (one for told in self.told.values() for one in told):
            here = numbers.get(one.unit)
            if one.submission in self.sources and found.setdefault(one.submission, here) != here:
                return None
        return found

    def _where(self, areas: list[str]) -> dict[tuple[int, int], list[Where]]:
        """For each unit and period the areas that it tells of, and as what."""
        numbers = {key: n for n, key in enumerate(areas)}
        found: dict[tuple[int, int], list[Where]] = defaultdict(list)
        for (key, period), place in self.standing.places.items():
            if place.own != NO_UNIT:
                found[place.own, period].append((numbers[key], OWN))
            for unit, level in place.levels.items():
                found[unit, period].append((numbers[key], LEVELS.get(Level(level), OTHER)))
        return found

    def _summed(
        self,
        totals: dict[tuple[Way, int, int], dict[tuple[int, str, int], Decimal]],
        where: dict[tuple[int, int], list[Where]],
    ) -> Sums:
        """With how many units gave each sum; sets of groups count by who told of groups."""
        given: dict[tuple[int, str, bool, int, int], dict[tuple[int, str, int], int]]
        given = defaultdict(lambda: defaultdict(int))
        for indicator, told in self.told.items():
            for one in told:
                source = self.sources.get(one.submission)
                if source is None:
                    continue
                for area, level in where.get((one.unit, source.period), ()):
                    for sex in one.sexes:
                        for grouped in (False, True) if one.by_group else (False,):
                            counted = given[indicator, sex, grouped, source.period, area]
                            counted[source.dataset, one.kind, level] += 1
        found: Sums = defaultdict(list)
        for (indicator, sex, grouped, period, area), counts in given.items():
            for way, own_sex in self.ways.get(indicator, ()):
                if own_sex != sex or (way[1] is not None) != grouped:
                    continue
                sums = totals.get((way, period, area), {})
                for (dataset, kind, level), n in counts.items():
                    total = sums.get((dataset, kind, level), Decimal(0))
                    found[way[0], way[1], period, area].append(
                        Sum(dataset, kind, level, n, n, total, False, None, None)
                    )
        for (operand, groups, period, area), sums_of in list(found.items()):
            if groups is not None:
                found[operand, COVERED, period, area] = sums_of
        return found
