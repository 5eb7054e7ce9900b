"""The kept rows and the waiting values after a mend."""

from __future__ import annotations

from collections.abc import Sequence

from portal.collection.models import ReadRow, Upload
from portal.collection.services.staging import restage
from portal.collection.workbooks.kept import KeptRow

from .checks import Outcome


def save_rows(upload: Upload, rows: Sequence[KeptRow], after: Outcome) -> None:
    counts: dict[tuple, int] = {}
    for issue in after.issues:
        if issue.severity == "error":
            key = (issue.sheet, issue.unit, issue.group)
            counts[key] = counts.get(key, 0) + 1
    positions = [row.position for row in rows]
    stored = {row.position: row for row in upload.rows.filter(position__in=positions)}
    for row in rows:
        kept = stored[row.position]
        kept.cells, kept.errors = row.cells, counts.get((row.sheet, row.unit, row.group), 0)
    ReadRow.objects.bulk_update(stored.values(), ["cells", "errors"])


def keep_values(upload: Upload, after: Outcome) -> None:
    """What waits of these rows: the values that may be stored now, and no others."""
    restage(upload, after.checked.values(), [row.position for row in after.rows])
