"""Checks entries against a layout: every cell, every rule, everything at once.

Workbook, form and API meet here. A column is cleaned once per distinct raw value by the widget
of its Resource; rules then run over whole columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from django.core.exceptions import ValidationError

from portal.collection.resources import (
    NIL,
    CellWidget,
    DatasetResource,
    NoValue,
    dataset_resource,
)

from .cleaned import Checked, Cleaned, raw_text
from .entries import Entries, Raw
from .formulas import Formulas
from .layout import MEASURE_ROWS, Column, Layout, Severity
from .numbers import DOT_GROUPS, Style
from .outcome import Issue
from .rules import Beside, run_rules

Blank = Literal["error", "zero", "not_collected"]
MAX_ISSUES = 5_000


def check(
    entries: Entries,
    *,
    style: Style | None = DOT_GROUPS,
    beside: Beside | None = None,
    blank: Blank = "error",
    resource: type[DatasetResource] | None = None,
    refused: Iterable[int] = (),
) -> Check:
    """Cleans and checks everything; never raises for what a file or form may hold.

    `beside` holds the approved values that rules compare with; `blank` says what an empty cell of
    a required column means; `refused` are entries already refused for other reasons. The outcome
    is `Check.checked`.
    """
    check = Check(Checked(entries, refused=set(refused)), style, resource)
    check.cells(blank)
    run_rules(check, beside or Beside())
    Formulas(check).run()
    return check


def check_entries(
    layout: Layout,
    entries: Entries,
    *,
    style: Style | None = DOT_GROUPS,
    beside: Beside | None = None,
) -> Checked:
    """What the browser form calls: the same check over entries made by `entries_of_form`."""
    if entries.layout is not layout:
        raise ValueError("the entries belong to another layout")
    return check(entries, style=style, beside=beside).checked


class Check:
    """Cleans cells and collects issues; rules and formulas speak through `say`."""

    def __init__(
        self, checked: Checked, style: Style | None, resource: type[DatasetResource] | None
    ) -> None:
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
        severity: Severity = "error",
        value: str = "",
        whole: bool = False,
    ) -> None:
        """One issue at one cell. `text` is the end of the sentence unless it is the `whole`."""
        if severity == "error" and self.layout.rows == MEASURE_ROWS:
            self.checked.refused_cells.add((index, column.key))
        elif severity == "error":
            self.checked.refused.add(index)
        if len(self.checked.issues) >= MAX_ISSUES:
            self.checked.hidden_issues += 1
            return
        place, key = self.entries.places[index], self.entries.keys[index]
        issue = Issue(
            severity=severity,
            rule=rule,
            message=text if whole else f"{self.where(index, column)}: {text}",
            sheet=place.sheet,
            cell=place.cell(column.key),
            heading=column.heading,
            value=value,
            unit=key.unit,
            group=key.group,
            column=column.key,
            file=place.file,
        )
        self.checked.issues.append(issue)

    def where(self, index: int, column: Column) -> str:
        """ "Ô E17, Số hộ nghèo DTTS", or the row's name where there is no cell."""
        place = self.entries.places[index]
        cell = place.cell(column.key)
        return f"Ô {cell}, {column.spoken}" if cell else f"{place.label}, {column.spoken}"

    def widget(self, column: Column) -> CellWidget:
        return self.resource.fields[column.key].widget

    def numbers(self, key: str) -> Sequence[Decimal | None]:
        """The cleaned numbers of one column; None where there is none."""
        cleaned = self.checked.columns.get(key)
        if cleaned is None:
            return [None] * len(self.entries)
        return [value if value.__class__ is Decimal else None for value in cleaned]

    def blank_cells(self, key: str) -> set[int]:
        """The entries whose cell of one column is there and empty, in rows that hold anything."""
        position = self.entries.columns.index(key)
        return {
            index
            for index, cells in enumerate(self.entries.rows)
            if index not in self.checked.empty and _is_blank(cells[position])
        }

    # cell by cell

    def cells(self, blank: Blank) -> None:
        raws = dict(self.entries.by_column())
        entered = [raws[column.key] for column in self.layout.entered]
        self.checked.empty = {
            index
            for index, cells in enumerate(zip(*entered, strict=True))
            if not any(cell is not None and cell != "" for cell in cells)
        }
        for column in self.layout.entered:
            if column.value_type != "text":
                cleaned = self._clean(column, raws[column.key])
                self._blanks(column, raws[column.key], cleaned, blank)
                self.checked.columns[column.key] = cleaned
        for index in sorted(self.checked.empty):
            self._empty_row(index)
        self._nil_signs()

    def _clean(self, column: Column, cells: Sequence[Raw]) -> list[Cleaned]:
        """Each distinct raw value goes through the widget once."""
        clean = self.widget(column).clean
        known: dict[tuple[type, Raw], Cleaned] = {}
        wrong: dict[tuple[type, Raw], ValidationError] = {}
        cleaned: list[Cleaned] = []
        for index, raw in enumerate(cells):
            if raw is None or raw == "":
                cleaned.append(None)
                continue
            key = (raw.__class__, raw)
            if key not in known:
                try:
                    known[key] = clean(raw)
                except ValidationError as error:
                    known[key], wrong[key] = None, error
            if wrong and key in wrong:
                text, rule = str(wrong[key].message), wrong[key].code or "value"
                self.say(index, column, rule=rule, text=text, value=raw_text(raw))
            elif known[key] is NIL:
                self.nil.append((index, column))
            cleaned.append(known[key])
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
        """Empty cells of a required column, in rows that hold anything at all."""
        if not column.required:
            return
        for index, raw in enumerate(cells):
            if cleaned[index] is not None or raw.__class__ is not str or raw.strip():
                continue
            if index in self.checked.empty:
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
        """One sentence for a row in which nothing was entered; of records not all need be told."""
        if self.entries.keys[index].group is not None:
            return
        if self.layout.has_records and not self.layout.every_unit:
            return
        first = next(column for column in self.layout.entered)
        place = self.entries.places[index]
        where = f"Dòng {place.row + 1}, {place.label}" if place.row >= 0 else place.label
        text = f"{where}: chưa nhập số liệu. Hãy nhập đủ các cột, hoặc “…” nếu không có số liệu."
        self.say(index, first, rule="required", text=text, whole=True)


def _is_blank(raw: Raw) -> bool:
    return raw is None or (raw.__class__ is str and not raw.strip())
