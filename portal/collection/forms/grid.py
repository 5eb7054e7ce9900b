"""The grid as a form: a field in every cell that is entered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from crispy_forms.layout import Layout as CrispyLayout
from crispy_forms.layout import LayoutObject
from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.collection.models import Submission
from portal.collection.services.entering import LONGEST, issues_by_field
from portal.collection.services.grids import Grid, GridCell, GridRow
from portal.collection.services.judging import as_typed
from portal.collection.services.sharing import Conflict
from portal.collection.workbooks.cleaned import Checked

from .files import in_one_column


class GridTable(LayoutObject):
    """Crispy's place for the grid: a table with a field in every cell to be entered."""

    template = "collection/entry_grid.html"

    def render(self, form: Any, context: Any, **kwargs: Any) -> SafeString:
        lines = [self.line(form, row) for row in form.rows]
        form.rendered_fields.update(form.fields)
        width = 3 if form.grid.by_measure else len(form.grid.columns) + 1
        values = {"form": form, "grid": form.grid, "lines": lines, "width": width}
        return render_to_string(self.template, values)

    @staticmethod
    def line(form: Any, row: GridRow) -> dict[str, Any]:
        """A row for the template: its cells, and whether anything stands against them."""
        cells = [form.shown(cell) for cell in row.cells]
        said = ("errors", "warnings", "conflict")
        return {
            "row": row,
            "cells": cells,
            "has_said": any(cell.get(kind) for cell in cells for kind in said),
        }


def beside_its_cell(sentence: str, label: str) -> str:
    """A sentence of the engine without the names of row and column that stand around the cell."""
    where, colon, rest = sentence.partition(": ")
    if not colon or not label or not where.startswith(label):
        return sentence
    return rest[:1].upper() + rest[1:]


class Rows(Protocol):
    """A part of a grid."""

    grid: Grid
    rows: Sequence[GridRow]
    own: Collection[str] | None


class GridForm(forms.Form):
    """A page of a submission's grid. The rules are the engine's; `tell` puts them beside cells."""

    def __init__(
        self,
        *args: Any,
        submission: Submission,
        sheet: Rows,
        conflicts: Mapping[str, Conflict] | None = None,
        remarked: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.grid, self.rows = sheet.grid, sheet.rows
        self.conflicts, self.remarked = conflicts or {}, remarked
        self.warnings: dict[str, list[str]] = {}
        self.errors_at: dict[str, list[str]] = {}  # of texts that wait since an earlier visit
        self.helper = in_one_column()
        self.helper.layout = CrispyLayout(GridTable())
        for row in self.rows:
            is_locked = sheet.own is not None and row.place.unit.code not in sheet.own
            for cell in row.cells:
                if cell.column.is_entered and not is_locked:
                    kept = submission.typed.get(cell.name)
                    self.fields[cell.name] = self._field(row, cell, kept)

    def _field(self, row: GridRow, cell: GridCell, kept: str | None) -> forms.CharField:
        label = row.label if row.heading else f"{row.label}, {cell.column.spoken}"
        attrs = {"aria-label": label, "autocomplete": "off", "class": "grid-input"}
        if cell.column.value_type != "yes_no":
            attrs["inputmode"] = "decimal"
        return forms.CharField(
            label=label,
            required=False,
            max_length=LONGEST,
            initial=as_typed(cell.stored, cell.column) if kept is None else kept,
            widget=forms.TextInput(attrs=attrs),
        )

    def typed(self) -> dict[str, str]:
        """What was typed, by the name of the field, whether right or wrong."""
        return {name: self.data.get(name, "")[:LONGEST] for name in self.fields}

    def tell(self, checked: Checked) -> None:
        """Put errors and warnings beside their cells."""
        place = {cell.name: row.place.label for row in self.rows for cell in row.cells}
        for name, issues in issues_by_field(checked).items():
            for severity, sentence in issues:
                message = beside_its_cell(sentence, place.get(name, ""))
                if severity == "error" and self.is_bound:
                    self.add_error(name if name in self.fields else None, message)
                elif severity == "error":
                    self.errors_at.setdefault(name, []).append(message)
                else:
                    self.warnings.setdefault(name, []).append(message)

    def shown(self, cell: GridCell) -> dict[str, Any]:
        """A cell for the template: its bound field and state, or the computed value."""
        if cell.name not in self.fields:
            return {"cell": cell, "field": None, "state": "locked"}
        field, state = self[cell.name], self._state(cell)
        if state != "empty":
            described = f"tt-{state}" + (
                f" {field.auto_id}_error" if state in ("wrong", "conflict") else ""
            )
            self.fields[cell.name].widget.attrs["aria-describedby"] = described
        return {
            "cell": cell,
            "field": field,
            "errors": field.errors or self.errors_at.get(cell.name, []),
            "warnings": self.warnings.get(cell.name, []),
            "conflict": self.conflicts.get(cell.name),
            "state": state,
        }

    def _state(self, cell: GridCell) -> str:
        """The word that style sheet, script and screen reader know the cell's state by."""
        states = {
            "conflict": cell.name in self.conflicts,
            "wrong": cell.name in self.errors_at or cell.name in self.errors,
            "warned": cell.name in self.warnings,
            "remarked": cell.name in self.remarked,
            "saved": cell.stored is not None,
        }
        return next((state for state, holds in states.items() if holds), "empty")
