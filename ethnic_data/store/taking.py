"""Take the values of a file over where they wait: from table to table, nothing goes through Python.

First the difference between what waits and what is stored is found by one join; what is equal is
not looked at again. `writing` does the same for values that a person typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

from ethnic_data.models import told_of
from portal.collection.stores import Written

if TYPE_CHECKING:
    from portal.collection.models import Submission, Upload

# the waiting values of one file with codes made rows: units as in force on the period's last day
PLACED = """
collection_stagedvalue s
JOIN units_administrativeunit u
    ON u.code = s.unit AND u.valid @> %(day)s::date
        AND (%(reference)s OR NOT u.is_reference)
JOIN ethnic_data_indicator i ON i.code = s.measure
LEFT JOIN ethnic_data_ethnicgroup g ON g.code = s."group"
"""
OF_UPLOAD = 's.upload_id = ANY (%(uploads)s) AND (s."group" IS NULL OR g.id IS NOT NULL)'
# what the submission holds so far, found once by its own index whatever the planner believes
MINE = """
mine AS MATERIALIZED (
    SELECT id, indicator_id, unit_id, coalesce(group_id, 0) AS group_id, sex, category, value,
           missing
    FROM ethnic_data_observation WHERE submission_id = %(submission)s
)
"""
SAME_PLACE = """
    m.unit_id = u.id AND m.indicator_id = i.id AND m.group_id = coalesce(g.id, 0)
    AND m.sex = coalesce(s.sex, '') AND m.category = coalesce(s.category, '')
"""
# `position` of what waits, `old` of what is stored: without `old` it is new, without `position`
# it goes, with both it changes
CHANGES = f"""
CREATE TEMPORARY TABLE ethnic_data_change ON COMMIT DROP AS
WITH {MINE}
SELECT s.upload_id, s.position, m.id AS old
FROM {PLACED} LEFT JOIN mine m ON {SAME_PLACE}
WHERE {OF_UPLOAD}
  AND (m.id IS NULL OR (m.value, m.missing) IS DISTINCT FROM (s.value, coalesce(s.missing, '')))
"""  # noqa: S608 - constants
OF_UNITS = """
    unit_id IN (SELECT id FROM units_administrativeunit
                WHERE code = ANY (%(units)s) AND valid @> %(day)s::date)
"""
GONE = f"""
INSERT INTO ethnic_data_change (upload_id, old)
SELECT %(upload)s, m.id FROM ethnic_data_observation m
WHERE m.submission_id = %(submission)s AND m.{OF_UNITS.strip()}
  AND NOT EXISTS (
    SELECT FROM {PLACED}
    WHERE {OF_UPLOAD} AND m.unit_id = u.id AND m.indicator_id = i.id
      AND m.group_id IS NOT DISTINCT FROM g.id
      AND m.sex = coalesce(s.sex, '') AND m.category = coalesce(s.category, ''))
"""  # noqa: S608
KEEP = """
INSERT INTO ethnic_data_replacedobservation (upload_id, submission_id, indicator_id, unit_id,
    group_id, sex, category, value, missing, reference_date, kind, source_id, sheet, cell, raw)
SELECT %(upload)s, o.submission_id, o.indicator_id, o.unit_id, o.group_id, o.sex, o.category,
    o.value, o.missing, o.reference_date, o.kind, o.upload_id, o.sheet, o.cell, o.raw
FROM ethnic_data_observation o JOIN ethnic_data_change c ON c.old = o.id
"""
REMOVE = """
DELETE FROM ethnic_data_observation o USING ethnic_data_change c
WHERE o.id = c.old AND c.position IS NULL
"""
CHANGE = """
UPDATE ethnic_data_observation o
SET value = s.value, missing = coalesce(s.missing, ''), upload_id = %(upload)s, sheet = s.sheet,
    cell = s.cell, raw = s.raw, reference_date = %(reference_day)s, kind = %(kind)s
FROM ethnic_data_change c
JOIN collection_stagedvalue s ON s.upload_id = %(upload)s AND s.position = c.position
WHERE o.id = c.old
"""
ADD = f"""
INSERT INTO ethnic_data_observation (submission_id, indicator_id, unit_id, group_id, sex, category,
    value, missing, reference_date, kind, upload_id, sheet, cell, raw)
SELECT %(submission)s, i.id, u.id, g.id, coalesce(s.sex, ''), coalesce(s.category, ''), s.value,
    coalesce(s.missing, ''), %(reference_day)s, %(kind)s, %(upload)s, s.sheet, s.cell, s.raw
FROM {PLACED}
WHERE {OF_UPLOAD}
"""  # noqa: S608
# groups that a round counted fully, in a table whose other groups were sampled
COUNTED_FULLY = """
UPDATE ethnic_data_observation o SET kind = 'census'
FROM ethnic_data_fullcount f
WHERE o.submission_id = %(submission)s AND f.round_id = %(round)s AND f.group_id = o.group_id
  AND o.kind <> 'census'
