"""Which data a page was made from, so that it can be kept until they change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, cast

from django.core.cache import cache
from django.db.models import Count, Max, Q

from portal.collection.models import ReportingPeriod, Submission

Made = TypeVar("Made")
KEPT = 600  # seconds: catalogues (names, lists, targets) may change without a new version


def data_version(periods: Iterable[ReportingPeriod] | None = None) -> str:
    """A text that is another after every approval and correction of `periods` (None: of all).

    One query. Approvals only add up: a revision that is replaced stays, as superseded.
    """
    decided = Submission.objects.filter(
        status__in=[Submission.Status.APPROVED, Submission.Status.SUPERSEDED]
    ).order_by()
    if periods is not None:
        decided = decided.filter(period__in=list(periods))
    told = decided.aggregate(
        approved=Count("pk", filter=Q(status=Submission.Status.APPROVED)),
        decided=Count("pk"),
        newest=Max("pk"),
        last=Max("approved_at"),
    )
    return "-".join(str(part) for part in told.values())


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
