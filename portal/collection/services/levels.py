"""Which levels approve a dataset, from a day on."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from portal.collection.models import Dataset, Reviewer, ReviewLevel

from .refusals import DayPassed, NotAllowed
from .trail import moment

if TYPE_CHECKING:
    from portal.accounts.models import User

# in this order a submission goes up
ORDER = (Reviewer.DISTRICT, Reviewer.COMMITTEE, Reviewer.HEAD)


@transaction.atomic
def set_review_levels(
    *,
    dataset: Dataset,
    reviewers: Sequence[str],
    since: datetime.date,
    by: User,
    now: datetime.datetime | None = None,
) -> None:
    """From `since` on `reviewers` approve `dataset`, from below upwards; none: the committee.

    What was planned for later days is replaced; what held before stays as it was.

    Raises:
        NotAllowed
        DayPassed: the past is not changed.
    """
    if not by.has_perm("collection.design"):
        raise NotAllowed
    if since < timezone.localdate(moment(now)):
        raise DayPassed
    levels = ReviewLevel.objects.select_for_update().filter(dataset=dataset)
    levels.filter(valid__startswith__gte=since).delete()
    for running in levels.filter(valid__contains=since):
        running.valid = (running.valid.lower, since)
        running.save(update_fields=["valid"])
    chosen = [level for level in ORDER if level in reviewers]
    for position, level in enumerate(chosen, start=1):
        ReviewLevel.objects.create(
            dataset=dataset, position=position, reviewer=level, valid=(since, None)
        )
