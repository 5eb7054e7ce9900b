"""Which data a page was made from, so that it can be kept until they change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, cast

from django.core.cache import cache
from django.db import connection

from portal.collection.models import ReportingPeriod
from portal.units import crosswalk

Made = TypeVar("Made")
KEPT = 600  # seconds: names in catalogues may change without a new version
VERSION = f"""
SELECT count(*) FILTER (WHERE status = 'approved'), count(*), max(id), max(approved_at),
    ({crosswalk.VERSION})
FROM collection_submission
WHERE status IN ('approved', 'superseded')
  AND (%(periods)s::bigint[] IS NULL OR period_id = ANY (%(periods)s))
"""  # noqa: S608


def data_version(periods: Iterable[ReportingPeriod] | None = None) -> str:
    """A text that is another after every approval and correction of `periods` (None: of all), and
    after every reorganisation.

    One query. Approvals only add up: a revision that is replaced stays, as superseded.
    """
    keys = None if periods is None else [one.pk for one in periods]
    with connection.cursor() as cursor:
        cursor.execute(VERSION, {"periods": keys})
        return "-".join(map(str, cursor.fetchone()))


def kept(name: str, key: Iterable[object], make: Callable[[], Made]) -> Made:
    """What `make` gives, made once for each `key`; the key says the data version and the area."""
    parts = "|".join(str(part) for part in key)
    return cast(Made, cache.get_or_set(f"dashboard-{name}-{digest(parts)}", make, KEPT))


def kept_together(
    name: str, keys: Sequence[Sequence[object]], make: Callable[[list[int]], list[Made]]
) -> list[Made]:
    """As `kept` for several at once: `make` is given the places of those that are not kept."""
    named = [f"dashboard-{name}-{digest('|'.join(map(str, key)))}" for key in keys]
    found: dict[str, Made] = cache.get_many(named)
    missing = [place for place, one in enumerate(named) if one not in found]
    if missing:
        fresh = dict(zip((named[place] for place in missing), make(missing), strict=True))
        cache.set_many(fresh, KEPT)
        found |= fresh
    return [found[one] for one in named]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
