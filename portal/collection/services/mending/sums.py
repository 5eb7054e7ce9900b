"""Rows, sums of columns and printed totals after a mend: they follow the difference."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from portal.collection.models import PrintedTotal, Upload
from portal.collection.services.printed_totals import touching
from portal.collection.workbooks.json_form import number

from .checks import Outcome


def keep_sums(upload: Upload, before: Outcome, after: Outcome) -> None:
    """Rows, sums of columns and printed totals follow the difference."""
    found = dict(upload.reconciliation)
    sums = {key: Decimal(str(value)) for key, value in found.get("sums", {}).items()}
    for side, sign in ((before, -1), (after, 1)):
        for value in side.checked.values():
            if value.value is not None:
                sums[value.column] = sums.get(value.column, Decimal(0)) + sign * value.value
    found["sums"] = {key: number(value) for key, value in sums.items()}
    _move_rows(found, before, after, upload.original_name)
    _move_totals(upload, before, after)
    upload.reconciliation = found


def _move_rows(found: dict, before: Outcome, after: Outcome, file: str) -> None:
    """Rows that are stored now, or refused now, are counted so."""
    outcomes = {(row["sheet"], row["row"]): row for row in found.get("rows", [])}
    reasons = {
        (issue.sheet, issue.unit, issue.group): issue.message
        for issue in reversed(after.issues)
        if issue.severity == "error"
    }
    for index, row in enumerate(after.rows):
        was, now = before.ending(index), after.ending(index)
        place = (row.sheet, row.row + 1)
        if was == now and now != "refused":
            continue
        found[was] -= 1
        found[now] += 1
        outcomes.pop(place, None)
        if now != "stored":
            reason = reasons.get((row.sheet, row.unit, row.group), "Dòng để trống")
            outcomes[place] = {
                "sheet": row.sheet, "row": row.row + 1, "label": row.label, "status": now,
                "reason": reason, "file": file,
            }  # fmt: skip
    found["rows"] = [outcomes[place] for place in sorted(outcomes)]


def _move_totals(upload: Upload, before: Outcome, after: Outcome) -> None:
    columns = _changed(before, after)
    if not columns:
        return
    totals = touching(upload, columns, [row.position for row in after.rows])
    for total in totals:
        for scope in total.scopes:
            scope[1] = str(Decimal(scope[1]) + _change(scope[0], total.column, before, after))
        sums = [round(Decimal(scope[1]), 10) for scope in total.scopes]
        total.computed = total.printed if total.printed in sums else sums[0]
        total.agrees = total.printed == total.computed
    PrintedTotal.objects.bulk_update(totals, ["scopes", "computed", "agrees"])


def _changed(before: Outcome, after: Outcome) -> set[str]:
    """The columns of which a number is another one now."""
    keys = {*before.checked.columns, *after.checked.columns}
    return {
        key
        for key in keys
        if any(before.number(i, key) != after.number(i, key) for i in range(len(after.rows)))
    }


def _change(ranges: Sequence, key: str, before: Outcome, after: Outcome) -> Decimal:
    change = Decimal(0)
    for index, row in enumerate(after.rows):
        if any(first <= row.position <= last for first, last in ranges):
            change += (after.number(index, key) or 0) - (before.number(index, key) or 0)
    return change
