"""What was observed at each unit: one statement reads everything an answer is made of.

Within one submission a total that was given stands above its parts: the row of all groups above
the sum over groups, the row of both sexes above male plus female. Nothing is added twice.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from ethnic_data.models import EthnicGroup, Indicator
from portal.collection.models import ReportingPeriod

MINORITIES = "minorities"  # as a group: everybody who counts as a minority
GroupChoice = EthnicGroup | str | None


@dataclass(frozen=True, slots=True)
class Operand:
    """An indicator narrowed to a sex, a category, or some groups (None: all together)."""

    indicator: Indicator
    sex: str = ""
    category: str = ""
    groups: tuple[int, ...] | None = None

    @property
    def what(self) -> tuple[int, str, str]:
        """What it is without its groups."""
        return self.indicator.pk, self.sex, self.category


class Observed(NamedTuple):
    """One unit's value of one operand, from one submission; `group` only when asked by group.

    `value` is None exactly when `missing` says why. `partial`: a part of the sum was missing.
    `cells` is how many values it was added from.
    """

    operand: int
    dataset: int
    kind: str
    unit: int
    group: int | None
    submission: int
    value: Decimal | None
    missing: str
    partial: bool
    cells: int


# the revision that stood approved: now, or at a moment of the past
APPROVED = """
    SELECT id, dataset_id, approved_at FROM collection_submission
    WHERE period_id = %(period)s AND status = 'approved'
"""
APPROVED_AT = """
    SELECT DISTINCT ON (dataset_id, unit_id) id, dataset_id, approved_at
    FROM collection_submission
    WHERE period_id = %(period)s AND status IN ('approved', 'superseded')
      AND approved_at <= %(on)s
    ORDER BY dataset_id, unit_id, revision DESC
"""
CELLS = """
WITH operand AS (
    SELECT * FROM unnest(%(numbers)s::int[], %(indicators)s::bigint[], %(sexes)s::text[],
                         %(categories)s::text[]) AS o (n, indicator_id, sex, category)
), approved AS MATERIALIZED ({approved}),
cell AS (
    SELECT operand.n, s.dataset_id, s.id AS submission_id, s.approved_at, o.kind, o.unit_id,
           o.group_id, o.sex, o.category, o.value, o.missing
    FROM operand
    JOIN ethnic_data_observation o ON o.indicator_id = operand.indicator_id
    JOIN approved s ON s.id = o.submission_id
    WHERE operand.sex IN ('', o.sex) AND operand.category IN ('', o.category)
      AND o.unit_id = ANY (%(units)s)
), by_sex AS (
    SELECT n, dataset_id, submission_id, approved_at, kind, unit_id, group_id, sex,
        coalesce(max(value) FILTER (WHERE category = ''),
                 sum(value) FILTER (WHERE category <> '')) AS value,
        max(missing) AS missing,
        max(value) FILTER (WHERE category = '') IS NULL AND count(value) < count(*) AS partial,
        CASE WHEN max(value) FILTER (WHERE category = '') IS NULL THEN count(*) ELSE 1 END AS count
    FROM cell GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), by_group AS (
    SELECT n, dataset_id, submission_id, approved_at, kind, unit_id, group_id,
        coalesce(max(value) FILTER (WHERE sex = ''), sum(value) FILTER (WHERE sex <> '')) AS value,
        max(missing) AS missing,
        CASE WHEN max(value) FILTER (WHERE sex = '') IS NULL
             THEN count(value) < count(*) OR bool_or(partial)
             ELSE bool_or(partial) FILTER (WHERE sex = '') END AS partial,
        coalesce(max(count) FILTER (WHERE sex = '' AND value IS NOT NULL), sum(count)) AS count
    FROM by_sex GROUP BY 1, 2, 3, 4, 5, 6, 7
)
"""
BY_GROUP = """
SELECT DISTINCT ON (n, dataset_id, kind, unit_id, group_id)
    n, dataset_id, kind, unit_id, group_id, submission_id, value,
    CASE WHEN value IS NULL THEN missing ELSE '' END, partial, count
FROM by_group WHERE group_id IS NOT NULL
ORDER BY n, dataset_id, kind, unit_id, group_id, approved_at DESC
"""
# one pass per choice of groups: all together, or the sum over {groups}
TOGETHER = """
SELECT DISTINCT ON (n, dataset_id, kind, unit_id)
    n, dataset_id, kind, unit_id, NULL::bigint, submission_id, value,
    CASE WHEN value IS NULL THEN coalesce(missing, 'not_collected') ELSE '' END, partial, count
FROM (
    SELECT n, dataset_id, kind, unit_id, submission_id, approved_at,
        coalesce(max(value) FILTER (WHERE group_id IS NULL),
                 sum(value) FILTER (WHERE group_id IS NOT NULL)) AS value,
        max(missing) AS missing,
        CASE WHEN max(value) FILTER (WHERE group_id IS NULL) IS NULL
             THEN count(value) < count(*) OR bool_or(partial)
             ELSE bool_or(partial) FILTER (WHERE group_id IS NULL) END AS partial,
        coalesce(max(count) FILTER (WHERE group_id IS NULL AND value IS NOT NULL), sum(count))
            AS count
    FROM by_group WHERE n = ANY (%(together)s)
    GROUP BY n, dataset_id, kind, unit_id, submission_id, approved_at
    UNION ALL
    SELECT n, dataset_id, kind, unit_id, submission_id, approved_at,
        CASE WHEN bool_or(wanted) THEN sum(value) FILTER (WHERE wanted) ELSE 0 END,
        max(missing) FILTER (WHERE wanted),
        coalesce(bool_or(wanted AND (value IS NULL OR partial)), false),
        coalesce(sum(count) FILTER (WHERE wanted), 0)
    FROM (
        SELECT by_group.*, (n, group_id) IN (
            SELECT * FROM unnest(%(choosing)s::int[], %(chosen)s::bigint[])) AS wanted
        FROM by_group WHERE group_id IS NOT NULL AND n = ANY (%(narrowed)s)
    ) marked
    GROUP BY n, dataset_id, kind, unit_id, submission_id, approved_at
) summed
ORDER BY n, dataset_id, kind, unit_id, approved_at DESC
"""


def observed(
    operands: Sequence[Operand],
    *,
    period: ReportingPeriod,
    units: Iterable[int],
    by_group: bool = False,
    on: datetime.datetime | None = None,
) -> list[Observed]:
    """Every approved value of `operands` at `units`, in one query; of every kind.

    A unit that reported groups, but not the one asked for, has 0 of it. With `by_group` there is
    a row per group that was reported, and `Operand.groups` is not looked at.
    """
    narrowed = [n for n, operand in enumerate(operands) if operand.groups is not None]
    pairs = [(n, group) for n in narrowed for group in operands[n].groups or ()]
    given = {
        "period": period.pk,
        "on": on,
        "units": list(units),
        "numbers": list(range(len(operands))),
        "indicators": [operand.indicator.pk for operand in operands],
        "sexes": [operand.sex for operand in operands],
        "categories": [operand.category for operand in operands],
        "together": [n for n in range(len(operands)) if n not in narrowed],
        "narrowed": narrowed,
        "choosing": [n for n, _ in pairs],
        "chosen": [group for _, group in pairs],
    }
    sql = CELLS.format(approved=APPROVED if on is None else APPROVED_AT)
    with connection.cursor() as cursor:
        cursor.execute(sql + (BY_GROUP if by_group else TOGETHER), given)
        return [Observed(*row) for row in cursor.fetchall()]
