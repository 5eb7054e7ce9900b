"""Judge a submission as a whole by the rules of its dataset: the engine of files and form alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from portal import formats
from portal.collection.models import Submission
from portal.collection.stores import StoredValue, ValueKey, store_of
from portal.collection.workbooks.checking import check_entries
from portal.collection.workbooks.cleaned import Checked
from portal.collection.workbooks.entries import Entries, Place, RowKey
from portal.collection.workbooks.json_form import number
from portal.collection.workbooks.layout import Column, Layout

from .beside import beside_of, layout_of
from .grids import Grid, GridRow, grid_of
from .reading import most_telling, storable

MISSING_TEXT = {"not_collected": "…", "not_applicable": "x", "confidential": "không công bố"}


def judge(submission: Submission) -> list[dict]:
    """Run all rules over the stored values; keeps findings and reconciliation on the row."""
    judged = _judged(submission)
    submission.findings = judged.findings()
    submission.reconciliation = reconciliation(
        judged.layout, judged.grid, judged.values, judged.checked
    )
    submission.save(update_fields=["findings", "reconciliation"])
    return submission.findings


def findings_of(submission: Submission) -> list[dict]:
    """What the rules say of the stored values now; writes nothing."""
    return _judged(submission).findings()


class Judged(NamedTuple):
    """A submission's values with all that the rules say of them."""

    layout: Layout
    grid: Grid
    values: Mapping[ValueKey, StoredValue]
    checked: Checked

    def findings(self) -> list[dict]:
        issues = [
            _at_its_cell(issue._asdict(), self.layout, self.values) for issue in self.checked.issues
        ]
        return most_telling(storable(issues))


def _judged(submission: Submission) -> Judged:
    layout = layout_of(submission)
    values = store_of(submission.dataset).current(submission)
    grid = grid_of(layout, values)
    entries = entries_of(layout, told(grid))
    beside = beside_of(submission, layout)
    return Judged(layout, grid, values, check_entries(layout, entries, beside=beside))


def told(grid: Grid) -> list[GridRow]:
    """The rows that hold anything."""
    if grid.by_measure:
        return list(grid) if grid.values else []
    return [row for row in grid if any(cell.stored for cell in row.cells)]


def entries_of(layout: Layout, rows: Iterable[GridRow]) -> Entries:
    """Stored values as entries, so that they can be checked like a file or a form."""
    texts: dict[RowKey, dict[str, str]] = {}
    labels: dict[RowKey, str] = {}
    for row in rows:
        key = RowKey(row.place.unit.code, row.place.group.code if row.place.group else None)
        labels.setdefault(key, row.place.label)
        for cell in row.cells:
            if cell.column.is_entered:
                texts.setdefault(key, {})[cell.column.key] = as_typed(cell.stored, cell.column)
    entries = Entries(layout)
    for key, cells in texts.items():
        line = [cells.get(column) if column in cells else None for column in entries.columns]
        entries.add(key, Place(label=labels[key]), line)
    return entries


def as_typed(stored: StoredValue | None, column: Column) -> str:
    """A stored value as a person would type it: "1234,5", "Có", "…"; "" when there is none."""
    if stored is None:
        return ""
    if stored.value is None:
        return MISSING_TEXT.get(stored.missing, "…")
    if column.value_type == "yes_no":
        return "Có" if stored.value else "Không"
    text = f"{stored.value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _at_its_cell(
    issue: dict[str, Any], layout: Layout, values: Mapping[ValueKey, StoredValue]
) -> dict[str, Any]:
    """The issue with the sheet and cell that its value came from."""
    column = layout.by_key.get(issue["column"] or "")
    if column is None or issue["cell"]:
        return issue
    key = ValueKey(
        issue["unit"] or "",
        column.measure,
        column.group or issue["group"],
        column.sex,
        column.category or "",
    )
    stored = values.get(key)
    if stored is None:
        return issue
    return {**issue, "sheet": stored.sheet, "cell": stored.cell}


def reconciliation(
    layout: Layout, grid: Grid, values: Mapping[ValueKey, StoredValue], checked: Checked
) -> dict[str, Any]:
    """How many rows and values there are, control totals, and which units are missing."""
    there = {key.unit for key in values}
    expected = list(layout.valid_units()) if not grid.by_measure else []
    return {
        "rows": len(told(grid)),
        "value_count": len(values),
        "units_expected": len(expected),
        "units_there": sum(unit.code in there for unit in expected),
        "missing_units": [
            {"code": unit.code, "label": unit.label}
            for unit in expected
            if unit.code not in there and layout.every_unit
        ],
        "sums": {key: number(value) for key, value in grid.sums().items()},
        "errors": sum(issue.severity == "error" for issue in checked.issues),
        "warnings": sum(issue.severity == "warning" for issue in checked.issues),
    }


def shortcomings(submission: Submission) -> list[str]:
    """What stands against submitting, as sentences; from what `judge` found last."""
    found = submission.reconciliation
    if not found.get("value_count"):
        return ["Chưa có số liệu nào được ghi nhận."]
    sentences = []
    if missing := found.get("missing_units"):
        names = ", ".join(unit["label"] for unit in missing[:8])
        more = f" và {len(missing) - 8} đơn vị khác" if len(missing) > 8 else ""
        sentences.append(f"Còn thiếu {formats.number(len(missing))} đơn vị: {names}{more}.")
    if errors := found.get("errors"):
        first = next(issue for issue in submission.findings if issue["severity"] == "error")
        sentences.append(f"Còn {formats.number(errors)} lỗi. {first['message']}")
    return sentences
