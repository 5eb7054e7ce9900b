"""Small cells stay out of public tables, and cannot be worked out from what is shown."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ethnic_data.aggregation import hides_rate, protect
from ethnic_data.aggregation.disclosure import TOTAL


def table(rows):
    return {(r, c): count for r, line in enumerate(rows) for c, count in enumerate(line)}


def known(cells, hidden):
    """What a reader can work out: hidden cells fixed by the equations of the shown totals.

    Solves the lines as linear equations over the hidden cells, by elimination.
    """
    rows = sorted({r for r, _ in cells})
    columns = sorted({c for _, c in cells})
    unknown = sorted(hidden, key=str)
    place = {cell: n for n, cell in enumerate(unknown)}
    matrix = []
    for r in [*rows, TOTAL] if len(columns) > 1 else []:
        matrix.append(_equation([(r, c) for c in columns], (r, TOTAL), place))
    for c in [*columns, TOTAL] if len(rows) > 1 else []:
        matrix.append(_equation([(r, c) for r in rows], (TOTAL, c), place))
    return {unknown[n] for n in _determined(matrix, len(unknown))}


def _equation(parts, total, place):
    line = [0] * len(place)
    for cell in parts:
        if cell in place:
            line[place[cell]] += 1
    if total in place:
        line[place[total]] -= 1
    return line


def _determined(matrix, width):
    """Columns that are fixed: in the reduced form their row has no other entry."""
    from fractions import Fraction

    rows = [[Fraction(x) for x in line] for line in matrix]
    pivot_row = 0
    for column in range(width):
        pivot = next((r for r in range(pivot_row, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[pivot_row], rows[pivot] = rows[pivot], rows[pivot_row]
        lead = rows[pivot_row][column]
        rows[pivot_row] = [x / lead for x in rows[pivot_row]]
        for r, line in enumerate(rows):
            if r != pivot_row and line[column]:
                factor = line[column]
                rows[r] = [a - factor * b for a, b in zip(line, rows[pivot_row], strict=True)]
        pivot_row += 1
    for line in rows:
        filled = [n for n, x in enumerate(line) if x]
        if len(filled) == 1:
            yield filled[0]


def test_counts_below_five_are_hidden_and_zero_is_not():
    found = protect(table([[0, 4, 50], [9, 30, 60], [8, 20, 70]]))
    assert (0, 1) in found
    assert (0, 0) not in found


def test_a_lone_hidden_cell_gets_company_in_its_row_and_column():
    found = protect(table([[3, 10, 40], [20, 30, 50], [60, 70, 80]]))
    assert sum((0, c) in found for c in range(3)) >= 2
    assert sum((r, 0) in found for r in range(3)) >= 2


def test_nothing_is_hidden_where_nothing_is_small():
    assert protect(table([[5, 6], [7, 0]])).hidden == frozenset()


def test_a_list_of_counts_hides_a_second_one():
    found = protect({("Thái", "người"): 2, ("Tày", "người"): 40, ("Nùng", "người"): 90})
    assert found.hidden == {("Thái", "người"), ("Tày", "người")}


def test_two_small_cells_whose_sum_is_small_need_a_third():
    found = protect({("a", "x"): 1, ("b", "x"): 2, ("c", "x"): 30, ("d", "x"): 90})
    assert ("c", "x") in found


def test_a_row_with_one_cell_only_hides_its_total():
    found = protect(table([[2, 0], [30, 40], [50, 60]]))
    assert (0, 0) in found
    assert (0, TOTAL) in found


def test_where_no_total_is_shown_only_small_cells_are_hidden():
    found = protect(table([[2, 10], [30, 40]]), totals_shown=False)
    assert found.hidden == {(0, 0)}


def test_missing_values_are_no_counts():
    found = protect({("a", "x"): None, ("b", "x"): 40})
    assert found.hidden == frozenset()


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.randoms(use_true_random=False))
def test_no_hidden_small_cell_follows_from_the_rest(height, width, dice: random.Random):
    cells = {
        (r, c): dice.choice([0, 0, 1, 2, 3, 4, 7, 12, 40, 200])
        for r in range(height)
        for c in range(width)
    }
    found = protect(cells)
    assert not known(cells, found.hidden) & found.small


@pytest.mark.parametrize(
    ("numerator", "denominator", "hidden"),
    [(10, 19, True), (10, 20, False), (3, 400, True), (0, 400, False), (None, None, False)],
)
def test_a_rate_over_few_or_of_few_is_hidden(numerator, denominator, hidden):
    assert hides_rate(numerator, denominator) is hidden


@pytest.mark.slow
def test_a_province_by_group_is_done_in_a_second():
    dice = random.Random(7)  # noqa: S311 - the same table every time
    cells = {(r, c): dice.choice([0, 0, 0, 1, 3, 60, 900]) for r in range(209) for c in range(10)}
    found = protect(cells)
    assert found.small <= found.hidden
