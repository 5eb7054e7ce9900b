"""Which data a page was made from, so that it can be kept until they change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
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


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
