"""A commune's own table by villages, as communes keep it."""

from __future__ import annotations

import pytest

from tests.collection.files.foreign import messages, understood
from tests.collection.files.forms import HEADING, NUMBERS
from tests.collection.files.layouts import bieu_05, units_of

AN_LAC = next(unit for unit in units_of("220") if unit.name == "An Lạc")
VILLAGES = ("Thôn Thác", "Thôn Đội Mới", "Bản Nà Hin")
TITLE = ["BIỂU 05 CỦA XÃ AN LẠC"]
PARTS = [[n // 3 for n in NUMBERS], [n // 3 for n in NUMBERS], [n - 2 * (n // 3) for n in NUMBERS]]


def table(heading: str = "Tên đơn vị", names: tuple[str, ...] = VILLAGES, total: str = "Tổng cộng"):
    rows = [[n, name, *part] for n, (name, part) in enumerate(zip(names, PARTS, strict=True), 1)]
    whole = [[None, total, *NUMBERS]] if total else []
    return [TITLE, [], ["STT", heading, *HEADING[2:]], *rows, *whole]


def told(grid):
    return understood(grid, bieu_05())


@pytest.mark.parametrize("total", ["Tổng cộng", "Cộng toàn xã", "Toàn xã", "Xã An Lạc"])
def test_the_total_of_the_villages_is_the_communes_row(total):
    reading = told(table(total=total))
    assert not reading.errors, messages(reading)
    assert {value.unit for value in reading.values} == {AN_LAC.code}
    assert [int(value.value) for value in reading.values] == NUMBERS[:7]
    assert reading.reconciliation.skipped == 3
    assert reading.reconciliation.stored == 1


def test_the_total_may_stand_first():
    grid = table()
    reading = told([*grid[:3], grid[-1], *grid[3:-1]])
    assert {value.unit for value in reading.values} == {AN_LAC.code}


def test_a_heading_tells_that_rows_are_villages():
    reading = told(table("Thôn, bản", names=("Thác", "Đội Mới", "Nà Hin")))
    assert {value.unit for value in reading.values} == {AN_LAC.code}, messages(reading)


def test_below_a_heading_of_villages_a_bare_name_is_a_village_though_a_commune_has_it():
    reading = told(table("Thôn, bản", names=("An Lạc", "Thác", "An Bá")))
    assert [int(value.value) for value in reading.values] == NUMBERS[:7], messages(reading)


def test_without_a_total_nothing_is_guessed():
    reading = told(table(total=""))
    assert not reading.values
    assert "không có dòng tổng của xã" in messages(reading)[0]


def test_villages_that_add_up_to_something_else_are_said():
    grid = table()
    grid[3][2] += 5
    reading = told(grid)
    assert "cộng các thôn được 1.205" in messages(reading)[0]
    assert int(reading.values[0].value) == NUMBERS[0]


def test_a_district_table_with_villages_below_a_commune_stays_what_it_is():
    grid = [HEADING, [1, AN_LAC.label, *NUMBERS], [None, "Thôn Thác", *PARTS[0]]]
    assert {value.unit for value in told(grid).values} == {AN_LAC.code}
