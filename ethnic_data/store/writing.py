"""Write many values at once: COPY into a staging table, then four statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection

from ethnic_data.models import told_of
from portal.collection.stores import Written
from portal.collection.workbooks.outcome import CellValue
from portal.copying import Pieces, escaped

from .taking import COUNTED_FULLY, UnknownCode

if TYPE_CHECKING:
    from portal.collection.models import Submission, Upload

STAGING = """
CREATE TEMPORARY TABLE IF NOT EXISTS ethnic_data_staged (
    position integer, unit text, indicator text, group_code text, sex text, category text,
    value numeric(30, 10), missing text, sheet text, cell text, raw text,
    unit_id bigint, indicator_id bigint, group_id bigint, category_id bigint
) ON COMMIT DROP;
TRUNCATE ethnic_data_staged
"""
COPY = """
COPY ethnic_data_staged (position, unit, indicator, group_code, sex, category, value, missing,
                         sheet, cell, raw) FROM STDIN
"""
# codes become rows: units as they are in force on the day the values speak of
RESOLVE = """
UPDATE ethnic_data_staged s
SET unit_id = u.id,
    indicator_id = (SELECT i.id FROM ethnic_data_indicator i WHERE i.code = s.indicator),
    group_id = (SELECT g.id FROM ethnic_data_ethnicgroup g WHERE g.code = s.group_code),
    category_id = (SELECT c.id FROM ethnic_data_category c WHERE c.code = s.category)
FROM units_administrativeunit u
WHERE u.code = s.unit AND u.valid @> %(day)s::date AND (%(reference)s OR NOT u.is_reference);
DELETE FROM ethnic_data_staged s USING ethnic_data_staged later
WHERE (s.unit, s.indicator, coalesce(s.group_code, ''), s.sex, s.category)
    = (later.unit, later.indicator, coalesce(later.group_code, ''), later.sex, later.category)
  AND later.position > s.position;
ANALYZE ethnic_data_staged
"""
UNRESOLVED = """
SELECT unit, indicator, coalesce(group_code, ''), category FROM ethnic_data_staged
WHERE unit_id IS NULL OR indicator_id IS NULL OR (group_code IS NOT NULL AND group_id IS NULL)
    OR (category <> '' AND category_id IS NULL)
ORDER BY position LIMIT 5
"""
# what the submission holds so far, found once by its own index whatever the planner believes
MINE = """
mine AS MATERIALIZED (
    SELECT id, indicator_id, unit_id, coalesce(group_id, 0) AS group_id, sex, category, value,
           missing, reference_date, kind, upload_id, sheet, cell, raw
    FROM ethnic_data_observation WHERE submission_id = %(submission)s
)
"""
SAME_PLACE = """
    m.unit_id = s.unit_id AND m.indicator_id = s.indicator_id
    AND m.group_id = coalesce(s.group_id, 0) AND m.sex = s.sex AND m.category = s.category
"""
DELETE = f"""
DELETE FROM ethnic_data_observation o USING mine m
WHERE o.id = m.id
  AND m.unit_id IN (SELECT u.id FROM units_administrativeunit u
                    WHERE u.code = ANY (%(units)s) AND u.valid @> %(day)s::date)
  AND NOT EXISTS (SELECT FROM ethnic_data_staged s WHERE {SAME_PLACE})
"""  # noqa: S608 - constants
UPDATE = f"""
UPDATE ethnic_data_observation o
SET value = s.value, missing = s.missing, upload_id = %(upload)s, sheet = s.sheet, cell = s.cell,
    raw = s.raw, reference_date = %(reference_day)s, kind = %(kind)s
FROM mine m, ethnic_data_staged s
WHERE o.id = m.id AND {SAME_PLACE}
  AND (m.value, m.missing) IS DISTINCT FROM (s.value, s.missing)
"""  # noqa: S608
# what a file changes or takes away is kept beside it, to be put back when the file is undone
KEEP = """
INSERT INTO ethnic_data_replacedobservation (upload_id, submission_id, indicator_id, unit_id,
    group_id, sex, category, value, missing, reference_date, kind, source_id, sheet, cell, raw)
SELECT %(upload)s, %(submission)s, indicator_id, unit_id, nullif(group_id, 0), sex, category,
    value, missing, reference_date, kind, upload_id, sheet, cell, raw
FROM before
"""


def _replacing(statement: str, *, kept: bool) -> str:
    """`statement` over what is stored; the rows before it are kept when they can be undone."""
    if not kept:
        return f"WITH {MINE} {statement}"
    return f"WITH {MINE}, before AS ({statement} RETURNING m.*) {KEEP}"


ADD = f"""
WITH {MINE}
INSERT INTO ethnic_data_observation (submission_id, indicator_id, unit_id, group_id, sex, category,
    value, missing, reference_date, kind, upload_id, sheet, cell, raw)
SELECT %(submission)s, s.indicator_id, s.unit_id, s.group_id, s.sex, s.category, s.value,
    s.missing, %(reference_day)s, %(kind)s, %(upload)s, s.sheet, s.cell, s.raw
FROM ethnic_data_staged s
WHERE NOT EXISTS (SELECT FROM mine m WHERE {SAME_PLACE})
ORDER BY s.position
"""  # noqa: S608


def write_values(
    submission: Submission,
    values: Sequence[CellValue],
    upload: Upload | None,
    units: Sequence[str],
) -> Written:
    """Make `values` all there is of `units`; an equal value keeps its row and its source.

    Their kind (census, sample, administrative) and day are those of the dataset, or of the survey
    table that it is in this period.
    """
    dataset = submission.dataset
    day, kind, by_group = told_of(dataset, submission.period)
    given: dict[str, Any] = {
        "submission": submission.pk,
        "day": submission.period.end,
        "upload": upload.pk if upload else None,
        "reference_day": day,
        "kind": kind,
        "round": by_group,
        "reference": dataset.includes_reference,
        "units": list(units),
    }
    with connection.cursor() as cursor:
        cursor.execute(STAGING)
        cursor.copy_expert(COPY, _copied(values))
        cursor.execute(RESOLVE, given)
        cursor.execute(UNRESOLVED)
        if unknown := cursor.fetchall():
            raise UnknownCode(unknown)
        cursor.execute("SELECT count(*) FROM ethnic_data_staged")
        total = cursor.fetchone()[0]
        steps = [_replacing(sql, kept=upload is not None) for sql in (DELETE, UPDATE)]
        removed, changed, new = (_count(cursor, sql, given) for sql in (*steps, ADD))
        if by_group:
            cursor.execute(COUNTED_FULLY, given)
    return Written(new=new, changed=changed, same=total - new - changed, removed=removed)


def _count(cursor: Any, sql: str, given: dict[str, Any]) -> int:
    cursor.execute(sql, given)
    count: int = cursor.rowcount
    return count


def _copied(values: Sequence[CellValue]) -> Pieces:
    return Pieces(
        "\t".join(map(escaped, _fields(position, value))) + "\n"
        for position, value in enumerate(values)
    )


def _fields(position: int, value: CellValue) -> Iterator[str | int | Decimal | None]:
    yield position
    yield value.unit
    yield value.indicator
    yield value.group
    yield value.sex or ""
    yield value.category or ""
    yield value.value
    yield value.missing or ""
    yield value.sheet[:120]
    yield value.cell[:12]
    yield value.raw[:255]
