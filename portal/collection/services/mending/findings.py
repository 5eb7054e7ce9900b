"""Mistakes and warnings after a mend: complete, in order, and counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import cast

from django.db.models import Sum

from portal.collection.models import Upload
from portal.collection.services.beside import beside_of_rows
from portal.collection.services.reading import most_telling
from portal.collection.services.stored_text import storable
from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.numbers import vietnamese
from portal.collection.workbooks.outcome import Issue
from portal.collection.workbooks.totals import MAX_WARNINGS

from .cells import as_kept
from .checks import Outcome, outcome


def keep_issues(
    upload: Upload, after: Outcome, strange: Sequence[Issue], again: Collection[str], layout: Layout
) -> None:
    """The issues of these rows and of the rules run `again` anew; all others as they were."""
    mine = {(row.sheet, row.unit, row.group) for row in after.rows}
    over_columns = {rule.code for rule in layout.rules if rule.kind == "outlier"} - set(again)

    def stays(issue: dict) -> bool:
        if issue["rule"] in again or issue["rule"] == "total":
            return False
        if issue["rule"] in over_columns or issue["rule"] == "nil" or not issue["column"]:
            return True
        return (issue["sheet"], issue["unit"], issue["group"]) not in mine

    has_nil = any(issue["rule"] == "nil" for issue in upload.issues)
    nil = [] if has_nil else [issue for issue in after.checked.issues if issue.rule == "nil"]
    fresh = [issue._asdict() for issue in (*after.issues, *strange, *nil)]
    upload.issues = [*filter(stays, upload.issues), *storable(fresh)]


def count_issues(upload: Upload, layout: Layout) -> None:
    """The list again complete and in order, and how many errors and warnings there are."""
    found = upload.reconciliation
    if not found.get("refused"):
        upload.issues = [*upload.issues, *_total_warnings(upload)]
    in_rows = upload.rows.filter(errors__gt=0).aggregate(sum=Sum("errors"))["sum"] or 0
    if in_rows and not upload.errors:  # mistakes that the full list had no room for
        upload.issues = [*upload.issues, *_hidden(upload, layout)]
    upload.issues = most_telling(sorted(upload.issues, key=lambda i: i["severity"] != "error"))
    of_file = sum(issue["severity"] == "error" and not issue["column"] for issue in upload.issues)
    found["errors"] = max(len(upload.errors), in_rows + of_file)
    found["warnings"] = len(upload.warnings)


def _hidden(upload: Upload, layout: Layout) -> list[dict]:
    rows = [as_kept(row) for row in upload.rows.filter(errors__gt=0).order_by("position")[:500]]
    beside = beside_of_rows(upload.submission, layout, {row.unit for row in rows})
    return storable([issue._asdict() for issue in outcome(upload, layout, rows, beside).issues])


def _total_warnings(upload: Upload) -> Iterable[dict]:
    apart = upload.totals.filter(agrees=False, printed__isnull=False, computed__isnull=False)
    for total in apart.defer("scopes").order_by("position")[:MAX_WARNINGS]:
        printed, computed = cast(Decimal, total.printed), cast(Decimal, total.computed)
        text = (
            f"Ô {total.cell}, {total.heading}: dòng “{total.label}” ghi "
            f"{vietnamese(printed)}, cộng các dòng được {vietnamese(computed)} "
            f"(chênh {vietnamese(abs(printed - computed))}). Hãy kiểm tra lại; "
            "số cộng lại sẽ được dùng."
        )
        yield Issue("warning", "total", text, total.sheet, total.cell, total.heading,
                    vietnamese(printed), column=total.column,
                    file=upload.original_name)._asdict()  # fmt: skip
