"""Write a submission's values, take a file's over, and back again: a few statements each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

from portal.collection.stores import Over, Written

from .coming import DIFFERS, GONE, MINE, SAME_PLACE, bring_typed, bring_waiting

if TYPE_CHECKING:
    from portal.collection.models import Submission, Upload
    from portal.collection.workbooks.outcome import CellValue

TOLD = '"row", measure, "group", sex, category, value, missing'
FROM = "sheet, cell, raw"
# what a file changes or takes away is kept beside it, to be put back when the file is undone
KEEP = f"""
INSERT INTO programs_replacedrecordvalue (upload_id, submission_id, source_id, {TOLD}, {FROM})
SELECT %(upload)s, v.submission_id, v.upload_id, v."row", v.measure, v."group", v.sex, v.category,
    v.value, v.missing, v.sheet, v.cell, v.raw
FROM programs_recordvalue v
WHERE ({GONE.strip()})
   OR ({MINE} AND EXISTS (SELECT FROM programs_coming c WHERE {SAME_PLACE} AND {DIFFERS}))
"""  # noqa: S608 - constants
REMOVE = f"DELETE FROM programs_recordvalue v WHERE {GONE}"  # noqa: S608
CHANGE = f"""
UPDATE programs_recordvalue v
SET value = c.value, missing = c.missing, upload_id = %(upload)s, sheet = c.sheet, cell = c.cell,
    raw = c.raw
FROM programs_coming c WHERE {MINE} AND {SAME_PLACE} AND {DIFFERS}
"""  # noqa: S608
ADD = f"""
INSERT INTO programs_recordvalue (submission_id, upload_id, {TOLD}, {FROM})
SELECT %(submission)s, %(upload)s, {TOLD}, {FROM} FROM programs_coming c
WHERE NOT EXISTS (SELECT FROM programs_recordvalue v WHERE {MINE} AND {SAME_PLACE})
ORDER BY position
"""  # noqa: S608
COPY = f"""
INSERT INTO programs_recordvalue (submission_id, upload_id, {TOLD}, {FROM})
SELECT %s, upload_id, {TOLD}, {FROM} FROM programs_recordvalue WHERE submission_id = %s
"""  # noqa: S608
# files that changed or took away a value of this one, or that stand where it took one away
LATER = """
SELECT DISTINCT upload_id FROM programs_replacedrecordvalue
WHERE submission_id = %(submission)s AND source_id = %(upload)s
UNION
SELECT DISTINCT v.upload_id FROM programs_replacedrecordvalue c
JOIN programs_recordvalue v ON v.submission_id = c.submission_id AND v."row" = c."row"
    AND v.measure = c.measure AND v."group" IS NOT DISTINCT FROM c."group" AND v.sex = c.sex
    AND v.category = c.category
WHERE c.upload_id = %(upload)s AND v.upload_id IS DISTINCT FROM %(upload)s
"""
MADE = """
SELECT count(*) FROM programs_recordvalue
WHERE submission_id = %(submission)s AND upload_id = %(upload)s
"""
TAKE_BACK = """
DELETE FROM programs_recordvalue WHERE submission_id = %(submission)s AND upload_id = %(upload)s
"""
PUT_BACK = f"""
WITH kept AS (
    DELETE FROM programs_replacedrecordvalue WHERE upload_id = %(upload)s RETURNING *
)
INSERT INTO programs_recordvalue (submission_id, upload_id, {TOLD}, {FROM})
SELECT submission_id, source_id, {TOLD}, {FROM} FROM kept ORDER BY id
"""  # noqa: S608


def write_values(
    submission: Submission, values: Sequence[CellValue], upload: Upload | None, rows: Sequence[str]
) -> Written:
    """Make `values` all there is of `rows`; an equal value keeps its row and its source."""
    with connection.cursor() as cursor:
        bring_typed(cursor, values)
        return _written(cursor, submission, upload, rows)


def take_over(submission: Submission, upload: Upload) -> Written:
    """The same with all that waits of `upload`, of the rows that it tells of."""
    with connection.cursor() as cursor:
        bring_waiting(cursor, [upload.pk])
        return _written(cursor, submission, upload, upload.units)


def _written(
    cursor: Any, submission: Submission, upload: Upload | None, rows: Sequence[str]
) -> Written:
    given = {
        "submission": submission.pk,
        "upload": upload.pk if upload else None,
        "rows": list(rows),
    }
    if upload is not None:
        cursor.execute(KEEP, given)
    removed, changed, new = (_count(cursor, sql, given) for sql in (REMOVE, CHANGE, ADD))
    cursor.execute("SELECT count(*) FROM programs_coming")
    (total,) = cursor.fetchone()
    cursor.execute("DROP TABLE programs_coming")
    return Written(new=new, changed=changed, same=total - new - changed, removed=removed)


def _count(cursor: Any, sql: str, given: dict[str, Any]) -> int:
    cursor.execute(sql, given)
    count: int = cursor.rowcount
    return count


def copy_values(source: Submission, target: Submission) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COPY, [target.pk, source.pk])


def written_over(submission: Submission, upload: Upload) -> Over:
    """Later files by their ids; typing when fewer values are left than the file made."""
    given = {"submission": submission.pk, "upload": upload.pk}
    expected = upload.outcome.get("new", 0) + upload.outcome.get("changed", 0)
    with connection.cursor() as cursor:
        cursor.execute(LATER, given)
        found = {row[0] for row in cursor.fetchall()}
        cursor.execute(MADE, given)
        (made,) = cursor.fetchone()
    uploads = frozenset(found - {None})
    return Over(uploads, typed=None in found or (made != expected and not uploads))


def undo_values(submission: Submission, upload: Upload) -> Written:
    given = {"submission": submission.pk, "upload": upload.pk}
    with connection.cursor() as cursor:
        taken = _count(cursor, TAKE_BACK, given)
        back = _count(cursor, PUT_BACK, given)
    changed = min(upload.outcome.get("changed", 0), back)
    return Written(new=back - changed, changed=changed, removed=taken - changed)
