"""Small cells cannot be worked out from what is shown: an auditor with linear programming tries.

The auditor knows every shown number, that parts add up to their totals and that no count is
negative. For each small cell it looks for the least and the greatest value that fits.
"""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import product

import pytest

from ethnic_data.aggregation.suppression import WIDTH, Axis, suppressed

ALL = "tất cả"


def tree(*names, parent=ALL):
    return Axis({ALL: None} | dict.fromkeys(names, parent))


COMMUNES = Axis(
    {ALL: None, "h1": ALL, "h2": ALL}
    | dict.fromkeys(["x1", "x2", "x3"], "h1")
    | dict.fromkeys(["y1", "y2"], "h2")
)
GROUPS = Axis({ALL: None, "dtts": ALL, "kinh": ALL} | dict.fromkeys(["tay", "nung", "dao"], "dtts"))
SEXES = tree("nam", "nu")


def filled(axes, dice, counts=(0, 0, 0, 1, 2, 3, 4, 6, 9, 15, 40)):
    """A table with every total of its parts."""
    leaves = [[one for one in axis.parents if not axis.children.get(one)] for axis in axes]
    values = {}
    for leaf in product(*leaves):
        count = dice.choice(counts)
        for cell in product(*(axis.up(name) for axis, name in zip(axes, leaf, strict=True))):
            values[cell] = values.get(cell, Decimal(0)) + count
    return values


def equations(axes, values, hidden):
    """Each member is the sum of its parts: rows over the hidden cells, with what is known."""
    place = {cell: n for n, cell in enumerate(sorted(hidden))}
    found = []
    for cell in values:
        for at, axis in enumerate(axes):
            parts = axis.children.get(cell[at], [])
            if not parts:
                continue
            row, known = [0.0] * len(place), 0.0
            for name, sign in [(cell[at], -1), *((part, 1) for part in parts)]:
                one = (*cell[:at], name, *cell[at + 1 :])
                if one in place:
                    row[place[one]] += sign
                else:
                    known -= sign * float(values[one])
            if any(row):
                found.append((row, known))
    return place, found


def greatest(objective, rows):
    """The simplex method in two phases (Bland's rule): max objective · x, rows · x = b, x ≥ 0."""
    width = len(objective)
    table = []
    for row, b in rows:
        sign = -1 if b < 0 else 1
        table.append([sign * a for a in row] + [sign * b])
    count = len(table)
    for n, row in enumerate(table):
        row[width:width] = [1.0 if n == m else 0.0 for m in range(count)]
    basis = [width + n for n in range(count)]
    feasible = [-1.0 if n >= width else 0.0 for n in range(width + count)]
    assert abs(solve(table, basis, feasible, width + count)) < 1e-6
    for n, column in enumerate(basis):
        if column >= width:
            other = next((m for m in range(width) if abs(table[n][m]) > 1e-9), None)
            if other is not None:
                pivot(table, basis, n, other)
    kept = [n for n, column in enumerate(basis) if column < width]
    table = [[*table[n][:width], table[n][-1]] for n in kept]
    return solve(table, [basis[n] for n in kept], objective, width)


def solve(table, basis, objective, width):
    while True:
        gain = [
            objective[m] - sum(objective[basis[n]] * row[m] for n, row in enumerate(table))
            for m in range(width)
        ]
        enters = next((m for m in range(width) if gain[m] > 1e-7), None)
        if enters is None:
            return sum(objective[basis[n]] * row[-1] for n, row in enumerate(table))
        ratios = [
            (row[-1] / row[enters], basis[n], n)
            for n, row in enumerate(table)
            if row[enters] > 1e-9
        ]
        if not ratios:
            return float("inf")
        pivot(table, basis, min(ratios)[2], enters)


def pivot(table, basis, n, m):
    lead = table[n][m]
    table[n] = [a / lead for a in table[n]]
    for other, row in enumerate(table):
        if other != n and abs(row[m]) > 1e-12:
            factor = row[m]
            table[other] = [a - factor * b for a, b in zip(row, table[n], strict=True)]
    basis[n] = m


