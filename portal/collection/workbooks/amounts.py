"""Amounts of money a thousand or a million times off: đồng where a column says triệu đồng.

What is sensible is told by the row: what a column of it cannot hold more of (`RowUnit.ceilings`,
such as the capital that a works has of a source), how much it may be at most (`expected`, such as
a works' total investment), what it held before (`usual`); and where nothing is known of it by what
no works and no line of a province ever costs. Cells of one table, and of one column, are looked at
together: one unit of money is what they most likely share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from .layout import Column, Layout, RowUnit, Severity
from .measuring import MONEY, measure_of
from .numbers import vietnamese

STRANGE, NEVER = Decimal(10), Decimal(100)  # times what is expected of the row
OVER = Decimal(3)  # times what a row cannot hold more of; of most cells: times what is expected
MUCH = Decimal(300)  # times what a row held at most before
STRANGE_SUM, NEVER_SUM = Decimal(10**12), Decimal(10**13)  # đồng, where nothing is expected
LARGE_FOR_ALL = Decimal(10**11)  # đồng: half of all rows of a table over this are worth asking
FEWEST = 3  # rows from which a whole column tells something
PART = Decimal("0.0001")  # of what is expected: less than this was hardly meant
TINY = Decimal("0.002")
ALMOST = Decimal("1.2")
Amount = tuple[Decimal, Column, RowUnit | None]


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


class Bound(NamedTuple):
    """How much a cell may hold, in its column's unit; a `hard` one cannot be exceeded at all."""

    amount: Decimal
    hard: bool


def bound_of(column: Column, row: RowUnit | None) -> Bound | None:
    """The ceiling of the column's measure, else what is expected of the row; None: not known."""
    if row is None:
        return None
    if ceiling := row.ceiling(column.measure):
        return Bound(ceiling, hard=True)
    return Bound(row.expected, hard=False) if row.expected else None


def strangeness(value: Decimal, column: Column, row: RowUnit | None) -> Severity | None:
    """An error for what cannot be, a warning for what is strange, None for what may well be."""
    bound, size = bound_of(column, row), abs(value)
    if bound is None:
        dong = measure_of(column.unit_of_measure).factor * size
        return _grade(dong, STRANGE_SUM, NEVER_SUM)
    if bound.hard:
        return "error" if size > OVER * bound.amount else None
    return _grade(size, STRANGE * bound.amount, NEVER * bound.amount)


def _grade(size: Decimal, strange: Decimal, never: Decimal) -> Severity | None:
    if size >= never:
        return "error"
    return "warning" if size > strange else None


def is_over(value: Decimal, column: Column, row: RowUnit | None) -> bool:
    """Whether a cell speaks for another unit of money, were it one of many that do."""
    if strangeness(value, column, row):
        return True
    if (bound := bound_of(column, row)) and abs(value) > OVER * bound.amount:
        return True
    before = row.most_before(column.measure) if row else None
    return before is not None and abs(value) >= MUCH * before


def meant(value: Decimal, column: Column, row: RowUnit | None) -> list[tuple[Unit, Decimal]]:
    """The smaller units in which the number would be sensible, and what to write then."""
    own = measure_of(column.unit_of_measure).factor
    found = []
    for unit in UNITS:
        scaled = value * unit.dong / own
        if (
            unit.dong < own
            and not strangeness(scaled, column, row)
            and _is_likely(scaled, column, row)
        ):
            found.append((unit, scaled))
    return found


def _is_likely(value: Decimal, column: Column, row: RowUnit | None) -> bool:
    bound = bound_of(column, row)
    if bound is None:
        return True
    return PART * bound.amount <= abs(value) <= ALMOST * bound.amount


def sentence(value: Decimal, column: Column, row: RowUnit | None, layout: Layout) -> str:
    """What is wrong and what to write: the end of a sentence."""
    own = column.unit_of_measure
    text = f"{vietnamese(value)} {own} {_beside(value, column, row, layout)}."
    ways = [
        f"nếu số này tính bằng {unit.name}, hãy nhập {vietnamese(scaled)}"
        for unit, scaled in meant(value, column, row)
    ]
    if not ways:
        return f"{text} Cột này tính bằng {own}; hãy kiểm tra lại."
    advice = "; ".join(ways)
    return f"{text} Cột này tính bằng {own}: {advice}."


