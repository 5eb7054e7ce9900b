"""The grid of what is stored, a page at a time: of a large form only the rows shown are fetched."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from portal.collection.models import Submission
from portal.collection.row_owners import writes_rows_only
from portal.collection.stores import StoredValue, ValueKey, store_of
from portal.collection.workbooks.layout import Column, Layout

from .beside import layout_of
from .grids import Grid, GridRow, grid_of
from .owning import own_rows_of

if TYPE_CHECKING:
    from portal.accounts.models import User

EMPTY = StoredValue(None)


@dataclass(frozen=True)
class StoredGrid(Grid):
    """Each slice asks the database for the values of its own units; `values` tells places only."""

    submission: Submission = field(kw_only=True)
    is_part: bool = field(default=False, kw_only=True)  # the rows of one person

    def __getitem__(self, wanted: slice) -> list[GridRow]:
        places = self.places if self.by_measure else self.places[wanted]
        units = {place.unit.code for place in places}
        values = store_of(self.submission.dataset).current(self.submission, units=units)
        grid = Grid(self.layout, values, places)
        return grid[wanted] if self.by_measure else grid[:]

    def sums(self) -> dict[str, Decimal]:
        """The total of each entered column, added up in the database."""
        if self.by_measure:
            return {}
        if self.is_part:
            units = {place.unit.code for place in self.places}
            values = store_of(self.submission.dataset).current(self.submission, units=units)
            return Grid(self.layout, values, self.places).sums()
        stored = store_of(self.submission.dataset).sums(self.submission)
        found = {column.key: self._sum(stored, column) for column in self.layout.entered}
        return {key: value for key, value in found.items() if value is not None}

    def _sum(self, stored: Mapping[ValueKey, Decimal], column: Column) -> Decimal | None:
        """Over all groups where groups are rows; else of the column's group, or of no group."""
        parts = [
            value
            for key, value in stored.items()
            if (key.measure, key.sex, key.category)
            == (column.measure, column.sex, column.category or "")
            and (key.group == column.group or (self.layout.has_groups and not column.group))
        ]
        return sum(parts, Decimal(0)) if parts else None

    def position_of(self, key: ValueKey) -> int | None:
        """The index of the row that holds `key`."""
        if self.by_measure:
            return super().position_of(key)
        for index, place in enumerate(self.places):
            group = place.group.code if place.group else None
            if place.unit.code == key.unit and (group == key.group or not self.layout.has_groups):
                return index
        return None


def stored_grid_of(submission: Submission, layout: Layout | None = None) -> StoredGrid:
    """Every expected unit, and those groups of each that have values."""
    layout = layout or layout_of(submission)
    told = store_of(submission.dataset).places(submission)
    places = grid_of(layout, {ValueKey(unit, "", group): EMPTY for unit, group in told}).places
    return StoredGrid(layout, {}, places, submission=submission)


def own_grid_of(submission: Submission, own: Collection[str]) -> StoredGrid:
    """The same of the rows with these codes only."""
    grid = stored_grid_of(submission)
    places = [place for place in grid.places if place.unit.code in own]
    return replace(grid, places=places, is_part=True)


def seen_grid_of(submission: Submission, *, by: User) -> StoredGrid:
    """What `by` may see: every row, or where they write rows of their own those."""
    if not writes_rows_only(by):
        return stored_grid_of(submission)
    return own_grid_of(submission, own_rows_of(submission, by) or ())
