"""Judge a submission as a whole by the rules of its dataset: the engine of files and form alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from portal import formats
from portal.collection.models import Submission
from portal.collection.stores import StoredValue, ValueKey, store_of
from portal.collection.workbooks.checking import check_entries
from portal.collection.workbooks.cleaned import Checked
from portal.collection.workbooks.entries import Entries, Place, RowKey
from portal.collection.workbooks.json_form import number
from portal.collection.workbooks.layout import MEASURE_ROWS, Column, Layout, RowUnit

from .beside import beside_of, layout_of
from .grids import Grid, GridRow, grid_of
from .grids import Place as GridPlace
from .reading import most_telling, storable

MISSING_TEXT = {"not_collected": "…", "not_applicable": "x", "confidential": "không công bố"}


def judge(submission: Submission) -> list[dict]:
    """Run all rules over the stored values; keeps findings and reconciliation on the row."""
    judged = _judged(submission)
    submission.findings = judged.findings(submission)
    submission.reconciliation = reconciliation(judged)
    submission.save(update_fields=["findings", "reconciliation"])
    return submission.findings


def findings_of(submission: Submission) -> list[dict]:
    """What the rules say of the stored values now; writes nothing."""
    return _judged(submission).findings(submission)


@dataclass(frozen=True, kw_only=True)
class Told:
    """The stored values as entries, with what a reconciliation counts and adds."""

    entries: Entries
    value_count: int
    units: set[str]
    sums: dict[str, Decimal]
    row_count: int


class Judged(NamedTuple):
    """A submission's values with all that the rules say of them."""

    layout: Layout
    told: Told
    checked: Checked

    def findings(self, submission: Submission) -> list[dict]:
        return located(submission, self.layout, [issue._asdict() for issue in self.checked.issues])


def located(submission: Submission, layout: Layout, issues: Sequence[dict]) -> list[dict]:
    """The issues to be kept, each with the sheet and cell that its stored value came from."""
    if not issues:
        return []
    columns = [layout.by_key.get(issue["column"] or "") for issue in issues]
    values = store_of(submission.dataset).current(
        submission,
        units={issue["unit"] for issue in issues if issue["unit"]},
        measures={column.measure for column in columns if column is not None},
    )
    return most_telling(storable([_at_its_cell(issue, layout, values) for issue in issues]))


def _judged(submission: Submission) -> Judged:
    layout = layout_of(submission)
    told = _told(submission, layout)
    beside = beside_of(submission, layout)
    return Judged(layout, told, check_entries(layout, told.entries, beside=beside))


def is_by_row(layout: Layout) -> bool:
    """Whether a row of the form is a unit, and a group where it has groups."""
    return layout.rows != MEASURE_ROWS and not any(column.group for column in layout.columns)


def _told(submission: Submission, layout: Layout) -> Told:
    if is_by_row(layout):
        return told_by_row(submission, layout)
    values = store_of(submission.dataset).current(submission)
    grid = grid_of(layout, values)
    rows = told(grid)
    return Told(
        entries=entries_of(layout, rows),
        value_count=len(values),
        units={key.unit for key in values},
        sums=grid.sums(),
        row_count=len(rows),
    )


class Order:
    """The rows of a form: units as expected, then others; groups as listed."""

    def __init__(self, layout: Layout) -> None:
        self.layout, self.names = layout, layout.unit_by_code
        self.units = {unit.code: number for number, unit in enumerate(layout.valid_units())}
        self.groups = {group.code: number for number, group in enumerate(layout.groups, 1)}

    def knows(self, key: RowKey) -> bool:
        if self.layout.has_groups and key.group:
            return key.group in self.groups
        return key.group is None

    def of(self, key: RowKey) -> tuple[int, str, int]:
        unit = self.units.get(key.unit, len(self.units))
        return unit, key.unit, self.groups.get(key.group or "", 0)

    def place(self, key: RowKey) -> Place:
        unit = self.names.get(key.unit) or RowUnit(code=key.unit, name=key.unit)
        group = self.layout.group_by_code.get(key.group or "")
        return Place(label=GridPlace(unit, group).short_label)


