"""Take a file's values back, and put back what it changed or took away: three statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from portal.collection.stores import Over, Written

if TYPE_CHECKING:
    from portal.collection.models import Submission, Upload

# files that changed or took away a value of this one
LATER = """
SELECT DISTINCT upload_id FROM ethnic_data_replacedobservation
WHERE submission_id = %(submission)s AND source_id = %(upload)s
UNION
SELECT DISTINCT o.upload_id FROM ethnic_data_replacedobservation r
JOIN ethnic_data_observation o ON o.submission_id = r.submission_id
    AND o.indicator_id = r.indicator_id AND o.unit_id = r.unit_id
    AND o.group_id IS NOT DISTINCT FROM r.group_id AND o.sex = r.sex AND o.category = r.category
WHERE r.upload_id = %(upload)s AND o.upload_id IS DISTINCT FROM %(upload)s
"""
MADE = """
SELECT count(*) FROM ethnic_data_observation
WHERE submission_id = %(submission)s AND upload_id = %(upload)s
"""
TAKE_BACK = """
DELETE FROM ethnic_data_observation
WHERE submission_id = %(submission)s AND upload_id = %(upload)s
"""
PUT_BACK = """
WITH kept AS (
    DELETE FROM ethnic_data_replacedobservation WHERE upload_id = %(upload)s RETURNING *
)
INSERT INTO ethnic_data_observation (submission_id, indicator_id, unit_id, group_id, sex, category,
    value, missing, reference_date, kind, upload_id, sheet, cell, raw)
SELECT submission_id, indicator_id, unit_id, group_id, sex, category,
    value, missing, reference_date, kind, source_id, sheet, cell, raw
FROM kept ORDER BY id
"""


def written_over(submission: Submission, upload: Upload) -> Over:
    """Later files by their ids; typing when fewer values are left than the file made."""
    given = {"submission": submission.pk, "upload": upload.pk}
    expected = upload.outcome.get("new", 0) + upload.outcome.get("changed", 0)
    with connection.cursor() as cursor:
        cursor.execute(LATER, given)
        found = {row[0] for row in cursor.fetchall()}
        cursor.execute(MADE, given)
        made = cursor.fetchone()[0]
    uploads = frozenset(found - {None})
    return Over(uploads, typed=None in found or (made != expected and not uploads))


def undo_values(submission: Submission, upload: Upload) -> Written:
    given = {"submission": submission.pk, "upload": upload.pk}
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, given)
        taken = cursor.rowcount
        cursor.execute(PUT_BACK, given)
        back = cursor.rowcount
    changed = min(upload.outcome.get("changed", 0), back)
    return Written(new=back - changed, changed=changed, removed=taken - changed)
