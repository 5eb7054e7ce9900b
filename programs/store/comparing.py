"""What taking waiting files over would change, counted and paged in the database."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from portal.collection.stores import ChangedValue, Changes, StoredValue, ValueKey
from portal.collection.workbooks.outcome import CellValue

from .coming import DIFFERS, GONE, MINE, SAME_PLACE, bring_waiting
from .reading import plain, sums

if TYPE_CHECKING:
    from portal.collection.models import Submission, Upload

NEW_FIELDS = """
c.upload_id, c."row", c.measure, c."group", c.sex, c.category, c.value, c.missing, c.sheet, c.cell,
c.raw, c."column"
"""
OLD_FIELDS = """
v."row", v.measure, v."group", v.sex, v.category, v.value, v.missing, v.upload_id, v.sheet, v.cell
"""
BESIDE = f"programs_coming c LEFT JOIN programs_recordvalue v ON {MINE} AND {SAME_PLACE}"
COMES = f"SELECT {NEW_FIELDS}, {OLD_FIELDS} FROM {BESIDE}"  # noqa: S608 - constants
KINDS = {
    "new": f"{COMES} WHERE v.id IS NULL ORDER BY c.upload_id, c.position",
    "changed": f"{COMES} WHERE v.id IS NOT NULL AND {DIFFERS} ORDER BY c.upload_id, c.position",
    "removed": f"""
        SELECT {", ".join(["NULL"] * 12)}, {OLD_FIELDS} FROM programs_recordvalue v WHERE {GONE}
        ORDER BY v.id
    """,  # noqa: S608
    "same": f"{COMES} WHERE v.id IS NOT NULL AND NOT ({DIFFERS}) ORDER BY c.upload_id, c.position",
}
GOING = f"""
SELECT measure, "group", sex, category, sum(value) FROM programs_recordvalue v
WHERE ({GONE.strip()})
   OR ({MINE} AND EXISTS (SELECT FROM programs_coming c WHERE {SAME_PLACE} AND {DIFFERS}))
GROUP BY 1, 2, 3, 4
"""  # noqa: S608
COMING = f"""
SELECT c."column", sum(c.value) FROM {BESIDE} WHERE v.id IS NULL OR {DIFFERS} GROUP BY 1
"""  # noqa: S608


@transaction.atomic
def changes_of(submission: Submission, uploads: Sequence[Upload], *, first: int) -> Changes:
    """Counts by kind, control totals before, going and coming, a page; see `Store.changes`."""
    with connection.cursor() as cursor:
        given = _bring(cursor, submission, uploads)
        counts = {kind: _count(cursor, sql, given) for kind, sql in KINDS.items()}
        counts = {kind: count for kind, count in counts.items() if count}
        cursor.execute(GOING, given)
        going = {
            ValueKey("", measure, group, sex or None, category): plain(total) or Decimal(0)
            for measure, group, sex, category, total in cursor.fetchall()
            if total is not None
        }
        cursor.execute(COMING, given)
        coming = {
            column: plain(total) or Decimal(0)
            for column, total in cursor.fetchall()
            if total is not None
        }
        kind = next(iter(counts), "")
        page = _page(cursor, given, kind, 0, first) if kind and first else []
    return Changes(
        counts,
        sums(submission),
        going,
        coming,
        {kind: page} if kind and first else {},
    )


@transaction.atomic
def changed_values(
    submission: Submission, uploads: Sequence[Upload], kind: str, start: int, stop: int
) -> list[ChangedValue]:
    """A page of the changes of one kind, in the order of the files; see `Store.changed`."""
    with connection.cursor() as cursor:
        return _page(cursor, _bring(cursor, submission, uploads), kind, start, stop)


def _bring(cursor: Any, submission: Submission, uploads: Sequence[Upload]) -> dict[str, Any]:
    bring_waiting(cursor, [upload.pk for upload in uploads])
    rows = sorted({row for upload in uploads for row in upload.units})
    first = uploads[0].pk if uploads else 0  # what goes is told of the first file
    return {"submission": submission.pk, "rows": rows, "first": first}


def _count(cursor: Any, sql: str, given: dict[str, Any]) -> int:
    cursor.execute(f"SELECT count(*) FROM ({sql}) found", given)  # noqa: S608 - one of KINDS
    return int(cursor.fetchone()[0])


def _page(
    cursor: Any, given: dict[str, Any], kind: str, start: int, stop: int
) -> list[ChangedValue]:
    limited = f"{KINDS[kind]} LIMIT %(limit)s OFFSET %(start)s"
    cursor.execute(limited, {**given, "limit": max(stop - start, 0), "start": start})
    return [_changed(row, given["first"]) for row in cursor.fetchall()]


def _changed(row: tuple[Any, ...], first: int) -> ChangedValue:
    upload, *told = row[:12]
    *key, value, missing, source, sheet, cell = row[12:]
    new = None
    if upload is not None:
        unit, measure, group, sex, category, number, reason, *rest = told
        new = CellValue(
            unit, measure, group, sex or None, category or None, plain(number), reason or None,
            *rest,
        )  # fmt: skip
    if key[0] is None:
        return ChangedValue(upload, None, None, new)
    place = ValueKey(key[0], key[1], key[2], key[3] or None, key[4])
    old = StoredValue(plain(value), missing, source, sheet, cell)
    return ChangedValue(first if upload is None else upload, place, old, new)
