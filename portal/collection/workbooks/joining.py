"""Several files, one submission: the communes' workbooks joined, doubles and gaps listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from .layout import MEASURE_ROWS, Layout, Severity
from .outcome import CellValue, Issue, Question, Reading, Reconciliation, RowOutcome


def join(readings: Sequence[Reading], *, layout: Layout) -> Reading:
    """One reading of many. Units that stand in two files are refused unless they are equal."""
    values, doubles = _joined_values(readings, layout)
    questions: dict[str, Question] = {}
    for reading in readings:
        for question in reading.questions:
            questions.setdefault(question.id, question)
    issues = [issue for reading in readings for issue in reading.issues] + doubles
    return Reading(
        understood=tuple(sheet for reading in readings for sheet in reading.understood),
        values=values,
        issues=tuple(sorted(issues, key=lambda issue: issue.severity != "error")),
        questions=tuple(questions.values()),
        reconciliation=_sum(readings, values, layout),
        container=", ".join(dict.fromkeys(r.container for r in readings if r.container)),
        file=", ".join(reading.file for reading in readings),
    )


def _joined_values(
    readings: Sequence[Reading], layout: Layout
) -> tuple[list[CellValue], list[Issue]]:
    by_unit: dict[str, list[tuple[Reading, list[CellValue]]]] = {}
    for reading in readings:
        own: dict[str, list[CellValue]] = {}
        for value in reading.values:
            own.setdefault(value.unit, []).append(value)
        for unit, found in own.items():
            by_unit.setdefault(unit, []).append((reading, found))
    kept: list[CellValue] = []
    doubles: list[Issue] = []
    for unit, sources in by_unit.items():
        first, *others = sources
        clashing = [reading for reading, found in others if _facts(found) != _facts(first[1])]
        if clashing:
            doubles.append(_double(unit, first[0], clashing[0], layout, equal=False))
            continue
        if others:
            doubles.append(_double(unit, first[0], others[0][0], layout, equal=True))
        kept += first[1]
    return kept, doubles


def _facts(values: Iterable[CellValue]) -> set[tuple]:
    return {(v.unit, v.indicator, v.group, v.sex, v.category, v.value, v.missing) for v in values}


def _double(unit: str, first: Reading, other: Reading, layout: Layout, *, equal: bool) -> Issue:
    known = layout.unit_by_code.get(unit)
    name = known.label if known else unit
    files = f"“{first.file}” và “{other.file}”"
    if equal:
        text = f"{name} có trong hai tệp {files} với số liệu giống nhau, chỉ lấy một lần."
    else:
        text = f"{name} có trong hai tệp {files} với số liệu khác nhau. Hãy bỏ một tệp."
    severity: Severity = "warning" if equal else "error"
    return Issue(severity, "duplicate", text, unit=unit, file=other.file)


def _sum(
    readings: Sequence[Reading], values: Sequence[CellValue], layout: Layout
) -> Reconciliation:
    parts = [reading.reconciliation for reading in readings]
    refused = [
        RowOutcome("", 0, reading.file, "refused", reading.errors[0].message, reading.file)
        for reading in readings
        if reading.errors and not reading.reconciliation.rows_read
    ]
    told = {value.unit for value in values}
    told |= {key for part in readings for key in _units_refused(part)}
    sums: dict[str, Decimal] = {}
    for value in values:
        if value.value is not None:
            sums[value.column] = sums.get(value.column, Decimal(0)) + value.value
    return Reconciliation(
        rows_read=sum(part.rows_read for part in parts),
        stored=sum(part.stored for part in parts),
        skipped=sum(part.skipped for part in parts),
        refused=sum(part.refused for part in parts),
        rows=(*(row for part in parts for row in part.rows), *refused),
        totals=tuple(total for part in parts for total in part.totals),
        sums=sums,
        missing_units=()
        if layout.rows == MEASURE_ROWS
        else tuple(unit.code for unit in layout.valid_units() if unit.code not in told),
    )


def _units_refused(reading: Reading) -> set[str]:
    """Units whose rows stand in a file but are refused: they are wrong, not missing."""
    return {issue.unit for issue in reading.errors if issue.unit}