def ranges(axes, values, hidden):
    """What the auditor knows of each small cell: the least and the greatest that fits."""
    place, rows = equations(axes, values, hidden)
    for cell in sorted(hidden):
        if 0 < values[cell] < 5:
            objective = [1.0 if n == place[cell] else 0.0 for n in range(len(place))]
            most = greatest(objective, rows)
            least = -greatest([-a for a in objective], rows)
            yield cell, least, most


def small(values):
    return {cell for cell, value in values.items() if 0 < value < 5}


def test_the_auditor_sees_through_what_is_not_protected():
    axes = [tree("a", "b", "c"), tree("x", "y")]
    values = filled(axes, random.Random(4), counts=[2, 9, 20, 30])  # noqa: S311
    cell = next(iter(sorted(small(values))))
    ((_, least, most),) = ranges(axes, values, {cell})
    assert least == pytest.approx(most) == pytest.approx(float(values[cell]))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "axes",
    [
        [tree("a", "b", "c", "d")],
        [tree("a", "b", "c", "d"), tree("x", "y", "z")],
        [COMMUNES, GROUPS],
        [tree("a", "b", "c"), tree("tay", "nung", "dao"), SEXES],
    ],
    ids=["list", "table", "levels", "three"],
)
def test_every_small_cell_may_be_any_number_over_a_wide_range(axes, seed):
    dice = random.Random(seed)  # noqa: S311 - the same tables every time
    values = filled(axes, dice)
    hidden = suppressed(values, axes)
    assert small(values) <= hidden
    for cell, least, most in ranges(axes, values, hidden):
        assert most - least >= WIDTH - 1e-6, (cell, values[cell], least, most)
        assert most > 4, "the reader learns that it is small"


def test_nothing_is_hidden_where_nothing_is_small():
    axes = [COMMUNES, GROUPS, SEXES]
    assert not suppressed(filled(axes, random.Random(1), counts=[0, 5, 90]), axes)  # noqa: S311


def test_the_whole_is_shown_where_another_district_has_room():
    units = Axis({ALL: None, "A": ALL, "B": ALL, "a1": "A", "a2": "A", "b1": "B", "b2": "B"})
    counts = {"a1": 1, "a2": 0, "b1": 40, "b2": 50, "A": 1, "B": 90, ALL: 91}
    hidden = suppressed({(name,): n for name, n in counts.items()}, [units])
    assert hidden == {("a1",), ("A",), ("B",), ("b2",)}


def test_the_same_table_is_hidden_in_the_same_way():
    axes = [COMMUNES, GROUPS, SEXES]
    values = filled(axes, random.Random(2))  # noqa: S311
    turned = dict(sorted(values.items(), reverse=True))
    assert suppressed(values, axes) == suppressed(turned, axes)


def test_a_total_with_one_part_is_no_way_around():
    axes = [tree("a"), tree("x", "y")]
    values = filled(axes, random.Random(3), counts=[2, 30])  # noqa: S311
    hidden = suppressed(values, axes)
    for cell, least, most in ranges(axes, values, hidden):
        assert most - least >= WIDTH, cell


@pytest.mark.slow
def test_a_province_is_done_in_seconds():
    dice = random.Random(9)  # noqa: S311
    units = {ALL: None} | {f"h{n}": ALL for n in range(10)}
    units |= {f"x{n}": f"h{n % 10}" for n in range(209)}
    groups = {ALL: None, "dtts": ALL, "kinh": ALL} | {f"g{n}": "dtts" for n in range(12)}
    axes = [Axis(units), Axis(groups), SEXES]
    values = filled(axes, dice, counts=[0, 0, 0, 0, 1, 3, 12, 60, 400])
    hidden = suppressed(values, axes)
    assert small(values) <= hidden
    assert len(hidden) < 0.8 * sum(1 for value in values.values() if value)
