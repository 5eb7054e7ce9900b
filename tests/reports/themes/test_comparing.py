"""What lies between two numbers, and where nothing may be said of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ethnic_data.aggregation.crosstab import Figure
from ethnic_data.exploring.table import SUPPRESSED, Cell
from ethnic_data.models import Indicator
from reports.themes.comparing import TWO_KINDS, difference

COUNT, RATE = Indicator(aggregation="sum"), Indicator(aggregation="ratio")


def cell(value, kind="administrative", measure=COUNT):
    return Cell(Figure(Decimal(value), "", kind=kind), measure)


@pytest.mark.parametrize(
    ("first", "second", "text", "exact"),
    [
        (cell(12), cell(5), "+7", 7),
        (cell(5), cell(12), "−7", -7),
        (cell("7.5", measure=RATE), cell("10.125", measure=RATE), "−2,63", Decimal("-2.625")),
        (cell(5), Cell(SUPPRESSED, COUNT), "–", None),
        (Cell(Figure(None, "not_collected"), COUNT), cell(5), "–", None),
        (cell(5, "census"), cell(3, "sample"), TWO_KINDS, None),
        (cell(5, "census"), cell(3, "administrative"), "+2", 2),
    ],
)
def test_the_difference_is_exact_or_left_open(first, second, text, exact):
    found = difference(first, second)
    assert (found.text, found.exact) == (text, exact)
