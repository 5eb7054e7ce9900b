"""Counts of the lists of people as values of a dataset: a draft, with where they are from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from ethnic_data.aggregation.people import MEASURES, for_columns
from ethnic_data.models.people import PeopleList
from portal import formats
from portal.collection.models import Submission, SubmissionEvent
from portal.collection.services.beside import layout_of
from portal.collection.services.entering import keep_typed
from portal.collection.services.grids import GridRow, grid_of
from portal.collection.services.judging import as_typed
from portal.collection.services.trail import note
from portal.collection.stores import store_of

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.workbooks.layout import Layout


@dataclass(frozen=True)
class Compared:
    """One cell: what the list counts and what is reported there, as numbers or None."""

    unit: str
    column: str
    listed: int
    reported: int | None

    @property
    def difference(self) -> int | None:
        return None if self.reported is None else self.listed - self.reported


def is_answered(submission: Submission) -> bool:
    """Whether a list of people answers any column; of most forms one short query says no."""
    if not submission.dataset.columns.filter(measure__in=list(MEASURES)).exists():
        return False
    return any(column.measure in MEASURES for column in layout_of(submission).entered)


def compared(submission: Submission, *, day: datetime.date) -> list[Compared]:
    """Every cell that a list answers, beside what the submission says of it."""
    layout = layout_of(submission)
    told = for_columns(layout, submission.unit, day)
    found = []
    for row in _rows(submission, layout):
        for cell in row.cells:
            count = told.get((row.place.unit.code, cell.column.key))
            if count is not None:
                value = cell.stored.value if cell.stored else None
                reported = None if value is None else int(value)
                found.append(Compared(row.place.short_label, cell.column.heading, count, reported))
    return found


@transaction.atomic
def fill_from_lists(
    *, submission: Submission, day: datetime.date, by: User, now: datetime.datetime
) -> str:
    """Write the counts of the lists into a draft; other columns stay as they are.

    Says what was written: "12 ô từ danh sách …, ngày …".

    Raises:
        NotAllowed, NotEditable
    """
    layout = layout_of(submission)
    told = for_columns(layout, submission.unit, day)
    units = {code for code, _ in told}
    rows = [row for row in _rows(submission, layout) if row.place.unit.code in units]
    texts = {}
    filled = 0
    for row in rows:
        for cell in row.cells:
            count = told.get((row.place.unit.code, cell.column.key))
            filled += count is not None
            before = as_typed(cell.stored, cell.column)
            kept = submission.typed.get(cell.name, before)
            texts[cell.name] = kept if count is None else str(count)
    keep_typed(submission=submission, layout=layout, rows=rows, texts=texts, by=by, now=now)
    words = f"{filled} ô {from_words(layout, day)}"
    note(submission, SubmissionEvent.What.TYPED, by=by, at=now, text=f"Điền {words}")
    return words


def from_words(layout: Layout, day: datetime.date) -> str:
    """ "từ danh sách đại biểu HĐND, ngày 31/12/2023"."""
    lists = {MEASURES[one.measure] for one in layout.entered if one.measure in MEASURES}
    names = {"deputies": "đại biểu HĐND", "prestigious": "người có uy tín"}
    named = ", ".join(names[str(one)] for one in PeopleList if one in lists)
    return f"từ danh sách {named}, ngày {formats.day(day)}"


def _rows(submission: Submission, layout: Layout) -> list[GridRow]:
    current = store_of(submission.dataset).current(submission)
    return list(grid_of(layout, current))
