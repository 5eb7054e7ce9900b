"""Read a file that came in, and keep what was understood."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from django.core.files.storage import FileSystemStorage
from django.db import transaction

from portal.collection.models import Archive, Upload
from portal.collection.workbooks.cleaned import Values
from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.json_form import reading_without_values
from portal.collection.workbooks.kept import Working
from portal.collection.workbooks.layout import MEASURE_ROWS, Layout
from portal.collection.workbooks.outcome import Reading
from portal.collection.workbooks.source import Limits

from .beside import beside_of, layout_of
from .keeping import keep_rows
from .printed_totals import keep_totals
from .staging import Staged, stage, staged_values
from .stored_text import plain, storable

SHOWN_ROWS = 2000  # rows that are skipped or refused, with their reasons
SHOWN_ISSUES = 2000  # a file with more mistakes than this is not mended cell by cell


@contextlib.contextmanager
def local_file(upload: Upload | Archive) -> Iterator[Path]:
    """The file as a path of this machine, whatever store it lies in."""
    if isinstance(upload.file.storage, FileSystemStorage):
        yield Path(upload.file.path)
        return
    with tempfile.NamedTemporaryFile(suffix=Path(str(upload.file.name)).suffix) as copy:
        with upload.file.open("rb") as source:
            shutil.copyfileobj(source, copy)
        copy.flush()
        yield Path(copy.name)


def read_upload(
    upload: Upload, *, tick: Callable[[], None] | None = None, seconds: float | None = None
) -> Reading:
    """The reading of a kept file, within `seconds`; writes nothing."""
    submission = upload.submission
    layout = layout_of(submission)
    with local_file(upload) as path:
        return read_workbook(
            path,
            layout=layout,
            answers=upload.answers,
            beside=beside_of(submission, layout, by=upload.uploaded_by),
            corrections={
                (item["sheet"], item["cell"]): item["text"] for item in upload.corrections
            },
            name=upload.original_name,
            limits=_limits(seconds) if seconds else None,
            tick=tick,
        )


def _limits(seconds: float) -> Limits:
    usual = Limits()
    return replace(usual, wall_seconds=seconds, cpu_seconds=max(usual.cpu_seconds, int(seconds)))


@transaction.atomic
def store_reading(
    *, upload: Upload, reading: Reading, belongs: dict[str, str] | None = None
) -> bool:
    """Keep the reading and stage its values; False when the file no longer waits for it.

    `belongs` says whose data a file of another form, place or time seems to hold.
    """
    upload = (
        Upload.objects.select_for_update(of=("self",))
        .select_related("submission__dataset", "submission__unit", "submission__period")
        .get(pk=upload.pk)
    )
    if upload.state != Upload.State.RECEIVED:
        return False
    shape = storable(reading_without_values(reading))
    upload.container = reading.container[:10]
    upload.understood = shape["understood"]
    upload.issues = most_telling(storable([issue._asdict() for issue in reading.issues]))
    upload.questions = shape["questions"]
    del shape["reconciliation"]["totals"]  # rows of their own
    upload.reconciliation = {
        **shape["reconciliation"],
        "rows": shape["reconciliation"]["rows"][:SHOWN_ROWS],
        "errors": len(reading.errors),
        "warnings": len(reading.warnings),
    }
    upload.units = sorted(units_told(reading, layout_read(upload, reading)))
    upload.belongs, upload.foreseen = belongs or {}, {}
    upload.state = Upload.State.READ
    upload.readings += 1
    upload.save()
    stage(upload, reading.values)
    keep_rows(upload, reading)
    keep_totals(upload, reading)
    return True


def layout_read(upload: Upload, reading: Reading) -> Layout:
    """The layout by which the file was read, as far as its rows were found."""
    working: Working | None = reading.working
    return layout_of(upload.submission) if working is None else working.checked.entries.layout


def units_told(reading: Reading, layout: Layout) -> set[str]:
    """The units that a file tells of, whether rightly or not."""
    values = reading.values
    told = values.units if isinstance(values, Values) else {value.unit for value in values}
    if not reading.reconciliation.rows_read:
        return told
    if layout.rows == MEASURE_ROWS:
        return told | {layout.unit}
    missing = set(reading.reconciliation.missing_units)
    return told | {unit.code for unit in layout.valid_units() if unit.code not in missing}


def most_telling(issues: list[dict]) -> list[dict]:
    """All issues, or the first 2 000: errors before warnings."""
    if len(issues) <= SHOWN_ISSUES:
        return issues
    return sorted(issues, key=lambda issue: issue["severity"] != "error")[:SHOWN_ISSUES]


__all__ = ["Staged", "plain", "stage", "staged_values", "storable"]
