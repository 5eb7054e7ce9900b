"""The reconciliation of a file: rows read = stored + skipped + refused, with every reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from .cleaned import Checked
from .layout import MEASURE_ROWS
from .outcome import ControlTotal, Issue, Reconciliation, RowOutcome
from .rows import Harvest

Status = Literal["skipped", "refused"]
RowReason = dict[tuple[str, str | None, str | None], str]


def reconcile(
    harvest: Harvest,
    checked: Checked,
    issues: Iterable[Issue],
    totals: Sequence[ControlTotal],
) -> Reconciliation:
    """Counts rows of the file: in a table by measure every measure is a row of its own."""
    by_measure = harvest.entries.layout.rows == MEASURE_ROWS
    reasons = _reasons(issues)
    count = _measure_rows if by_measure else _entry_rows
    stored, outcomes = count(harvest, checked, reasons)
    outcomes = sorted([*harvest.outcomes, *outcomes], key=lambda row: (row.sheet, row.row))
    return Reconciliation(
        rows_read=stored + len(outcomes),
        stored=stored,
        skipped=sum(outcome.status == "skipped" for outcome in outcomes),
        refused=sum(outcome.status == "refused" for outcome in outcomes),
        rows=tuple(outcomes),
        totals=tuple(totals),
        sums=checked.values().sums(),
        missing_units=() if by_measure else _missing(checked),
    )


def _reasons(issues: Iterable[Issue]) -> RowReason:
    """The first error of each row, by sheet, unit and group; of each cell, by sheet and cell."""
    reasons: RowReason = {}
    for issue in issues:
        if issue.severity == "error":
            reasons.setdefault((issue.sheet, issue.unit, issue.group), issue.message)
            reasons.setdefault((issue.sheet, issue.cell, None), issue.message)
    return reasons


def _entry_rows(
    harvest: Harvest, checked: Checked, reasons: RowReason
) -> tuple[int, list[RowOutcome]]:
    entries = checked.entries
    stored: set[tuple[str, int]] = set()
    outcomes: dict[tuple[str, int], RowOutcome] = {}
    for index, place in enumerate(entries.places):
        rows = {row for row, _ in place.cells.values()} | {place.row}
        if place.cells and not place.columns:
            rows = {-1 - column for _, column in place.cells.values()}  # a unit in a column
        if index in checked.refused:
            key = entries.keys[index]
            reason = reasons.get((place.sheet, key.unit, key.group), "Dòng có lỗi")
            status: Status = "refused"
        elif index in checked.empty:
            reason, status = "Dòng để trống", "skipped"
        else:
            stored |= {(place.sheet, row) for row in rows}
            continue
        for row in rows:
            outcomes.setdefault(
                (place.sheet, row),
                RowOutcome(
                    place.sheet, max(row, place.row) + 1, place.label, status, reason, harvest.file
                ),
            )
    return len(stored - set(outcomes)), list(outcomes.values())


def _measure_rows(
    harvest: Harvest, checked: Checked, reasons: RowReason
) -> tuple[int, list[RowOutcome]]:
    entries = checked.entries
    stored = 0
    outcomes: list[RowOutcome] = []
    for index, place in enumerate(entries.places):
        for key, (row, _) in place.cells.items():
            column = entries.layout.by_key[key]
            reason = ""
            status: Status = "refused"
            if (index, key) in checked.refused_cells or index in checked.refused:
                reason = reasons.get((place.sheet, place.cell(key), None), "Dòng có lỗi")
            elif not column.is_entered:
                reason, status = "Chỉ tiêu tự tính, chỉ dùng để đối chiếu", "skipped"
            elif key not in checked.columns:
                reason, status = "Ghi chú bằng chữ, không ghi nhận thành số liệu", "skipped"
            elif checked.columns[key][index] is None:
                reason, status = "Dòng để trống", "skipped"
            if reason:
                outcomes.append(
                    RowOutcome(place.sheet, row + 1, column.heading, status, reason, harvest.file)
                )
            else:
                stored += 1
    return stored, outcomes


def _missing(checked: Checked) -> tuple[str, ...]:
    """Valid units without a row that says anything."""
    keys = checked.entries.keys
    told = {key.unit for index, key in enumerate(keys) if index not in checked.empty}
    units = checked.entries.layout.valid_units()
    return tuple(unit.code for unit in units if unit.code not in told)
