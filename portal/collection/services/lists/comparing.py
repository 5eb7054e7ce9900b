"""What a file says, beside what is kept; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from import_export.results import RowResult

from portal.collection.lists.resource import ListResource
from portal.collection.lists.tables import ListTable, table_of
from portal.collection.models import ListFile, ListState
from portal.collection.workbooks.repair import repair, shortened
from portal.collection.workbooks.source import Unreadable, open_source

from .receiving import locked

MOST_SHOWN = 500
SAMPLES = 4
Problem = dict[str, Any]


def read_list(path: str, resource: ListResource) -> tuple[ListTable, list[Problem]]:
    """The table in the file, and why there is none; writes nothing.

    Text of old fonts is put into Unicode; the comparison shows it before anything is stored.
    """
    try:
        source = open_source(path)
    except Unreadable as problem:
        return ListTable(), [{"cell": "", "name": "", "text": problem.message}]
    encoding, repairs = repair(source)
    table, problems = table_of(source, resource)
    if repairs:
        table.repaired = {
            "encoding": encoding,
            "count": len(repairs),
            "samples": [[shortened(one.before), shortened(one.after)] for one in repairs[:SAMPLES]],
        }
    return table, problems


@transaction.atomic
def keep_reading(
    *, one: ListFile, table: ListTable, problems: list[Problem], resource: ListResource, whole: bool
) -> bool:
    """Compare the table with the list and keep the outcome; False when nobody waits for it.

    whole: one bad row keeps the rest out as well.
    """
    one = locked(one)
    if one.state != ListState.RECEIVED:
        return False
    good: list[int] = []
    one.changes, one.counts = [], {}
    if not problems:
        one.changes, problems, one.counts, good = _compared(table, resource)
    one.problems = problems[:MOST_SHOWN]
    one.counts |= {"problems": len(problems), "left_aside": table.left_aside}
    one.counts |= {"passed_over": table.passed_over, "unread": table.unread}
    if table.repaired:
        one.counts["repaired"] = table.repaired
    takes = bool(good) and not (whole and problems)
    kept = table.only(good)
    one.rows = {"headings": kept.headings, "rows": kept.rows} if takes else {}
    one.state = ListState.READ
    one.save()
    return True


def _compared(
    table: ListTable, resource: ListResource
) -> tuple[list[Problem], list[Problem], dict[str, Any], list[int]]:
    """Changes, problems, counts, and the rows that can be taken over."""
    result = resource.import_data(table.as_dataset(), dry_run=True)
    if result.base_errors:
        raise result.base_errors[0].error
    changes: list[Problem] = []
    problems: list[Problem] = []
    good: list[int] = []
    counts: dict[str, Any] = {"new": 0, "update": 0, "same": 0, "refused": 0}
    for index, row in enumerate(result.rows):
        if row.import_type in (RowResult.IMPORT_TYPE_INVALID, RowResult.IMPORT_TYPE_ERROR):
            counts["refused"] += 1
            problems += list(_problems(row, resource, table, index))
            continue
        good.append(index)
        if row.import_type == RowResult.IMPORT_TYPE_SKIP:
            counts["same"] += 1
            continue
        is_new = row.import_type == RowResult.IMPORT_TYPE_NEW
        counts["new" if is_new else "update"] += 1
        if len(changes) < MOST_SHOWN:
            cells = [] if is_new else resource.changes(row.original, row.instance)
            words = resource.words(row.instance) if is_new else ""
            name = table.name(index)
            changes.append({"name": name, "new": is_new, "cells": cells, "words": words})
    counts["notes"] = resource.notes([result.rows[index].instance for index in good])
    return changes, problems, counts, good


def _problems(
    row: RowResult, resource: ListResource, table: ListTable, index: int
) -> Iterator[Problem]:
    """Each thing wrong with one row, at its cell where a column is to blame."""
    name = table.name(index)
    error = row.validation_error
    if error is None:
        for one in row.errors:
            told = isinstance(one.error, ValueError)
            said = str(one.error) if told else "Dòng này chưa đọc được."
            yield {"cell": table.cell(index), "name": name, "text": said}
        return
    columns = {field.attribute: field.column_name for field in resource.fields.values()}
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for attribute, messages in by_field.items():
        heading = columns.get(attribute, "")
        if heading not in table.headings:
            heading = resource.stands_for.get(heading, heading)
        for text in messages:
            said = f"{heading}: {text}" if heading else text
            yield {"cell": table.cell(index, heading), "name": name, "text": said}
