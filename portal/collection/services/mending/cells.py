"""Cells among the kept rows, and what is typed over them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from portal.collection.models import ReadRow, Upload
from portal.collection.workbooks.correcting import position, typed
from portal.collection.workbooks.entries import Scaled
from portal.collection.workbooks.grid import address
from portal.collection.workbooks.kept import KeptRow, decoded
from portal.collection.workbooks.numbers import vietnamese


class Found(NamedTuple):
    """A cell among the kept rows: its row and its position among the row's cells."""

    row: KeptRow
    cell: int
    key: str


class NotKept(Exception):
    """A cell that is not among the kept rows: the file must be read again."""


def mended(raw: Any, text: str) -> Any:
    """What was typed in place of a raw cell, in the cell's own unit of measure."""
    return raw._replace(raw=typed(text)) if isinstance(raw, Scaled) else typed(text)


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
