"""Asking for the sheets of many units."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localtime

from portal.jobs import services as jobs
from portal.units.lists import ended_words
from portal.units.models import AdministrativeUnit, Level
from reports.models import Batch, BatchSheet, ReportTemplate
from reports.services.refusals import ReportRefusal
from reports.services.trail import need

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import ReportingPeriod
    from portal.units.models.units import AdministrativeUnitQuerySet

SHEET_JOB = "make_sheet"
MOST_SHEETS = 300
LISTED = "QD861"


class BatchEmpty(ReportRefusal):
    message = "Kỳ này không có đơn vị nào để lập phiếu. Hãy chọn kỳ khác hoặc danh sách khác."


class BatchTooLarge(ReportRefusal):
    message = f"Mỗi lần lập nhiều nhất {MOST_SHEETS} phiếu. Hãy chọn bớt đơn vị."


class WrongUnits(ReportRefusal):
    message = "Đề cương này không lập cho từng đơn vị. Hãy chọn đề cương khác."


def batch_units(
    template: ReportTemplate, period: ReportingPeriod, *, only_listed: bool = True
) -> AdministrativeUnitQuerySet:
    """The units of the template's level at the period's end; of communes those of the list of
    Quyết định 861/QĐ-TTg unless all are asked for.
    """
    units = AdministrativeUnit.objects.on(period.end).filter(
        level=template.unit_level or "none", is_reference=False
    )
    if template.unit_level == Level.COMMUNE and only_listed:
        units = units.listed(LISTED, on=period.end)
    return units.order_by("sort_key", "pk")


@transaction.atomic
def request_batch(
    *,
    template: ReportTemplate,
    period: ReportingPeriod,
    by: User,
    now: datetime.datetime,
    codes: Collection[str] = (),
    only_listed: bool = True,
) -> Batch:
    """One row for every unit, and one job for every row: workers take them as they come.

    `codes` narrow the units; none means all of them. While the same person's same request is not
    finished (a second click), it is the answer.

    Raises:
        NotAllowed, WrongUnits, BatchEmpty, BatchTooLarge
    """
    need(by, "reports.draft")
    if not template.unit_level or template.is_draft:
        raise WrongUnits
    units = batch_units(template, period, only_listed=only_listed and not codes)
    if codes:
        units = units.filter(code__in=list(codes)[: MOST_SHEETS + 1])
    chosen = list(units[: MOST_SHEETS + 1])
    if not chosen:
        is_listed = template.unit_level == Level.COMMUNE and only_listed and not codes
        ended = ended_words(LISTED, on=period.end) if is_listed else ""
        raise BatchEmpty(f"{ended[:1].upper()}{ended[1:]}." if ended else "")
    if len(chosen) > MOST_SHEETS:
        raise BatchTooLarge
    ReportTemplate.objects.select_for_update().get(pk=template.pk)
    if begun := _under_way(template, period, by, chosen):
        return begun
    batch = Batch.objects.create(
        template=template,
        period=period,
        day=localtime(now).date(),
        requested_by=by,
        requested_at=now,
    )
    sheets = BatchSheet.objects.bulk_create(
        BatchSheet(batch=batch, unit=unit, position=place)
        for place, unit in enumerate(chosen, start=1)
    )
    for sheet in sheets:
        jobs.ask(SHEET_JOB, sheet.pk)
    return batch


def _under_way(
    template: ReportTemplate, period: ReportingPeriod, by: User, units: list[AdministrativeUnit]
) -> Batch | None:
    asked = Batch.objects.filter(template=template, period=period, requested_by=by)
    wanted = {unit.pk for unit in units}
    for batch in asked.filter(sheets__state=BatchSheet.State.WAITING).distinct():
        if set(batch.sheets.values_list("unit_id", flat=True)) == wanted:
            return batch
    return None


@transaction.atomic
def ask_again(*, batch: Batch, by: User) -> int:
    """Ask once more for every sheet that is not made, those whose job gave up among them."""
    need(by, "reports.draft")
    rows = batch.sheets.select_for_update().exclude(state=BatchSheet.State.DONE)
    open_sheets = list(rows)
    rows.update(state=BatchSheet.State.WAITING, problem="", finished_at=None)
    for sheet in open_sheets:
        jobs.ask(SHEET_JOB, sheet.pk)
    return len(open_sheets)
