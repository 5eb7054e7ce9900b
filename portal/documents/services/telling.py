"""People are told of documents given to them, and each day of deadlines that come or have passed.

Every stage of a deadline is told once (`Notice.key`); a day on which nothing ran is caught up by
the stage that holds by then.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from portal import formats
from portal.accounts.models import User
from portal.collection.models import Notice
from portal.collection.services.reminding import stage_of
from portal.collection.services.telling import tell
from portal.documents.models import Assignment, Document

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = Notice.Kind


def people_of(assignment: Assignment) -> list[User]:
    """The officer; while there is none, the heads of the division."""
    if assignment.officer is not None:
        return [assignment.officer]
    return heads_of(assignment)


def heads_of(assignment: Assignment) -> list[User]:
    return list(User.objects.having("documents.assign").filter(division=assignment.division_id))


def tell_assigned(assignment: Assignment, *, at: datetime.datetime) -> int:
    document = assignment.document
    due = f", hạn {formats.day(assignment.due_date)}" if assignment.due_date else ""
    events = assignment.events.count()
    return tell(
        people_of(assignment),
        kind=Kind.LETTER,
        key=f"assignment:{assignment.pk}:given:{events}",
        text=f"{assignment.get_part_display()} xử lý {document}{due}: {document.subject}",
        url=assignment.get_absolute_url(),
        at=at,
    )


def remind(*, now: datetime.datetime) -> int:
    """Tell of deadlines near or past, and of documents nobody has passed on; how many notices."""
    today = timezone.localdate(now)
    return remind_of_deadlines(today, now) + remind_of_waiting(today, now)


def remind_of_deadlines(today: datetime.date, now: datetime.datetime) -> int:
    """The officer of each stage; head and leader of what is late."""
    leaders = list(User.objects.having("documents.direct"))
    told = 0
    open_ones = Assignment.objects.open().exclude(due_date=None).with_names()
    for assignment in open_ones.iterator(chunk_size=500):
        stage = stage_of(assignment.due_date, today)  # type: ignore[arg-type]
        if stage:
            told += _tell_deadline(assignment, stage, today, now, leaders)
    return told


def _tell_deadline(
    assignment: Assignment, stage: str, today: datetime.date, now: datetime.datetime,
    leaders: Iterable[User],
) -> int:  # fmt: skip
    late = assignment.days_late(today=today)
    people = people_of(assignment)
    if late:
        people = [*people, *heads_of(assignment), *leaders]
    return tell(
        people,
        kind=Kind.OVERDUE if late else Kind.DUE,
        key=f"assignment:{assignment.pk}:{assignment.due_date}:{stage}",
        text=f"{assignment.document} · {assignment.who}: {deadline_words(assignment, today)}.",
        url=assignment.get_absolute_url(),
        at=now,
    )


def deadline_words(assignment: Assignment, today: datetime.date) -> str:
    """ "hạn 25/10/2023, quá 3 ngày"."""
    if assignment.due_date is None:
        return "không đặt hạn"
    day, left = formats.day(assignment.due_date), (assignment.due_date - today).days
    if left < 0:
        return f"hạn {day}, quá {formats.lateness(-left)}"
    if left == 0:
        return f"hạn hôm nay ({day})"
    return f"hạn {day}, còn {formats.number(left)} ngày"


def remind_of_waiting(today: datetime.date, now: datetime.datetime) -> int:
    """Once a day while a document of an earlier day has not been passed on."""
    count = Document.objects.not_passed_on(today=today).count()
    if not count:
        return 0
    people = {
        person
        for permission in ("documents.number", "documents.direct")
        for person in User.objects.having(permission)
    }
    return tell(
        people,
        kind=Kind.LETTER,
        key=f"letters-waiting:{today}",
        text=f"{formats.number(count)} văn bản đến chưa chuyển xử lý quá một ngày.",
        url=f"{reverse('documents:assignment_list')}?xem=chua-chuyen",
        at=now,
    )
