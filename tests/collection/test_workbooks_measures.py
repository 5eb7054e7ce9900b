"""The agency's own table: one measure per row, one value column."""

from __future__ import annotations

import pytest

from portal.collection.workbooks.source import Uncomputed
from tests.collection.files.foreign import messages, sheet_of, understood
from tests.collection.files.layouts import cntt

COUNTS = {
    "K01": 21, "K02": 21, "K03": 21, "K06": 21, "K08": 21, "K10": 1, "K11": 1, "K12": 0, "K13": 1,
    "K14": 2, "K15": 12, "K16": 12,
}  # fmt: skip


def rows(values: dict[str, object] | None = None, *, computed: object = None) -> list[list]:
    values = COUNTS | (values or {})
    return [
        [int(c.measure[1:]), c.heading, c.unit_of_measure, values.get(c.measure, computed)]
        for c in cntt().columns
    ]


def grid(values: dict[str, object] | None = None, **options) -> list[list]:
    return [
        ["ỨNG DỤNG CÔNG NGHỆ THÔNG TIN CỦA CƠ QUAN NĂM 2023"],
        ["STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"],
        ["A", "B", "C", 1],
        *rows(values, **options),
    ]


def test_every_measure_is_stored_for_the_agency():
    reading = understood(grid(), cntt())
    assert reading.is_accepted, messages(reading)
    assert {v.indicator: v.value for v in reading.values} == COUNTS
    assert {(v.unit, v.group, v.sex) for v in reading.values} == {("24", None, None)}
    assert {v.indicator: v.cell for v in reading.values}["K02"] == "D5"
    assert reading.reconciliation.rows_read == 17
    assert reading.understood[0].heading_rows == (2, 3)


def test_ratios_in_the_file_are_compared():
    reading = understood(grid({"K04": 1, "K05": 1.0, "K07": 100, "K09": 50}), cntt())
    assert reading.is_accepted
    [warning] = reading.warnings
    assert (warning.cell, warning.rule) == ("D12", "computed")
    assert not understood(grid(computed=Uncomputed()), cntt()).warnings


def test_a_mistake_is_said_at_its_row():
    reading = understood(grid({"K03": 22}), cntt())
    [error] = reading.errors
    assert (error.cell, error.rule) == ("D6", "K03-K02")
    assert error.message == (
        "Ô D6, Số máy tính có kết nối internet: 22 lớn hơn số máy tính phục vụ công việc (21). "
        "Sửa một trong hai ô."
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda table: [row[1:] for row in table],
        lambda table: [[row[1], row[-1]] for row in table],
        lambda table: [["", *row] for row in table],
        lambda table: table[1:],
        lambda table: table[3:],
        lambda table: [*table[:3], ["I", "Hạ tầng"], *table[3:9], ["II", "Nhân lực"], *table[9:]],
        lambda table: [table[0], *reversed(table[3:])],
    ],
)
def test_the_table_is_found_in_other_shapes(change):
    table = [[*row, *[None] * (4 - len(row))] for row in grid()]
    reading = understood(change(table), cntt())
    assert reading.is_accepted, (messages(reading), reading.questions)
    assert {v.indicator: v.value for v in reading.values} == COUNTS


def test_the_column_of_the_period_is_taken():
    table = [
        ["STT", "Chỉ tiêu", "Năm 2022", "Năm 2023", "Ghi chú"],
        *[[number, name, 5, value, None] for number, name, _, value in rows()],
    ]
    reading = understood(table, cntt())
    assert {v.indicator: v.value for v in reading.values} == COUNTS, reading.questions


def test_two_columns_without_a_year_are_asked_about():
    table = [
        ["STT", "Chỉ tiêu", "Kỳ trước", "Kỳ này"],
        *[[number, name, 5, value] for number, name, _, value in rows()],
    ]
    [question] = understood(table, cntt()).questions
    assert question.id == "value_column"
    reading = understood(table, cntt(), answers={"value_column": "D"})
    assert {v.indicator: v.value for v in reading.values} == COUNTS


def test_codes_stand_for_names():
    table = [["Mã", "Tên", "Giá trị"], *[[code, "…", value] for code, value in COUNTS.items()]]
    reading = understood(table, cntt())
    assert {v.indicator: v.value for v in reading.values} == COUNTS, messages(reading)


def test_a_missing_measure_is_an_error():
    table = [row for row in grid() if row[1:2] != [cntt().by_key["K14"].heading]]
    [error] = understood(table, cntt()).errors
    assert error.rule == "missing_column"
    assert "video" in error.message


def test_a_measure_in_other_words_is_asked():
    table = grid()
    for row in table:
        if row[1:2] == [cntt().by_key["K14"].heading]:
            row[1] = "Số video hướng dẫn thủ tục hành chính đăng trên trang"
    [question] = understood(table, cntt()).questions
    assert question.suggestion == "K14"
    reading = understood(table, cntt(), answers={question.id: "K14"})
    assert reading.is_accepted, messages(reading)
    assert {v.indicator: v.value for v in reading.values} == COUNTS


def test_signs_for_a_missing_value():
    reading = understood(grid({"K12": "x", "K13": "…"}), cntt())
    assert reading.is_accepted, messages(reading)
    assert {v.indicator: v.missing for v in reading.values if v.missing} == {
        "K12": "not_applicable", "K13": "not_collected"
    }  # fmt: skip


def test_a_second_sheet_without_the_table_is_ignored():
    other = sheet_of([["Ghi chú"], ["Số liệu do văn phòng cung cấp"]], name="Ghi chú")
    assert understood(grid(), cntt(), sheets=[other]).is_accepted
