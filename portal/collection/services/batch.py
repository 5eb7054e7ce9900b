"""The waiting files of one submission as one batch: what is there, what is missing or double."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from portal.collection.models import Archive, Submission, Upload
from portal.collection.stores import store_of
from portal.collection.workbooks.layout import MEASURE_ROWS, Column, Layout

from .belonging import Belonging, place_of
from .beside import layout_of
from .comparing import Overlap, compare, overlaps
from .printed_totals import last_printed

if TYPE_CHECKING:
    from portal.accounts.models import User

COMPARED = 5_000  # rows up to which the totals before and after stand on this page already
READ = ("rows_read", "stored", "skipped", "refused")


class FileLine(NamedTuple):
    """One file of the batch: whose rows it holds, and where it belongs when not here."""

    upload: Upload
    units: str
    place: Belonging | None


class Double(NamedTuple):
    """A unit in several files; `differ` when they do not say the same."""

    unit: str
    files: tuple[str, ...]
    differ: bool


class Total(NamedTuple):
    """One column: what is stored, the files' own printed total, and what will be stored."""

    column: Column
    before: Decimal | None
    after: Decimal | None
    printed: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Everything the page of many files shows."""

    layout: Layout
    files: Sequence[FileLine] = ()
    apart: Sequence[FileLine] = ()
    archives: Sequence[Archive] = ()
    reading: int = 0
    doubles: Sequence[Double] = ()
    missing: Sequence[str] = ()
    errors: Sequence[dict] = ()
    warnings: Sequence[dict] = ()
    questions: Sequence[dict] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    totals: Sequence[Total] = ()

    @property
    def recognised(self) -> int:
        return sum(bool(line.upload.units) for line in self.files)

    @property
    def accepted(self) -> int:
        return sum(line.upload.is_accepted for line in self.files)

    @property
    def is_busy(self) -> bool:
        return bool(self.reading) or any(
            archive.state == Archive.State.RECEIVED for archive in self.archives
        )


def batch_of(submission: Submission, user: User) -> Batch:
    """The batch as it stands; the number of queries does not grow with the files."""
    layout = layout_of(submission)
    seen = Upload.objects.visible_to(user).filter(submission=submission)
    waiting = list(seen.open().select_related("uploaded_by", "archive"))
    lines = [_line(upload, layout, user) for upload in waiting]
    here = [line for line in lines if not line.upload.belongs]
    reading = sum(upload.state == Upload.State.RECEIVED for upload in waiting)
    rows = sum(line.upload.reconciliation.get("rows_read", 0) for line in here)
    comparison = (
        compare(submission, by=user) if waiting and not reading and rows <= COMPARED else None
    )
    mine = [line.upload for line in here]
    return Batch(
        layout=layout,
        files=here,
        apart=[line for line in lines if line.upload.belongs],
        archives=_archives(submission, waiting),
        reading=reading,
        doubles=_doubles(mine, layout, overlaps([one for one in mine if one.is_accepted])),
        missing=_missing(submission, mine, layout),
        errors=_issues(mine, "error"),
        warnings=_issues(mine, "warning"),
        questions=merged_questions(mine),
        rows={key: sum(upload.reconciliation.get(key, 0) for upload in mine) for key in READ},
        totals=_totals(layout, mine, comparison) if comparison else (),
    )


def _archives(submission: Submission, waiting: Sequence[Upload]) -> list[Archive]:
    """Zips that waiting files came in, those being opened, and the last one when it was refused."""
    shown = {upload.archive_id for upload in waiting}
    *_, last = [None, *submission.archives.all()]
    return [
        archive
        for archive in submission.archives.all()
        if archive.pk in shown
        or archive.state == Archive.State.RECEIVED
        or (archive == last and archive.state == Archive.State.REFUSED)
    ]


def _line(upload: Upload, layout: Layout, user: User) -> FileLine:
    known = layout.unit_by_code
    names = [known[code].label for code in upload.units if code in known]
    told = f"{len(names)} {layout.row_noun}" if len(names) > 2 else ", ".join(names)
    return FileLine(upload, told, place_of(upload, user) if upload.belongs else None)


def _doubles(
    uploads: Sequence[Upload], layout: Layout, overlaps: Sequence[Overlap]
) -> list[Double]:
    if layout.rows == MEASURE_ROWS:
        return []
    clashing = {overlap.unit for overlap in overlaps}
    told: dict[str, list[str]] = {}
    for upload in uploads:
        for code in upload.units:
            told.setdefault(code, []).append(upload.original_name)
    known = layout.unit_by_code
    return [
        Double(known[code].label if code in known else code, tuple(names), code in clashing)
        for code, names in told.items()
        if len(names) > 1
    ]


def _missing(submission: Submission, uploads: Sequence[Upload], layout: Layout) -> list[str]:
    """Expected units that neither a waiting file nor the stored values tell of."""
    if layout.rows == MEASURE_ROWS or not layout.every_unit:
        return []
    told = store_of(submission.dataset).units_of(submission)
    told.update(*(upload.units for upload in uploads))
    return [unit.label for unit in layout.valid_units() if unit.code not in told]


def _issues(uploads: Sequence[Upload], severity: str) -> list[dict]:
    """All issues of one severity with their upload, in the order of the files."""
    return [
        {**issue, "upload": upload}
        for upload in uploads
        if upload.state == Upload.State.READ
        for issue in upload.issues
        if issue["severity"] == severity
    ]


def merged_questions(uploads: Sequence[Upload]) -> list[dict[str, Any]]:
    """Each question once, with the options common to all files that ask it and their names."""
    asked: dict[str, dict[str, Any]] = {}
    for upload in uploads:
        for question in upload.questions:
            known = asked.setdefault(question["id"], {**question, "files": []})
            known["files"].append(upload.original_name)
            offered = {option["value"] for option in question["options"]}
            known["options"] = [item for item in known["options"] if item["value"] in offered]
    for question in asked.values():
        if len(question["files"]) > 1:
            question["cell"] = ""
    return [question for question in asked.values() if question["options"]]


def _totals(layout: Layout, uploads: Sequence[Upload], comparison: Any) -> list[Total]:
    printed = _printed(uploads)
    keys = {**comparison.before, **comparison.after, **printed}
    return [
        Total(
            column,
            comparison.before.get(column.key),
            comparison.after.get(column.key),
            printed.get(column.key),
        )
        for column in layout.entered
        if column.key in keys and column.value_type in ("count", "decimal")
    ]


def _printed(uploads: Sequence[Upload]) -> dict[str, Decimal]:
    """The files' own totals together, of columns whose total every file prints."""
    sums: dict[str, Decimal] = {}
    files: dict[str, int] = {}
    for _, own in last_printed(uploads):
        for column, total in own.items():
            sums[column] = sums.get(column, Decimal(0)) + total
            files[column] = files.get(column, 0) + 1
    return {column: total for column, total in sums.items() if files[column] == len(uploads)}
