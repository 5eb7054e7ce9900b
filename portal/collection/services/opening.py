"""Begin a submission, begin a correction, give a draft up."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models.fields.files import FieldFile

from portal.collection.models import Dataset, ReportingPeriod, Submission, SubmissionEvent
from portal.collection.row_owners import units_collected
from portal.collection.stores import store_of
from portal.units.models import AdministrativeUnit

from .owning import check_writes_all
from .reading import plain
from .refusals import NotAllowed, NotEditable, ReasonMissing, WrongUnit
from .trail import locked, may, moment, note

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.accounts.models import User

OLD_SYSTEM = "Chuyển từ hệ thống cũ"


def reporting_units(
    *, dataset: Dataset, period: ReportingPeriod, user: User
) -> QuerySet[AdministrativeUnit]:
    """The units for which `user` may send `dataset`: of its level, in force at the period's end.

    The nation and other provinces only for a dataset that says so.
    """
    of_level = AdministrativeUnit.objects.on(period.end).filter(level=dataset.level_on(period.end))
    if not dataset.includes_reference:
        of_level = of_level.filter(is_reference=False)
    if not dataset.is_open_to(user):
        return of_level.none()
    return of_level.filter(pk__in=units_collected(user).values("pk"))


def open_submission(
    *,
    dataset: Dataset,
    unit: AdministrativeUnit,
    period: ReportingPeriod,
    by: User,
    reason: str = "",
    from_old_system: bool = False,
    now: datetime.datetime | None = None,
) -> Submission:
    """The unit's open submission, made when there is none.

    After an approved one this begins a correction: a new revision that starts from the approved
    values and needs a `reason`. `from_old_system` marks a new one for good: its figures were not
    reported by the unit but taken over from what the committee had. One that is there already
    keeps what it is.

    Raises:
        NotAllowed: outside the user's area, or a role that enters nothing.
        WrongUnit: the unit does not send this dataset in this period.
        ReasonMissing: a correction without a reason.
    """
    if not by.has_perm("collection.enter"):
        raise NotAllowed
    if not units_collected(by).filter(pk=unit.pk).exists():
        raise NotAllowed
    if not _sends(dataset, unit, period, by):
        raise WrongUnit
    of_unit = Submission.objects.filter(dataset=dataset, unit=unit, period=period)
    if found := of_unit.open().first():
        return found
    try:
        with transaction.atomic():
            blank = Submission(
                dataset=dataset, unit=unit, period=period, created_by=by, created_at=moment(now),
                is_demo=by.is_demo, from_old_system=from_old_system,
            )  # fmt: skip
            if of_unit.exists():  # a correction touches every row
                check_writes_all(blank, by=by)
            return _create(of_unit, blank, plain(reason).strip())
    except IntegrityError:  # somebody else opened it in this moment
        return of_unit.open().get()


def _sends(dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod, by: User) -> bool:
    return (
        dataset.is_active
        and dataset.frequency == period.frequency
        and reporting_units(dataset=dataset, period=period, user=by).filter(pk=unit.pk).exists()
    )


def _create(of_unit: QuerySet[Submission], submission: Submission, reason: str) -> Submission:
    """Save it as the next revision of its unit; a correction keeps where its figures are from."""
    last = of_unit.order_by("-revision").first()
    if last is not None and last.is_open:  # somebody else opened it in this moment
        return last
    if last is not None and not reason:
        raise ReasonMissing
    if last is not None:
        submission.revision, submission.reason = last.revision + 1, reason[:500]
        submission.from_old_system = last.from_old_system
    submission.save()
    if last is not None:
        store_of(submission.dataset).copy(last, submission)
        submission.reconciliation, submission.findings = last.reconciliation, last.findings
        submission.save(update_fields=["reconciliation", "findings"])
    marks = [OLD_SYSTEM] if submission.from_old_system else []
    text = ". ".join([*marks, *filter(None, [submission.reason])])
    opened = SubmissionEvent.What.OPENED
    note(submission, opened, by=submission.created_by, at=submission.created_at, text=text)
    return submission


@transaction.atomic
def delete_draft(*, submission: Submission, by: User) -> None:
    """Give up a draft that was never submitted; its files and values go with it.

    Raises:
        NotAllowed, NotEditable
    """
    if not may(by, "collection.enter", submission):
        raise NotAllowed
    submission = locked(submission)
    check_writes_all(submission, by=by)
    if not may_be_deleted(submission):
        raise NotEditable("Bộ số liệu đã từng nộp nên được giữ lại, không xoá.")
    files = [upload.file for upload in submission.uploads.all()]
    store = store_of(submission.dataset)
    store.write(submission, [], None, units=sorted(store.units_of(submission)))
    submission.delete()
    transaction.on_commit(lambda: forget_files(files))


def forget_files(files: Iterable[FieldFile]) -> None:
    for file in files:
        file.delete(save=False)


def may_be_deleted(submission: Submission) -> bool:
    """A draft that nobody has seen yet: never submitted, not even once."""
    sent = submission.events.filter(what=SubmissionEvent.What.SUBMITTED)
    return submission.status == Submission.Status.DRAFT and not sent.exists()
