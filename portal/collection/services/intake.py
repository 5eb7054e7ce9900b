"""The whole intake without a browser: files in, one JSON answer out, committed when asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from portal.accounts.models import User
from portal.collection.models import Dataset, ReportingPeriod, Submission, Upload
from portal.collection.stores import Written, store_of
from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.json_form import number, reading_as_json
from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.outcome import Issue, Reading
from portal.units.models import AdministrativeUnit

from .committing import commit_uploads
from .opening import open_submission, reporting_units
from .reading import by_cell, storable, store_reading, units_told
from .refusals import FileTooLarge, NotAllowed, Refused
from .uploading import hash_of, receive_upload, shown_name

if TYPE_CHECKING:
    from collections.abc import Iterable

Answers = Mapping[str, Any]  # by question id, or by file name and then by question id


class Unknown(Refused):
    """A code that names nothing, or nothing for this user. `rule` says which."""

    def __init__(self, rule: str, message: str) -> None:
        self.rule = rule
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
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
    def clashes(self) -> list[Issue]:
        """Units that stand in more than one file."""
        files: dict[str, list[str]] = {}
        for item in self.taken:
            for unit in units_told(item.reading, self.layout):
                files.setdefault(unit, []).append(item.name)
        return [
            Issue(
                "error",
                "overlap",
                f"{self._label(unit)} có trong {len(names)} tệp: {', '.join(names)}. "
                "Hãy giữ lại một tệp.",
                unit=unit,
                file=names[-1],
            )
            for unit, names in files.items()
            if len(names) > 1
        ]

    def _label(self, unit: str) -> str:
        found = self.layout.unit_by_code.get(unit)
        return found.label if found else unit

    @property
    def is_accepted(self) -> bool:
        return all(item.reading.is_accepted for item in self.taken) and not self.clashes

    def as_json(self) -> dict[str, Any]:
        """Understood, values, issues, questions and reconciliation of all files together."""
        parts = [reading_as_json(item.reading) for item in self.taken]
        clashes = reading_as_json(Reading(issues=tuple(self.clashes)))["issues"]
        sheets = [sheet for part in parts for sheet in part["understood"]["sheets"]]
        return {
            "understood": {**(sheets[0] if sheets else {}), "sheets": sheets},
            "values": [value for part in parts for value in part["values"]],
            "issues": [issue for part in parts for issue in part["issues"]] + clashes,
            "questions": [question for part in parts for question in part["questions"]],
            "reconciliation": self._reconciliation([part["reconciliation"] for part in parts]),
        }

    def _reconciliation(self, parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
        if len(parts) == 1:
            return parts[0]
        whole: dict[str, Any] = {
            name: sum(part[name] for part in parts)
            for name in ("rows_read", "stored", "skipped", "refused")
        }
        whole["rows"] = [row for part in parts for row in part["rows"]]
        whole["totals"] = [total for part in parts for total in part["totals"]]
        whole["sums"] = _added(item.reading.reconciliation.sums for item in self.taken)
        told = set().union(*(units_told(item.reading, self.layout) for item in self.taken))
        missing = [unit.code for unit in self.layout.valid_units() if unit.code not in told]
        whole["missing_units"] = missing if self.layout.rows != "measure" else []
        return whole


def _added(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    sums: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            sums[key] = sums.get(key, 0) + value
    return {key: number(value) for key, value in sums.items()}


def read_files(*, errand: Errand, paths: Sequence[Path], answers: Answers) -> Intake:
    """Read every file in its confined process; writes nothing."""
    store = store_of(errand.dataset)
    layout = store.layout(errand.dataset, errand.unit, errand.period)
    previous = by_cell(layout, store.previous(errand.dataset, errand.unit, errand.period))
    taken = []
    for path in paths:
        name = shown_name(path.name)
        problem = refused_path(path)
        if problem is not None:
            reading = Reading(issues=(problem._replace(file=name),), file=name)
        else:
            reading = read_workbook(
                path,
                layout=layout,
                answers=answers_for(answers, path.name),
                previous=previous,
                name=name,
            )
        taken.append(Taken(path, name, reading))
    return Intake(errand=errand, layout=layout, taken=tuple(taken))


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
    *, intake: Intake, answers: Answers, reason: str = ""
) -> tuple[Submission, Written]:
    """Keep the accepted files and take their values over; all of it or nothing.

    Raises:
        Refused: nothing was written.
    """
    errand, kept = intake.errand, []
    try:
        with transaction.atomic():
            submission = open_submission(
                dataset=errand.dataset,
                unit=errand.unit,
                period=errand.period,
                by=errand.user,
                reason=reason,
            )
            for item in intake.taken:
                kept.append(_keep(submission, item, errand.user, answers))
            written = commit_uploads(
                submission=submission, by=errand.user, only={upload.pk for upload in kept}
            )
    except BaseException:
        for upload in kept:
            upload.file.delete(save=False)
        raise
    return submission, written


def _keep(submission: Submission, item: Taken, user: User, answers: Answers) -> Upload:
    """The file as an upload that was read already."""
    with item.path.open("rb") as handle:
        file = File(handle, name=item.path.name)
        upload = receive_upload(
            submission=submission, file=file, name=item.path.name, by=user, read_later=False
        )
        if hash_of(file) != upload.sha256:
            raise NotAllowed(f"Tệp “{item.name}” thay đổi trong lúc đọc. Hãy chạy lại.")
    upload.answers = storable(answers_for(answers, item.path.name))
    upload.save(update_fields=["answers"])
    store_reading(upload=upload, reading=item.reading)
    return upload
