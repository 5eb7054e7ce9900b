"""Type over cells, take it back, and check again what they touch."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from portal.collection.models import SubmissionEvent, Upload
from portal.collection.services.beside import beside_of_rows, layout_of
from portal.collection.services.owning import check_own_file
from portal.collection.services.refusals import NothingToCorrect
from portal.collection.services.stored_text import plain
from portal.collection.services.trail import editable, moment, note
from portal.collection.workbooks.kept import KeptRow, decoded, encoded

from .cells import Found, NotKept, as_kept, as_seen, find_cells, mended
from .checks import column_issues, outcome
from .findings import count_issues, keep_issues
from .sums import keep_sums
from .values import keep_values, save_rows

if TYPE_CHECKING:
    from portal.accounts.models import User

LONGEST_CELL = 100
Texts = Mapping[tuple[str, str], str]


@transaction.atomic
def mend(*, upload: Upload, texts: Texts, by: User, now: datetime.datetime | None = None) -> Upload:
    """Type over cells of a waiting file, by (sheet, cell).

    Raises:
        NotAllowed, NotEditable, NothingToCorrect
        NotKept: a cell stands in no kept row; nothing was changed.
    """
    submission = editable(upload.submission, by=by)
    check_own_file(upload, by=by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != Upload.State.READ:
        return upload
    wanted = {place: plain(text).strip()[:LONGEST_CELL] for place, text in texts.items()}
    wanted = {place: text for place, text in wanted.items() if place[1] and text}
    if not wanted:
        raise NothingToCorrect
    at = moment(now)
    found = find_cells(upload, wanted)
    kept = {(item["sheet"], item["cell"]): item for item in upload.corrections}
    cells: dict[tuple[int, int], Any] = {}
    for place, text in wanted.items():
        spot = found[place]
        raw = spot.row.cells[spot.cell]
        before = kept.get(place, {}).get("text") or as_seen(raw)
        cells[spot.row.position, spot.cell] = encoded(mended(decoded(raw), text))
        kept[place] = {
            "sheet": place[0],
            "cell": place[1],
            "before": kept.get(place, {}).get("before", before),
            "text": text,
            "raw": [kept[place]["raw"][0] if "raw" in kept.get(place, {}) else raw],
            "by": by.full_name,
            "at": at.isoformat(),
        }
        words = f"{upload.original_name}, ô {place[1]}: “{before}” → “{text}”"
        note(submission, SubmissionEvent.What.TYPED, by=by, at=at, text=words)
    upload.corrections = list(kept.values())
    recheck(upload, found.values(), cells)
    return upload


@transaction.atomic
def unmend(
    *, upload: Upload, sheet: str, cell: str, by: User, now: datetime.datetime | None = None
) -> Upload:
    """Take one mend back: the cell says again what the file says.

    Raises:
        NotAllowed, NotEditable
        NothingToCorrect: this cell was not mended.
        NotKept: the file must be read again for it; nothing was changed.
    """
    submission = editable(upload.submission, by=by)
    check_own_file(upload, by=by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != Upload.State.READ:
        return upload
    kept = {(item["sheet"], item["cell"]): item for item in upload.corrections}
    item = kept.pop((sheet, cell), None)
    if item is None:
        raise NothingToCorrect("Ô này chưa được sửa trên trang.")
    if "raw" not in item:
        raise NotKept
    found = find_cells(upload, [(sheet, cell)])
    spot = found[sheet, cell]
    upload.corrections = list(kept.values())
    words = f"{upload.original_name}, ô {cell}: “{item['text']}” trả về “{item['before']}”"
    note(submission, SubmissionEvent.What.TYPED, by=by, at=moment(now), text=words)
    recheck(upload, [spot], {(spot.row.position, spot.cell): item["raw"][0]})
    return upload


def recheck(upload: Upload, found: Collection[Found], cells: Mapping[tuple[int, int], Any]) -> None:
    """Check the rows of the mended cells, and what looks at their columns; keep what came of it."""
    layout = layout_of(upload.submission)
    keys = {spot.key for spot in found}
    touched = {spot.row.position: spot.row for spot in found}
    if any(rule.over_groups and keys & set(rule.columns) for rule in layout.rules):
        units = {row.unit for row in touched.values()}
        for row in map(as_kept, upload.rows.filter(unit__in=units)):
            touched.setdefault(row.position, row)
    old = list(touched.values())
    new = [_with_cells(row, cells) for row in old]
    beside = beside_of_rows(upload.submission, layout, {row.unit for row in old})
    rows_only = replace(layout, rules=tuple(r for r in layout.rules if r.kind != "outlier"))
    before = outcome(upload, rows_only, old, beside)
    after = outcome(upload, rows_only, new, beside)
    again = [r for r in layout.rules if r.kind == "outlier" and keys & set(r.columns)]
    if beside.domain or any(rule.severity == "error" for rule in again):
        raise NotKept  # other rows may be refused or let in by it
    save_rows(upload, new, after)
    strange = column_issues(upload, layout, again) if again else []
    keep_issues(upload, after, strange, {rule.code for rule in again}, layout)
    keep_values(upload, after)
    keep_sums(upload, before, after)
    count_issues(upload, layout)
    upload.foreseen = {}
    upload.save(update_fields=["corrections", "issues", "reconciliation", "foreseen"])


def _with_cells(row: KeptRow, cells: Mapping[tuple[int, int], Any]) -> KeptRow:
    mine = {index: raw for (position, index), raw in cells.items() if position == row.position}
    return row._replace(cells=[mine.get(i, raw) for i, raw in enumerate(row.cells)])
