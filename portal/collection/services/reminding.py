"""Remind, each day, only those concerned: of what is due or late, of what waits for their review.

Every stage of a duty is told once (`Notice.key`); a day on which nothing ran is caught up by the
stage that holds by then.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from portal import formats
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.collection.models import REVIEWING, Notice, ReportingPeriod

from .duties import Duty, duties
from .telling import senders_of, tell
from .turns import waiting_for

if TYPE_CHECKING:
    from portal.units.models import AdministrativeUnit

DAYS_BEFORE = (7, 1)
DAYS_AFTER = (1, 7, 14, 30)
FORGET_AFTER = 60  # days; what is older is on the overdue list and reminded by letter
WAITS_LONG = 3  # days in the hands of one reviewer
# sees every unit; nobody signs in as it
WHOLE_PROVINCE = User(username="-", role=Role.AUDITOR)


def stage_of(due: datetime.date, today: datetime.date) -> str:
    """Which reminder holds on `today`: "before-7", "on", "after-14"...; "" when none does."""
    left = (due - today).days
    if left == 0:
        return "on"
    if left > 0:
        return next((f"before-{days}" for days in sorted(DAYS_BEFORE) if left <= days), "")
    late = -left
    if late > FORGET_AFTER:
        return ""
    return f"after-{max(days for days in DAYS_AFTER if days <= late)}"


def remind(*, now: datetime.datetime) -> int:
    """Tell senders of what is due or late, reviewers of what waits; how many notices were made."""
    today = timezone.localdate(now)
    return remind_senders(today, now) + remind_reviewers(today, now)


def remind_senders(today: datetime.date, now: datetime.datetime) -> int:
    told = 0
    known: dict[int, list[User]] = {}
    for period in ReportingPeriod.objects.filter(start__lte=today):
        for duty in duties(periods=[period], user=WHOLE_PROVINCE, today=today):
            stage = stage_of(duty.due, today) if duty.due and not duty.is_sent else ""
            if stage:
                told += _tell_duty(duty, stage, now, people_of(duty.unit, today, known))
    return told


def people_of(
    unit: AdministrativeUnit, today: datetime.date, known: dict[int, list[User]]
) -> list[User]:
    if unit.pk not in known:
        known[unit.pk] = senders_of(unit, day=today)
    return known[unit.pk]


def _tell_duty(duty: Duty, stage: str, now: datetime.datetime, people: list[User]) -> int:
    late = bool(duty.days_late)
    return tell(
        people,
        kind=Notice.Kind.OVERDUE if late else Notice.Kind.DUE,
        key=f"due:{duty.dataset.pk}:{duty.unit.pk}:{duty.period.pk}:{stage}",
        text=f"{duty.dataset} · {duty.unit} · {duty.period}: {due_words(duty)}.",
        url=duty.submission.get_absolute_url()
        if duty.submission
        else reverse(
            "collection:start", args=[duty.dataset.code, duty.unit.code, duty.period.code]
        ),
        at=now,
    )


def due_words(duty: Duty) -> str:
    day = formats.day(duty.due)
    if duty.days_late:
        return f"hạn nộp {day}, quá {formats.number(duty.days_late)} ngày"
    if duty.days_left == 0:
        return f"hôm nay là hạn nộp ({day})"
    return f"hạn nộp {day}, còn {formats.number(duty.days_left)} ngày"


def remind_reviewers(today: datetime.date, now: datetime.datetime) -> int:
    """Once a week to each reviewer in whose hands something has been for three days."""
    people = {person for permission in REVIEWING for person in User.objects.having(permission)}
    return sum(_remind_reviewer(person, today, now) for person in people)


def _remind_reviewer(person: User, today: datetime.date, now: datetime.datetime) -> int:
    waiting = waiting_for(person, day=today)
    since = sorted(waiting.values_list("turn_since", flat=True))  # type: ignore[misc]
    if not since or (now - since[0]).days < WAITS_LONG:
        return 0
    year, week, _ = today.isocalendar()
    return tell(
        [person],
        kind=Notice.Kind.REVIEW,
        key=f"review:{year}-{week}",
        text=f"{formats.number(len(since))} bộ số liệu chờ bạn duyệt, "
        f"lâu nhất từ {formats.day(timezone.localdate(since[0]))}.",
        url=reverse("collection:review_list"),
        at=now,
    )
