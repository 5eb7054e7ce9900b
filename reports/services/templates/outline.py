"""The outline of a template as a tree of plain rows: finding, changing, moving one of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reports.models import Level, ReportTemplate
from reports.models.template import walk
from reports.text import richtext
from reports.text.numbering import in_order

Row = dict[str, Any]


@dataclass(slots=True)
class Place:
    """One row with what counts labels: its keys in the tree stand for primary keys."""

    row: Row
    pk: int
    parent_id: int | None
    position: int

    @property
    def level(self) -> str:
        return str(self.row.get("level", Level.PLAIN))

    @property
    def manual_label(self) -> str:
        return str(self.row.get("manual_label", ""))

    @property
    def key(self) -> str:
        return str(self.row["key"])


def places(outline: list[Row]) -> list[Place]:
    """Every row in reading order."""
    found: list[Place] = []

    def below(rows: list[Row], parent: int | None) -> None:
        for position, row in enumerate(rows, start=1):
            place = Place(row, len(found) + 1, parent, position)
            found.append(place)
            below(row.get("children", []), place.pk)

    below(outline, None)
    return found


def nodes(outline: list[Row]) -> list[Any]:
    """Rows with labels and depth, as `numbering` gives them for sections."""
    return in_order(places(outline))


def with_keys(outline: list[Row]) -> list[Row]:
    """The outline with a key of its own for every row."""
    taken: set[str] = set()

    def keyed(rows: list[Row]) -> list[Row]:
        return [
            {**row, "key": _free(str(row.get("key", "")), taken)}
            | ({"children": keyed(row["children"])} if row.get("children") else {})
            for row in rows
        ]

    return keyed(outline)


def _free(wanted: str, taken: set[str]) -> str:
    key = wanted if wanted and wanted not in taken else ""
    number = len(taken) + 1
    while not key or key in taken:
        key, number = f"muc-{number}", number + 1
    taken.add(key)
    return key


def find(outline: list[Row], key: str) -> tuple[list[Row], int] | None:
    """The list that holds the row `key`, and its place there."""
    for rows in _lists(outline):
        for place, row in enumerate(rows):
            if row.get("key") == key:
                return rows, place
    return None


def _lists(rows: list[Row]) -> Iterator[list[Row]]:
    yield rows
    for row in rows:
        if row.get("children"):
            yield from _lists(row["children"])


def placed_exhibits(template: ReportTemplate) -> list[str]:
    """Names of the tables and charts that the text places, in the order they are read."""
    atoms = (
        atom
        for row in walk(template.outline)
        for atom in richtext.atoms(richtext.read(row.get("body", ""), is_trusted=True))
    )
    return list(dict.fromkeys(atom.key for atom in atoms if atom.kind == "exhibit"))


def mark_of(row: Row) -> str:
    """What one row says, as a short mark: whoever edits it tells which state was seen."""
    told = {name: row.get(name, "") for name in ("level", "title", "body")}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
