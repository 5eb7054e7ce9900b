"""The same sums and values as `reading` gives, for submissions whose values may just be added up.

One pass over the index; see `shapes` for when this may be done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db import connection

from ethnic_data.aggregation.observed import Observed
from portal.units.models import Level

from .asking import Needs, Way
from .reading import COVERED, LEVELS, OTHER, OWN, Sum, Sums, Table
from .shapes import Told
from .sources import Sources
from .standing import NO_UNIT, Standing

# {by}: the unit, where areas cut through submissions; {parts}: group and sex, where asked for
FIRST = """
WITH first AS MATERIALIZED (
    SELECT indicator_id, submission_id, kind{by}, {parts}, sum(value) AS value
    FROM ethnic_data_observation
    WHERE indicator_id = ANY (%(indicators)s) AND submission_id = ANY (%(submissions)s){within}
    GROUP BY indicator_id, submission_id, kind{by}{grouped}
)
"""
AREAS = """
, approved AS (
    SELECT * FROM unnest(%(submissions)s::bigint[], %(periods)s::bigint[], %(datasets)s::bigint[])
        AS s (id, period, dataset)
), place AS (
    SELECT * FROM unnest(%(place_area)s::int[], %(place_key)s::bigint[], %(place_period)s::bigint[],
        %(place_level)s::int[]) AS p (area, key, period, level)
)
SELECT indicator_id, s.period, place.area, place.level, s.dataset, kind, group_id, sex, sum(value)
FROM first
JOIN approved s ON s.id = submission_id
JOIN place ON place.key = {key} AND place.period = s.period
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""
UNITS = """
SELECT indicator_id, submission_id, kind, unit_id, group_id, sex, value FROM first
"""
PlainlyTold = dict[int, list[Told]]
Where = tuple[int, int]  # an area's number, a level


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
        self.sets_with: dict[int, set[int]] = defaultdict(set)
        for number, groups in self.groups_of.items():
            for group in groups:
                self.sets_with[group].add(number)

    def _parts(self) -> tuple[str, str]:
        """The columns that the ways tell apart, as selected and as grouped."""
        every = [pair for ways in self.ways.values() for pair in ways]
        with_groups = any(at is not None for (_, at), _ in every)
        with_sexes = any(sex for _, sex in every)
        selected = [
            "group_id" if with_groups else "NULL::bigint AS group_id",
            "sex" if with_sexes else "'' AS sex",
        ]
        grouped = (", group_id" if with_groups else "") + (", sex" if with_sexes else "")
        return ", ".join(selected), grouped

    def _read(self, statement: str, *, by_unit: bool, **more: Any) -> list[tuple[Any, ...]]:
        parts, grouped = self._parts()
        sql = FIRST.format(
            by=", unit_id" if by_unit else "",
            parts=parts,
            grouped=grouped,
            within=" AND unit_id = ANY (%(units)s)" if by_unit else "",
        )
        asked = {
            "indicators": list(self.ways),
            "submissions": list(self.sources),
            "periods": [one.period for one in self.sources.values()],
            "datasets": [one.dataset for one in self.sources.values()],
            "units": list(self.standing.units),
        }
        with connection.cursor() as cursor:
            cursor.execute(sql + statement, asked | more)
            return cursor.fetchall()

    def _meant(self, indicator: int, group: int | None, sex: str) -> Iterator[Way]:
        """The ways that a value of this group and sex is a part of."""
        for way, own_sex in self.ways[indicator]:
            if own_sex in ("", sex) and (way[1] is None or way[1] in self.sets_with[group or 0]):
                yield way

    def at_units(self) -> Table:
        """As `reading.at_units`."""
        values: dict[tuple[Way, int, str, int], Decimal] = defaultdict(Decimal)
        for indicator, submission, kind, unit, group, sex, value in self._read(UNITS, by_unit=True):
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
        whole = self._whole(where)
        if whole is None:
            places = [(area, unit, period, level) for (unit, period), found in where.items()
                      for area, level in found]  # fmt: skip
        else:
            places = [(area, submission, self.sources[submission].period, level)
                      for submission, found in whole.items() for area, level in found]  # fmt: skip
        columns = [list(column) for column in zip(*places, strict=True)] or [[], [], [], []]
        names = ("place_area", "place_key", "place_period", "place_level")
        key = "unit_id" if whole is None else "submission_id"
        totals: dict[tuple[Way, int, int], dict[tuple[int, str, int], Decimal]] = defaultdict(
            lambda: defaultdict(Decimal)
        )
        for indicator, period, area, level, dataset, kind, group, sex, value in self._read(
            AREAS.format(key=key), by_unit=whole is None, **dict(zip(names, columns, strict=True))
        ):
            for way in self._meant(indicator, group, sex):
                totals[way, period, area][dataset, kind, level] += value
        return self._summed(totals, where)

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

    def _whole(self, where: dict[tuple[int, int], list[Where]]) -> dict[int, list[Where]] | None:
        """The areas of each submission, where all its units tell of the same areas; else None."""
        found: dict[int, list[Where]] = {}
        for one in (one for told in self.told.values() for one in told):
            source = self.sources.get(one.submission)
            if source is None:
                continue
            here = where.get((one.unit, source.period), [])
            if found.setdefault(one.submission, here) != here:
                return None
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
