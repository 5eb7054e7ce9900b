"""A file that does not fit its submission: of which form, unit and period it seems to be.

Asked only of files that stand out, so that files that fit cost nothing.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from portal.collection.models import Dataset, ReportingPeriod, Submission, SubmissionEvent, Upload
from portal.collection.workbooks.claims import Mark, mark_of_source, years_named
from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.outcome import Reading
from portal.collection.workbooks.patience import within
from portal.collection.workbooks.recognising import recognise
from portal.collection.workbooks.records import names_of
from portal.collection.workbooks.source import Limits, Source, Unreadable, open_source
from portal.jobs import services as jobs
from portal.units.models import AdministrativeUnit

from .beside import layout_of
from .opening import open_submission, reporting_units
from .owning import check_own_file
from .reading import local_file
from .refusals import NotAllowed, NotEditable, Refused
from .staging import unstage
from .trail import editable, moment, note
from .uploading import READ_JOB

if TYPE_CHECKING:
    from portal.accounts.models import User

OTHER_FORM = {"no_table", "missing_column", "no_values", "template_dataset"}
OTHER_PLACE = {"other_unit", "unit", "template_unit", "no_data"}
OTHER_TIME = {"period", "template_period"}
LOOKED_AT = 3_000  # rows of a sheet in which names are looked for


class Belonging(NamedTuple):
    """Where a file seems to belong."""

    dataset: Dataset
    unit: AdministrativeUnit
    period: ReportingPeriod

    @property
    def words(self) -> str:
        return f"{self.dataset} · {self.unit} · {self.period}"

    def as_json(self) -> dict[str, str]:
        return {
            "dataset": self.dataset.code,
            "unit": self.unit.code,
            "period": self.period.code,
            "words": self.words,
        }


LOOKING_SECONDS = 10.0


def belonging(
    upload: Upload, reading: Reading, *, seconds: float = LOOKING_SECONDS
) -> dict[str, str]:
    """What `Upload.belongs` keeps: {} when the file fits, or nobody can tell within `seconds`."""
    rules = {issue.rule for issue in reading.errors}
    asks = any(question.id == "period" for question in reading.questions)
    if not asks and not rules & (OTHER_FORM | OTHER_PLACE | OTHER_TIME):
        return {}
    seconds = min(seconds, LOOKING_SECONDS)
    if seconds < 1:
        return {}
    try:
        with within(seconds), local_file(upload) as path:
            return _belonging(upload, rules, open_source(path, limits=Limits(wall_seconds=seconds)))
    except Unreadable:
        return {}


def _belonging(upload: Upload, rules: set[str], source: Source) -> dict[str, str]:
    submission = upload.submission
    mark = mark_of_source(source)
    layout = layout_of(submission)
    period = _period(submission, source, mark)
    found = Belonging(
        _dataset(submission, source, mark) if rules & OTHER_FORM else submission.dataset,
        _unit(submission, source, mark, layout, upload.original_name),
        period,
    )
    is_here = found == (submission.dataset, submission.unit, submission.period)
    return {} if is_here else found.as_json()


def _dataset(submission: Submission, source: Source, mark: Mark | None) -> Dataset:
    day = submission.period.end
    level = submission.dataset.level_on(day)
    others = [
        other
        for other in Dataset.objects.active().filter(frequency=submission.period.frequency)
        if other.level_on(day) == level
    ]
    if mark is not None:
        code: str | None = mark.dataset
    else:
        trials = [
            Submission(dataset=other, unit=submission.unit, period=submission.period)
            for other in others
        ]
        code = recognise(source, [layout_of(trial) for trial in trials])
    return next((other for other in others if other.code == code), submission.dataset)


def _period(submission: Submission, source: Source, mark: Mark | None) -> ReportingPeriod:
    same = ReportingPeriod.objects.filter(frequency=submission.period.frequency)
    if mark is not None:
        return same.filter(code=mark.period).first() or submission.period
    years = years_named(_titles(source))
    if len(years) != 1 or submission.period.year in years:
        return submission.period
    found = list(same.filter(end__year=years.pop())[:2])
    return found[0] if len(found) == 1 else submission.period


def _titles(source: Source) -> Iterator[str]:
    for sheet in source.sheets:
        for row in sheet.rows[:12]:
            yield from (cell for cell in row if isinstance(cell, str))


def _unit(
    submission: Submission, source: Source, mark: Mark | None, layout: Layout, name: str
) -> AdministrativeUnit:
    """The unit whose rows the file holds, when none of them is one of ours."""
    there = AdministrativeUnit.objects.on(submission.period.end).filter(
        level=submission.unit.level, is_reference=False
    )
    if mark is not None:
        return there.filter(code=mark.unit).first() or submission.unit
    names = names_of(layout)
    texts = [text for text in _labels(source) if len(text) < 60]
    if any(names.find(text).codes for text in texts):
        return submission.unit
    by_code = layout.known_by_code
    districts = Counter(
        district
        for text in texts
        for district in {by_code[code].district for code in names.elsewhere(text).codes}
        if district
    )
    (best, count), *rest = [*districts.most_common(2), (None, 0)]
    if best is None or (rest and rest[0][1] == count):
        return submission.unit
    return there.filter(code=best).first() or submission.unit


def _labels(source: Source) -> Iterator[str]:
    for sheet in source.sheets:
        for row in sheet.rows[:LOOKED_AT]:
            yield from (cell for cell in row[:4] if isinstance(cell, str) and cell.strip())


def place_of(upload: Upload, user: User) -> Belonging | None:
    """Where a file set apart belongs, when `user` may send it there."""
    told = upload.belongs
    if not told:
        return None
    dataset = Dataset.objects.active().filter(code=told["dataset"]).first()
    period = ReportingPeriod.objects.filter(code=told["period"]).first()
    if dataset is None or period is None or dataset.frequency != period.frequency:
        return None
    units = reporting_units(dataset=dataset, period=period, user=user)
    unit = units.filter(code=told["unit"]).first()
    return Belonging(dataset, unit, period) if unit else None


@transaction.atomic
def move_upload(*, upload: Upload, by: User, now: datetime.datetime | None = None) -> Submission:
    """Take a waiting file over to the submission where it belongs, and have it read there.

    Raises:
        NotAllowed: the place is outside the user's area.
        NotEditable: this submission, or the one there, is not open.
        ReasonMissing: the data there are approved; a correction begins with a reason.
    """
    submission = editable(upload.submission, by=by)
    check_own_file(upload, by=by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    place = place_of(upload, by)
    if place is None:
        raise Refused("Tệp này thuộc nơi ngoài địa bàn của bạn. Bỏ tệp, hoặc gửi cho nơi đó.")
    if upload.state != Upload.State.READ:
        raise NotEditable("Tệp không còn chờ nên không chuyển được.")
    target = open_submission(
        dataset=place.dataset, unit=place.unit, period=place.period, by=by, now=now
    )
    target = editable(target, by=by)
    unstage(upload)
    upload.rows.all().delete()
    upload.submission, upload.belongs, upload.answers = target, {}, {}
    upload.state = Upload.State.RECEIVED
    upload.save()
    at = moment(now)
    what = SubmissionEvent.What
    text = f"{upload.original_name} chuyển sang {place.words}"
    note(submission, what.DISCARDED, by=by, at=at, text=text)
    note(target, what.UPLOADED, by=by, at=at, text=upload.original_name)
    jobs.ask(READ_JOB, upload.pk)
    return target


__all__ = ["Belonging", "NotAllowed", "belonging", "move_upload", "place_of"]
