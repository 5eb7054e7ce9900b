"""Who owes which data in a period, and how far each is."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, Q

from portal import formats
from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.collection.row_owners import units_collected
from portal.units.models import AdministrativeUnit

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One dataset that one unit sends for one period; `submission` is its latest revision."""

    dataset: Dataset
    unit: AdministrativeUnit
    period: ReportingPeriod
    due: datetime.date | None
    today: datetime.date
    submission: Submission | None = None

    @property
    def is_sent(self) -> bool:
        return self.submission is not None and self.submission.status in (
            Submission.Status.SUBMITTED,
            Submission.Status.APPROVED,
        )

    @property
    def is_approved(self) -> bool:
        return self.submission is not None and self.submission.status == Submission.Status.APPROVED

    @property
    def days_left(self) -> int | None:
        return (self.due - self.today).days if self.due else None

    @property
    def days_late(self) -> int:
        """How many days ago it was due, while it is not sent."""
        left = self.days_left
        return -left if left is not None and left < 0 and not self.is_sent else 0

    @property
    def lateness(self) -> str:
        return formats.lateness(self.days_late)


def periods_for(user: User, *, today: datetime.date) -> list[ReportingPeriod]:
    """Periods that have begun and in which the user's area still has units, latest first."""
    begun = ReportingPeriod.objects.begun(today).in_use()
    if user.sees_every_unit:
        return list(begun)
    datasets = Dataset.objects.active().open_to(user)
    lives = list(
        units_collected(user)
        .filter(
            Q(level__in=datasets.values("submitting_level"))
            | Q(level__in=datasets.values("later_level"))
        )
        .values_list("valid", flat=True)
    )
    return [period for period in begun if any(period.end in life for life in lives)]


def duties(
    *,
    periods: Sequence[ReportingPeriod],
    user: User,
    today: datetime.date,
    dataset: Dataset | None = None,
) -> list[Duty]:
    """Every dataset × unit that `user` may see in each of `periods`; three queries in all."""
    known = [] if dataset else list(Dataset.objects.active().open_to(user))
    owed = [
        (period, item, item.level_on(period.end))
        for period in periods
        for item in ([dataset] if dataset else known)
        if dataset or item.is_due_in(period)
    ]
    units = _units_by_level({(period.end, level) for period, _, level in owed}, user)
    latest = _latest(periods, user)
    return [
        Duty(
            dataset=item,
            unit=unit,
            period=period,
            due=due,
            today=today,
            submission=latest.get((item.pk, unit.pk, period.pk)),
        )
        for period, item, level in owed
        for due in [item.due_date(period)]
        for unit in units[period.end, level]
        if item.includes_reference or not unit.is_reference
    ]


def _units_by_level(
    wanted: set[tuple[datetime.date, str]], user: User
) -> dict[tuple[datetime.date, str], list[AdministrativeUnit]]:
    """Units of each level that stood on each day."""
    found: dict[tuple[datetime.date, str], list[AdministrativeUnit]] = defaultdict(list)
    if not wanted:
        return found
    days = sorted({day for day, _ in wanted})
    standing = AdministrativeUnit.objects.filter(
        valid__overlap=DateRange(days[0], days[-1], "[]"),
        level__in={level for _, level in wanted},
        pk__in=units_collected(user).values("pk"),
    )
    for unit in standing:
        for day in days:
            if (day, unit.level) in wanted and day in unit.valid:
                found[day, unit.level].append(unit)
    return found


def _latest(
    periods: Sequence[ReportingPeriod], user: User
) -> dict[tuple[int, int, int], Submission]:
    """The last revision by the keys of dataset, unit and period."""
    submissions = (
        Submission.objects.visible_to(user)
        .filter(period__in=periods)
        .annotate(open_remarks=Count("remarks", filter=Q(remarks__resolved_at=None)))
        .defer("findings", "typed")
        .order_by("revision")
    )
    return {(item.dataset_id, item.unit_id, item.period_id): item for item in submissions}


def latest_period_in_use(periods: list[ReportingPeriod]) -> ReportingPeriod | None:
    """The latest period that anything was sent for; the latest at all when there is nothing."""
    used = set(
        Submission.objects.filter(period__in=periods)
        .order_by()
        .values_list("period", flat=True)
        .distinct()
    )
    return next(
        (period for period in periods if period.pk in used), periods[0] if periods else None
    )
