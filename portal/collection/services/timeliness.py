"""Who sent what in time, how late the others were, and who still owes: by unit, dataset, period."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db import connection
from django.utils import timezone

from portal.collection.models import Dataset, ReportingPeriod, Submission

from .duties import Duty, duties

if TYPE_CHECKING:
    from portal.accounts.models import User

State = Literal["on_time", "late", "overdue", "due"]
STATES: dict[State, tuple[str, str]] = {
    "on_time": ("done", "Đúng hạn"),
    "late": ("warning", "Nộp chậm"),
    "overdue": ("wrong", "Quá hạn"),
    "due": ("draft", "Chưa đến hạn"),
}
# the first time it was sent and not taken back before anybody reviewed it; later revisions and
# rounds do not make a unit late
FIRST_SENT = """
SELECT s.dataset_id, s.unit_id, min(e.at)
FROM collection_submission s
JOIN (
    SELECT submission_id, what, at,
           lead(what) OVER (PARTITION BY submission_id ORDER BY at, id) AS following
    FROM collection_submissionevent WHERE what IN ('submitted', 'withdrawn', 'returned')
) e ON e.submission_id = s.id
WHERE s.period_id = %s AND e.what = 'submitted' AND e.following IS DISTINCT FROM 'withdrawn'
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One duty with when it was first sent."""

    duty: Duty
    sent_at: datetime.datetime | None

    @property
    def sent_on(self) -> datetime.date | None:
        return timezone.localdate(self.sent_at) if self.sent_at else None

    @property
    def days_late(self) -> int:
        """Days between the due day and the sending, or today while nothing was sent."""
        if self.duty.due is None:
            return 0
        return max(((self.sent_on or self.duty.today) - self.duty.due).days, 0)

    @property
    def state(self) -> State:
        if self.sent_on is not None:
            return "late" if self.days_late else "on_time"
        return "overdue" if self.days_late else "due"


def records(
    *,
    periods: Iterable[ReportingPeriod],
    user: User,
    today: datetime.date,
    dataset: Dataset | None = None,
) -> list[Record]:
    """Every duty of `periods` that `user` may see; four queries a period."""
    found = []
    for period in periods:
        if dataset is not None and dataset.frequency != period.frequency:
            continue
        sent = first_sent(period)
        found += [
            Record(duty, sent.get((duty.dataset.pk, duty.unit.pk)))
            for duty in duties(periods=[period], user=user, today=today, dataset=dataset)
        ]
    return found


def first_sent(period: ReportingPeriod) -> dict[tuple[int, int], datetime.datetime]:
    with connection.cursor() as cursor:
        cursor.execute(FIRST_SENT, [period.pk])
        return {(dataset, unit): at for dataset, unit, at in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Summary:
    """The records of one unit, dataset or period, counted."""

    label: str
    records: Sequence[Record]

    def count(self, state: State) -> int:
        return sum(record.state == state for record in self.records)

    @property
    def total(self) -> int:
        return len(self.records)

    @property
    def sent(self) -> int:
        return self.count("on_time") + self.count("late")

    @property
    def on_time(self) -> int:
        return self.count("on_time")

    @property
    def late(self) -> int:
        return self.count("late")

    @property
    def overdue(self) -> int:
        return self.count("overdue")

    @property
    def approved(self) -> int:
        """Of those owed, how many stand approved, whatever correction is under way."""
        return sum(
            record.duty.submission is not None
            and (
                record.duty.submission.status == Submission.Status.APPROVED
                or record.duty.submission.revision > 1
            )
            for record in self.records
        )

    @property
    def most_late(self) -> int:
        return max((record.days_late for record in self.records), default=0)

    @property
    def share_on_time(self) -> float | None:
        """On time of those whose day has come, in percent."""
        due = self.total - self.count("due")
        return 100 * self.on_time / due if due else None

    @property
    def share_sent(self) -> float | None:
        return 100 * self.sent / self.total if self.total else None


BY: dict[str, tuple[str, Callable[[Record], str]]] = {
    "don-vi": ("Đơn vị", lambda record: str(record.duty.unit)),
    "bieu": ("Biểu", lambda record: str(record.duty.dataset)),
    "ky": ("Kỳ", lambda record: str(record.duty.period)),
}


def summed_by(found: Iterable[Record], dimension: str) -> list[Summary]:
    _, label_of = BY[dimension]
    told: dict[str, list[Record]] = {}
    for record in found:
        told.setdefault(label_of(record), []).append(record)
    return [Summary(label, own) for label, own in told.items()]
