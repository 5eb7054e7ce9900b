"""The kept rows and the waiting values after a mend."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max

from portal.collection.models import ReadRow, StagedValue, Upload
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


def keep_values(upload: Upload, before: Outcome, after: Outcome) -> None:
    """Stage the values of rows that may be stored now, and no others of these rows."""
    were = {(value.sheet, value.cell) for value in before.checked.values() if value.cell}
    by_sheet: dict[str, list[str]] = {}
    for sheet, cell in were:
        by_sheet.setdefault(sheet[:120], []).append(cell[:12])
    for sheet, cells in by_sheet.items():
        upload.staged.filter(sheet=sheet, cell__in=cells).delete()
    last = upload.staged.aggregate(last=Max("position"))["last"] or 0
    StagedValue.objects.bulk_create(
        StagedValue(
            upload=upload,
            position=last + index,
            unit=value.unit,
            measure=value.indicator,
            group=value.group,
            sex=value.sex,
            category=value.category,
            value=value.value,
            missing=value.missing,
            sheet=value.sheet[:120],
            cell=value.cell[:12],
            raw=value.raw[:255],
            column=value.column,
        )
        for index, value in enumerate(after.checked.values(), start=1)
    )
