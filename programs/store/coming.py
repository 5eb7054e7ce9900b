"""What is about to be written, as a table beside what is stored: typed, or waiting of files.

Both come into one temporary table, so that writing and comparing are the same few statements.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portal.copying import Pieces, escaped

if TYPE_CHECKING:
    from portal.collection.workbooks.outcome import CellValue

# the last of two values about the same thing stands
TABLE = """
DROP TABLE IF EXISTS pg_temp.programs_coming;
CREATE TEMPORARY TABLE programs_coming (
    upload_id bigint, position bigint, "row" text, measure text, "group" text, sex text,
    category text, value numeric(30, 10), missing text, sheet text, cell text, raw text,
    "column" text
) ON COMMIT DROP
"""
TYPED = """
COPY programs_coming (position, "row", measure, "group", sex, category, value, missing, sheet,
                      cell, raw, "column") FROM STDIN
"""
WAITING = """
INSERT INTO programs_coming
SELECT upload_id, "position", unit, measure, "group", coalesce(sex, ''), coalesce(category, ''),
    value, coalesce(missing, ''), left(sheet, 120), left(cell, 12), left(raw, 255), "column"
FROM collection_stagedvalue WHERE upload_id = ANY (%(uploads)s)
"""
ONE_EACH = """
DELETE FROM programs_coming c USING programs_coming later
WHERE (c."row", c.measure, coalesce(c."group", ''), c.sex, c.category)
    = (later."row", later.measure, coalesce(later."group", ''), later.sex, later.category)
  AND c.upload_id IS NOT DISTINCT FROM later.upload_id AND later.position > c.position;
ANALYZE programs_coming
"""
SAME_PLACE = """
    v."row" = c."row" AND v.measure = c.measure AND v."group" IS NOT DISTINCT FROM c."group"
    AND v.sex = c.sex AND v.category = c.category
"""
MINE = "v.submission_id = %(submission)s"
DIFFERS = "(v.value, v.missing) IS DISTINCT FROM (c.value, c.missing)"
GONE = f"""
{MINE} AND v."row" = ANY (%(rows)s)
AND NOT EXISTS (SELECT FROM programs_coming c WHERE {SAME_PLACE})
"""


def bring_typed(cursor: Any, values: Sequence[CellValue]) -> None:
    cursor.execute(TABLE)
    lines = ("\t".join(map(escaped, _fields(at, value))) + "\n" for at, value in enumerate(values))
    cursor.copy_expert(TYPED, Pieces(lines))
    cursor.execute(ONE_EACH)


def bring_waiting(cursor: Any, uploads: Sequence[int]) -> None:
    cursor.execute(TABLE)
    cursor.execute(WAITING, {"uploads": list(uploads)})
    cursor.execute(ONE_EACH)


def _fields(at: int, value: CellValue) -> Iterator[str | int | Decimal | None]:
    yield at
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
    yield value.column
