"""What taking waiting files over would change, counted and paged in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from portal.collection.stores import ChangedValue, Changes, StoredValue, ValueKey
from portal.collection.workbooks.outcome import CellValue

from .taking import count_staged, find_changes

if TYPE_CHECKING:
    from portal.collection.models import Submission, Upload

KINDS = {
    "new": "c.old IS NULL",
    "changed": "c.old IS NOT NULL AND c.position IS NOT NULL",
    "removed": "c.position IS NULL",
}
STORED = """
SELECT '', i.code, g.code, o.sex, o.category, sum(o.value)
FROM ethnic_data_observation o JOIN ethnic_data_indicator i ON i.id = o.indicator_id
LEFT JOIN ethnic_data_ethnicgroup g ON g.id = o.group_id
"""
BEFORE = f"{STORED} WHERE o.submission_id = %(submission)s GROUP BY 2, 3, 4, 5"
GOING = f"""
{STORED} JOIN ethnic_data_change c ON c.old = o.id GROUP BY 2, 3, 4, 5
"""
COMING = """
SELECT s."column", sum(s.value) FROM ethnic_data_change c
JOIN collection_stagedvalue s ON s.upload_id = c.upload_id AND s.position = c.position
GROUP BY 1
"""
FIELDS = """
s.unit, s.measure, s."group", s.sex, s.category, s.value, s.missing, s.sheet, s.cell, s.raw,
s."column", u.code, i.code, g.code, o.sex, o.category, o.value, o.missing, o.upload_id, o.sheet,
o.cell
"""
ROWS = """
SELECT c.upload_id, c.position IS NOT NULL, o.id IS NOT NULL, {fields}
FROM (SELECT * FROM ethnic_data_change c WHERE {kind}
      ORDER BY upload_id, position, old LIMIT %(limit)s OFFSET %(start)s) c
LEFT JOIN collection_stagedvalue s ON s.upload_id = c.upload_id AND s.position = c.position
LEFT JOIN ethnic_data_observation o ON o.id = c.old
LEFT JOIN units_administrativeunit u ON u.id = o.unit_id
LEFT JOIN ethnic_data_indicator i ON i.id = o.indicator_id
LEFT JOIN ethnic_data_ethnicgroup g ON g.id = o.group_id
ORDER BY c.upload_id, c.position, c.old
"""
SAME = """
SELECT s.upload_id, true, false, s.unit, s.measure, s."group", s.sex, s.category, s.value,
    s.missing, s.sheet, s.cell, s.raw, s."column"
FROM collection_stagedvalue s
WHERE s.upload_id = ANY (%(uploads)s) AND NOT EXISTS (
    SELECT FROM ethnic_data_change c
    WHERE c.upload_id = s.upload_id AND c.position = s.position)
ORDER BY s.upload_id, s.position LIMIT %(limit)s OFFSET %(start)s
"""


@transaction.atomic
def changes_of(submission: Submission, uploads: Sequence[Upload]) -> Changes:
    """Counts by kind, and control totals before, going and coming; see `Store.changes`."""
    with connection.cursor() as cursor:
        total, new, changed, removed = _compared(cursor, submission, uploads)
        same = total - new - changed
        counts = {"new": new, "changed": changed, "removed": removed, "same": same}
        cursor.execute(BEFORE, {"submission": submission.pk})
        before = _by_place(cursor.fetchall())
        cursor.execute(GOING)
        going = _by_place(cursor.fetchall())
        cursor.execute(COMING)
        coming = {column: value for column, value in cursor.fetchall() if value is not None}
    return Changes({k: n for k, n in counts.items() if n}, before, going, coming)


def sums_of(submission: Submission) -> dict[ValueKey, Any]:
    """Sums of what is stored by everything but the unit; see `Store.sums`."""
    with connection.cursor() as cursor:
        cursor.execute(BEFORE, {"submission": submission.pk})
        return _by_place(cursor.fetchall())


@transaction.atomic
def changed_values(
    submission: Submission, uploads: Sequence[Upload], kind: str, start: int, stop: int
) -> list[ChangedValue]:
    """A page of the changes of one kind, in the order of the files; see `Store.changed`."""
    given: dict[str, Any] = {
        "start": start,
        "limit": max(stop - start, 0),
        "uploads": [upload.pk for upload in uploads],
    }
    with connection.cursor() as cursor:
        _compared(cursor, submission, uploads)
        if kind == "same":
            cursor.execute(SAME, given)
        else:
            cursor.execute(ROWS.format(fields=FIELDS, kind=KINDS[kind]), given)
        return [_changed(row, same=kind == "same") for row in cursor.fetchall()]


def _compared(cursor: Any, submission: Submission, uploads: Sequence[Upload]) -> tuple[int, ...]:
    """Fill `ethnic_data_change`; how many values wait, are new, change and go."""
    given = {
        "submission": submission.pk,
        "day": submission.period.end,
        "upload": uploads[0].pk if uploads else None,
        "uploads": [upload.pk for upload in uploads],
        "units": sorted({unit for upload in uploads for unit in upload.units}),
        "reference": submission.dataset.includes_reference,
    }
    cursor.execute("SET LOCAL work_mem = '96MB'")
    total = count_staged(cursor, given)
    return total, *find_changes(cursor, given, total=total)


def _by_place(rows: list[tuple]) -> dict[ValueKey, Any]:
    return {
        ValueKey(unit, measure, group, sex or None, category): value
        for unit, measure, group, sex, category, value in rows
        if value is not None
    }


def _changed(row: tuple, *, same: bool) -> ChangedValue:
    upload, comes, is_stored, *fields = row
    new = CellValue(*fields[:11]) if comes else None
    if same and new is not None:
        return ChangedValue(upload, None, StoredValue(new.value, new.missing or ""), new)
    if not is_stored:
        return ChangedValue(upload, None, None, new)
    unit, measure, group, sex, category, value, missing, source, sheet, cell = fields[11:]
    key = ValueKey(unit, measure, group, sex or None, category)
    return ChangedValue(upload, key, StoredValue(value, missing, source, sheet, cell), new)
