"""Two people at the same grid: what one typed is laid over what the other saved meanwhile.

A page of the grid carries what stood in each cell when it was opened. A cell its person did not
touch keeps what is stored now; a cell that both changed is a conflict, shown and not written.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from portal.collection.models import CellEdit, Submission
from portal.collection.stores import StoredValue, ValueKey, Written, store_of
from portal.collection.workbooks.cleaned import Checked
from portal.collection.workbooks.layout import Layout

from .entering import LONGEST, Texts, keep_typed, own_and_others, row_key
from .grids import GridCell, GridRow
from .judging import as_typed
from .reading import plain
from .trail import editable

if TYPE_CHECKING:
    from portal.accounts.models import User


class Conflict(NamedTuple):
    """A cell that another person changed after the page was opened."""

    name: str
    mine: str
    theirs: str
    who: str = ""
    at: datetime.datetime | None = None


class Kept(NamedTuple):
    """What became of a page: what the rules say, what was written, what two people changed."""

    checked: Checked
    written: Written
    conflicts: dict[str, Conflict]
    texts: dict[str, str]  # as they stand after the merge; in a conflict, one's own


def text_now(submission: Submission, cell: GridCell, values: Mapping[ValueKey, StoredValue]) -> str:
    """What the cell holds now: the text that waits to be put right, else the stored value."""
    waiting = submission.typed.get(cell.name)
    return as_typed(values.get(cell.key), cell.column) if waiting is None else waiting


def texts_now(submission: Submission, rows: Sequence[GridRow]) -> dict[str, str]:
    """What the entered cells of `rows` hold as the page is opened, by the name of the field."""
    return {
        cell.name: submission.typed.get(cell.name, as_typed(cell.stored, cell.column))
        for row in rows
        for cell in row.cells
        if cell.column.is_entered
    }


@transaction.atomic
def keep_page(
    *,
    submission: Submission,
    layout: Layout,
    rows: Sequence[GridRow],
    texts: Texts,
    opened_with: Texts,
    yielding: Collection[str] = (),
    by: User,
    now: datetime.datetime | None = None,
) -> Kept:
    """Keep a page of the grid, cell by cell against what others saved since it was opened.

    opened_with: what stood in each cell then; a cell that is not named was not seen and is meant
    as typed. yielding: cells in which the other person's value is taken. Rows with a conflict are
    not written; the other rows are.

    Raises:
        NotAllowed, NotEditable
    """
    fresh = editable(submission, by=by)
    values = store_of(fresh.dataset).current(fresh)
    mine, others = own_and_others(fresh, rows, texts, by=by)
    rows = [*mine, *others]
    merged, conflicts = dict(texts), {}
    for cell in (cell for row in rows for cell in row.cells if cell.column.is_entered):
        typed = plain(texts.get(cell.name, "")).strip()[:LONGEST]
        theirs = text_now(fresh, cell, values)
        before = opened_with.get(cell.name)
        if cell.name in yielding:
            merged[cell.name] = theirs
        elif before is None or theirs in (before, typed):
            continue
        elif typed == before:
            merged[cell.name] = theirs
        else:
            conflicts[cell.name] = Conflict(cell.name, typed, theirs)
    peaceful = [row for row in rows if not any(cell.name in conflicts for cell in row.cells)]
    checked, written = keep_typed(
        submission=fresh, layout=layout, rows=peaceful, texts=merged, by=by, now=now
    )
    return Kept(checked, written, _with_names(fresh, rows, conflicts), merged)


def _with_names(
    submission: Submission, rows: Sequence[GridRow], conflicts: dict[str, Conflict]
) -> dict[str, Conflict]:
    """Each conflict with who typed the other value, and when; one query."""
    if not conflicts:
        return {}
    latest: dict[tuple[str, str | None, str], CellEdit] = {}
    edits = submission.cell_edits.select_related("by").order_by("at", "pk")
    for edit in edits.filter(unit_code__in={row.place.unit.code for row in rows}):
        latest[edit.unit_code, edit.group_code or None, edit.column_key] = edit
    named = {}
    for row in rows:
        for cell in row.cells:
            if conflict := conflicts.get(cell.name):
                told = latest.get((*row_key(row), cell.column.key))
                if told is not None and told.after == conflict.theirs:
                    conflict = conflict._replace(who=told.by.full_name, at=told.at)
                named[cell.name] = conflict
    return named
