"""Two tables of the same shape side by side, and what lies between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from ethnic_data.exploring.files import heading
from ethnic_data.exploring.members import Member
from ethnic_data.exploring.selection import AXES
from ethnic_data.exploring.table import Cell, Column, Table
from ethnic_data.models import FigureKind
from portal import formats

from .filters import Comparison
from .shown import Grid, Line, Value, notes_of, value_of

DIFFERENCE = "Chênh lệch"
TWO_KINDS = "Không so sánh số toàn bộ với số mẫu"
WHOLE = "Toàn địa bàn"


def compared(
    table: Table, other: Table, comparison: Comparison, lead: Callable[[Member], str]
) -> Grid:
    """Under each column what `table` says, what `other` says, and the first less the second.

    Rows and columns are laid beside each other by name. Of two units of which each has its own
    parts only the wholes can be.
    """
    pairs = list(paired_rows(table, other, comparison))
    columns = [(one, same_column(one, other, comparison)) for one in table.columns]
    names = (comparison.own_words, comparison.words, DIFFERENCE)
    heads = [[(heading(member), 3 * span) for member, span in row] for row in table.heads]
    if len(table.columns) == 1 and comparison.name == "so_ky":
        heads = []  # the year stands in the headings below
    heads.append([(words, 1) for _ in columns for words in names])
    lines = [
        Line(
            WHOLE if are_wholes(table, comparison) and not table.chosen.zone else row.label,
            [
                value
                for column, beside in columns
                for value in _three(table, other, row, own, column, beside)
            ],
            "" if row.is_total else lead(row),
            row.is_total,
            row.note,
        )
        for row, own in pairs
    ]
    notes = list(dict.fromkeys([*notes_of(table), *notes_of(other)]))
    return Grid(AXES[table.chosen.rows], heads, lines, notes)


def are_wholes(table: Table, comparison: Comparison) -> bool:
    """Two units with parts of their own are compared as wholes."""
    return comparison.name == "so_dv" and table.chosen.rows == "don-vi"


def paired_rows(
    table: Table, other: Table, comparison: Comparison
) -> Iterator[tuple[Member, Member | None]]:
    if are_wholes(table, comparison):
        yield table.rows[-1], other.rows[-1]
        return
    by_name = {(row.code, row.name, row.is_total): row for row in other.rows}
    for row in table.rows:
        yield row, by_name.get((row.code, row.name, row.is_total))


def same_column(column: Column, other: Table, comparison: Comparison) -> Column | None:
    """The column of the other table under the same headings; of another year, the one year."""

    def name(one: Column) -> list[tuple[str, bool]]:
        own = zip(other.chosen.columns, one, strict=True)
        return [
            ("", False)
            if axis == "ky" and comparison.name == "so_ky"
            else (member.code, member.is_total)
            for axis, member in own
        ]

    return next((one for one in other.columns if name(one) == name(column)), None)


def _three(
    table: Table,
    other: Table,
    row: Member,
    beside_row: Member | None,
    column: Column,
    beside_column: Column | None,
) -> tuple[Value, Value, Value]:
    first = table.cell(row, column)
    if beside_row is None or beside_column is None:
        return value_of(table, first), Value(formats.NOTHING), Value(formats.NOTHING)
    second = other.cell(beside_row, beside_column)
    return value_of(table, first), value_of(other, second), difference(first, second)


def difference(first: Cell, second: Cell) -> Value:
    """None where either is not known, and between a count and an estimate from a sample.

    Where a unit is missing to either, or either is an estimate, so it is to what lies between.
    """
    a, b = first.figure, second.figure
    if a.value is None or b.value is None:
        return Value(formats.NOTHING)
    if (a.kind == FigureKind.SAMPLE) != (b.kind == FigureKind.SAMPLE):
        return Value(TWO_KINDS)
    found: Decimal = a.value - b.value
    decimals = first.decimals
    return Value(
        formats.signed(found, decimals),
        found,
        decimals,
        before="≈ " if first.is_estimate or second.is_estimate else "",
        after=first.mark or second.mark,
        is_signed=True,
    )
