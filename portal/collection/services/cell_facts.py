"""Everything known of one cell of the grid: for the panel beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal import formats
from portal.collection.models import CellEdit, Remark, ReportingPeriod, Submission, Upload
from portal.collection.stores import StoredValue, store_of
from portal.collection.workbooks.amounts import bound_of, is_amount, noun_of
from portal.collection.workbooks.layout import Column, Layout, Rule

from .grids import GridCell
from .reasons import asked_for, place_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

PERIODS_LOOKED_AT = 6
RELATIONS = {"=": "bằng", "<=": "không lớn hơn", ">=": "không nhỏ hơn"}


@dataclass(frozen=True)
class CellFacts:
    """One cell: its value and source, earlier periods, limits, remarks, and who changed it."""

    cell: GridCell
    upload: Upload | None
    earlier: list[tuple[ReportingPeriod, StoredValue]]
    limits: list[str]
    remarks: list[Remark]
    edits: list[CellEdit]
    reason: str


def cell_facts(*, submission: Submission, layout: Layout, cell: GridCell) -> CellFacts:
    """In at most seven queries, whatever the size of the submission."""
    stored = cell.stored
    upload = None
    if stored is not None and stored.upload is not None:
        upload = Upload.objects.filter(pk=stored.upload).first()
    return CellFacts(
        cell=cell,
        upload=upload,
        earlier=_earlier(submission, cell),
        limits=[*expected_of(cell, layout), *limits_of(cell.column, layout)],
        remarks=list(_remarks(submission, cell)),
        edits=list(_edits(submission, cell)[:10]),
        reason=_reason(submission, cell),
    )


def _earlier(submission: Submission, cell: GridCell) -> list[tuple[ReportingPeriod, StoredValue]]:
    """The approved values of the periods before that have one, newest first."""
    periods = list(
        ReportingPeriod.objects.filter(
            frequency=submission.period.frequency, end__lt=submission.period.end
        ).order_by("-end")[:PERIODS_LOOKED_AT]
    )
    found = store_of(submission.dataset).approved(
        submission.dataset,
        [cell.key.unit],
        periods,
        measures={cell.column.measure},
        day=submission.period.end,
    )
    values = [(period, found.get(period.pk, {}).get(cell.key)) for period in periods]
    return [(period, stored) for period, stored in values if stored is not None]


def _place(cell: GridCell) -> dict[str, str]:
    group = cell.place.group.code if cell.place.group else ""
    return {"group_code": group, "column_key": cell.column.key}


def _remarks(submission: Submission, cell: GridCell) -> QuerySet[Remark]:
    here = submission.remarks.filter(is_sent=True, row_code=cell.place.unit.code)
    return here.filter(**_place(cell)).select_related("author")


def _edits(submission: Submission, cell: GridCell) -> QuerySet[CellEdit]:
    here = submission.cell_edits.filter(unit_code=cell.place.unit.code, **_place(cell))
    return here.select_related("by")


def _reason(submission: Submission, cell: GridCell) -> str:
    """What was said of the warnings that stand at the cell now."""
    group = cell.place.group.code if cell.place.group else ""
    here = (cell.place.unit.code, group, cell.column.key)
    said = (issue["reason"] for issue in asked_for(submission) if place_of(issue)[1:] == here)
    return "; ".join(filter(None, said))


def expected_of(cell: GridCell, layout: Layout) -> Iterator[str]:
    """About how much money the cell may hold, where that is known."""
    bound = bound_of(cell.column, cell.place.unit) if is_amount(cell.column, layout) else None
    if bound is not None:
        noun = noun_of(bound, layout)
        amount = formats.number(bound.amount)
        yield f"{noun[:1].upper()}{noun[1:]}: {amount} {cell.column.unit_of_measure}."


def limits_of(column: Column, layout: Layout) -> Iterator[str]:
    """What the column and the rules ask of its cells, a plain sentence each."""
    if not column.is_entered:
        yield "Ô tự tính từ các cột khác, không nhập."
        return
    if column.value_type == "yes_no":
        yield "Ghi “Có” hoặc “Không”."
    elif column.minimum is not None and column.maximum is not None:
        low, high = formats.number(column.minimum), formats.number(column.maximum)
        yield f"Từ {low} đến {high}."
    elif column.minimum is not None:
        yield f"Từ {formats.number(column.minimum)} trở lên."
    yield "Phải có." if column.required else "Có thể để trống."
    for rule in layout.rules:
        mine = column.key in rule.columns or column.key == rule.other
        sentence = rule_in_words(rule, column, layout) if mine else ""
        if sentence:
            yield sentence + (" (cảnh báo)" if rule.severity == "warning" else "")


def rule_in_words(rule: Rule, column: Column, layout: Layout) -> str:
    """One rule as it is seen from one of its columns; "" when its columns are not there."""
    keys = [*rule.columns, *([rule.other] if rule.other else [])]
    if any(key not in layout.by_key for key in keys):
        return ""
    names = {key: layout.by_key[key].heading for key in keys}
    own = column.key in rule.columns
    others = ", ".join(names[key] for key in rule.columns if key != column.key)
    whole = names.get(rule.other or "", rule.other_heading)
    sides = {
        "at_most": (f"Không lớn hơn {whole}.", f"Không nhỏ hơn {others}."),
        "at_least": (f"Không nhỏ hơn {whole}.", f"Không lớn hơn {others}."),
        "required_if": (f"Phải có khi có {whole}.", f"Có số thì phải có {others}."),
    }
    if rule.kind in sides:
        return sides[rule.kind][0 if own else 1]
    relation = RELATIONS.get(rule.relation, "bằng")
    if rule.kind == "sum":
        parts = " + ".join(names[key] for key in rule.columns)
        return f"{parts} phải {relation} {whole}."
    if rule.kind == "cross":
        return f"Phải {relation} {whole} của biểu khác."
    if rule.kind == "change":
        factor = formats.number(rule.parameter or 3)
        return f"Không tăng, giảm quá {factor} lần so với kỳ trước."
    if rule.kind == "outlier":
        return "Không khác hẳn các dòng khác và các kỳ trước."
    low, high = rule.minimum, rule.maximum
    bounds = [f"từ {formats.number(low)}"] if low is not None else []
    bounds += [f"đến {formats.number(high)}"] if high is not None else []
    what = f"Tỷ số với {whole}" if rule.kind == "ratio" else "Giá trị"
    return f"{what} {' '.join(bounds)}." if bounds else ""
