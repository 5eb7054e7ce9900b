"""The values that wait to be taken over: written by COPY, column by column, in small pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from django.db import connection

from portal.collection.models import StagedValue, Upload
from portal.collection.resources import NoValue
from portal.collection.workbooks.cleaned import Values, raw_text
from portal.collection.workbooks.outcome import CellValue

LINES_AT_ONCE = 4_000
MANY = 20_000  # from here the planner is told what came
COPIED = (
    'upload_id, position, "column", measure, sex, category, unit, "group", sheet, value, missing,'
    " raw, cell"
)
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})


def stage(upload: Upload, values: Sequence[CellValue]) -> None:
    """Replace the upload's waiting values."""
    upload.staged.all().delete()
    lines = (
        _by_column(upload.pk, values)
        if isinstance(values, Values)
        else _one_by_one(upload.pk, values)
    )
    table = StagedValue._meta.db_table
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({COPIED}) FROM STDIN", Pieces(lines))
        if cursor.rowcount >= MANY:
            cursor.execute(f"ANALYZE {table}")


class Pieces:
    """Lines as the file that COPY reads from: a few thousand of them at a time."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = iter(lines)

    def read(self, size: int = -1) -> bytes:
        return "".join(islice(self.lines, LINES_AT_ONCE)).encode("utf-8", "replace")


def escaped(field: Any) -> str:
    r"""One field of PostgreSQL's text format; None is \N."""
    return r"\N" if field is None else str(field).translate(ESCAPES)


def _by_column(upload: int, values: Values) -> Iterator[str]:
    """The lines of a large file: what a column, a row or a distinct value says is made once."""
    entries, positions = values.entries, count()
    groups = [key.group for key in entries.keys]
    heads: dict[str | None, list[str]] = {}
    for part in values.by_column():
        column = part.column
        if column.group not in heads:
            heads[column.group] = [
                f"{escaped(key.unit)}\t{escaped(group or column.group)}\t"
                f"{escaped(place.sheet[:120])}\t"
                for key, group, place in zip(entries.keys, groups, entries.places, strict=True)
            ]
        head = heads[column.group]
        constant = "\t".join(
            map(escaped, (column.key, column.measure, column.sex, column.category))
        )
        told: dict[Any, str] = {}
        for index, value, raw, cell in zip(*part.cells, strict=True):
            known = (raw.__class__, raw)
            if known not in told:
                told[known] = _told(value, raw)
            yield (f"{upload}\t{next(positions)}\t{constant}\t{head[index]}{told[known]}\t{cell}\n")


def _told(value: Any, raw: Any) -> str:
    """Value, reason and text of one distinct cell."""
    number = None if isinstance(value, NoValue) else value
    reason = value.reason if isinstance(value, NoValue) else None
    return "\t".join(map(escaped, (number, reason, raw_text(raw)[:255])))


def _one_by_one(upload: int, values: Iterable[CellValue]) -> Iterator[str]:
    for position, value in enumerate(values):
        fields = (
            upload,
            position,
            value.column,
            value.indicator,
            value.sex,
            value.category,
            value.unit,
            value.group,
            value.sheet[:120],
            value.value,
            value.missing,
            value.raw[:255],
            value.cell[:12],
        )
        yield "\t".join(map(escaped, fields)) + "\n"


@dataclass(frozen=True, slots=True)
class Staged:
    """The waiting values of one upload, as the readers' own value type."""

    upload: Upload
    values: list[CellValue]


def staged_values(upload: Upload, *, units: Iterable[str] | None = None) -> Staged:
    """All waiting values, or those of some units; for large files ask the store instead."""
    rows = upload.staged.order_by("position")
    if units is not None:
        rows = rows.filter(unit__in=list(units))
    fields = rows.values_list(
        "unit",
        "measure",
        "group",
        "sex",
        "category",
        "value",
        "missing",
        "sheet",
        "cell",
        "raw",
        "column",
    )
    values = [CellValue(*row) for row in fields.iterator(chunk_size=5000)]  # type: ignore[arg-type]
    return Staged(upload, values)
