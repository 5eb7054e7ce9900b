"""The rows that wait to be taken over: written by COPY, a line for each row of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Max

from portal.collection.models import StagedColumn, StagedRow, Upload
from portal.collection.resources import NoValue
from portal.collection.workbooks.cleaned import Values, raw_text
from portal.collection.workbooks.entries import Place
from portal.collection.workbooks.grid import letters
from portal.collection.workbooks.layout import Column
from portal.collection.workbooks.outcome import CellValue
from portal.copying import Pieces, escaped

MANY = 2_000  # rows, from where the planner is told what came
COPIED = (
    'upload_id, "position", "table", unit, "group", sheet, "row", value_count, numbers, missing,'
    " raws, cells"
)
QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"'})
KEPT_DECIMALS = 10


def stage(upload: Upload, values: Sequence[CellValue]) -> None:
    """Replace what waits of the upload by the values of a reading."""
    unstage(upload)
    if not isinstance(values, Values):
        return
    tables = Tables(storable_columns(values))
    count = _copy(lines(upload, values, tables))
    StagedColumn.objects.bulk_create(tables.rows(upload))
    if count >= MANY:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {StagedRow._meta.db_table}, {StagedColumn._meta.db_table}")


def restage(upload: Upload, values: Values, positions: Sequence[int]) -> None:
    """Replace what waits of a few rows of the file by the values of their entries."""
    upload.staged_rows.filter(position__in=positions).delete()
    tables = Tables(storable_columns(values))
    known: dict[int, list[str]] = {}
    for table, key in _columns_without_place(upload):
        known.setdefault(table, []).append(key)
    keys = [column.key for column in tables.columns]
    tables.only = next((table for table, same in known.items() if same == keys), None)
    if tables.only is None:
        last = StagedColumn.objects.filter(upload=upload).aggregate(last=Max("table"))["last"]
        tables.only = 0 if last is None else last + 1
        StagedColumn.objects.bulk_create(tables.rows(upload))
    _copy(lines(upload, values, tables, positions=positions))


def _columns_without_place(upload: Upload) -> Iterable[tuple[int, str]]:
    columns = StagedColumn.objects.filter(upload=upload, letters=None)
    return columns.order_by("table", "place").values_list("table", "column")


def storable_columns(values: Values) -> list[Column]:
    return [column for column in values.entries.layout.entered if column.value_type != "text"]


def _copy(rows: Iterable[str]) -> int:
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {StagedRow._meta.db_table} ({COPIED}) FROM STDIN", Pieces(rows))
        return int(cursor.rowcount)


def unstage(upload: Upload) -> None:
    """Nothing of the upload waits any more."""
    upload.staged_rows.all().delete()
    StagedColumn.objects.filter(upload=upload).delete()


class Tables:
    """The tables of a file: its columns with the letters under which they stand, once each."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.known: dict[tuple[str | None, ...], int] = {}
        self.only: int | None = None  # the one table of rows that name each cell
        self._last: tuple[Mapping[str, int], int] | None = None

    def of(self, place: Place) -> int:
        if self.only is not None:
            return self.only
        if self._last is None or self._last[0] is not place.columns:
            found = tuple(
                letters(place.columns[column.key]) if column.key in place.columns else None
                for column in self.columns
            )
            self._last = place.columns, self.known.setdefault(found, len(self.known))
        return self._last[1]

    def rows(self, upload: Upload) -> Iterator[StagedColumn]:
        known = self.known if self.only is None else {(None,) * len(self.columns): self.only}
        for found, table in known.items():
            for place, (column, letter) in enumerate(zip(self.columns, found, strict=True), 1):
                yield StagedColumn(
                    upload=upload,
                    table=table,
                    place=place,
                    column=column.key,
                    measure=column.measure,
                    sex=column.sex,
                    category=column.category,
                    group=column.group,
                    letters=letter,
                )


class Told(NamedTuple):
    """What one distinct cell of a column gives: a number's text, a reason, and its own text.

    `raw` is None where the number's text says the same.
    """

    number: str
    reason: str | None
    raw: str | None


NOTHING = Told("NULL", None, None)


def lines(
    upload: Upload, values: Values, tables: Tables, *, positions: Sequence[int] | None = None
) -> Iterator[str]:
    """The rows of a reading in the order of the file; what a distinct cell says is made once.

    `positions` are those of the entries when they are not all of the file's; such rows keep the
    address of each cell.
    """
    entries, checked = values.entries, values.checked
    keys = [column.key for column in tables.columns]
    told = zip(*(_column(values, key) for key in keys), strict=True)
    for index, (key, place, cells) in enumerate(zip(entries.keys, entries.places, told)):  # noqa: B905
        if index in checked.refused:
            continue
        if checked.refused_cells:
            cells = tuple(
                cell if checked.keeps(index, name) else NOTHING
                for name, cell in zip(keys, cells, strict=True)
            )
        count = len(cells) - cells.count(NOTHING)
        if not count:
            continue
        numbers, reasons, raws = zip(*cells, strict=True)
        own = (
            [place.cell(name)[:12] for name in keys]
            if place.cells or tables.only is not None
            else ()
        )
        yield (
            f"{upload.pk}\t{positions[index] if positions else index}\t{tables.of(place)}\t"
            f"{escaped(key.unit)}\t{escaped(key.group)}\t{escaped(place.sheet[:120])}\t"
            f"{place.row + 1}\t{count}\t{{{','.join(numbers)}}}\t{_texts(reasons)}\t"
            f"{_texts(raws)}\t{_texts(own)}\n"
        )


def _column(values: Values, key: str) -> Sequence[Told]:
    """What each cell of one column gives."""
    entries, cleaned = values.entries, values.checked.columns.get(key)
    if cleaned is None:
        return [NOTHING] * len(entries)
    position = entries.columns.index(key)
    known: dict[Any, Told] = {}
    told = []
    for line, value in zip(entries.rows, cleaned, strict=True):
        if value is None:
            told.append(NOTHING)
            continue
        raw = line[position]
        cell = (raw.__class__, raw)
        if cell not in known:
            known[cell] = _told(value, raw)
        told.append(known[cell])
    return told


def _told(value: Any, raw: Any) -> Told:
    text = raw_text(raw)[:255].replace("\0", "")
    if isinstance(value, NoValue):
        return Told("NULL", value.reason, text)
    number = plain_number(value)
    says_same = text == number and len(number.partition(".")[2]) <= KEPT_DECIMALS
    return Told(number, None, None if says_same else text)


def plain_number(value: Decimal) -> str:
    """ "12", "12.5": without an exponent and without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _texts(items: Sequence[str | None]) -> str:
    """An array of texts as one field; \\N where none of them is anything."""
    if items.count(None) == len(items):
        return r"\N"
    quoted = ("NULL" if item is None else f'"{item.translate(QUOTED)}"' for item in items)
    return escaped("{" + ",".join(quoted) + "}")


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
