"""What is kept of a reading so that a mended cell needs no second reading: its parsed rows.

A row is kept as JSON: its raw cells in the order of `Entries.columns`, with signs for what JSON
has no kind for. What the rows share (style, meaning of blanks, places of columns, printed totals
with the rows they stand for) is kept once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from .checking import Blank
from .cleaned import Checked
from .entries import Covered, Entries, Place, Raw, RowKey, Scaled
from .layout import MEASURE_ROWS, Layout
from .numbers import Style
from .source import DateCell, ErrorCell, Uncomputed

Ranges = list[list[int]]  # [first, last] positions of entries, both included
MOST_RANGES = 100_000


class Scope(NamedTuple):
    """The rows that one printed total may stand for, and their sum."""

    ranges: Ranges
    sum: Decimal


@dataclass(frozen=True, kw_only=True)
class Working:
    """How the entries of one file were read; `scopes` by (sheet, cell) of a printed total."""

    checked: Checked
    style: Style | None
    blank: Blank
    blocked: frozenset[int] = frozenset()
    scopes: Mapping[tuple[str, str], Sequence[Scope]] = field(default_factory=dict)

    @property
    def by_measure(self) -> bool:
        """One row per measure: such a file is small and read again as a whole."""
        return self.checked.entries.layout.rows == MEASURE_ROWS


def encoded(raw: Raw) -> Any:
    """A raw cell for JSON: texts, numbers and None stay, the rest is a list with a sign."""
    match raw:
        case Scaled():
            return ["s", encoded(raw.raw), str(raw.factor), raw.decimals]
        case Covered():
            return ["c", raw.row, raw.column]
        case DateCell():
            return ["d", raw.text]
        case ErrorCell():
            return ["e", raw.text]
        case Uncomputed():
            return ["u", raw.text]
        case str():
            return raw.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return raw


def decoded(value: Any) -> Raw:
    """The raw cell of `encoded`."""
    if not isinstance(value, list):
        return float(value) if type(value) is int else value
    sign, *rest = value
    match sign:
        case "s":
            return Scaled(decoded(rest[0]), Decimal(rest[1]), *rest[2:])  # type: ignore[arg-type]
        case "c":
            return Covered(*rest)
        case "d":
            return DateCell(rest[0])
        case "e":
            return ErrorCell(rest[0])
    return Uncomputed(rest[0])


def ranges_of(positions: Iterable[int]) -> Ranges:
    """[3, 4, 5, 9] as [[3, 5], [9, 9]]."""
    found: Ranges = []
    for position in sorted(positions):
        if found and position == found[-1][1] + 1:
            found[-1][1] = position
        else:
            found.append([position, position])
    return found


class KeptRow(NamedTuple):
    """One row as it is kept."""

    position: int
    sheet: str
    row: int
    unit: str
    group: str | None
    label: str
    table: int
    cells: list[Any]
    places: dict[str, list[int]]
    blocked: bool
    errors: int


def rows_of(working: Working, tables: list[Mapping[str, int]]) -> Iterator[KeptRow]:
    """Every row of the entries; `tables` is filled with the places of columns, once each."""
    entries = working.checked.entries
    known: dict[tuple, int] = {}
    errors: Counter[tuple] = Counter()
    for issue in working.checked.issues:
        if issue.severity == "error" and issue.column:
            errors[issue.sheet, issue.unit, issue.group] += 1
    refused = working.checked.refused | {index for index, _ in working.checked.refused_cells}
    for index, (key, place) in enumerate(zip(entries.keys, entries.places, strict=True)):
        mapping = tuple(place.columns.items())
        if mapping not in known:
            known[mapping] = len(tables)
            tables.append(dict(place.columns))
        count = errors[place.sheet, key.unit, key.group]
        yield KeptRow(
            index,
            place.sheet,
            place.row,
            key.unit,
            key.group,
            place.label,
            known[mapping],
            [encoded(raw) for raw in entries.rows[index]],
            {name: list(where) for name, where in place.cells.items()},
            index in working.blocked,
            count or int(index in refused and index not in working.blocked),
        )


def entries_from(
    layout: Layout, columns: Sequence[str], tables: Sequence[Mapping[str, int]],
    rows: Iterable[KeptRow], file: str,
) -> Entries:  # fmt: skip
    """Kept rows as entries of `layout` again."""
    entries = Entries(layout, columns=list(columns))
    for row in rows:
        cells = {key: (where[0], where[1]) for key, where in row.places.items()}
        place = Place(file, row.sheet, row.row, tables[row.table], cells, row.label)
        entries.add(RowKey(row.unit, row.group), place, [decoded(value) for value in row.cells])
    return entries
