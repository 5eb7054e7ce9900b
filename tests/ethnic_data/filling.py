"""Submissions with values, made as the services make them, for tests of what is read from them."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.utils import timezone

from ethnic_data.store import ObservationStore
from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.collection.services.confirming import confirm
from portal.collection.workbooks.outcome import CellValue
from tests.cast import member, unit

NOON = datetime.datetime(2023, 11, 1, 12, tzinfo=datetime.UTC)
AN_LAC, HUU_SAN, VAN_SON = "07645", "07624", "07621"  # communes of Sơn Động (220)
CAM_SON, TAN_SON = "07528", "07531"  # communes of Lục Ngạn (219)


def value(
    unit_code: str,
    indicator: str,
    number: str | int | None,
    *,
    group: str | None = None,
    sex: str | None = None,
    category: str | None = None,
    missing: str | None = None,
    cell: str = "",
    sheet: str = "",
) -> CellValue:
    if number is None and missing is None:
        missing = "not_collected"
    amount = None if number is None else Decimal(number)
    return CellValue(
        unit_code, indicator, group, sex, category, amount, missing, sheet, cell, str(number), ""
    )


def submission(
    dataset: str = "BIEU-05", unit_code: str = "220", period: str = "2023", **fields: object
) -> Submission:
    period_row = ReportingPeriod.objects.get(code=period)
    return Submission.objects.create(
        dataset=Dataset.objects.get(code=dataset),
        unit=unit(unit_code, on=period_row.end),
        period=period_row,
        created_by=member("son_dong_officer"),
        **fields,
    )


def submit(one: Submission, *, at: datetime.datetime = NOON) -> Submission:
    one.status = Submission.Status.SUBMITTED
    one.submitted_by, one.submitted_at = member("son_dong_officer"), at
    confirm(submission=one, by=one.submitted_by, at=at)
    one.save()
    return one


def approve(one: Submission, *, at: datetime.datetime = NOON) -> Submission:
    """Submit and approve; the approved revision before it is superseded."""
    if one.status != Submission.Status.SUBMITTED:
        submit(one, at=at)
    older = Submission.objects.approved().filter(
        dataset=one.dataset, unit=one.unit, period=one.period
    )
    older.update(status=Submission.Status.SUPERSEDED)
    reviewer = member("specialist")
    one.steps.create(round=1, reviewer="committee", outcome="approved", by=reviewer, at=at)
    one.status = Submission.Status.APPROVED
    one.approved_by, one.approved_at = reviewer, at
    one.save()
    return one


def filled(
    values: list[CellValue],
    *,
    dataset: str = "BIEU-05",
    unit_code: str = "220",
    period: str = "2023",
    **fields: object,
) -> Submission:
    one = submission(dataset, unit_code, period, **fields)
    ObservationStore().write(one, values, None)
    return one


def approved(
    values: list[CellValue], *, at: datetime.datetime | None = None, **fields: object
) -> Submission:
    return approve(filled(values, **fields), at=at or timezone.now())
