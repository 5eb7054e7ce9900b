"""Rows that were sent, as the texts that a person would type into the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.collection.services.entering import LONGEST
from portal.collection.services.grids import Grid, GridRow, Place, cell_name
from portal.collection.stores import StoredValue, ValueKey
from portal.collection.workbooks.layout import Column, GroupName, Layout, RowUnit

from .body import list_of, only
from .door import Declined

MOST_ROWS = 20_000
MISSING = {"not_collected": "…", "not_applicable": "x", "confidential": "không công bố"}


@dataclass(frozen=True)
class Sent:
    """The rows of the grid that were sent, and the text of each of their cells."""

    rows: list[GridRow]
    texts: dict[str, str]


def sent_rows(
    body: Mapping[str, Any], layout: Layout, current: Mapping[ValueKey, StoredValue]
) -> Sent:
    """`rows` of the body; every row stands for the whole row, a column left out is empty.

    Raises:
        Declined: 422 with every place that names nothing.
    """
    listed = list_of(dict(body), "rows", most=MOST_ROWS, required=True)
    if not listed:
        raise Declined(422, "rows", "“rows” chưa có dòng nào.")
    reader = RowReader(layout)
    for index, row in enumerate(listed):
        reader.read(index, row)
    if reader.problems:
        words = "Có mã hoặc giá trị không nhận được; chưa ghi gì."
        raise Declined(422, "rows", words, problems=reader.problems[:200])
    return Sent(list(Grid(layout, current, list(reader.places))), reader.texts)


class RowReader:
    """Collects places and texts row by row, and all that is wrong with them."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.places: dict[Place, int] = {}
        self.texts: dict[str, str] = {}
        self.problems: list[dict[str, Any]] = []
        self.units = {unit.code: unit for unit in layout.valid_units()}

    def read(self, index: int, row: dict[str, Any]) -> None:
        only(row, {"unit", "group", "values"})
        unit, (known, group) = self._unit(index, row.get("unit")), self._group(index, row)
        values = row.get("values")
        if not isinstance(values, dict):
            self._problem(index, "values", "“values” phải là một đối tượng: khoá cột và giá trị.")
            return
        if unit is None or not known:
            return
        place = Place(unit, group)
        if place in self.places:
            self._problem(index, "unit", f"Dòng này trùng với dòng {self.places[place] + 1}.")
        self.places[place] = index
        for key, value in values.items():
            column = self.layout.by_key.get(key)
            if column is None or not column.is_entered:
                self._problem(index, key, f"Biểu không có cột nhập “{key[:60]}”.")
            else:
                self._cell(index, place, column, value)

    def _problem(self, index: int, field: str, message: str) -> None:
        self.problems.append({"row": index, "field": field[:60], "message": message})

    def _unit(self, index: int, code: Any) -> RowUnit | None:
        unit = self.units.get(code) if isinstance(code, str) else None
        if unit is None:
            words = f"Mã {self.layout.row_noun} không có trong biểu của đơn vị và kỳ này."
            self._problem(index, "unit", words)
        return unit

    def _group(self, index: int, row: dict[str, Any]) -> tuple[bool, GroupName | None]:
        """Whether the group is right, and the group; None in a dataset without groups."""
        code = row.get("group")
        if not self.layout.has_groups:
            if code is not None:
                self._problem(index, "group", "Biểu này không chia theo dân tộc.")
            return code is None, None
        group = self.layout.group_by_code.get(code) if isinstance(code, str) else None
        if group is None:
            self._problem(index, "group", "Mã dân tộc không có trong danh mục.")
        return group is not None, group

    def _cell(self, index: int, place: Place, column: Column, value: Any) -> None:
        text = as_typed(value)
        if text is None:
            words = "Giá trị phải là số, chữ, null hoặc {“missing”: lý do}."
            self._problem(index, column.key, words)
        elif len(text) > LONGEST:
            self._problem(index, column.key, f"Giá trị dài quá {LONGEST} ký tự.")
        else:
            group = place.group.code if place.group else None
            self.texts[cell_name(place.unit.code, group, column.key)] = text


def as_typed(value: Any) -> str | None:
    """1234.5 as "1234,5", true as "Có", a reason as its sign; None for what is no value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
    if isinstance(value, dict) and set(value) == {"missing"}:
        return MISSING.get(value["missing"]) if isinstance(value["missing"], str) else None
    return None
