"""A sheet of groups over all communes beside a sheet for each commune."""

from __future__ import annotations

import pytest

from tests.collection.files.foreign import messages, sheet_of, understood
from tests.collection.files.layouts import ngheo_dan_toc, units_of

COMMUNES = units_of("220")[:3]
HEADING = ["STT", "Dân tộc", "Số hộ nghèo", "Số hộ cận nghèo"]
TAY, NUNG = ("Tày", 12, 20), ("Nùng", 7, 9)


def of_commune(unit):
    rows = [HEADING, *[[n, *told] for n, told in enumerate((TAY, NUNG), 1)]]
    return sheet_of(rows, name=unit.label)


def summary(name: str = "Tổng hợp", more: int = 0):
    rows = [[1, "Tày", 36 + more, 60], [2, "Nùng", 21, 27], [None, "Tổng số", 57 + more, 87]]
    return sheet_of([HEADING, *rows], name=name)


def told(*sheets):
    return understood(None, ngheo_dan_toc(), sheets=sheets)


@pytest.mark.parametrize("name", ["Tổng hợp", "TOÀN HUYỆN", "Huyện Sơn Động"])
def test_the_summary_is_compared_and_not_stored(name):
    reading = told(summary(name), *map(of_commune, COMMUNES))
    assert not [*reading.questions, *reading.errors], messages(reading)
    assert {value.unit for value in reading.values} == {unit.code for unit in COMMUNES}
    assert all(total.agrees for total in reading.reconciliation.totals)
    assert len(reading.reconciliation.totals) == 6


def test_a_summary_that_differs_is_said_at_its_cell():
    reading = told(*map(of_commune, COMMUNES), summary(more=4))
    assert any("ghi 40" in message and "36" in message for message in messages(reading))


def test_a_sheet_that_does_not_say_so_is_still_asked_about():
    reading = told(*map(of_commune, COMMUNES), summary("Sheet4"))
    assert [question.id for question in reading.questions] == ["whose"]
