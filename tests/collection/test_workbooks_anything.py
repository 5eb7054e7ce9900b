"""Whatever stands in a file, reading it ends with a reading whose sums are right."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.json_form import reading_as_json
from portal.collection.workbooks.source import DateCell, ErrorCell, Uncomputed
from tests.collection.files import books
from tests.collection.files.foreign import understood
from tests.collection.files.forms import HEADING, MARKS, bieu_05_grid, bieu_05_rows
from tests.collection.files.layouts import bieu_05, cntt, dan_so, ngheo_dan_toc, units_of

LAYOUTS = [bieu_05(), dan_so(), ngheo_dan_toc(), cntt()]
texts = st.sampled_from(
    [
        *HEADING, *MARKS[:2], "Nam", "Nữ", "Tổng số", "Kinh", "Tày", "Trại", "Sán Chí", "Cao Lan",
        "Tổng cộng", "Trong đó", "Thôn A", "Huyện Sơn Động", "Huyện Lục Ngạn", "Ghi chú", "I", "II",
        "Chỉ tiêu", "Số liệu", "Số máy tính phục vụ công việc", "K05", "Số hộ nghèo", "năm 2022",
        *(unit.label for unit in units_of("220")), *(unit.name for unit in units_of("219")[:5]),
        "…", "x", "-", "hai", "1.234", "1,5", "12 %", "45 hộ", "76.878 (38,34%)", "=1+1", " ",
        "\u00a0", "Xã An Lạcc", "nhµ xuÊt b¶n", "A" * 300,
    ]
)  # fmt: skip
cells = st.one_of(
    st.none(),
    texts,
    st.integers(-10, 10_000),
    st.floats(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.sampled_from([DateCell("2023-01-02"), ErrorCell("#REF!"), Uncomputed()]),
    st.text(max_size=6),
)
grids = st.lists(st.lists(cells, max_size=9), min_size=1, max_size=14)
areas = st.tuples(*[st.integers(0, 12)] * 4).map(
    lambda area: (min(area[0], area[2]), min(area[1], area[3]), max(area[0], area[2]),
                  max(area[1], area[3]))
)  # fmt: skip


def assert_sound(reading) -> None:
    sums = reading.reconciliation
    assert sums.rows_read == sums.stored + sums.skipped + sums.refused
    assert len(sums.rows) == sums.skipped + sums.refused
    assert reading.is_accepted == (not reading.errors and not reading.questions)
    assert reading.values or not reading.is_accepted
    for issue in reading.issues:
        assert issue.message.endswith((".", "?"))
    for question in reading.questions:
        assert len(question.options) >= 2
    for value in reading.values:
        assert (value.value is None) == (value.missing is not None)
    reading_as_json(reading)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(grids, st.sampled_from(LAYOUTS), st.lists(areas, max_size=3))
@pytest.mark.slow
def test_any_grid_gives_a_sound_reading(grid, layout, merges):
    assert_sound(understood(grid, layout, merges=merges))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
@pytest.mark.slow
def test_a_good_table_with_anything_thrown_into_it(data):
    grid = [[*row] for row in bieu_05_grid(bieu_05_rows(5))]
    for _ in range(data.draw(st.integers(1, 6))):
        row = data.draw(st.integers(0, len(grid) - 1))
        column = data.draw(st.integers(0, 11))
        grid[row].extend([None] * (column + 1 - len(grid[row])))
        grid[row][column] = data.draw(cells)
    if data.draw(st.booleans()):
        grid.insert(data.draw(st.integers(0, len(grid))), data.draw(st.lists(cells, max_size=9)))
    reading = understood(grid, bieu_05())
    assert_sound(reading)
    answers = {q.id: data.draw(st.sampled_from(q.options)).value for q in reading.questions}
    assert_sound(understood(grid, bieu_05(), answers=answers))


@pytest.mark.slow
@pytest.mark.parametrize("container", ["xlsx", "xls", "ods", "html", "csv"])
def test_flipped_bytes_never_break_the_reader(container, tmp_path):
    build = {"xlsx": books.xlsx, "xls": books.xls, "ods": books.ods, "html": books.html,
             "csv": books.delimited}[container]  # fmt: skip
    whole = build(tmp_path / "whole", bieu_05_grid()).read_bytes()
    chance = random.Random(container)  # noqa: S311 - the same bytes every time
    for number in range(12):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 5, 50])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path = tmp_path / f"{number}.{container}"
        path.write_bytes(data)
        reading = read_workbook(path, layout=bieu_05())
        assert reading.issues or reading.values
        assert_sound(reading)
