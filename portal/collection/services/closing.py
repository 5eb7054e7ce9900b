"""Close periods for sending by the dataset's rule; hold one open longer for one unit."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal import formats
from portal.accounts.models import User
from portal.collection.models import (
    ClosingRule,
    Dataset,
    LockException,
    PeriodClosing,
    ReportingPeriod,
    Submission,
)

from .opening import reporting_units
from .reading import plain
from .refusals import (
    DayPassed,
    NotAllowed,
    OverlappingDays,
    PeriodClosed,
    ReasonMissing,
    WrongUnit,
)
from .telling import tell_exception
from .trail import moment

if TYPE_CHECKING:
    from portal.units.models import AdministrativeUnit

GRANTING = "collection.review"
MOST_NAMES = 3


def closed_from(dataset: Dataset, period: ReportingPeriod) -> datetime.date | None:
    """The day from which `period` is closed by the rule of its due day; None when it stays open."""
    due = dataset.due_date(period)
    if due is None:
        return None
    rule = ClosingRule.objects.filter(dataset=dataset, valid__contains=due).first()
    return due + datetime.timedelta(days=rule.days_after_due + 1) if rule else None


def keep_closing(dataset: Dataset, period: ReportingPeriod) -> datetime.date | None:
    """Write the closing day down where the database looks for it."""
    day = closed_from(dataset, period)
    if day is None:
        PeriodClosing.objects.filter(dataset=dataset, period=period).delete()
    else:
        PeriodClosing.objects.update_or_create(
            dataset=dataset, period=period, defaults={"closed_from": day}
        )
    return day


@transaction.atomic
def keep_closings(*, datasets: list[Dataset] | None = None) -> None:
    """The closing days of all periods of `datasets`, or of every active dataset with a rule."""
    if datasets is None:
        datasets = list(Dataset.objects.active().filter(closing_rules__isnull=False).distinct())
    for dataset in datasets:
        for period in ReportingPeriod.objects.filter(frequency=dataset.frequency):
            keep_closing(dataset, period)


@transaction.atomic
def set_closing_rule(
    *, dataset: Dataset, days: int | None, by: User, since: datetime.date
) -> ClosingRule | None:
    """Periods due from `since` on close `days` after they are due; None: they stay open.

    Raises:
        NotAllowed
        OverlappingDays: a later rule is already there.
    """
    if not by.has_perm("collection.design"):
        raise NotAllowed
    running = ClosingRule.objects.filter(dataset=dataset, valid__contains=since).first()
    if running is not None and running.valid.lower == since:
        running.delete()
    elif running is not None:
        running.valid = (running.valid.lower, since)
        running.save(update_fields=["valid"])
    rule = None
    if days is not None:
        try:
            with transaction.atomic():
                rule = ClosingRule.objects.create(
                    dataset=dataset, days_after_due=days, valid=(since, None)
                )
        except IntegrityError as error:
            raise OverlappingDays from error
    keep_closings(datasets=[dataset])
    return rule


def exception_of(
    dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod, *, day: datetime.date
) -> LockException | None:
    """The latest exception under which `unit` may still send on `day`."""
    granted = LockException.objects.filter(
        dataset=dataset, unit=unit, period=period, until__gte=day
    )
    return granted.order_by("-until").first()


def check_open(submission: Submission, *, day: datetime.date) -> None:
    """Raises PeriodClosed, which says since when and whom to ask.

    What was returned may be sent again: the reviewer asked for it.
    """
    if submission.status != Submission.Status.DRAFT:
        return
    closed = keep_closing(submission.dataset, submission.period)
    if closed is None or closed > day:
        return
    if exception_of(submission.dataset, submission.unit, submission.period, day=day) is None:
        raise PeriodClosed(closed_words(submission.dataset, submission.period, closed))


def closed_words(dataset: Dataset, period: ReportingPeriod, closed: datetime.date) -> str:
    names = [
        f"{person.full_name} ({person.get_role_display().lower()})"
        for person in User.objects.having(GRANTING).order_by("role", "sort_key")[:MOST_NAMES]
    ]
    ask = f" Nhờ {' hoặc '.join(names)} gia hạn." if names else " Nhờ Ban Dân tộc gia hạn."
    return f"{dataset}, kỳ {period} đã khoá sổ từ ngày {formats.day(closed)}.{ask}"


@transaction.atomic
def grant_exception(
    *,
    dataset: Dataset,
    unit: AdministrativeUnit,
    period: ReportingPeriod,
    until: datetime.date,
    reason: str,
    by: User,
    now: datetime.datetime | None = None,
) -> LockException:
    """Let one unit send one closed period until the end of a day.

    Raises:
        NotAllowed
        WrongUnit: the unit does not send this dataset in this period.
        DayPassed, ReasonMissing
    """
    at = moment(now)
    if not by.has_perm(GRANTING):
        raise NotAllowed
    if dataset.frequency != period.frequency or not (
        reporting_units(dataset=dataset, period=period, user=by).filter(pk=unit.pk).exists()
    ):
        raise WrongUnit
    if until < timezone.localdate(at):
        raise DayPassed
    reason = plain(reason).strip()
    if not reason:
        raise ReasonMissing("Ghi lý do gia hạn.")
    granted = LockException.objects.create(
        dataset=dataset,
        unit=unit,
        period=period,
        until=until,
        reason=reason[:500],
        granted_by=by,
        granted_at=at,
    )
    tell_exception(granted)
    return granted
