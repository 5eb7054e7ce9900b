"""Values typed in the browser: checked by the same rules as a file, kept even while wrong."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from portal.collection.models import CellEdit, Submission, SubmissionEvent
from portal.collection.stores import StoredValue, ValueKey, Written, key_of, store_of
from portal.collection.workbooks.checking import check_entries
from portal.collection.workbooks.cleaned import Checked
from portal.collection.workbooks.entries import RowKey, entries_of_form
from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.outcome import CellValue

from .beside import beside_of
from .committing import in_words
from .grids import GridRow, cell_name
from .judging import as_typed, judge
from .owning import own_rows_of
from .reading import plain
from .trail import editable, moment, note

if TYPE_CHECKING:
    from portal.accounts.models import User

Texts = Mapping[str, str]  # what was typed, by the name of the cell's field
LONGEST = 100


def row_key(row: GridRow) -> RowKey:
    return RowKey(row.place.unit.code, row.place.group.code if row.place.group else None)


def check_typed(
    *,
    submission: Submission,
    layout: Layout,
    rows: Sequence[GridRow],
    texts: Texts,
    by: User | None = None,
) -> Checked:
    """What the rules say of what was typed into `rows`; rows left empty are not judged.

    `by` is who types, where not every row may be theirs.
    """
    cells = {
        (row_key(row), cell.column.key): plain(texts.get(cell.name, "")).strip()
        for row in rows
        for cell in row.cells
        if cell.column.is_entered
    }
    filled = {key for (key, _), text in cells.items() if text}
    entries = entries_of_form(
        layout, {place: text for place, text in cells.items() if place[0] in filled}
    )
    values = store_of(submission.dataset).current(submission)
    here = {row_key(row) for row in rows}
    beside = beside_of(submission, layout, by=by)
    beside = replace(
        beside,
        peers=_rows_elsewhere(layout, values, here),
        domain=beside.domain.without(here) if beside.domain else None,
    )
    return check_entries(layout, entries, beside=beside)


def _rows_elsewhere(
    layout: Layout, values: Mapping[ValueKey, StoredValue], here: set[RowKey]
) -> dict[tuple[str, str | None], list[Decimal]]:
    """Stored values of the rows that are not on this page, by column and group of the row."""
    strange = {key for rule in layout.rules if rule.kind == "outlier" for key in rule.columns}
    columns: dict[tuple[str, str | None, str | None, str], str] = {
        (column.measure, column.group, column.sex, column.category or ""): column.key
        for column in layout.entered
        if column.key in strange
    }
    peers: dict[tuple[str, str | None], list[Decimal]] = defaultdict(list)
    for (unit, measure, group, sex, category), stored in values.items():
        row = RowKey(unit, group if layout.has_groups else None)
        own = columns.get((measure, None if layout.has_groups else group, sex, category))
        if own is not None and stored.value is not None and row not in here:
            peers[own, row.group].append(stored.value)
    return peers


@transaction.atomic
def keep_typed(
    *,
    submission: Submission,
    layout: Layout,
    rows: Sequence[GridRow],
    texts: Texts,
    by: User,
    now: datetime.datetime | None = None,
) -> tuple[Checked, Written]:
    """Check what was typed into `rows`; rows without an error become the submission's values.

    In a form by measure every cell stands for itself.

    What is wrong stays in the draft as it was typed, so that nothing is lost. A row that was
    emptied loses its values. Rows that are not `by`'s to write are left alone, and refused where
    something was typed into them.

    Raises:
        NotAllowed, NotEditable
    """
    submission = editable(submission, by=by)
    mine, others = own_and_others(submission, rows, texts, by=by)
    both = [*mine, *others]
    checked = check_typed(submission=submission, layout=layout, rows=both, texts=texts, by=by)
    written = _take_over(submission, mine, texts, checked, by, moment(now))
    return checked, written


def own_and_others(
    submission: Submission, rows: Sequence[GridRow], texts: Texts, *, by: User
) -> tuple[list[GridRow], list[GridRow]]:
    """Rows that `by` may write, and rows of others that something else was typed into."""
    own = own_rows_of(submission, by)
    if own is None:
        return list(rows), []
    mine = [row for row in rows if row.place.unit.code in own]
    others = [
        row
        for row in rows
        if row.place.unit.code not in own
        and any(
            texts.get(cell.name, as_typed(cell.stored, cell.column)).strip()
            != as_typed(cell.stored, cell.column)
            for cell in row.cells
            if cell.column.is_entered
        )
    ]
    return mine, others


@transaction.atomic
def replace_rows(
    *,
    submission: Submission,
    layout: Layout,
    rows: Sequence[GridRow],
    texts: Texts,
    by: User,
    now: datetime.datetime | None = None,
) -> tuple[Checked, Written | None]:
    """The same for a machine: all of `rows`, or with one error nothing and None.

    Raises:
        NotAllowed, NotEditable
    """
    submission = editable(submission, by=by)
    checked = check_typed(submission=submission, layout=layout, rows=rows, texts=texts, by=by)
    if checked.refused or checked.refused_cells:
        return checked, None
    return checked, _take_over(submission, rows, texts, checked, by, moment(now))


def _take_over(
    submission: Submission,
    rows: Sequence[GridRow],
    texts: Texts,
    checked: Checked,
    by: User,
    at: datetime.datetime,
) -> Written:
    refused = refused_names(checked)
    written, replaced = _write(submission, rows, checked.values(), refused)
    _record(submission, rows, replaced, by, at)
    submission.typed = _still_typed(submission.typed, rows, texts, refused)
    submission.save(update_fields=["typed"])
    judge(submission)
    if written.touched:
        what = SubmissionEvent.What.TYPED
        note(submission, what, by=by, at=at, text=in_words(written))
    return written


def refused_names(checked: Checked) -> set[str]:
    """The cells that may not be stored: whole rows, or single cells where each stands alone."""
    keys = checked.entries.keys
    return {
        cell_name(keys[index].unit, keys[index].group, column.key)
        for index in checked.refused
        for column in checked.entries.layout.entered
    } | {
        cell_name(keys[index].unit, keys[index].group, key) for index, key in checked.refused_cells
    }


def _write(
    submission: Submission,
    rows: Sequence[GridRow],
    values: Sequence[CellValue],
    refused: set[str],
) -> tuple[Written, dict[ValueKey, tuple[StoredValue | None, StoredValue | None]]]:
    """Lay the accepted rows over what is stored of their units, and write those units whole.

    Also what each of the accepted cells held before and holds now.
    """
    store = store_of(submission.dataset)
    current = store.current(submission)
    replaced = {
        cell.key
        for row in rows
        for cell in row.cells
        if cell.column.is_entered and cell.name not in refused
    }
    units = sorted({key.unit for key in replaced})
    if not units:
        return Written(), {}
    names = {cell.key: cell.column.key for row in rows for cell in row.cells}
    kept = [
        _as_cell_value(key, stored, names.get(key, ""))
        for key, stored in current.items()
        if key.unit in units and key not in replaced
    ]
    fresh = {key_of(value): value for value in values if key_of(value) in replaced}
    written = store.write(submission, [*kept, *fresh.values()], None, units=units)
    now = {key: StoredValue(value.value, value.missing or "") for key, value in fresh.items()}
    return written, {key: (current.get(key), now.get(key)) for key in replaced}


def _record(
    submission: Submission,
    rows: Sequence[GridRow],
    replaced: Mapping[ValueKey, tuple[StoredValue | None, StoredValue | None]],
    by: User,
    at: datetime.datetime,
) -> None:
    """A row in the history of every cell that holds something else than before."""
    edits = []
    for row in rows:
        for cell in row.cells:
            before, after = replaced.get(cell.key, (None, None))
            old, new = as_typed(before, cell.column), as_typed(after, cell.column)
            if old != new and cell.column.is_entered:
                edits.append(
                    CellEdit(
                        submission=submission,
                        unit_code=row.place.unit.code,
                        group_code=row.place.group.code if row.place.group else "",
                        column_key=cell.column.key,
                        before=old[:LONGEST],
                        after=new[:LONGEST],
                        by=by,
                        at=at,
                    )
                )
    CellEdit.objects.bulk_create(edits)


def _as_cell_value(key: ValueKey, stored: StoredValue, column: str) -> CellValue:
    return CellValue(
        key.unit,
        key.measure,
        key.group,
        key.sex,
        key.category or None,
        stored.value,
        stored.missing or None,  # type: ignore[arg-type]
        "",
        "",
        "",
        column,
    )


def _still_typed(
    before: dict[str, str], rows: Sequence[GridRow], texts: Texts, refused: set[str]
) -> dict[str, str]:
    """The texts of refused cells; what other pages of the form hold stays."""
    kept = dict(before)
    for row in rows:
        for cell in row.cells:
            text = plain(texts.get(cell.name, "")).strip()[:LONGEST]
            if cell.name in refused and cell.column.is_entered:
                kept[cell.name] = text
            else:
                kept.pop(cell.name, None)
    return kept


def issues_by_field(checked: Checked) -> dict[str, list[tuple[str, str]]]:
    """What stands beside each cell of the form: (severity, message) by the name of its field."""
    found: dict[str, list[tuple[str, str]]] = {}
    for issue in checked.issues:
        name = cell_name(issue.unit or "", issue.group, issue.column or "")
        found.setdefault(name, []).append((issue.severity, issue.message))
    return found