def _beside(value: Decimal, column: Column, row: RowUnit | None, layout: Layout) -> str:
    """How the amount stands to what is known of its cell."""
    bound = bound_of(column, row)
    known, noun = (bound.amount, noun_of(bound, layout)) if bound else (None, "")
    before = row.most_before(column.measure) if row else None
    if before and (known is None or abs(value) <= known):
        known, noun = before, "số nhiều nhất của các kỳ trước"
    if known is None:
        return "lớn bất thường"
    return f"gấp {vietnamese(abs(value) / known, 0)} lần {noun} ({vietnamese(known)})"


def noun_of(bound: Bound, layout: Layout) -> str:
    return layout.ceiling_noun if bound.hard else layout.expected_noun


class Sizes(NamedTuple):
    """How the amounts of a table lie: all that are not zero, and those that cannot be as read."""

    told: int
    strange: int
    units: tuple[Unit, ...]  # in which they all would be sensible, the likeliest first


def sizes_of(amounts: Iterable[Amount]) -> Sizes:
    """Look at all amounts of one table, or of one column, together."""
    told = [one for one in amounts if one[0]]
    over = [one for one in told if is_over(*one)]
    if _speak_for_all(len(over), told):
        return Sizes(len(told), len(over), _fitting(told, larger=False))
    large = [
        one for one in told if measure_of(one[1].unit_of_measure).factor * one[0] > LARGE_FOR_ALL
    ]
    unknown = [one for one in large if bound_of(one[1], one[2]) is None]
    if len(unknown) >= FEWEST and 2 * len(unknown) > len(told) and _are_whole(told):
        return Sizes(len(told), len(unknown), _fitting(told, larger=False))
    known = [
        (value, bound.amount)
        for value, column, row in told
        if (bound := bound_of(column, row)) and not bound.hard
    ]
    if len(known) >= FEWEST and all(abs(value) <= TINY * expected for value, expected in known):
        return Sizes(len(told), len(known), _fitting(told, larger=True))
    return Sizes(len(told), 0, ())


def _speak_for_all(over: int, told: Sequence[Amount]) -> bool:
    """Most of all amounts; or of those that anything is known of, where they are some."""
    known = sum(bound_of(column, row) is not None for _, column, row in told)
    return 2 * over > len(told) or (over >= FEWEST and 2 * over > known > 0)


def _are_whole(told: Iterable[Amount]) -> bool:
    return all(value == value.to_integral_value() for value, _, _ in told)


def _fitting(told: Sequence[Amount], *, larger: bool) -> tuple[Unit, ...]:
    """Units in which no amount is strange and most are not over, the largest first."""
    fits: Callable[[Sequence[Amount]], bool] = _all_within if larger else _mostly_sensible
    found = []
    for unit in UNITS:
        factors = {unit.dong / measure_of(column.unit_of_measure).factor for _, column, _ in told}
        if any((factor > 1) is not larger or factor == 1 for factor in factors):
            continue
        scaled = [
            (value * unit.dong / measure_of(column.unit_of_measure).factor, column, row)
            for value, column, row in told
        ]
        if fits(scaled):
            found.append(unit)
    return tuple(reversed(found))


def _mostly_sensible(scaled: Sequence[Amount]) -> bool:
    over = sum(is_over(*one) for one in scaled)
    return not any(strangeness(*one) for one in scaled) and not _speak_for_all(over, scaled)


def _all_within(scaled: Sequence[Amount]) -> bool:
    bounds = [(value, bound_of(column, row)) for value, column, row in scaled]
    return not any(strangeness(*one) for one in scaled) and all(
        bound is None or abs(value) <= ALMOST * bound.amount for value, bound in bounds
    )
