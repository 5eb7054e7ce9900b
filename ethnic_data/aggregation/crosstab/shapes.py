"""Which submissions tell of an indicator so plainly that their values may just be added up.

Plain: no categories, nothing left open, no total beside its parts, neither of sexes nor of groups.
What an approved submission holds never changes, so what was found is kept.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.core.cache import cache
from django.db import connection

from .sources import Source

A_WEEK = 7 * 24 * 3600
LOOKED_AT = """
SELECT indicator_id, submission_id, kind, unit_id,
    bool_or(sex = ''), bool_or(sex = 'male'), bool_or(sex = 'female'), bool_or(group_id IS NULL),
    bool_or(group_id IS NOT NULL), bool_or(category <> '' OR value IS NULL)
FROM ethnic_data_observation
WHERE indicator_id = ANY (%(indicators)s) AND submission_id = ANY (%(submissions)s)
GROUP BY 1, 2, 3, 4
"""


class Told(NamedTuple):
    """A unit of a submission: which sexes have values, and whether groups have."""

    submission: int
    kind: str
    unit: int
    sexes: frozenset[str]
    by_group: bool


MIXED = "mixed"  # a unit is told of in two kinds: some groups counted, some sampled
Shape = list[Told] | None | str  # None: not plain
Place = tuple[int, int]  # an indicator, a period


def plainly_told(indicators: Iterable[int], sources: list[Source]) -> dict[int, list[Told]] | None:
    """Every unit told of, by indicator; None when one of the submissions is not plain."""
    found: dict[int, list[Told]] = {indicator: [] for indicator in indicators}
    for indicator, told in _shapes(indicators, sources):
        if not isinstance(told, list):
            return None
        found[indicator] += told
    return found


def is_mixed(indicators: Iterable[int], sources: list[Source]) -> bool:
    """Whether a unit has counted and sampled figures of one indicator in one submission."""
    return any(told == MIXED for _, told in _shapes(indicators, sources))


def _shapes(indicators: Iterable[int], sources: list[Source]) -> list[tuple[int, Shape]]:
    """What the submissions look like, by indicator and period; kept for a week."""
    by_period: dict[int, list[Source]] = defaultdict(list)
    for source in sources:
        by_period[source.period].append(source)
    keys = {
        _key(indicator, of_period): (indicator, period)
        for indicator in indicators
        for period, of_period in by_period.items()
    }
    kept: dict[str, tuple[Shape]] = cache.get_many(keys)
    wanted = {key: place for key, place in keys.items() if key not in kept}
    if wanted:
        looked = _looked_at(set(wanted.values()), by_period)
        fresh = {key: (looked[place],) for key, place in wanted.items()}
        cache.set_many(fresh, A_WEEK)
        kept |= fresh
    return [(indicator, kept[key][0]) for key, (indicator, _) in keys.items()]


def _key(indicator: int, sources: list[Source]) -> str:
    what = [(one.submission, one.approved_at.isoformat()) for one in sources]
    return f"crosstab-shapes-{hashlib.sha256(repr((indicator, what)).encode()).hexdigest()}"


def _looked_at(places: set[Place], by_period: dict[int, list[Source]]) -> dict[Place, Shape]:
    """What these submissions look like, in one pass over their values."""
    period_of = {
        one.submission: period
        for period in {period for _, period in places}
        for one in by_period[period]
    }
    asked = {
        "indicators": list({indicator for indicator, _ in places}),
        "submissions": list(period_of),
    }
    with connection.cursor() as cursor:
        cursor.execute(LOOKED_AT, asked)
        rows = cursor.fetchall()
    found: dict[Place, Shape] = {place: [] for place in places}
    kinds: dict[tuple[int, int, int], str] = {}
    mixed: set[Place] = set()
    for indicator, submission, *row in rows:
        place = (indicator, period_of[submission])
        kind, unit = row[:2]
        if kinds.setdefault((indicator, submission, unit), kind) != kind:
            mixed.add(place)
        told = found.get(place)
        one = _told(submission, *row)
        if one is None:
            found[place] = None
        elif isinstance(told, list):
            told.append(one)
    return found | dict.fromkeys(mixed, MIXED)


def _told(
    submission: int,
    kind: str,
    unit: int,
    both: bool,
    male: bool,
    female: bool,
    together: bool,
    grouped: bool,
    other: bool,
) -> Told | None:
    if other or (both and (male or female)) or (together and grouped):
        return None
    sexes = ["", *(word for word, has in (("male", male), ("female", female)) if has)]
    return Told(submission, kind, unit, frozenset(sexes), grouped)
