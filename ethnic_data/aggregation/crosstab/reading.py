"""Read what a cross table needs: one statement for values at units, one for sums over areas.

The rules within one submission are those of `aggregation.observed`: a total that was given stands
above its parts, and a unit that reported groups, but not the one asked for, has 0 of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from ethnic_data.aggregation.observed import Observed
from portal.units.models import Level

from .asking import Needs, Way, as_sql
from .sources import Sources
from .standing import Standing

BASE = """
WITH operand AS MATERIALIZED (
    SELECT * FROM unnest(%(numbers)s::int[], %(indicators)s::bigint[], %(sexes)s::text[],
                         %(categories)s::text[]) AS o (n, indicator_id, sex, category)
), approved AS MATERIALIZED (
    SELECT * FROM unnest(%(submissions)s::bigint[], %(periods)s::bigint[], %(datasets)s::bigint[])
        WITH ORDINALITY AS s (id, period, dataset, rank)
), need AS MATERIALIZED (
    SELECT * FROM unnest(%(need_operand)s::int[], %(need_set)s::int[]) AS need (n, g)
), member AS MATERIALIZED (
    SELECT * FROM unnest(%(member_set)s::int[], %(member_group)s::bigint[]) AS member (g, group_id)
), cell AS (
    SELECT operand.n, s.id AS submission, o.kind, o.unit_id, o.group_id, o.sex, o.category,
           o.value, o.missing
    FROM approved s
    JOIN ethnic_data_observation o ON o.submission_id = s.id
        AND o.indicator_id = ANY (%(indicators)s)
    JOIN operand ON operand.indicator_id = o.indicator_id
        AND operand.sex IN ('', o.sex) AND operand.category IN ('', o.category)
    WHERE o.unit_id = ANY (%(units)s)
), by_sex AS (
    SELECT n, submission, kind, unit_id, group_id, sex,
        coalesce(max(value) FILTER (WHERE category = ''),
                 sum(value) FILTER (WHERE category <> '')) AS value,
        max(missing) AS missing,
        max(value) FILTER (WHERE category = '') IS NULL AND count(value) < count(*) AS partial,
        CASE WHEN max(value) FILTER (WHERE category = '') IS NULL THEN count(*) ELSE 1 END AS count
    FROM cell GROUP BY 1, 2, 3, 4, 5, 6
), by_group AS (
    SELECT by_sex.n, s.period, s.dataset, s.rank, submission, kind, unit_id, group_id,
        coalesce(max(value) FILTER (WHERE sex = ''), sum(value) FILTER (WHERE sex <> '')) AS value,
        max(missing) AS missing,
        CASE WHEN max(value) FILTER (WHERE sex = '') IS NULL
             THEN count(value) < count(*) OR bool_or(partial)
             ELSE bool_or(partial) FILTER (WHERE sex = '') END AS partial,
        coalesce(max(count) FILTER (WHERE sex = '' AND value IS NOT NULL), sum(count)) AS count
    FROM by_sex JOIN approved s ON s.id = submission GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), together AS (
    SELECT DISTINCT ON (n, period, dataset, kind, unit_id)
        n, period, dataset, kind, unit_id, submission,
        coalesce(max(value) FILTER (WHERE group_id IS NULL),
                 sum(value) FILTER (WHERE group_id IS NOT NULL)) AS value,
        max(missing) AS missing,
        CASE WHEN max(value) FILTER (WHERE group_id IS NULL) IS NULL
             THEN count(value) < count(*) OR bool_or(partial)
             ELSE bool_or(partial) FILTER (WHERE group_id IS NULL) END AS partial,
        coalesce(max(count) FILTER (WHERE group_id IS NULL AND value IS NOT NULL), sum(count))
            AS count
    FROM by_group WHERE n = ANY (%(together)s)
    GROUP BY n, period, dataset, kind, unit_id, submission, rank
    ORDER BY n, period, dataset, kind, unit_id, rank DESC
), covered AS (
    SELECT DISTINCT ON (n, period, dataset, kind, unit_id)
        n, period, dataset, kind, unit_id, submission
    FROM by_group WHERE group_id IS NOT NULL AND n IN (SELECT n FROM need)
    ORDER BY n, period, dataset, kind, unit_id, rank DESC
), chosen AS (
    SELECT n, submission, kind, unit_id, g, sum(value) AS value, max(missing) AS missing,
        bool_or(value IS NULL OR partial) AS partial, sum(count) AS count
    FROM by_group JOIN member USING (group_id) JOIN need USING (n, g)
    GROUP BY 1, 2, 3, 4, 5
)
"""
AT_UNITS = """
SELECT n, NULL::int, period, dataset, kind, unit_id, submission, value,
    CASE WHEN value IS NULL THEN coalesce(missing, 'not_collected') ELSE '' END, partial, count
