"""Checks entries against a layout: every cell, every rule, everything at once.

Workbook, form and API meet here. A column is cleaned once per distinct raw value by the widget
of its Resource; rules then run over whole columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from django.core.exceptions import ValidationError

from portal.collection.resources import NIL, CellWidget, NoValue, dataset_resource

from .entries import Entries, Raw
from .grid import as_text
from .layout import Column, Layout, Rule
from .numbers import DOT_GROUPS, Style, vietnamese
from .outcome import CellValue, Issue
from .source import DateCell, ErrorCell

Blank = Literal["error", "zero", "not_collected"]
Cleaned = Decimal | NoValue | None
# by unit, measure, group, sex ("" never stands for None there) and category ("" for none)
Previous = Mapping[tuple[str, str, str | None, str | None, str], Decimal]
MAX_ISSUES = 5_000
SMALL = 10  # a change by fewer than this is never remarkable


@dataclass
class Checked:
    """Cleaned values by column, in the order of the entries, and what stands against them.

    `refused` are the positions of entries with an error; `empty` those without any value.
    """

    entries: Entries
    columns: dict[str, list[Cleaned]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    empty: set[int] = field(default_factory=set)
    hidden_issues: int = 0

    def values(self) -> list[CellValue]:
        """The values of all entries without an error, entered columns only."""
        entries = self.entries
        found: list[CellValue] = []
        for column in entries.layout.entered:
            cleaned = self.columns.get(column.key, ())
            position = entries.columns.index(column.key)
            for index, value in enumerate(cleaned):
                if value is None or index in self.refused:
                    continue
                key, place = entries.keys[index], entries.places[index]
                is_missing = isinstance(value, NoValue)
                found.append(
                    CellValue(
                        key.unit,
                        column.measure,
                        key.group or column.group,
                        column.sex,
                        column.category,
                        None if is_missing else value,
                        value.reason if is_missing else None,
                        place.sheet,
                        place.cell(column.key),
                        raw_text(entries.rows[index][position]),
                        column.key,
                    )
                )
        return found


def raw_text(raw: Raw) -> str:
    if raw is None:
        return ""
    return as_text(raw) if isinstance(raw, str | float | bool | DateCell | ErrorCell) else ""


def check(
    entries: Entries,
    *,
    style: Style | None = DOT_GROUPS,
    previous: Previous | None = None,
    blank: Blank = "error",
    resource: type | None = None,
) -> Checked:
    """Cleans and checks everything; never raises for what a file or form may hold.

    `previous` holds the values of the period before by (unit, measure, group, sex, category or
    ""), for the rules of change; `blank` says what an empty cell of a required column means.
    """
    return check_with(
        entries, style=style, previous=previous, blank=blank, resource=resource
    ).checked


def check_with(
    entries: Entries,
    *,
    style: Style | None = DOT_GROUPS,
    previous: Previous | None = None,
    blank: Blank = "error",
    resource: type | None = None,
    refused: Iterable[int] = (),
) -> Check:
    """The same, giving the checker too; `refused` are entries already refused for other reasons."""
    check = Check(Checked(entries, refused=set(refused)), style, resource)
    check.columns(blank)
    check.rules(previous or {})
    check.formulas()
    return check


class Check:
    def __init__(self, checked: Checked, style: Style | None, resource: type | None) -> None:
        self.checked = checked
        self.entries = checked.entries
        self.layout: Layout = checked.entries.layout
        self.nil: list[tuple[int, Column]] = []
        self.resource = resource or dataset_resource(self.layout, style=style)

    def say(
        self,
        index: int,
        column: Column,
        *,
        rule: str,
        text: str,
        severity: str = "error",
        value: str = "",
        whole: bool = False,
    ) -> None:
        """One issue at one cell. `text` is the end of the sentence unless it is the `whole`."""
        if severity == "error":
            self.checked.refused.add(index)
        if len(self.checked.issues) >= MAX_ISSUES:
            self.checked.hidden_issues += 1
            return
        place, key = self.entries.places[index], self.entries.keys[index]
        cell = place.cell(column.key)
        message = text if whole else f"{self.where(index, column)}: {text}"
        self.checked.issues.append(
            Issue(
                severity,
                rule,
                message,
                place.sheet,
                cell,
                column.heading,
                value,
                key.unit,
                key.group,
                column.key,
                place.file,
            )
        )

    def where(self, index: int, column: Column) -> str:
        """ "Ô E17, Số hộ nghèo DTTS", or the row's name where there is no cell."""
        place = self.entries.places[index]
        cell = place.cell(column.key)
        heading = (
            " – ".join((*column.parents[-1:], column.heading)) if column.sex else column.heading
        )
        return f"Ô {cell}, {heading}" if cell else f"{place.label}, {heading}"

    # cell by cell

    def columns(self, blank: Blank) -> None:
        raws = dict(self.entries.by_column())
        entered = [raws[column.key] for column in self.layout.entered]
        self.checked.empty = {
            index
            for index, cells in enumerate(zip(*entered, strict=True))
            if not any(cell is not None and cell != "" for cell in cells)
        }
        for column in self.layout.columns:
            if column.value_type == "text":
                continue
            cells = raws[column.key]
            if column.is_entered:
                cleaned = self._clean(column, cells)
                self._blanks(column, cells, cleaned, blank)
                self.checked.columns[column.key] = cleaned
        for index in sorted(self.checked.empty):
            self._empty_row(index)
        self._nil_signs()

    def _clean(self, column: Column, cells: Sequence[Raw]) -> list[Cleaned]:
        """Each distinct raw value goes through the widget once."""
        widget: CellWidget = self.resource.fields[column.key].widget
        known: dict[tuple[type, Raw], Cleaned | ValidationError] = {}
        cleaned: list[Cleaned] = []
        for index, raw in enumerate(cells):
            if raw is None or raw == "":
                cleaned.append(None)
                continue
            key = (raw.__class__, raw)
            result = known.get(key)
            if result is None and key not in known:
                try:
                    result = widget.clean(raw)
                except ValidationError as error:
                    result = error
                known[key] = result
            if isinstance(result, ValidationError):
                self.say(index, column, rule=result.code or "value", text=result.message,
                         value=raw_text(raw))  # fmt: skip
                result = None
            elif raw.__class__ is str and result is NIL:
                self.nil.append((index, column))
            cleaned.append(result)
        return cleaned

    def _nil_signs(self) -> None:
        """One remark that "-" was taken for zero."""
        if not self.nil:
            return
        (index, column), others = self.nil[0], len(self.nil) - 1
        more = f" (và {others} ô khác)" if others else ""
        text = f"“-”{more} được hiểu là 0. Nếu không có số liệu, hãy ghi “…”."
        self.say(index, column, rule="nil", text=text, severity="warning", value="-")

    def _blanks(
        self, column: Column, cells: Sequence[Raw], cleaned: list[Cleaned], blank: Blank
    ) -> None:
        if not column.required:
            return
        for index, raw in enumerate(cells):
            is_blank = raw is not None and cleaned[index] is None and raw_text(raw) == ""
            if not is_blank or index in self.checked.empty or not isinstance(raw, str):
                continue
            if blank == "zero":
                cleaned[index] = Decimal(0)
            elif blank == "not_collected":
                cleaned[index] = NoValue("not_collected")
            else:
                text = (
                    "còn để trống. Hãy nhập số, nhập 0 nếu không có, hoặc “…” nếu không có số liệu."
                )
                self.say(index, column, rule="required", text=text)

    def _empty_row(self, index: int) -> None:
        """One sentence for a row in which nothing was entered."""
        if self.entries.keys[index].group is not None:
            return
        first = next(column for column in self.layout.entered)
        place = self.entries.places[index]
        where = f"Dòng {place.row + 1}, {place.label}" if place.row >= 0 else place.label
        text = f"{where}: chưa nhập số liệu. Hãy nhập đủ các cột, hoặc “…” nếu không có số liệu."
        self.say(index, first, rule="required", text=text, whole=True)

    # rules over rows

    def rules(self, previous: Previous) -> None:
        run = {"at_most": self._at_most, "sum": self._sum, "range": self._range}
        for rule in self.layout.rules:
            if rule.kind == "change":
                self._change(rule, previous)
            else:
                run[rule.kind](rule)

    def _numbers(self, key: str) -> Sequence[Decimal | None]:
        cleaned = self.checked.columns.get(key, [None] * len(self.entries))
        return [value if value.__class__ is Decimal else None for value in cleaned]

    def _break(self, rule: Rule, index: int, column: Column, text: str, **facts: str) -> None:
        value = self.checked.columns[column.key][index]
        shown = vietnamese(value) if isinstance(value, Decimal) else ""
        if rule.message:
            facts = {"cell": "", "value": shown, "heading": column.heading, **facts}
            text = rule.message.format_map(
                {**facts, "cell": self.entries.places[index].cell(column.key)}
            )
        self.say(index, column, rule=rule.code, text=text, severity=rule.severity, value=shown,
                 whole=bool(rule.message))  # fmt: skip

    def _at_most(self, rule: Rule) -> None:
        whole = self.layout.by_key[rule.other or ""]
        wholes = self._numbers(whole.key)
        for key in rule.columns:
            part = self.layout.by_key[key]
            for index, value in enumerate(self._numbers(key)):
                limit = wholes[index]
                if value is None or limit is None or value <= limit:
                    continue
                shown, other = vietnamese(value), vietnamese(limit)
                heading = whole.heading[:1].lower() + whole.heading[1:]
                text = f"{shown} lớn hơn {heading} ({other}). Sửa một trong hai ô."
                self._break(rule, index, part, text, other=other, other_heading=whole.heading)

    def _sum(self, rule: Rule) -> None:
        whole = self.layout.by_key[rule.other or ""]
        parts = [self._numbers(key) for key in rule.columns]
        for index, total in enumerate(self._numbers(whole.key)):
            values = [part[index] for part in parts]
            if total is None or None in values:
                continue
            computed = sum(values, Decimal(0))
            if abs(computed - total) <= (rule.parameter or 0):
                continue
            names = " + ".join(self.layout.by_key[key].heading for key in rule.columns)
            text = (
                f"{vietnamese(total)} khác tổng {names} ({vietnamese(computed)}). "
                "Hãy kiểm tra lại các ô."
            )
            self._break(rule, index, whole, text, other=vietnamese(computed), other_heading=names)

    def _range(self, rule: Rule) -> None:
        for key in rule.columns:
            column = self.layout.by_key[key]
            for index, value in enumerate(self._numbers(key)):
                if value is None:
                    continue
                if rule.minimum is not None and value < rule.minimum:
                    limit, side = rule.minimum, "nhỏ hơn"
                elif rule.maximum is not None and value > rule.maximum:
                    limit, side = rule.maximum, "lớn hơn"
                else:
                    continue
                text = f"{vietnamese(value)} {side} {vietnamese(limit)}. Hãy kiểm tra lại."
                self._break(rule, index, column, text, limit=vietnamese(limit))

    def _change(self, rule: Rule, previous: Previous) -> None:
        if not previous:
            return
        factor = rule.parameter or Decimal(3)
        for key in rule.columns:
            column = self.layout.by_key[key]
            for index, value in enumerate(self._numbers(key)):
                before = previous.get(self._identity(index, column))
                if value is None or not before or abs(value - before) < SMALL:
                    continue
                if before / factor < value < before * factor:
                    continue
                shown = vietnamese(before)
                if value >= before:
                    change = f"tăng {vietnamese(value / before, 1)} lần"
                elif value:
                    change = f"giảm {vietnamese(before / value, 1)} lần"
                else:
                    change = "giảm hết"
                text = (
                    f"{vietnamese(value)}, {change} so với kỳ trước ({shown}). "
                    "Hãy kiểm tra lại hoặc ghi lý do."
                )
                self._break(rule, index, column, text, previous=shown, limit=vietnamese(factor))

    def _identity(self, index: int, column: Column) -> tuple[str, str, str | None, str | None, str]:
        key = self.entries.keys[index]
        group = key.group or column.group
        return (key.unit, column.measure, group, column.sex, column.category or "")

    # columns that the file computed itself

    def formulas(self) -> None:
        raws = dict(self.entries.by_column())
        for column in self.layout.computed:
            cells = raws[column.key]
            if column.formula is None or not any(cell not in (None, "") for cell in cells):
                continue
            widget: CellWidget = self.resource.fields[column.key].widget
            for index, raw in enumerate(cells):
                self._compare(index, column, raw, widget)

    def _compare(self, index: int, column: Column, raw: Raw, widget: CellWidget) -> None:
        own = self.computed(index, column)
        if (
            own is None
            or not isinstance(raw, str | float)
            or raw == ""
            or index in self.checked.refused
        ):
            return
        try:
            printed = widget.clean(raw)
        except ValidationError:
            printed = None
            text = f"“{raw_text(raw)}” không phải là số, sẽ dùng số tính lại {vietnamese(own, 2)}."
            self.say(
                index, column, rule="computed", text=text, severity="warning", value=raw_text(raw)
            )
        if not isinstance(printed, Decimal) or agrees(printed, own, column):
            return
        text = (
            f"tệp ghi {vietnamese(printed)}, tính lại là {vietnamese(own, 2)}. Sẽ dùng số tính lại."
        )
        self.say(index, column, rule="computed", text=text, severity="warning", value=raw_text(raw))

    def computed(self, index: int, column: Column) -> Decimal | None:
        """The ratio of the entered values of one row; None when it has no meaning."""
        if column.formula is None:
            return None
        above = self.checked.columns.get(column.formula.numerator, ())
        below = self.checked.columns.get(column.formula.denominator, ())
        if index >= len(above) or index >= len(below):
            return None
        numerator, denominator = above[index], below[index]
        if not isinstance(numerator, Decimal) or not isinstance(denominator, Decimal):
            return None
        return numerator / denominator * column.formula.factor if denominator else None


def agrees(printed: Decimal, own: Decimal, column: Column) -> bool:
    """Equal within the digits that were printed, or as the fraction behind a percentage."""
    exponent = printed.as_tuple().exponent
    digits = min(-exponent if isinstance(exponent, int) and exponent < 0 else 0, 2)
    allowed = Decimal("0.5001") * Decimal(10) ** -digits
    if abs(printed - own) <= allowed:
        return True
    return column.value_type == "percent" and abs(printed * 100 - own) <= Decimal("0.06")


def check_entries(
    layout: Layout,
    entries: Entries,
    *,
    style: Style | None = DOT_GROUPS,
    previous: Previous | None = None,
) -> Checked:
    """What the browser form calls: the same check over entries made by `entries_of_form`."""
    if entries.layout is not layout:
        raise ValueError("the entries belong to another layout")
    return check(entries, style=style, previous=previous)
