"""Mend cells of a waiting file: only what a mended cell touches is checked again.

The cell, the rules of its row, and the rules of columns that see it run over the parsed rows that
were kept beside the upload; the file is not opened, and stays as it was sent.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import Max, Sum

from portal.collection.models import ReadRow, StagedValue, SubmissionEvent, Upload
from portal.collection.workbooks.checking import check
from portal.collection.workbooks.cleaned import Checked
from portal.collection.workbooks.correcting import position, typed
from portal.collection.workbooks.entries import Scaled
from portal.collection.workbooks.grid import address
from portal.collection.workbooks.json_form import number
from portal.collection.workbooks.kept import KeptRow, decoded, encoded, entries_from
from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.numbers import vietnamese
from portal.collection.workbooks.outcome import Issue
from portal.collection.workbooks.rules import Beside

from .beside import beside_of, beside_of_rows, layout_of
from .reading import most_telling, plain, storable
from .refusals import NothingToCorrect
from .trail import editable, moment, note

if TYPE_CHECKING:
    from portal.accounts.models import User

LONGEST_CELL = 100
Texts = Mapping[tuple[str, str], str]


class Found(NamedTuple):
    """A cell among the kept rows: its row and its position among the row's cells."""

    row: KeptRow
    cell: int
    key: str


class NotKept(Exception):
    """A cell that is not among the kept rows: the file must be read again."""


@dataclass
class Outcome:
    """What rows gave: their issues, their values to be stored, and how each row ended."""

    checked: Checked
    rows: Sequence[KeptRow]
    issues: list[Issue] = field(default_factory=list)

    def ending(self, index: int) -> str:
        """stored, skipped or refused."""
        if index in self.checked.refused:
            return "refused"
        return "skipped" if index in self.checked.empty else "stored"

    def number(self, index: int, key: str) -> Decimal | None:
        """The cleaned number of one cell, wanted in sums."""
        value = self.checked.columns.get(key, [None] * (index + 1))[index]
        return value if isinstance(value, Decimal) else None


