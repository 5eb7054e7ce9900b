"""What taking waiting files over would change, counted and paged in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from portal.collection.stores import ChangedValue, Changes, StoredValue, ValueKey
from portal.collection.workbooks.outcome import CellValue

from .ahead import keep_ahead, version_of
from .placing import CELL, RAW, VALUE
from .taking import count_staged, find_changes

if TYPE_CHECKING:
    from portal.collection.models import Submission, Upload

KINDS = {
    "new": "c.old IS NULL",
    "changed": "c.old IS NOT NULL AND c.line IS NOT NULL",
    "removed": "c.line IS NULL",
}
STORED = """
SELECT '', i.code, g.code, o.sex, o.category, o.sum FROM (
    SELECT o.indicator_id, o.group_id, o.sex, o.category, sum(o.value)
    FROM ethnic_data_observation o {which} GROUP BY 1, 2, 3, 4) o
JOIN ethnic_data_indicator i ON i.id = o.indicator_id
LEFT JOIN ethnic_data_ethnicgroup g ON g.id = o.group_id
"""
BEFORE = STORED.format(which="WHERE o.submission_id = %(submission)s")
GOING = STORED.format(
    which="JOIN ethnic_data_change c ON c.old = o.id WHERE o.submission_id = %(submission)s"
)
WAITING = """
JOIN collection_stagedrow r ON r.upload_id = c.upload_id AND r."position" = c.line
JOIN collection_stagedcolumn k
    ON k.upload_id = r.upload_id AND k."table" = r."table" AND k.place = c.place
"""
COMING = f"""
SELECT k."column", sum({VALUE}) FROM ethnic_data_change c {WAITING} GROUP BY 1
"""  # noqa: S608 - constants
ALL_COMING = """
SELECT "column", sum(value) FROM collection_stagedvalue WHERE upload_id = ANY (%(uploads)s)
GROUP BY 1
"""
FIELDS = f"""
r.unit, k.measure, coalesce(r."group", k."group"), k.sex, k.category, {VALUE}, r.missing[c.place],
r.sheet, {CELL}, {RAW}, k."column"
"""
OLD_FIELDS = """
u.code, i.code, g.code, o.sex, o.category, o.value, o.missing, o.upload_id, o.sheet, o.cell
"""
ROWS = f"""
SELECT c.upload_id, c.line IS NOT NULL, o.id IS NOT NULL, {FIELDS}, {OLD_FIELDS}
FROM (SELECT * FROM ethnic_data_change c WHERE {{kind}}
      ORDER BY upload_id, line, place, old LIMIT %(limit)s OFFSET %(start)s) c
LEFT {WAITING.strip().replace(chr(10) + "JOIN", chr(10) + "LEFT JOIN")}
LEFT JOIN ethnic_data_observation o ON o.id = c.old
LEFT JOIN units_administrativeunit u ON u.id = o.unit_id
LEFT JOIN ethnic_data_indicator i ON i.id = o.indicator_id
LEFT JOIN ethnic_data_ethnicgroup g ON g.id = o.group_id
ORDER BY c.upload_id, c.line, c.place, c.old
"""  # noqa: S608
# those of the waiting values that no line of ethnic_data_change is about, in the file's order
UNTOUCHED = f"""
SELECT c.upload_id, true, false, {FIELDS}
FROM (
    SELECT r.upload_id, r."position" AS line, v.place
    FROM collection_stagedrow r
    CROSS JOIN LATERAL unnest(r.numbers, r.missing) WITH ORDINALITY AS v (value, missing, place)
    WHERE r.upload_id = ANY (%(uploads)s) AND (v.value IS NOT NULL OR v.missing IS NOT NULL)
      AND NOT EXISTS (SELECT FROM ethnic_data_change c WHERE c.upload_id = r.upload_id
                      AND c.line = r."position" AND c.place = v.place)
    ORDER BY r.upload_id, r."position", v.place LIMIT %(limit)s OFFSET %(start)s
) c {WAITING} ORDER BY c.upload_id, c.line, c.place
"""  # noqa: S608


@transaction.atomic
def changes_of(
    submission: Submission, uploads: Sequence[Upload], *, first: int, keep: bool
) -> Changes:
    """Counts by kind, control totals before, going and coming, a page; see `Store.changes`."""
    given = _given(submission, uploads)
    with connection.cursor() as cursor:
        version = version_of(cursor, given)
        counts = _compared(cursor, given)
        if keep and len(uploads) == 1:
            keep_ahead(cursor, submission, uploads[0], given, version=version, counts=counts)
        cursor.execute(BEFORE, given)
        before = _by_place(cursor.fetchall())
        going: dict[ValueKey, Any] = {}
        if {"changed", "removed"} & set(counts):
            cursor.execute(GOING, given)
            going = _by_place(cursor.fetchall())
        cursor.execute(*((ALL_COMING, given) if _all_new(counts) else (COMING,)))
        coming = {column: value for column, value in cursor.fetchall() if value is not None}
        kind = next(iter(counts), "")
        page = _page(cursor, given, counts, kind, 0, first) if kind and first else []
    return Changes(counts, before, going, coming, {kind: page} if kind and first else {})


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
    given = _given(submission, uploads)
    with connection.cursor() as cursor:
        return _page(cursor, given, _compared(cursor, given), kind, start, stop)


def _given(submission: Submission, uploads: Sequence[Upload]) -> dict[str, Any]:
    return {
        "submission": submission.pk,
        "day": submission.period.end,
        "upload": uploads[0].pk if uploads else None,
        "uploads": [upload.pk for upload in uploads],
        "units": sorted({unit for upload in uploads for unit in upload.units}),
        "reference": submission.dataset.includes_reference,
    }


def _compared(cursor: Any, given: dict[str, Any]) -> dict[str, int]:
    """Fill `ethnic_data_change`; how many values are new, change, go and stay, if any."""
    cursor.execute("SET LOCAL work_mem = '96MB'")
    total = count_staged(cursor, given)
    new, changed, removed = find_changes(cursor, given, total=total)
    counts = {"new": new, "changed": changed, "removed": removed, "same": total - new - changed}
    return {kind: count for kind, count in counts.items() if count}


def _all_new(counts: dict[str, int]) -> bool:
    """Everything that waits is new, and `ethnic_data_change` need not say so."""
    return not {"changed", "same", "removed"} & set(counts)


def _page(
    cursor: Any, given: dict[str, Any], counts: dict[str, int], kind: str, start: int, stop: int
) -> list[ChangedValue]:
    given = given | {"start": start, "limit": max(stop - start, 0)}
    if kind == "new" and _all_new(counts):
        cursor.execute("TRUNCATE ethnic_data_change")
        cursor.execute(UNTOUCHED, given)
    elif kind == "same":
        cursor.execute(UNTOUCHED, given)
    else:
        cursor.execute(ROWS.format(kind=KINDS[kind]), given)
    return [_changed(row, same=kind == "same") for row in cursor.fetchall()]


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
