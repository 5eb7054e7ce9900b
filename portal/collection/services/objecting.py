"""What the domain holds against data now: asked again when they are taken over and approved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from portal.accounts.models import User
from portal.collection.models import Submission, Upload
from portal.collection.stores import store_of
from portal.collection.workbooks.cleaned import raw_text
from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.numbers import vietnamese
from portal.collection.workbooks.outcome import CellValue, Issue
from portal.collection.workbooks.rules.domain import (
    OWN_ROWS,
    PREFIX,
    Domain,
    entered_first,
    not_own,
)

from .beside import domain_of, layout_of, told_of
from .refusals import NoLongerRight, NotTakenUp
from .staging import staged_values
from .stored_text import storable

MOST_SENTENCES = 3


def object_again(upload: Upload) -> bool:
    """Ask the domain about what waits of a file; True when it may no longer be taken over.

    What is said stands among the file's issues at its cells, in the place of what was said before.
    """
    submission = upload.submission
    layout = layout_of(submission)
    domain = domain_of(submission, layout, by=upload.uploaded_by)
    if domain is None:
        return False
    found = list(_of_waiting(layout, domain, staged_values(upload).values))
    kept = [issue for issue in upload.issues if not issue["rule"].startswith(PREFIX)]
    upload.issues = [*storable([issue._asdict() for issue in found]), *kept]
    wrong = [issue for issue in upload.issues if issue["severity"] == "error"]
    upload.reconciliation = {
        **upload.reconciliation,
        "errors": len(wrong),
        "warnings": len(upload.issues) - len(wrong),
    }
    upload.save(update_fields=["issues", "reconciliation"])
    return bool(wrong)


def _of_waiting(layout: Layout, domain: Domain, values: list[CellValue]) -> Iterator[Issue]:
    rows: dict[RowKey, dict[str, CellValue]] = defaultdict(dict)
    for value in values:
        column = layout.by_key.get(value.column)
        own_group = column.group if column else None
        rows[RowKey(value.unit, None if own_group else value.group)][value.column] = value
    first = entered_first(layout).key
    for key, cells in rows.items():
        if domain.own is not None and key.unit not in domain.own:
            yield _issue(layout, key, first, cells.get(first), OWN_ROWS, not_own(layout))
    told = {
        key: {name: cell.value for name, cell in cells.items() if cell.value is not None}
        for key, cells in rows.items()
    }
    for found in domain.object_to({**domain.stored, **told}):
        key = RowKey(found.row, found.group)
        if key in rows:
            column_key = found.column if found.column in layout.by_key else first
            issue = _issue(
                layout, key, column_key, rows[key].get(column_key), found.code, found.sentence
            )
            yield issue._replace(severity=found.severity)


def _issue(
    layout: Layout, key: RowKey, column: str, cell: CellValue | None, rule: str, text: str
) -> Issue:
    heading, unit = layout.by_key[column].spoken, layout.unit_by_code.get(key.unit)
    where = f"Ô {cell.cell}" if cell and cell.cell else unit.label if unit else key.unit
    value = cell.value if cell else None
    return Issue(
        severity="error",
        rule=rule,
        message=f"{where}, {heading}: {text}",
        sheet=cell.sheet if cell else "",
        cell=cell.cell if cell else "",
        heading=heading,
        value=vietnamese(value) if isinstance(value, Decimal) else raw_text(cell and cell.raw),
        unit=key.unit,
        group=key.group,
        column=column,
    )


def refuse_what_changed(submission: Submission) -> None:
    """Look at the stored values once more before a level approves them.

    Raises:
        NoLongerRight: the domain holds something against them now.
    """
    layout = layout_of(submission)
    domain = domain_of(submission, layout)
    if domain is None:
        return
    values = store_of(submission.dataset).current(submission)
    sentences = []
    for found in domain.object_to(told_of(layout, values)):
        if found.severity == "error":
            unit = layout.unit_by_code.get(found.row)
            column = layout.by_key.get(found.column)
            label = f"{unit.label} ({unit.code})" if unit else found.row
            names = [label, column.spoken if column else ""]
            sentences.append(f"{', '.join(filter(None, names))}: {found.text}")
    if sentences:
        more = len(sentences) - MOST_SENTENCES
        told = [*sentences[:MOST_SENTENCES], *([f"Và {more} lỗi khác."] if more > 0 else [])]
        raise NoLongerRight(" ".join([NoLongerRight.message, *told]))


def take_effect(submission: Submission, *, by: User) -> None:
    """What the store does with approved values; all of it or nothing.

    Raises:
        NotTakenUp: the database refused what the store wrote.
        Refused: the store refused it itself.
    """
    store = store_of(submission.dataset)
    if not store.guards:
        return
    try:
        with transaction.atomic():
            store.take_effect(submission, by=by)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise NotTakenUp(sentence_of(error)) from error


def sentence_of(error: IntegrityError) -> str:
    """A trigger's own Vietnamese sentence; "" for a constraint, whose words are the database's."""
    told = getattr(error.__cause__, "diag", None)
    sentence = (told and told.message_primary) or ""
    return "" if sentence.isascii() else f"Chưa duyệt được. {sentence}"
