"""In which years there are approved values of an indicator, and which submissions hold them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from ethnic_data.models import Indicator
from reports.dashboards.version import kept

# one step down the index for each submission and indicator, as in crosstab.sources
TOLD = """
SELECT i.id, s.id, s.period_id
FROM collection_submission s
JOIN collection_reportingperiod p ON p.id = s.period_id AND p.frequency = 'yearly'
CROSS JOIN unnest(%(indicators)s::bigint[]) i (id)
WHERE s.status = 'approved' AND EXISTS (
    SELECT FROM (
        SELECT FROM ethnic_data_observation o
        WHERE o.indicator_id = i.id AND o.submission_id = s.id
        ORDER BY o.sex LIMIT 1
    ) told
)
"""
Rows = list[tuple[int, int, int]]


@dataclass(frozen=True)
class Told:
    """By indicator, its submissions with their periods."""

    by_indicator: dict[int, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, measures: Iterable[Indicator], version: str) -> Told:
        """One query, kept until other submissions are approved."""
        parts = sorted({pk for one in measures for ways in parts_of(one) for pk in ways})
        rows: Rows = kept("themes-told", [version, *parts], lambda: _looked(parts))
        found: dict[int, dict[int, int]] = {}
        for indicator, submission, period in rows:
            found.setdefault(indicator, {})[submission] = period
        return cls(found)

    def periods(self, measure: Indicator) -> set[int]:
        """Those in which every part of it was told."""
        parts = [set().union(*map(self._periods_of, ways)) for ways in parts_of(measure)]
        return set.intersection(*parts) if parts else set()

    def submissions(self, measures: Iterable[Indicator]) -> set[int]:
        return {
            submission
            for one in measures
            for ways in parts_of(one)
            for pk in ways
            for submission in self.by_indicator.get(pk, {})
        }

    def telling(self, indicators: Iterable[int], periods: set[int]) -> list[int]:
        """The submissions of these periods that hold one of the indicators."""
        return sorted(
            {
                submission
                for pk in indicators
                for submission, period in self.by_indicator.get(pk, {}).items()
                if period in periods
            }
        )

    def _periods_of(self, indicator: int) -> set[int]:
        return set(self.by_indicator.get(indicator, {}).values())


def parts_of(measure: Indicator) -> list[list[int]]:
    """For each part of the formula the indicators that it can be had from."""
    if measure.numerator is not None and measure.denominator is not None:
        return [*_ways(measure.numerator), *_ways(measure.denominator)]
    if measure.weight is not None:
        return [*_ways(measure), *_ways(measure.weight)]
    if measure.counted is not None:
        return [[measure.pk, measure.counted.pk]]
    return _ways(measure)


def _ways(part: Indicator) -> list[list[int]]:
    return [[part.pk, *([part.all_groups_id] if part.all_groups_id else [])]]


def _looked(indicators: list[int]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(TOLD, {"indicators": indicators})
        return cursor.fetchall()
