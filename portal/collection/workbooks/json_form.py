"""A `Reading` as plain JSON-ready data: the shape that `manage.py intake` prints."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .outcome import CellValue, Issue, Question, Reading, Reconciliation, Understood


def reading_as_json(reading: Reading) -> dict[str, Any]:
    """`understood` describes the first sheet used and lists all of them under `sheets`."""
    return {
        **reading_without_values(reading),
        "values": [_value(value) for value in reading.values],
    }


def reading_without_values(reading: Reading) -> dict[str, Any]:
    """The same but for `values`: what is kept beside a file whose values wait in a table."""
    sheets = [_understood(sheet) for sheet in reading.understood]
    return {
        "understood": {**(sheets[0] if sheets else {}), "sheets": sheets},
        "issues": [_issue(issue) for issue in reading.issues],
        "questions": [_question(question) for question in reading.questions],
        "reconciliation": _reconciliation(reading.reconciliation),
    }


def _understood(sheet: Understood) -> dict[str, Any]:
    return {
        "file": sheet.file,
        "sheet": sheet.sheet,
        "title": sheet.title,
        "heading_rows": list(sheet.heading_rows),
        "rows": [sheet.first_row, sheet.last_row],
        "columns": [column._asdict() for column in sheet.columns],
        "number_style": sheet.number_style,
        "encoding": sheet.encoding,
        "unit_of_measure": sheet.unit_of_measure,
        "notes": list(sheet.notes),
        "repairs": [
            {"cell": cell, "before": before, "after": after}
            for cell, before, after in sheet.repairs
        ],
    }


def _value(value: CellValue) -> dict[str, Any]:
    return {
        "unit": value.unit,
        "indicator": value.indicator,
        "group": value.group,
        "sex": value.sex,
        "category": value.category,
        "value": number(value.value),
        "missing": value.missing,
        "sheet": value.sheet,
        "cell": value.cell,
    }


def number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "file": issue.file,
        "sheet": issue.sheet,
        "cell": issue.cell,
        "heading": issue.heading,
        "severity": issue.severity,
        "rule": issue.rule,
        "message": issue.message,
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "file": question.file,
        "sheet": question.sheet,
        "cell": question.cell,
        "text": question.text,
        "options": [option._asdict() for option in question.options],
        "suggestion": question.suggestion,
    }


def _reconciliation(sums: Reconciliation) -> dict[str, Any]:
    return {
        "rows_read": sums.rows_read,
        "stored": sums.stored,
        "skipped": sums.skipped,
        "refused": sums.refused,
        "rows": [row._asdict() for row in sums.rows],
        "totals": [
            {
                **total._asdict(),
                "printed": number(total.printed),
                "computed": number(total.computed),
                "agrees": total.agrees,
            }
            for total in sums.totals
        ],
        "sums": {key: number(value) for key, value in sums.sums.items()},
        "missing_units": list(sums.missing_units),
    }
