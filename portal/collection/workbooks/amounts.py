"""Amounts of money a thousand or a million times off: đồng where a column says triệu đồng.

What is sensible is told by the row (`RowUnit.expected`, such as a works' total investment), and
where nothing is known of it by what no works and no line of a province ever costs.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from .layout import Column, Layout, RowUnit, Severity
from .measuring import MONEY, measure_of
from .numbers import vietnamese

STRANGE, NEVER = Decimal(10), Decimal(100)  # times what is expected of the row
STRANGE_SUM, NEVER_SUM = Decimal(10**12), Decimal(10**13)  # đồng, where nothing is expected
LARGE_FOR_ALL = Decimal(10**11)  # đồng: half of all rows of a table over this are worth asking
FEWEST = 3  # rows from which a whole column tells something
PART = Decimal("0.0001")  # of what is expected: less than this was hardly meant
TINY = Decimal("0.002")
ALMOST = Decimal("1.2")


class Unit(NamedTuple):
    """A unit of money by its name, and how many đồng it is."""

    name: str
    dong: Decimal


UNITS = (
    Unit("đồng", Decimal(1)),
    Unit("nghìn đồng", Decimal(1_000)),
    Unit("triệu đồng", Decimal(10**6)),
    Unit("tỷ đồng", Decimal(10**9)),
)


def is_amount(column: Column, layout: Layout) -> bool:
    """Whether a column holds money of records."""
    return (
        layout.has_records
        and column.is_entered
        and column.value_type in ("decimal", "count")
        and measure_of(column.unit_of_measure).base == MONEY
    )


def strangeness(value: Decimal, column: Column, row: RowUnit | None) -> Severity | None:
    """An error for what cannot be, a warning for what is strange, None for what may well be."""
    dong = measure_of(column.unit_of_measure).factor * abs(value)
    expected = row.expected if row else None
    if expected:
        strange, never = STRANGE * expected, NEVER * expected
        size = abs(value)
    else:
        strange, never, size = STRANGE_SUM, NEVER_SUM, dong
    if size >= never:
        return "error"
    return "warning" if size > strange else None


def meant(value: Decimal, column: Column, row: RowUnit | None) -> list[tuple[Unit, Decimal]]:
    """The smaller units in which the number would be sensible, and what to write then."""
    own = measure_of(column.unit_of_measure).factor
    found = []
    for unit in UNITS:
        scaled = value * unit.dong / own
        if unit.dong < own and not strangeness(scaled, column, row) and _is_likely(scaled, row):
            found.append((unit, scaled))
    return found


def _is_likely(value: Decimal, row: RowUnit | None) -> bool:
    if row is None or not row.expected:
        return True
    return PART * row.expected <= abs(value) <= ALMOST * row.expected


def sentence(value: Decimal, column: Column, row: RowUnit | None, noun: str) -> str:
    """What is wrong and what to write: the end of a sentence. `noun` is what is expected."""
    own = column.unit_of_measure
    if row is not None and row.expected:
        times = vietnamese(abs(value) / row.expected, 0)
        text = f"{vietnamese(value)} {own} gấp {times} lần {noun} ({vietnamese(row.expected)})."
    else:
        text = f"{vietnamese(value)} {own} lớn bất thường."
    ways = [
        f"nếu số này tính bằng {unit.name}, hãy nhập {vietnamese(scaled)}"
        for unit, scaled in meant(value, column, row)
    ]
    if not ways:
        return f"{text} Cột này tính bằng {own}; hãy kiểm tra lại."
    advice = "; ".join(ways)
    return f"{text} Cột này tính bằng {own}: {advice}."


class Sizes(NamedTuple):
    """How the amounts of a table lie: all that are not zero, and those that cannot be as read."""

    told: int
    strange: int
    units: tuple[Unit, ...]  # in which they all would be sensible, the likeliest first


def sizes_of(amounts: Iterable[tuple[Decimal, Column, RowUnit | None]]) -> Sizes:
    """Look at all amounts of one table together."""
    told = [(value, column, row) for value, column, row in amounts if value]
    strange = [one for one in told if strangeness(*one)]
    if 2 * len(strange) > len(told):
        return Sizes(len(told), len(strange), _fitting(told, larger=False))
    large = [
        one for one in told if measure_of(one[1].unit_of_measure).factor * one[0] > LARGE_FOR_ALL
    ]
    unknown = [one for one in large if one[2] is None or not one[2].expected]
    if len(unknown) >= FEWEST and 2 * len(unknown) > len(told) and _are_whole(told):
        return Sizes(len(told), len(unknown), _fitting(told, larger=False))
    known = [(value, row.expected) for value, _, row in told if row is not None and row.expected]
    if len(known) >= FEWEST and all(abs(value) <= TINY * expected for value, expected in known):
        return Sizes(len(told), len(known), _fitting(told, larger=True))
    return Sizes(len(told), 0, ())


def _are_whole(told: Iterable[tuple[Decimal, Column, RowUnit | None]]) -> bool:
    return all(value == value.to_integral_value() for value, _, _ in told)


def _fitting(
    told: list[tuple[Decimal, Column, RowUnit | None]], *, larger: bool
) -> tuple[Unit, ...]:
    """Units in which no amount of the table is strange, the largest first."""
    found = []
    for unit in UNITS:
        factors = {unit.dong / measure_of(column.unit_of_measure).factor for _, column, _ in told}
        if any((factor > 1) is not larger or factor == 1 for factor in factors):
            continue
        scaled = [
            (value * unit.dong / measure_of(column.unit_of_measure).factor, column, row)
            for value, column, row in told
        ]
        sensible = not any(strangeness(*one) for one in scaled)
        if larger:
            sensible = all(
                row is None or not row.expected or abs(value) <= ALMOST * row.expected
                for value, _, row in scaled
            )
        if sensible:
            found.append(unit)
    return tuple(reversed(found))