@transaction.atomic
def mend(*, upload: Upload, texts: Texts, by: User, now: datetime.datetime | None = None) -> Upload:
    """Type over cells of a waiting file, by (sheet, cell).

    Raises:
        NotAllowed, NotEditable, NothingToCorrect
        NotKept: a cell stands in no kept row; nothing was changed.
    """
    submission = editable(upload.submission, by=by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != Upload.State.READ:
        return upload
    wanted = {place: plain(text).strip()[:LONGEST_CELL] for place, text in texts.items()}
    wanted = {place: text for place, text in wanted.items() if place[1] and text}
    if not wanted:
        raise NothingToCorrect
    at = moment(now)
    found = find_cells(upload, wanted)
    kept = {(item["sheet"], item["cell"]): item for item in upload.corrections}
    cells: dict[tuple[int, int], Any] = {}
    for place, text in wanted.items():
        spot = found[place]
        raw = spot.row.cells[spot.cell]
        before = kept.get(place, {}).get("text") or as_seen(raw)
        cells[spot.row.position, spot.cell] = encoded(mended(decoded(raw), text))
        kept[place] = {
            "sheet": place[0],
            "cell": place[1],
            "before": kept.get(place, {}).get("before", before),
            "text": text,
            "raw": [kept[place]["raw"][0] if "raw" in kept.get(place, {}) else raw],
            "by": by.full_name,
            "at": at.isoformat(),
        }
        words = f"{upload.original_name}, ô {place[1]}: “{before}” → “{text}”"
        note(submission, SubmissionEvent.What.TYPED, by=by, at=at, text=words)
    upload.corrections = list(kept.values())
    recheck(upload, found.values(), cells)
    return upload


@transaction.atomic
def unmend(
    *, upload: Upload, sheet: str, cell: str, by: User, now: datetime.datetime | None = None
) -> Upload:
    """Take one mend back: the cell says again what the file says.

    Raises:
        NotAllowed, NotEditable
        NothingToCorrect: this cell was not mended.
        NotKept: the file must be read again for it; nothing was changed.
    """
    submission = editable(upload.submission, by=by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != Upload.State.READ:
        return upload
    kept = {(item["sheet"], item["cell"]): item for item in upload.corrections}
    item = kept.pop((sheet, cell), None)
    if item is None:
        raise NothingToCorrect("Ô này chưa được sửa trên trang.")
    if "raw" not in item:
        raise NotKept
    found = find_cells(upload, [(sheet, cell)])
    spot = found[sheet, cell]
    upload.corrections = list(kept.values())
    words = f"{upload.original_name}, ô {cell}: “{item['text']}” trả về “{item['before']}”"
    note(submission, SubmissionEvent.What.TYPED, by=by, at=moment(now), text=words)
    recheck(upload, [spot], {(spot.row.position, spot.cell): item["raw"][0]})
    return upload


def mended(raw: Any, text: str) -> Any:
    """What was typed in place of a raw cell, in the cell's own unit of measure."""
    return Scaled(typed(text), raw.factor) if isinstance(raw, Scaled) else typed(text)


def as_seen(raw: Any) -> str:
    """A kept raw cell as the file showed it."""
    value = decoded(raw)
    value = value.raw if isinstance(value, Scaled) else value
    if isinstance(value, float):
        return vietnamese(Decimal(repr(value)))
    return value if isinstance(value, str) else str(getattr(value, "text", "") or "")


def find_cells(upload: Upload, places: Iterable[tuple[str, str]]) -> dict[Any, Found]:
    """Each cell among the kept rows.

    Raises:
        NotKept
    """
    if not upload.mending or upload.questions:
        raise NotKept
    tables, columns = upload.mending["tables"], upload.mending["columns"]
    spots = {place: position(place[1]) for place in places}
    numbers = {spot[0] for spot in spots.values() if spot}
    rows = upload.rows.filter(row__in=numbers, sheet__in={sheet for sheet, _ in spots})
    found: dict[Any, Found] = {}
    for row in map(as_kept, rows):
        for index, key in enumerate(columns):
            where = row.places.get(key)
            if where is None and key in tables[row.table]:
                where = [row.row, tables[row.table][key]]
            if where is not None and (row.sheet, address(*where)) in spots:
                found[row.sheet, address(*where)] = Found(row, index, key)
    if len(found) < len(spots) or any(spot.row.places for spot in found.values()):
        raise NotKept  # a row put together of several rows of the file counts as several
    return found


def as_kept(row: ReadRow) -> KeptRow:
    return KeptRow(
        row.position, row.sheet, row.row, row.unit, row.group, row.label, row.table, row.cells,
        row.places, row.blocked, row.errors,
    )  # fmt: skip


def recheck(upload: Upload, found: Collection[Found], cells: Mapping[tuple[int, int], Any]) -> None:
    """Check the rows of the mended cells, and what looks at their columns; keep what came of it."""
    layout = layout_of(upload.submission)
    keys = {spot.key for spot in found}
    touched = {spot.row.position: spot.row for spot in found}
    if any(rule.over_groups and keys & set(rule.columns) for rule in layout.rules):
        units = {row.unit for row in touched.values()}
        for row in map(as_kept, upload.rows.filter(unit__in=units)):
            touched.setdefault(row.position, row)
    old = list(touched.values())
    new = [_with_cells(row, cells) for row in old]
    beside = beside_of_rows(upload.submission, layout, {row.unit for row in old})
    rows_only = replace(layout, rules=tuple(r for r in layout.rules if r.kind != "outlier"))
    before = outcome(upload, rows_only, old, beside)
    after = outcome(upload, rows_only, new, beside)
    again = [r for r in layout.rules if r.kind == "outlier" and keys & set(r.columns)]
    if any(rule.severity == "error" for rule in again):
        raise NotKept  # other rows may be refused or let in by it
    _save_rows(upload, new, after)
    strange = column_issues(upload, layout, again) if again else []
    _keep_issues(upload, after, strange, {rule.code for rule in again}, layout)
    _keep_values(upload, before, after)
    _keep_sums(upload, before, after)
    _count(upload, layout)
    changed = ["corrections", "issues", "reconciliation"]
    upload.save(update_fields=[*changed, "mending"] if upload.mending["scopes"] else changed)


def _with_cells(row: KeptRow, cells: Mapping[tuple[int, int], Any]) -> KeptRow:
    mine = {index: raw for (position, index), raw in cells.items() if position == row.position}
    return row._replace(cells=[mine.get(i, raw) for i, raw in enumerate(row.cells)])


def outcome(upload: Upload, layout: Layout, rows: Sequence[KeptRow], beside: Beside) -> Outcome:
    """A check of these rows alone."""
    kept = upload.mending
    entries = entries_from(layout, kept["columns"], kept["tables"], rows, upload.original_name)
    blocked = [index for index, row in enumerate(rows) if row.blocked]
    checked = check(
        entries, style=kept["style"], beside=beside, blank=kept["blank"], refused=blocked
    ).checked
    return Outcome(checked, rows, [i for i in checked.issues if i.rule != "nil"])


def column_issues(upload: Upload, layout: Layout, rules: Sequence[Any]) -> list[Issue]:
    """What the rules over whole columns say, from those columns of all kept rows."""
    wanted = {key for rule in rules for key in rule.columns}
    columns = upload.mending["columns"]
    places = [index for index, key in enumerate(columns) if key in wanted]
    fields = ["position", "sheet", "row", "unit", "group", "label", "table", "places"]
    rows = upload.rows.order_by("position").values_list(
        *fields, *(f"cells__{index}" for index in places)
    )
    kept = []
    for *told, where in _split(rows, len(fields)):
        line: list[Any] = [None] * len(columns)
        for index, raw in zip(places, where, strict=True):
            line[index] = raw
        at, sheet, row, unit, group, label, table, moved = told
        kept.append(KeptRow(at, sheet, row, unit, group, label, table, line, moved, False, 0))
    small = replace(layout, rules=tuple(rules))
    beside = beside_of(upload.submission, small)
    codes = {rule.code for rule in rules}
    found = outcome(upload, small, kept, beside)
    return [issue for issue in found.issues if issue.rule in codes]


def _split(rows: Iterable[tuple], count: int) -> Iterable[tuple]:
    return ((*row[:count], row[count:]) for row in rows)


def _save_rows(upload: Upload, rows: Sequence[KeptRow], after: Outcome) -> None:
    counts: dict[tuple, int] = {}
    for issue in after.issues:
        if issue.severity == "error":
            key = (issue.sheet, issue.unit, issue.group)
            counts[key] = counts.get(key, 0) + 1
    positions = [row.position for row in rows]
    stored = {row.position: row for row in upload.rows.filter(position__in=positions)}
    for row in rows:
        kept = stored[row.position]
        kept.cells, kept.errors = row.cells, counts.get((row.sheet, row.unit, row.group), 0)
    ReadRow.objects.bulk_update(stored.values(), ["cells", "errors"])


def _keep_issues(
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


def _keep_values(upload: Upload, before: Outcome, after: Outcome) -> None:
    """Stage the values of rows that may be stored now, and no others of these rows."""
    were = {(value.sheet, value.cell) for value in before.checked.values() if value.cell}
    by_sheet: dict[str, list[str]] = {}
    for sheet, cell in were:
        by_sheet.setdefault(sheet[:120], []).append(cell[:12])
    for sheet, cells in by_sheet.items():
        upload.staged.filter(sheet=sheet, cell__in=cells).delete()
    last = upload.staged.aggregate(last=Max("position"))["last"] or 0
    StagedValue.objects.bulk_create(
        StagedValue(
            upload=upload,
            position=last + index,
            unit=value.unit,
            measure=value.indicator,
            group=value.group,
            sex=value.sex,
            category=value.category,
            value=value.value,
            missing=value.missing,
            sheet=value.sheet[:120],
            cell=value.cell[:12],
            raw=value.raw[:255],
            column=value.column,
        )
        for index, value in enumerate(after.checked.values(), start=1)
    )


def _keep_sums(upload: Upload, before: Outcome, after: Outcome) -> None:
    """Rows, sums of columns and printed totals follow the difference."""
    found = dict(upload.reconciliation)
    sums = {key: Decimal(str(value)) for key, value in found.get("sums", {}).items()}
    for side, sign in ((before, -1), (after, 1)):
        for value in side.checked.values():
            if value.value is not None:
                sums[value.column] = sums.get(value.column, Decimal(0)) + sign * value.value
    found["sums"] = {key: number(value) for key, value in sums.items()}
    _move_rows(found, before, after, upload.original_name)
    _move_totals(upload, found, before, after)
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


def _move_totals(upload: Upload, found: dict, before: Outcome, after: Outcome) -> None:
    scopes = {(sheet, cell): told for sheet, cell, told in upload.mending.get("scopes", [])}
    for total in found.get("totals", []):
        told = scopes.get((total["sheet"], total["cell"]), [])
        for scope in told:
            change = _change(scope[0], total["column"], before, after)
            scope[1] = str(Decimal(scope[1]) + change)
        sums = [number(Decimal(scope[1])) for scope in told]
        if sums:
            total["computed"] = total["printed"] if total["printed"] in sums else sums[0]
            total["agrees"] = total["printed"] == total["computed"]


def _change(ranges: Sequence, key: str, before: Outcome, after: Outcome) -> Decimal:
    change = Decimal(0)
    for index, row in enumerate(after.rows):
        if any(first <= row.position <= last for first, last in ranges):
            change += (after.number(index, key) or 0) - (before.number(index, key) or 0)
    return change


def _count(upload: Upload, layout: Layout) -> None:
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
    for total in upload.reconciliation.get("totals", []):
        if total["agrees"] or total["printed"] is None or total["computed"] is None:
            continue
        printed, computed = (Decimal(str(total[key])) for key in ("printed", "computed"))
        text = (
            f"Ô {total['cell']}, {total['heading']}: dòng “{total['label']}” ghi "
            f"{vietnamese(printed)}, cộng các dòng được {vietnamese(computed)} "
            f"(chênh {vietnamese(abs(printed - computed))}). Hãy kiểm tra lại; "
            "số cộng lại sẽ được dùng."
        )
        yield Issue("warning", "total", text, total["sheet"], total["cell"], total["heading"],
                    vietnamese(printed), column=total["column"],
                    file=upload.original_name)._asdict()  # fmt: skip
