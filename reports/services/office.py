"""Writing the records of the committee's own work."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.db.models import Max

from reports.models.office import Kept, PlanTask
from reports.text import typed

from .refusals import ReasonMissing, ReportRefusal
from .trail import need

if TYPE_CHECKING:
    from portal.accounts.models import User

Record = TypeVar("Record", bound=Kept)


class ChangedMeanwhile(ReportRefusal):
    """Somebody saved the record after this person opened it."""

    def __init__(self, who: User | None) -> None:
        super().__init__(
            f"{who or 'Người khác'} vừa sửa mục này. Nội dung anh, chị nhập vẫn ở dưới đây, chưa "
            "lưu; so với bản mới rồi lưu lại."
        )


@transaction.atomic
def save_kept(*, record: Record, by: User, now: datetime.datetime) -> Record:
    """Store a new record, or the next revision of one.

    Raises:
        NotAllowed
        ChangedMeanwhile: `record` is not of the newest revision.
    """
    need(by, "reports.draft")
    if record.pk is None:
        record.created_by = by
        if isinstance(record, PlanTask):
            last = record.plan.tasks.aggregate(last=Max("position"))["last"] or 0
            record.position = last + 1
    else:
        there = type(record)._default_manager.select_for_update().get(pk=record.pk)
        if there.revision != record.revision:
            raise ChangedMeanwhile(there.changed_by)
        record.revision += 1
        record.changed_by, record.changed_at = by, now
    record.save()
    return record


@transaction.atomic
def remove_kept(*, record: Kept, reason: str, by: User, now: datetime.datetime) -> None:
    """Take a record out of lists and figures; it stays in the database with the reason.

    Raises:
        NotAllowed, ReasonMissing
    """
    need(by, "reports.draft")
    reason = typed.one_line(reason)[:300]
    if not reason:
        raise ReasonMissing
    record.removed_at, record.removed_reason = now, reason
    record.changed_by, record.changed_at = by, now
    record.save(update_fields=["removed_at", "removed_reason", "changed_by", "changed_at"])
