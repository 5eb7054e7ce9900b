"""The whole intake without a browser: files in, one JSON answer out, committed when asked."""

from __future__ import annotations

import datetime
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from portal.accounts.models import User
from portal.collection.models import Dataset, ReportingPeriod, Submission, Upload
from portal.collection.stores import Written
from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.joining import join
from portal.collection.workbooks.json_form import reading_as_json
from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.outcome import Issue, Reading
from portal.collection.workbooks.unpacking import NotUnpacked, is_archive, unpack
from portal.units.models import AdministrativeUnit

from .beside import beside_of, layout_of
from .committing import commit_uploads
from .opening import open_submission, reporting_units
from .reading import storable, store_reading
from .refusals import FileTooLarge, NotAllowed, Refused
from .uploading import hash_of, receive_upload, shown_name, shown_path

Answers = Mapping[str, Any]  # by question id, or by file name and then by question id


class Unknown(Refused):
    """A code that names nothing, or nothing for this user. `rule` says which."""

    def __init__(self, rule: str, message: str) -> None:
        self.rule = rule
        super().__init__(message)


@dataclass(slots=True, kw_only=True)
class Errand:
    """Whose data these files are: one user, dataset, unit and period."""

    dataset: Dataset
    unit: AdministrativeUnit
    period: ReportingPeriod
    user: User

    @classmethod
    def of(cls, *, dataset: str, unit: str, period: str, user: str) -> Errand:
        """The rows behind the codes.

        Raises:
            Unknown: with one plain sentence.
        """
        person = User.objects.active().filter(username=user).first()
        if person is None:
            raise Unknown("user", f"Không có tài khoản “{user}” đang được dùng.")
        form = Dataset.objects.active().filter(code=dataset).first()
        if form is None:
            codes = ", ".join(Dataset.objects.active().values_list("code", flat=True))
            raise Unknown("dataset", f"Không có biểu “{dataset}”. Các biểu đang dùng: {codes}.")
        time = ReportingPeriod.objects.filter(code=period, frequency=form.frequency).first()
        if time is None:
            raise Unknown("period", f"Biểu {form.code} không có kỳ “{period}”.")
        if not person.has_perm("collection.enter"):
            raise Unknown("user", f"Tài khoản “{user}” không có quyền nhập số liệu.")
        units = reporting_units(dataset=form, period=time, user=person)
        found = units.filter(code=unit).first()
        if found is None:
            text = f"Đơn vị “{unit}” không nộp biểu này trong kỳ, hoặc ngoài địa bàn của tài khoản."
            raise Unknown("unit", text)
        return cls(dataset=form, unit=found, period=time, user=person)


@dataclass(frozen=True, slots=True)
class Taken:
    """One file and what was read from it."""

    path: Path
    name: str
    reading: Reading


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What all files together gave."""

    errand: Errand
    layout: Layout
    taken: tuple[Taken, ...]

    @property
    def reading(self) -> Reading:
        """All files as one: units that stand in two of them with different values are refused."""
        readings = [item.reading for item in self.taken]
        return readings[0] if len(readings) == 1 else join(readings, layout=self.layout)

    def as_json(self) -> dict[str, Any]:
        """Understood, values, issues, questions and reconciliation of all files together."""
        return reading_as_json(self.reading)


def read_files(*, errand: Errand, paths: Sequence[Path], answers: Answers) -> Intake:
    """Read every file in its confined process; writes nothing."""
    layout = layout_of(errand)
    beside = beside_of(errand, layout, by=errand.user)
    taken, folder = [], Path(tempfile.mkdtemp(prefix="intake-"))
    for path, name, problem in expanded(paths, folder):
        if problem is not None:
            reading = Reading(issues=(problem._replace(file=name),), file=name)
        else:
            reading = read_workbook(
                path,
                layout=layout,
                answers=answers_for(answers, name),
                beside=beside,
                name=name,
            )
        taken.append(Taken(path, name, reading))
    intake = Intake(errand=errand, layout=layout, taken=tuple(taken))
    weakref.finalize(intake, shutil.rmtree, folder, ignore_errors=True)  # files out of zips
    return intake


def expanded(paths: Sequence[Path], folder: Path) -> Iterator[tuple[Path, str, Issue | None]]:
    """Each file with its name as the sender knows it; a zip stands for the files in it."""
    for number, path in enumerate(paths):
        name = shown_name(path.name)
        problem = refused_path(path)
        if problem is not None or not is_archive(path):
            yield path, name, problem
            continue
        inside = folder / str(number)
        inside.mkdir()
        try:
            found = unpack(path, inside, name=name, most_bytes=settings.UPLOAD_MAX_BYTES)
        except NotUnpacked as refusal:
            yield path, name, Issue("error", f"archive_{refusal.code}", refusal.message)
            continue
        for member in found.members:
            yield member.path, shown_path(member.name), None


def answers_for(answers: Answers, name: str) -> dict[str, str]:
    """Answers given for all files, and those for this one."""
    common = {key: value for key, value in answers.items() if isinstance(value, str)}
    own = answers.get(name)
    return {**common, **own} if isinstance(own, dict) else common


def refused_path(path: Path) -> Issue | None:
    """A path that is no readable file of a fair size."""
    try:
        if not path.exists():
            return Issue("error", "file_missing", f"Không thấy tệp “{shown_name(path.name)}”.")
        if not path.is_file():
            return Issue("error", "file_kind", f"“{shown_name(path.name)}” không phải là tệp.")
        if path.stat().st_size > settings.UPLOAD_MAX_BYTES:
            return Issue("error", "file_too_large", FileTooLarge.message)
        with path.open("rb") as file:
            file.read(1)
    except (OSError, ValueError):
        text = f"Không mở được tệp “{shown_name(path.name)}”. Hãy kiểm tra quyền đọc tệp."
        return Issue("error", "file_unreadable", text)
    return None


def commit_intake(
    *,
    intake: Intake,
    answers: Answers,
    reason: str = "",
    now: datetime.datetime | None = None,
) -> tuple[Submission, Written]:
    """Keep the accepted files and take their values over; all of it or nothing.

    Raises:
        Refused: nothing was written.
    """
    errand = intake.errand
    kept: list[Upload] = []
    try:
        with transaction.atomic():
            submission = open_submission(
                dataset=errand.dataset,
                unit=errand.unit,
                period=errand.period,
                by=errand.user,
                reason=reason,
                now=now,
            )
            for item in intake.taken:
                kept.append(_keep(submission, item, errand.user, answers, now, kept))
            written = commit_uploads(
                submission=submission,
                by=errand.user,
                only={upload.pk for upload in kept},
                now=now,
            )
    except BaseException:
        for upload in kept:
            upload.file.delete(save=False)
        raise
    return submission, written


def _keep(
    submission: Submission,
    item: Taken,
    user: User,
    answers: Answers,
    now: datetime.datetime | None,
    together: Sequence[Upload],
) -> Upload:
    """The file as an upload that was read already."""
    with item.path.open("rb") as handle:
        file = File(handle, name=item.path.name)
        upload = receive_upload(
            submission=submission,
            file=file,
            name=item.path.name,
            shown=item.name,
            by=user,
            read_later=False,
            together={upload.pk for upload in together},
            now=now,
        )
        if hash_of(file) != upload.sha256:
            raise NotAllowed(f"Tệp “{item.name}” thay đổi trong lúc đọc. Hãy chạy lại.")
    upload.answers = storable(answers_for(answers, item.name))
    upload.save(update_fields=["answers"])
    store_reading(upload=upload, reading=item.reading)
    return upload