"""
NEW_ONLY = """
  AND s.position IN (SELECT position FROM ethnic_data_change WHERE old IS NULL)
"""
IN_ORDER = "ORDER BY s.position"
UNPLACED = """
SELECT DISTINCT s.unit, s.measure, coalesce(s."group", '') FROM collection_stagedvalue s
WHERE s.upload_id = ANY (%(uploads)s) AND (
    NOT EXISTS (SELECT FROM units_administrativeunit u WHERE u.code = s.unit
                AND u.valid @> %(day)s::date AND (%(reference)s OR NOT u.is_reference))
    OR NOT EXISTS (SELECT FROM ethnic_data_indicator i WHERE i.code = s.measure)
    OR (s."group" IS NOT NULL
        AND NOT EXISTS (SELECT FROM ethnic_data_ethnicgroup g WHERE g.code = s."group")))
LIMIT 5
"""


class UnknownCode(Exception):
    """A value names a unit, an indicator, a group or a category that the portal does not have."""

    def __init__(self, rows: Sequence[tuple[str, ...]]) -> None:
        names = "; ".join(", ".join(part for part in row if part) for row in rows)
        super().__init__(f"Mã không có trong danh mục: {names}")


def take_over(submission: Submission, upload: Upload) -> Written:
    """Make what waits of `upload` all there is of `upload.units`. Runs in a transaction."""
    day, kind, by_group = told_of(submission.dataset, submission.period)
    given: dict[str, Any] = {
        "submission": submission.pk,
        "day": submission.period.end,
        "reference_day": day,
        "upload": upload.pk,
        "uploads": [upload.pk],
        "kind": kind,
        "round": by_group,
        "reference": submission.dataset.includes_reference,
        "units": list(upload.units),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '96MB'")
        total = count_staged(cursor, given)
        if not _holds_any(cursor, given):
            new = _run(cursor, f"{ADD} {IN_ORDER}", given)
            _refuse_unplaced(cursor, given, placed=new, total=total)
            if by_group:
                _run(cursor, COUNTED_FULLY, given)
            return Written(new=new)
        new, changed, removed = find_changes(cursor, given, total=total)
        if changed or removed:
            _run(cursor, KEEP, given)
        if removed:
            _run(cursor, REMOVE, given)
        if changed:
            _run(cursor, CHANGE, given)
        if new:
            only = "" if new == total else NEW_ONLY
            _run(cursor, f"{ADD} {only} {IN_ORDER}", given)
        cursor.execute("DROP TABLE ethnic_data_change")
        if by_group:
            _run(cursor, COUNTED_FULLY, given)
    return Written(new=new, changed=changed, same=total - new - changed, removed=removed)


def find_changes(cursor: Any, given: dict[str, Any], *, total: int) -> tuple[int, int, int]:
    """Fill `ethnic_data_change` for all of `uploads`; (new, changed, removed)."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.ethnic_data_change")
    _run(cursor, CHANGES, given)
    cursor.execute("SELECT count(*) FILTER (WHERE old IS NULL), count(old) FROM ethnic_data_change")
    new, changed = cursor.fetchone()
    _refuse_unplaced(cursor, given, placed=None if new else total, total=total)
    cursor.execute(
        "SELECT count(*) FROM ethnic_data_observation"  # noqa: S608 - a constant
        f" WHERE submission_id = %(submission)s AND {OF_UNITS}",
        given,
    )
    stored = cursor.fetchone()[0]
    removed = 0 if stored == total - new else _run(cursor, GONE, given)
    cursor.execute("ANALYZE ethnic_data_change")
    return new, changed, removed


def count_staged(cursor: Any, given: dict[str, Any]) -> int:
    cursor.execute(
        "SELECT count(*) FROM collection_stagedvalue WHERE upload_id = ANY (%(uploads)s)", given
    )
    return int(cursor.fetchone()[0])


def _holds_any(cursor: Any, given: dict[str, Any]) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT FROM ethnic_data_observation WHERE submission_id = %(submission)s)",
        given,
    )
    return bool(cursor.fetchone()[0])


def _refuse_unplaced(cursor: Any, given: dict[str, Any], *, placed: int | None, total: int) -> None:
    """Raises UnknownCode when a waiting value found no row for one of its codes."""
    if placed == total:
        return
    cursor.execute(UNPLACED, given)
    if unknown := cursor.fetchall():
        raise UnknownCode(unknown)


def _run(cursor: Any, sql: str, given: dict[str, Any]) -> int:
    cursor.execute(sql, given)
    count: int = cursor.rowcount
    return count
