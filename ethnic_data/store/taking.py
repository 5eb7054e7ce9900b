"""Take the values of a file over where they wait: from table to table, nothing goes through Python.

First the difference between what waits and what is stored is found by one join; what is equal is
not looked at again. `writing` does the same for values that a person typed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

from ethnic_data.models import told_of
from portal.collection.stores import Written

from .ahead import taken_ahead
from .placing import CELL, COLUMNS, IS_VALUE, MISSING, OF_UPLOAD, PLACED, RAW, ROWS, VALUE

if TYPE_CHECKING:
    from portal.collection.models import Submission, Upload

# what the submission holds: found by its own index whatever the planner believes, and never asked
# for value by value (OFFSET 0 keeps it a table of its own)
MINE = """
(SELECT id, indicator_id, unit_id, coalesce(group_id, 0) AS group_id, sex, category, value, missing
 FROM ethnic_data_observation WHERE submission_id = %(submission)s OFFSET 0) m
"""
SAME_PLACE = """
    m.unit_id = u.id AND m.indicator_id = k.indicator_id
    AND m.group_id = coalesce(g.id, k.group_id, 0) AND m.sex = k.sex AND m.category = k.category
"""
# `line` and `place` of what waits, `old` of what is stored: without `old` it is new, without `line`
# it goes, with both it changes
NO_CHANGES = """
DROP TABLE IF EXISTS pg_temp.ethnic_data_change;
CREATE TEMPORARY TABLE ethnic_data_change (
    upload_id bigint, line integer, place integer, old bigint
) ON COMMIT DROP
"""
CHANGES = f"""
INSERT INTO ethnic_data_change (upload_id, line, place, old)
SELECT r.upload_id, r."position", v.place, m.id
FROM {PLACED} LEFT JOIN {MINE} ON {SAME_PLACE}
WHERE {IS_VALUE}
  AND (m.id IS NULL OR (m.value, m.missing) IS DISTINCT FROM (v.value, coalesce(v.missing, '')))
"""  # noqa: S608 - constants
OF_UNITS = """
    unit_id IN (SELECT id FROM units_administrativeunit
                WHERE code = ANY (%(units)s) AND valid @> %(day)s::date)
"""
GONE = f"""
INSERT INTO ethnic_data_change (upload_id, old)
SELECT %(upload)s, m.id FROM {MINE}
WHERE m.{OF_UNITS.strip()}
  AND NOT EXISTS (SELECT FROM {PLACED} WHERE {IS_VALUE} AND {SAME_PLACE})
"""  # noqa: S608
KEEP = """
INSERT INTO ethnic_data_replacedobservation (upload_id, submission_id, indicator_id, unit_id,
    group_id, sex, category, value, missing, reference_date, kind, source_id, sheet, cell, raw)
SELECT %(upload)s, o.submission_id, o.indicator_id, o.unit_id, o.group_id, o.sex, o.category,
    o.value, o.missing, o.reference_date, o.kind, o.upload_id, o.sheet, o.cell, o.raw
FROM ethnic_data_observation o JOIN ethnic_data_change c ON c.old = o.id
WHERE o.submission_id = %(submission)s
"""
REMOVE = """
DELETE FROM ethnic_data_observation o USING ethnic_data_change c
WHERE o.submission_id = %(submission)s AND o.id = c.old AND c.line IS NULL
"""
CHANGE = f"""
UPDATE ethnic_data_observation o
SET value = {VALUE}, missing = {MISSING}, upload_id = %(upload)s, sheet = r.sheet,
    cell = {CELL}, raw = {RAW}, reference_date = %(reference_day)s, kind = %(kind)s
FROM ethnic_data_change c
JOIN collection_stagedrow r ON r.upload_id = c.upload_id AND r."position" = c.line
JOIN collection_stagedcolumn k
    ON k.upload_id = r.upload_id AND k."table" = r."table" AND k.place = c.place
WHERE o.submission_id = %(submission)s AND o.id = c.old
"""  # noqa: S608
INTO = """
INSERT INTO ethnic_data_observation (submission_id, indicator_id, unit_id, group_id, sex, category,
    value, missing, reference_date, kind, upload_id, sheet, cell, raw)
"""
ADD_ALL = f"""
{INTO}
SELECT %(submission)s, k.indicator_id, u.id, coalesce(g.id, k.group_id), k.sex, k.category,
    v.value, coalesce(v.missing, ''), %(reference_day)s, %(kind)s, %(upload)s, r.sheet,
    coalesce(v.cell, k.letters || r."row", ''), coalesce(v.raw, trim_scale(v.value)::text, '')
FROM {ROWS}
CROSS JOIN LATERAL unnest(r.numbers, r.missing, r.raws, r.cells)
    WITH ORDINALITY AS v (value, missing, raw, cell, place)
JOIN {COLUMNS} AND k.place = v.place
WHERE {IS_VALUE}
"""  # noqa: S608
ADD_NEW = f"""
{INTO}
SELECT %(submission)s, k.indicator_id, u.id, coalesce(g.id, k.group_id), k.sex, k.category,
    {VALUE}, {MISSING}, %(reference_day)s, %(kind)s, %(upload)s, r.sheet, {CELL}, {RAW}
