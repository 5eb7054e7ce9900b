"""The submissions that a cross table is made from."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from portal.collection.models import ReportingPeriod


class Source(NamedTuple):
    """One approved revision that tells of an indicator asked about."""

    submission: int
    period: int
    dataset: int
    dataset_title: str
    unit: int
    level: str
    approved_at: datetime.datetime
    is_demo: bool


# "ORDER BY" and "LIMIT" keep the look at the values to one step down the index, whatever the
# planner takes their number for
STANDING = """
WITH decided AS (
    SELECT DISTINCT ON (dataset_id, unit_id, period_id) s.*
    FROM collection_submission s
    WHERE period_id = ANY (%(periods)s)
      AND (status = 'approved' OR (status = 'superseded' AND %(on)s::timestamptz IS NOT NULL))
      AND (%(on)s::timestamptz IS NULL OR approved_at <= %(on)s)
    ORDER BY dataset_id, unit_id, period_id, revision DESC
)
SELECT s.id, s.period_id, s.dataset_id, coalesce(nullif(d.short_title, ''), d.title), s.unit_id,
       u.level, coalesce(s.approved_at, s.created_at), s.is_demo
FROM decided s
JOIN collection_dataset d ON d.id = s.dataset_id
JOIN units_administrativeunit u ON u.id = s.unit_id
WHERE EXISTS (
    SELECT FROM unnest(%(indicators)s::bigint[]) i (id)
    CROSS JOIN LATERAL (
        SELECT FROM ethnic_data_observation o
        WHERE o.indicator_id = i.id AND o.submission_id = s.id
        ORDER BY o.sex LIMIT 1
    ) told
)
ORDER BY coalesce(s.approved_at, s.created_at), s.id
"""

# by indicator, each as in STANDING
TELLING = """
SELECT i.id, s.period_id, s.id, coalesce(s.approved_at, s.created_at)
FROM collection_submission s
CROSS JOIN unnest(%(indicators)s::bigint[]) i (id)
CROSS JOIN LATERAL (
    SELECT FROM ethnic_data_observation o
    WHERE o.indicator_id = i.id AND o.submission_id = s.id
    ORDER BY o.sex LIMIT 1
) told
WHERE s.period_id = ANY (%(periods)s) AND s.status = 'approved'
"""


def telling(
    periods: Iterable[int], indicators: Iterable[int]
) -> dict[tuple[int, int], list[tuple[int, str]]]:
    """What stands approved, with the moment, by the keys of indicator and period; one query."""
    asked = {"periods": list(periods), "indicators": list(indicators)}
    found: dict[tuple[int, int], list[tuple[int, str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(TELLING, asked)
        for indicator, period, submission, at in cursor.fetchall():
            found[indicator, period].append((submission, at.isoformat()))
    return found


@dataclass(frozen=True)
class Sources:
    """Oldest approval first."""

    rows: list[Source]

    @classmethod
    def of(
        cls,
        periods: Iterable[ReportingPeriod],
        indicators: Iterable[int],
        on: datetime.datetime | None,
    ) -> Sources:
        asked = {"periods": [p.pk for p in periods], "indicators": list(indicators), "on": on}
        with connection.cursor() as cursor:
            cursor.execute(STANDING, asked)
            return cls([Source(*row) for row in cursor.fetchall()])

    def near(self, units: set[int], above: set[int]) -> Sources:
        """Those of units that are asked about, and of units above them."""
        return Sources([row for row in self.rows if row.unit in units or row.unit in above])

    @property
    def overlap(self) -> bool:
        """Whether two submissions of one dataset and period may tell of the same unit."""
        levels: dict[tuple[int, int], set[str]] = defaultdict(set)
        for row in self.rows:
            levels[row.dataset, row.period].add(row.level)
        return any(len(found) > 1 for found in levels.values())

    def as_sql(self) -> dict[str, list[object]]:
        return {
            "submissions": [row.submission for row in self.rows],
            "periods": [row.period for row in self.rows],
            "datasets": [row.dataset for row in self.rows],
        }
