"""Tables as the page, the workbook and the kept copy of a form share them."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from portal.formats import NOTHING, number

Kind = Literal["text", "money", "number", "percent", "whole", "day"]
Value = Decimal | int | str | datetime.date | None
NUMBERS = ("money", "number", "percent", "whole")


@dataclass(frozen=True)
class Column:
    """`kind` says how a value is written: money in million đồng, percent of a hundred."""

    key: str
    label: str
    kind: Kind = "text"

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS


@dataclass(frozen=True)
class Row:
    """`key` tells the row apart in its table for good, `level` how deep it is set in."""

    key: str
    cells: dict[str, Value]
    level: int = 0
    is_total: bool = False


@dataclass
class Table:
    key: str
    title: str
    columns: Sequence[Column]
    rows: list[Row] = field(default_factory=list)
    note: str = ""

    @property
    def lines(self) -> list[Line]:
        """For a page: each row as it is written."""
        columns = self.columns[1:]
        return [
            Line(
                row,
                said(self.columns[0], row.cells.get(self.columns[0].key)),
                [(one.is_number, said(one, row.cells.get(one.key))) for one in columns],
            )
            for row in self.rows
        ]


class Line(NamedTuple):
    """A row as a page shows it: its name, then whether a cell is a number, and its text."""

    row: Row
    name: str
    cells: list[tuple[bool, str]]


def said(column: Column, value: Value) -> str:
    """A value in the words of a page."""
    if value is None or value == "":
        return NOTHING
    return number(value) if column.is_number else str(value)


def written(value: Value) -> str | int | None:
    """A number as its digits, so that nothing is lost and equal numbers are equal texts."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if not isinstance(value, Decimal):
        return value
    plain = value.normalize()
    return f"{plain:f}" if plain else "0"


def written_tables(tables: Sequence[Table]) -> list[dict[str, Any]]:
    """The tables as JSON."""
    return [
        {
            "key": table.key,
            "title": table.title,
            "note": table.note,
            "columns": [[column.key, column.label, column.kind] for column in table.columns],
            "rows": [
                {
                    "key": row.key,
                    "level": row.level,
                    "total": row.is_total,
                    "cells": {key: written(value) for key, value in row.cells.items()},
                }
                for row in table.rows
            ],
        }
        for table in tables
    ]


def read_tables(kept: Sequence[dict[str, Any]]) -> list[Table]:
    """The tables of a kept copy."""
    found = []
    for told in kept:
        columns = [Column(*one) for one in told["columns"]]
        numbers = {column.key for column in columns if column.is_number}
        rows = [
            Row(
                key=row["key"],
                level=row["level"],
                is_total=row["total"],
                cells={
                    key: Decimal(value) if key in numbers and value is not None else value
                    for key, value in row["cells"].items()
                },
            )
            for row in told["rows"]
        ]
        found.append(Table(told["key"], told["title"], columns, rows, told["note"]))
    return found


def digest_of(kept: Sequence[dict[str, Any]]) -> str:
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Difference(NamedTuple):
    """One cell that says something else now; "" where there is no such row."""

    table: str
    row: str
    column: Column
    sent: Value
    now: Value


def difference_of(sent: Sequence[Table], now: Sequence[Table]) -> Iterator[Difference]:
    """Every cell of `sent` and `now` that is not the same in both, in their order."""
    present = {table.key: table for table in now}
    for table in sent:
        other = present.pop(table.key, None)
        yield from _of_table(table, other or Table(table.key, table.title, table.columns))
    for table in present.values():
        yield from _of_table(Table(table.key, table.title, table.columns), table)


def _of_table(sent: Table, now: Table) -> Iterator[Difference]:
    before, after = ({row.key: row for row in table.rows} for table in (sent, now))
    columns = {column.key: column for column in (*sent.columns, *now.columns)}
    name = next(iter(columns.values()), None)
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        told = (old or new).cells if (old or new) else {}  # type: ignore[union-attr]
        label = str(told.get(name.key, key)) if name else key
        for column in columns.values():
            values = [row.cells.get(column.key) if row else None for row in (old, new)]
            if written(values[0]) != written(values[1]):
                yield Difference(sent.title, label, column, values[0], values[1])