FROM together
UNION ALL
SELECT n, g, period, dataset, kind, unit_id, submission,
    CASE WHEN c.submission IS NULL THEN 0 ELSE c.value END,
    CASE WHEN c.submission IS NOT NULL AND c.value IS NULL
         THEN coalesce(c.missing, 'not_collected') ELSE '' END,
    coalesce(c.partial, false), coalesce(c.count, 0)
FROM covered JOIN need USING (n)
LEFT JOIN chosen c USING (n, submission, kind, unit_id, g)
ORDER BY 1, 2, 3, 4, 5, 6
"""
# sums over areas of what is only added up; level 0 is the area's own unit
OVER_AREAS = """
, place AS MATERIALIZED (
    SELECT * FROM unnest(%(place_area)s::int[], %(place_period)s::bigint[],
        %(place_unit)s::bigint[], %(place_level)s::int[]) AS p (area, period, unit_id, level)
)
SELECT n, NULL::int AS g, period, area, level, dataset, kind,
    count(value), count(*), sum(value), bool_or(partial AND value IS NOT NULL),
    min(coalesce(nullif(missing, ''), 'not_collected')) FILTER (WHERE value IS NULL),
    max(coalesce(nullif(missing, ''), 'not_collected')) FILTER (WHERE value IS NULL)
FROM together JOIN place USING (period, unit_id) GROUP BY 1, 2, 3, 4, 5, 6, 7
UNION ALL
SELECT n, g, period, area, level, s.dataset, kind,
    count(value), count(*), sum(value), bool_or(partial AND value IS NOT NULL),
    min(coalesce(nullif(missing, ''), 'not_collected')) FILTER (WHERE value IS NULL),
    max(coalesce(nullif(missing, ''), 'not_collected')) FILTER (WHERE value IS NULL)
FROM chosen JOIN approved s ON s.id = submission
JOIN place USING (period, unit_id) GROUP BY 1, 2, 3, 4, 5, 6, 7
UNION ALL
SELECT n, -1, period, area, level, dataset, kind, count(*), count(*), 0, false, NULL, NULL
FROM covered JOIN place USING (period, unit_id) GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
LEVELS = {Level.COMMUNE: 1, Level.DISTRICT: 2, Level.PROVINCE: 3}
OWN, OTHER, COVERED = 0, 4, -1


Table = dict[tuple[int, int | None, int], list[Observed]]  # operand, set, period → rows


def at_units(needs: Needs, ways: Iterable[Way], sources: Sources, standing: Standing) -> Table:
    """Every value of the ways at the units of the areas, in one query."""
    found: Table = defaultdict(list)
    for n, g, period, dataset, kind, unit, submission, value, missing, partial, count in _rows(
        AT_UNITS, needs, ways, sources, standing
    ):
        found[n, g, period].append(
            Observed(n, dataset, kind, unit, None, submission, value, missing, partial, count)
        )
    return found


class Sum(NamedTuple):
    """What one dataset gives for one area: `given` of `told` units gave a value."""

    dataset: int
    kind: str
    level: int
    given: int
    told: int
    total: Decimal | None
    partial: bool
    reason: str | None
    other_reason: str | None


Sums = dict[tuple[int, int | None, int, int], list[Sum]]  # operand, set, period, area → sums


def over_areas(
    needs: Needs, ways: Iterable[Way], sources: Sources, standing: Standing, areas: list[str]
) -> Sums:
    """Sums by area, level, dataset and kind, in one query; only where no submissions overlap.

    Rows of the set COVERED count the units that told of groups at all.
    """
    found: Sums = defaultdict(list)
    for n, g, period, area, level, dataset, kind, *rest in _rows(
        OVER_AREAS, needs, ways, sources, standing, **_places(standing, areas)
    ):
        found[n, g, period, area].append(Sum(dataset, kind, level, *rest))
    return found


def _places(standing: Standing, areas: list[str]) -> dict[str, list[int]]:
    numbers = {key: n for n, key in enumerate(areas)}
    rows = [
        (numbers[key], period, unit, LEVELS.get(Level(level), OTHER) if level else OWN)
        for (key, period), place in standing.places.items()
        for unit, level in [(place.own, ""), *place.levels.items()]
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    names = ("place_area", "place_period", "place_unit", "place_level")
    return dict(zip(names, columns, strict=True))


def _rows(
    statement: str,
    needs: Needs,
    ways: Iterable[Way],
    sources: Sources,
    standing: Standing,
    **more: list[int],
) -> list[tuple[Any, ...]]:
    asked = as_sql(needs, ways) | sources.as_sql() | {"units": list(standing.units)} | more
    with connection.cursor() as cursor:
        cursor.execute(BASE + statement, asked)
        return cursor.fetchall()