FROM {ROWS}
JOIN ethnic_data_change c ON c.upload_id = r.upload_id AND c.line = r."position" AND c.old IS NULL
JOIN {COLUMNS} AND k.place = c.place
WHERE {OF_UPLOAD}
"""  # noqa: S608
# groups that a round counted fully, in a table whose other groups were sampled
COUNTED_FULLY = """
UPDATE ethnic_data_observation o SET kind = 'census'
FROM ethnic_data_fullcount f
WHERE o.submission_id = %(submission)s AND f.round_id = %(round)s AND f.group_id = o.group_id
  AND o.kind <> 'census'
"""
STRANGE = """
SELECT EXISTS (
    SELECT FROM collection_stagedrow s WHERE s.upload_id = ANY (%(uploads)s) AND (
        NOT EXISTS (SELECT FROM units_administrativeunit u WHERE u.code = s.unit
                    AND u.valid @> %(day)s::date AND (%(reference)s OR NOT u.is_reference))
        OR (s."group" IS NOT NULL
            AND NOT EXISTS (SELECT FROM ethnic_data_ethnicgroup g WHERE g.code = s."group")))
) OR EXISTS (
    SELECT FROM collection_stagedcolumn s WHERE s.upload_id = ANY (%(uploads)s) AND (
        NOT EXISTS (SELECT FROM ethnic_data_indicator i WHERE i.code = s.measure)
        OR (s."group" IS NOT NULL
            AND NOT EXISTS (SELECT FROM ethnic_data_ethnicgroup g WHERE g.code = s."group"))))
"""
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


STORED = "SELECT count(*) FROM ethnic_data_observation WHERE submission_id = %(submission)s"


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
        cursor.execute(NO_CHANGES)
        known = taken_ahead(cursor, submission, upload, given)
        new, changed, removed = known or find_changes(cursor, given, total=total)
        if changed or removed:
            _run(cursor, KEEP, given)
        if removed:
            _run(cursor, REMOVE, given)
        if changed:
            _run(cursor, CHANGE, given)
        if new:
            _run(cursor, ADD_ALL if new == total else ADD_NEW, given)
        cursor.execute("DROP TABLE ethnic_data_change")
        if by_group:
            _run(cursor, COUNTED_FULLY, given)
    return Written(new=new, changed=changed, same=total - new - changed, removed=removed)


def find_changes(cursor: Any, given: dict[str, Any], *, total: int) -> tuple[int, int, int]:
    """Fill `ethnic_data_change` for all of `uploads`; (new, changed, removed).

    Where the submission holds nothing all is new, and the table stays empty.

    Raises:
        UnknownCode: a waiting value finds no row for one of its codes.
    """
    cursor.execute(NO_CHANGES)
    _refuse_unplaced(cursor, given)
    if not _holds_any(cursor, given):
        return total, 0, 0
    with _by_hashing(cursor):
        _run(cursor, CHANGES, given)
    cursor.execute("SELECT count(*) FILTER (WHERE old IS NULL), count(old) FROM ethnic_data_change")
    new, changed = cursor.fetchone()
    # what waits and is not new stands where something is stored; nothing goes where that is all
    removed = 0
    if not _holds(cursor, STORED, given, total - new):
        of_units = f"{STORED} AND {OF_UNITS}"
        if not _holds(cursor, of_units, given, total - new):
            with _by_hashing(cursor):
                removed = _run(cursor, GONE, given)
    cursor.execute("ANALYZE ethnic_data_change")
    return new, changed, removed


@contextlib.contextmanager
def _by_hashing(cursor: Any) -> Iterator[None]:
    """Join two large sets by hashing, whatever the planner believes of a table that just grew.

    With statistics of an hour ago it compares every waiting value with every stored one.
    """
    cursor.execute("SET LOCAL enable_nestloop = off")
    yield
    cursor.execute("SET LOCAL enable_nestloop = on")


def _holds(cursor: Any, counting: str, given: dict[str, Any], count: int) -> bool:
    cursor.execute(counting, given)
    return int(cursor.fetchone()[0]) == count


def count_staged(cursor: Any, given: dict[str, Any]) -> int:
    cursor.execute(
        "SELECT coalesce(sum(value_count), 0) FROM collection_stagedrow"
        " WHERE upload_id = ANY (%(uploads)s)",
        given,
    )
    return int(cursor.fetchone()[0])


def _holds_any(cursor: Any, given: dict[str, Any]) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT FROM ethnic_data_observation WHERE submission_id = %(submission)s)",
        given,
    )
    return bool(cursor.fetchone()[0])


def _refuse_unplaced(cursor: Any, given: dict[str, Any]) -> None:
    """Rows and columns are looked at; the values only when one of those is strange."""
    cursor.execute(STRANGE, given)
    if not cursor.fetchone()[0]:
        return
    cursor.execute(UNPLACED, given)
    if unknown := cursor.fetchall():
        raise UnknownCode(unknown)


def _run(cursor: Any, sql: str, given: dict[str, Any]) -> int:
    cursor.execute(sql, given)
    count: int = cursor.rowcount
    return count
