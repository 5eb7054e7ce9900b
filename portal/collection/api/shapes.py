"""What the API answers with: rows of the portal as plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from portal.collection.models import Dataset, Submission
from portal.collection.services.confirming import digest_of, statement_of
from portal.collection.services.grids import Grid, GridRow
from portal.collection.services.judging import shortcomings
from portal.collection.services.reasons import Reasons, asks_reason, reason_for, reasons_of
from portal.collection.stores import StoredValue
from portal.collection.workbooks.json_form import number
from portal.collection.workbooks.layout import Column, Layout, RowUnit, Rule

Shape = dict[str, Any]


def dataset_shape(dataset: Dataset) -> Shape:
    return {
        "code": dataset.code,
        "title": dataset.title,
        "frequency": dataset.frequency,
        "rows": dataset.row_axis,
        "submitting_level": dataset.submitting_level,
        "wants_cover_letter": dataset.wants_cover_letter,
    }


def column_shape(column: Column) -> Shape:
    formula = column.formula
    return {
        "key": column.key,
        "heading": column.heading,
        "parents": list(column.parents),
        "measure": column.measure,
        "group": column.group,
        "sex": column.sex,
        "category": column.category,
        "entered": column.is_entered,
        "type": column.value_type,
        "required": column.required,
        "unit_of_measure": column.unit_of_measure,
        "minimum": plain(column.minimum),
        "maximum": plain(column.maximum),
        "computed_from": [formula.numerator, formula.denominator] if formula else None,
    }


def rule_shape(rule: Rule) -> Shape:
    return {
        "code": rule.code,
        "kind": rule.kind,
        "columns": list(rule.columns),
        "other": rule.other,
        "relation": rule.relation if rule.kind in ("sum", "cross") else None,
        "parameter": plain(rule.parameter),
        "tolerance_percent": plain(rule.tolerance_percent),
        "minimum": plain(rule.minimum),
        "maximum": plain(rule.maximum),
        "other_dataset": rule.other_heading or None,
        "severity": rule.severity,
        "note": rule.note,
    }


def layout_shape(layout: Layout) -> Shape:
    """All that a program needs to send a whole dataset of one unit and period."""
    return {
        "dataset": layout.dataset,
        "title": layout.title,
        "unit": layout.unit,
        "period": layout.period,
        "rows": layout.rows,
        "units": [row_shape(unit, layout) for unit in layout.valid_units()],
        "groups": [{"code": group.code, "name": group.name} for group in layout.groups],
        "columns": [column_shape(column) for column in layout.columns],
        "rules": [rule_shape(rule) for rule in layout.rules],
    }


def row_shape(row: RowUnit, layout: Layout) -> Shape:
    """What may stand in a row; of a record with its place, which tells namesakes apart."""
    shape = {"code": row.code, "name": row.label}
    return {**shape, "place": row.district_name or None} if layout.has_records else shape


def submission_shape(submission: Submission) -> Shape:
    """Where it stands, without what the rules say of it."""
    return {
        "id": submission.pk,
        "dataset": submission.dataset.code,
        "unit": submission.unit.code,
        "period": submission.period.code,
        "revision": submission.revision,
        "status": submission.status,
        "status_words": submission.get_status_display(),
        "reason": submission.reason,
        "is_illustrative": submission.is_demo,
        "cover_letter": letter_shape(submission),
        "submitted_at": _moment(submission.submitted_at),
        "approved_at": _moment(submission.approved_at),
    }


def letter_shape(submission: Submission) -> Shape | None:
    """The letter that goes with it; None where its dataset wants none or none was sent."""
    if not submission.cover_letter_number:
        return None
    date = submission.cover_letter_date
    return {
        "number": submission.cover_letter_number,
        "date": date.isoformat() if date else None,
        "has_scan": bool(submission.cover_letter_file),
    }


def _moment(at: Any) -> str | None:
    return at.isoformat() if at else None


def whole_shape(submission: Submission) -> Shape:
    """The submission with all that is asked before it is handed in."""
    return {
        "submission": submission_shape(submission),
        "findings": findings_shape(submission, submission.findings),
        "shortcomings": shortcomings(submission) if submission.is_editable else [],
        "reconciliation": statement_of(submission),
        "digest": digest_of(statement_of(submission)),
        "remarks": [
            {
                "unit": remark.row_code or None,
                "group": remark.group_code or None,
                "column": remark.column_key or None,
                "text": remark.text,
                "resolved": remark.resolved_at is not None,
            }
            for remark in submission.remarks.filter(is_sent=True)[:500]
        ],
    }


def findings_shape(submission: Submission, issues: Iterable[Mapping[str, Any]]) -> list[Shape]:
    """Errors and warnings at unit, group and column; a declared rule's warning asks a reason."""
    declared = set(submission.dataset.rules.values_list("code", flat=True))
    reasons = reasons_of(submission)
    return [_finding(issue, declared, reasons) for issue in issues]


def _finding(issue: Mapping[str, Any], declared: set[str], reasons: Reasons) -> Shape:
    return {
        "severity": issue["severity"],
        "rule": issue["rule"],
        "unit": issue["unit"],
        "group": issue["group"],
        "column": issue["column"],
        "value": issue["value"],
        "message": issue["message"],
        "asks_reason": asks_reason(issue, declared),
        "reason": reason_for(dict(issue), reasons),
    }


def values_shape(grid: Grid, rows: Iterable[GridRow]) -> list[Shape]:
    """A row per unit (and group); a computed column is there to be read."""
    if grid.by_measure:
        cells = [cell for row in rows for cell in row.cells]
        places = [(grid.places[0], cells)]
    else:
        places = [(row.place, list(row.cells)) for row in rows]
    return [
        {
            "unit": place.unit.code,
            "group": place.group.code if place.group else None,
            "values": {cell.column.key: _value(cell.stored) for cell in cells},
        }
        for place, cells in places
    ]


def _value(stored: StoredValue | None) -> Any:
    if stored is None:
        return None
    return {"missing": stored.missing} if stored.value is None else plain(stored.value)


def plain(value: Decimal | None) -> Any:
    return None if value is None else number(value)