def told_by_row(submission: Submission, layout: Layout) -> Told:
    """The same where a row of the form is a unit (and a group): without an object for each value.

    Rows are in the order of the form.
    """
    entered = [column for column in layout.columns if column.is_entered]
    order = Order(layout)
    found: list[tuple[tuple, RowKey, list[str | None]]] = []
    units: set[str] = set()
    count = 0
    for row in store_of(submission.dataset).rows(submission, entered):
        units.add(row.unit)
        count += row.value_count
        key = RowKey(row.unit, row.group)
        if order.knows(key) and any(cell is not None for cell in row.cells):
            found.append((order.of(key), key, row.cells))
    found.sort(key=itemgetter(0))
    entries = Entries(layout)
    position = {column.key: number for number, column in enumerate(entered)}
    typed = [_typing(column) for column in entered]
    for _, key, cells in found:
        texts = [write(cell) for write, cell in zip(typed, cells, strict=True)]
        line = [texts[position[key]] if key in position else None for key in entries.columns]
        entries.add(key, order.place(key), line)
    return Told(
        entries=entries,
        value_count=count,
        units=units,
        sums=_sums(entered, [cells for _, _, cells in found]),
        row_count=len(entries),
    )


def _typing(column: Column) -> Callable[[str | None], str]:
    """Stored cells of a column as a person would type them; each distinct one is written once."""
    known: dict[str | None, str] = {None: ""}

    def write(cell: str | None) -> str:
        if cell not in known:
            known[cell] = as_typed(_stored(cell or ""), column)
        return known[cell]

    return write


def _stored(cell: str) -> StoredValue:
    is_reason = cell in MISSING_TEXT
    return StoredValue(None, cell) if is_reason else StoredValue(Decimal(cell))


def _sums(columns: Sequence[Column], rows: Sequence[list[str | None]]) -> dict[str, Decimal]:
    sums = {}
    for column, cells in zip(columns, zip(*rows, strict=True), strict=False):
        numbers = Counter(cell for cell in cells if cell is not None and cell not in MISSING_TEXT)
        if numbers:
            sums[column.key] = sum((Decimal(n) * c for n, c in numbers.items()), Decimal(0))
    return sums


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


def reconciliation(judged: Judged) -> dict[str, Any]:
    """How many rows and values there are, control totals, and which units are missing."""
    layout, told, issues = judged.layout, judged.told, judged.checked.issues
    expected = list(layout.valid_units()) if layout.rows != MEASURE_ROWS else []
    return {
        "rows": told.row_count,
        "value_count": told.value_count,
        "row_noun": layout.row_noun,
        "units_expected": len(expected),
        "units_there": sum(unit.code in told.units for unit in expected),
        "missing_units": [
            {"code": unit.code, "label": unit.label}
            for unit in expected
            if unit.code not in told.units and layout.every_unit
        ],
        "sums": {key: number(value) for key, value in told.sums.items()},
        "errors": sum(issue.severity == "error" for issue in issues),
        "warnings": sum(issue.severity == "warning" for issue in issues),
    }


def shortcomings(submission: Submission) -> list[str]:
    """What stands against submitting, as sentences; from what `judge` found last."""
    found = submission.reconciliation
    if not found.get("value_count"):
        return ["Chưa có số liệu nào được ghi nhận."]
    sentences = []
    if missing := found.get("missing_units"):
        names = ", ".join(unit["label"] for unit in missing[:8])
        noun = found.get("row_noun", "đơn vị")
        more = f" và {len(missing) - 8} {noun} khác" if len(missing) > 8 else ""
        sentences.append(f"Còn thiếu {formats.number(len(missing))} {noun}: {names}{more}.")
    if errors := found.get("errors"):
        first = next(issue for issue in submission.findings if issue["severity"] == "error")
        sentences.append(f"Còn {formats.number(errors)} lỗi. {first['message']}")
    return sentences
