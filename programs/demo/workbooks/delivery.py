"""One workbook of one unit and period: what it tells, who sends it, how far it has come."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.collection import services as collection
from portal.collection.models import Dataset, ReportingPeriod, Submission, SubmissionEvent
from portal.collection.services.trail import note
from portal.collection.stores import store_of
from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.outcome import CellValue
from portal.documents.models import Document
from portal.units.models import AdministrativeUnit

from .letter import scan_of

Cells = Mapping[tuple[RowKey, str], Decimal]  # by row and key of the column


class Fate(enum.Enum):
    """How far a workbook has come by now."""

    DRAFT = "draft"
    WAITING = "waiting"
    RETURNED = "returned"
    APPROVED = "approved"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    dataset: Dataset
    unit: AdministrativeUnit
    period: ReportingPeriod
    cells: Callable[[Layout], Cells]
    sender: User
    reviewer: User
    sent_on: datetime.date
    days_of_review: int = 12
    fate: Fate = Fate.APPROVED
    decision: Document | None = None
    remark: tuple[str, str] = ("", "")  # key of the column, text; pinned to its first row

    @property
    def key(self) -> tuple[str, str, str]:
        return self.dataset.code, self.unit.code, self.period.code


def at(day: datetime.date, hour: int, now: datetime.datetime) -> datetime.datetime:
    """That hour in the portal's time zone, but never later than `now`."""
    return min(timezone.make_aware(datetime.datetime(day.year, day.month, day.day, hour, 20)), now)


@transaction.atomic
def send(delivery: Delivery, *, now: datetime.datetime) -> Submission:
    """Open, type in, send and review, each by its own person on its own day."""
    opened, sent = at(delivery.sent_on, 8, now), at(delivery.sent_on, 15, now)
    submission = collection.open_submission(
        dataset=delivery.dataset, unit=delivery.unit, period=delivery.period,
        by=delivery.sender, now=opened,
    )  # fmt: skip
    layout = store_of(delivery.dataset).layout(delivery.dataset, delivery.unit, delivery.period)
    cells = delivery.cells(layout)
    _type(submission, layout, cells, delivery.sender, opened)
    if delivery.fate is Fate.DRAFT:
        return submission
    submission = collection.submit(
        submission=submission, by=delivery.sender, cover_letter=_letter(delivery), now=sent
    )
    reviewed = at(delivery.sent_on + datetime.timedelta(days=delivery.days_of_review), 10, now)
    if delivery.fate is Fate.RETURNED:
        return _return(submission, delivery, layout, cells, reviewed)
    if delivery.fate is Fate.APPROVED:
        return collection.approve(submission=submission, by=delivery.reviewer, now=reviewed)
    return submission


def _type(
    submission: Submission, layout: Layout, cells: Cells, by: User, when: datetime.datetime
) -> None:
    """As if typed in the form: the values without a file, and the event that says so."""
    values = []
    for (row, key), number in cells.items():
        column = layout.by_key[key]
        group = row.group if layout.has_groups else column.group
        values.append(
            CellValue(
                row.unit, column.measure, group, column.sex, column.category or "", number,
                None, "", "", "", key,
            )
        )  # fmt: skip
    written = store_of(submission.dataset).write(submission, values, None)
    text = collection.in_words(written)
    note(submission, SubmissionEvent.What.TYPED, by=by, at=when, text=text)


def _letter(delivery: Delivery) -> collection.CoverLetter | None:
    if delivery.decision is None:
        return None
    decision = delivery.decision
    return collection.CoverLetter(
        number=decision.number_and_symbol, date=decision.date, scan=scan_of(decision)
    )


def _return(
    submission: Submission,
    delivery: Delivery,
    layout: Layout,
    cells: Cells,
    reviewed: datetime.datetime,
) -> Submission:
    key, text = delivery.remark
    row = next(row for row, told in cells if told == key)
    label = layout.unit_by_code[row.unit].label
    collection.add_remark(
        submission=submission, text=text, by=delivery.reviewer, row_code=row.unit,
        column_key=key, place=f"{label}, {layout.by_key[key].heading}", now=reviewed,
    )  # fmt: skip
    return collection.return_submission(submission=submission, by=delivery.reviewer, now=reviewed)
