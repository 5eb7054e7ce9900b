"""Rows that tell of one sex or one category of the row above: "Trong đó: Nữ", "3 người"."""

from __future__ import annotations

from collections.abc import Mapping

from ..facets import FacetNames
from ..layout import Layout


class Facets:
    """Which layout columns a row fills whose label names a sex or a category.

    `columns` are the value columns of the table by layout key: each stands for the whole, and its
    kin, columns of the same measure that the table does not have, may stand in rows of their own.
    """

    def __init__(self, layout: Layout, columns: Mapping[str, int]) -> None:
        wholes = [c for c in layout.entered if c.key in columns and not (c.sex or c.category)]
        self.places = {
            kin.key: columns[whole.key]
            for whole in wholes
            for kin in layout.entered
            if kin.measure == whole.measure and kin.key not in columns
        }
        self.known = FacetNames(layout.by_key[key] for key in self.places)

    def of(self, label: str) -> dict[str, int] | None:
        """Layout key -> column of the file; None when the label is no sex and no category."""
        keys = self.known.names(label)
        return {key: self.places[key] for key in keys} if keys else None
