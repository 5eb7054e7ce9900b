"""What the rules will say of a submission once a file is taken over, found while the file was read.

Reading runs every rule over the file's numbers, and judging runs the same rules over the same
numbers as they are stored. Where the submission afterwards holds the values of this file and no
others, and neither the form nor anything that the rules compare with has changed since, judging
would say word for word the same again: what was found is taken. Whoever doubts it judges in full.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django.db.models import Q

from portal.collection.models import DatasetRule, Submission, Upload
from portal.collection.stores import Asked, Written, store_of
from portal.collection.workbooks.checking import Check
from portal.collection.workbooks.cleaned import Checked, Values
from portal.collection.workbooks.entries import Entries
from portal.collection.workbooks.kept import Working
from portal.collection.workbooks.layout import Column, Layout
from portal.collection.workbooks.outcome import Reading
from portal.collection.workbooks.rules import run_rules

from .beside import beside_of, layout_of
from .judging import Judged, Order, Told, is_by_row, judge, located, reconciliation
from .staging import KEPT_DECIMALS
from .stored_text import storable


def beside_now(asked: Asked) -> str:
    """A text that is another one when approved data are that the rules of `asked` look at.

    Approved data never change, and give way only to a newer approved revision.
    """
    rules = DatasetRule.objects.filter(dataset=asked.dataset)
    others = rules.exclude(other_dataset=None).values("other_dataset")
    approved = Submission.objects.approved().filter(
        Q(dataset=asked.dataset) | Q(dataset__in=others)
    )
    told = hashlib.sha256()
    for pk in approved.order_by("pk").values_list("pk", flat=True).iterator():
        told.update(b"%d " % pk)
    return told.hexdigest()


def form_of(layout: Layout) -> str:
    return hashlib.sha256(repr(layout).encode()).hexdigest()


def foresee(upload: Upload, reading: Reading, *, beside: str) -> None:
    """Keep what judging will find; `beside` is what `beside_now` said before the file was read."""
    working: Working | None = reading.working
    if working is None or not reading.is_accepted or beside != beside_now(upload.submission):
        return
    if store_of(upload.submission.dataset).guards:  # what the domain says changes with its data
        return
    layout = working.checked.entries.layout
    judged = _judged(upload.submission, working.checked, cast("Values", reading.values))
    if judged is not None:
        foreseen = {
            "beside": beside,
            "form": form_of(layout),
            "issues": [issue._asdict() for issue in judged.checked.issues],
            "reconciliation": reconciliation(judged),
        }
        Upload.objects.filter(pk=upload.pk).update(foreseen=storable(foreseen))


def _judged(submission: Submission, read: Checked, values: Values) -> Judged | None:
    """The file's numbers as the stored values they become; None where they may differ."""
    layout, keys = read.entries.layout, read.entries.keys
    if not is_by_row(layout) or read.refused or read.refused_cells or len(set(keys)) < len(keys):
        return None
    if not all(_is_kept_whole(read, column) for column in layout.entered):
        return None
    order = Order(layout)
    rows = [index for index in range(len(keys)) if index not in read.empty]
    if not all(order.knows(keys[index]) for index in rows):
        return None
    told = Told(
        entries=Entries(layout),
        value_count=len(values),
        units=values.units,
        sums=values.sums(),
        row_count=len(rows),
    )
    checked = Checked(told.entries)
    own = {rule.code for rule in layout.rules}
    if read.hidden_issues or any(issue.rule in own for issue in read.issues):
        rows.sort(key=lambda index: order.of(keys[index]))
        for index in rows:
            told.entries.add(keys[index], order.place(keys[index]), read.entries.rows[index])
        for key, cells in read.columns.items():
            checked.columns[key] = [cells[index] for index in rows]
        run_rules(Check(checked, None, None), beside_of(submission, layout))
    return Judged(layout, told, checked)


def _is_kept_whole(read: Checked, column: Column) -> bool:
    """Whether the column is stored as it was read: nothing wanting, and nothing rounded."""
    cells = read.columns.get(column.key)
    if cells is None or (column.required and cells.count(None) > len(read.empty)):
        return False
    distinct = {id(cell): cell for cell in cells}.values()  # equal cells share their value
    return all(
        not isinstance(cell, Decimal) or cell == round(cell, KEPT_DECIMALS) for cell in distinct
    )


def judge_after(submission: Submission, uploads: Sequence[Upload], written: Written) -> None:
    """Judge a submission into which `uploads` were just taken over, as `written` says."""
    foreseen = uploads[0].foreseen if len(uploads) == 1 else {}
    if foreseen and _holds_only(submission, written):
        layout = layout_of(submission)
        if _still_holds(foreseen, submission, layout):
            submission.findings = located(submission, layout, foreseen["issues"])
            submission.reconciliation = foreseen["reconciliation"]
            submission.save(update_fields=["findings", "reconciliation"])
            return
    judge(submission)


def _still_holds(foreseen: dict[str, Any], submission: Submission, layout: Layout) -> bool:
    now = (form_of(layout), beside_now(submission))
    return now == (foreseen["form"], foreseen["beside"])


def _holds_only(submission: Submission, written: Written) -> bool:
    """Whether the values of one file, no two about the same thing, are all there is."""
    stored = store_of(submission.dataset).count(submission)
    return stored == written.new + written.changed + written.same
