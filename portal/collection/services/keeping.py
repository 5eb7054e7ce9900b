"""Keep the parsed rows of a reading beside the upload, by COPY."""

from __future__ import annotations

import json

from django.db import connection

from portal.collection.models import ReadRow, Upload
from portal.collection.workbooks.kept import MOST_RANGES, KeptRow, Working, rows_of
from portal.collection.workbooks.outcome import Reading
from portal.copying import Pieces, escaped

SMALL = 5_000  # rows of a file that is kept even when nothing stands against it
PUT_TOGETHER = ("add:", "derive:")  # answers by which a cell is made of others
COLUMNS = (
    'upload_id, "position", sheet, "row", unit, "group", label, "table", cells, places, blocked,'
    " errors"
)


def keep_rows(upload: Upload, reading: Reading) -> None:
    """Replace what was kept of an earlier reading; a large file without a mistake keeps nothing."""
    upload.rows.all().delete()
    working: Working | None = reading.working
    wanted = (
        working is not None
        and working.by_measure is False
        and not too_many_ranges(working)
        and (len(working.checked.entries) <= SMALL or any(issue.column for issue in reading.issues))
    )
    mending: dict = {}
    if working is not None and wanted:
        tables: list = []
        _copy(upload, rows_of(working, tables))
        mending = shared(working, tables)
    upload.mending = mending
    upload.save(update_fields=["mending"])


def shared(working: Working, tables: list) -> dict:
    """What all rows of one file share."""
    return {
        "columns": working.checked.entries.columns,
        "tables": tables,
        "style": working.style,
        "blank": working.blank,
    }


def too_many_ranges(working: Working) -> bool:
    """Totals over so many scattered rows that following them costs more than reading again."""
    scopes = working.scopes.values()
    return sum(len(scope.ranges) for found in scopes for scope in found) > MOST_RANGES


def _copy(upload: Upload, rows) -> None:  # type: ignore[no-untyped-def]
    lines = ("\t".join(map(escaped, _fields(upload, row))) + "\n" for row in rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {ReadRow._meta.db_table} ({COLUMNS}) FROM STDIN", Pieces(lines))


def _fields(upload: Upload, row: KeptRow) -> tuple[object, ...]:
    return (
        upload.pk,
        row.position,
        row.sheet[:120],
        row.row,
        row.unit,
        row.group,
        row.label[:255],
        row.table,
        json.dumps(row.cells, ensure_ascii=False),
        json.dumps(row.places),
        "t" if row.blocked else "f",
        min(row.errors, 30_000),
    )
