"""Units of measure that differ from the dataset's: asked with before and after, never silent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.collection.workbooks.layout import Column
from portal.collection.workbooks.scales import measure_of, unit_in_heading, units_in_title
from tests.collection.files.foreign import messages, sheet_of, understood
from tests.collection.files.forms import HEADING, bieu_05_rows
from tests.collection.files.layouts import bieu_05, cntt

COUNTS = HEADING[:9]


def table(unit: str, divided_by: int = 1) -> list[list]:
    rows = [[*row[:2], *(n / divided_by for n in row[2:9])] for row in bieu_05_rows()]
    return [["Biểu 05 năm 2023"], [f"Đơn vị tính: {unit}"], COUNTS, *rows]


def test_thousands_are_asked_with_one_cell_before_and_after():
    reading = understood(table("Nghìn hộ", 1000), bieu_05())
    [question] = reading.questions
    assert question.id == "scale:nghinho"
    assert question.text.endswith("Ví dụ ô C4: 1,2 → 1.200.")
    assert not reading.errors, "what the answer may mend is not told before"


def test_thousands_are_multiplied_when_the_sender_says_so():
    reading = understood(table("nghìn hộ", 1000), bieu_05(), answers={"scale:nghinho": "convert"})
    assert reading.is_accepted, messages(reading)
    first = reading.values[0]
    assert (first.value, first.raw) == (1200, "1.2")
    assert reading.understood[0].notes == ("Đã đổi số từ nghìn hộ sang hộ.",)


def test_numbers_may_stand_although_the_title_speaks_of_thousands():
    reading = understood(table("nghìn hộ"), bieu_05(), answers={"scale:nghinho": "keep"})
    assert reading.is_accepted, messages(reading)
    assert reading.values[0].value == 1200


def test_a_printed_total_is_multiplied_too():
    grid = table("nghìn hộ", 1000)
    grid.append([None, "Tổng cộng", *(sum(r[c] for r in grid[3:]) for c in range(2, 9))])
    reading = understood(grid, bieu_05(), answers={"scale:nghinho": "convert"})
    [total] = [t for t in reading.reconciliation.totals if t.column == "D01"]
    assert (total.printed, total.computed) == (20_400, 20_400)


def test_a_heading_names_the_unit_of_its_own_column():
    grid = [[*COUNTS[:2], "Tổng số hộ (nghìn hộ)", *COUNTS[3:]], *bieu_05_rows()]
    grid[1:] = [[*row[:2], row[2] / 1000, *row[3:9]] for row in grid[1:]]
    answers = {"scale:nghinho": "convert"}
    assert [q.id for q in understood(grid, bieu_05()).questions] == [*answers]
    reading = understood(grid, bieu_05(), answers=answers)
    assert {v.value for v in reading.values if v.column == "D01"} == {1200}
    assert {v.value for v in reading.values if v.column == "D02"} == {500}


@pytest.mark.parametrize(("unit", "ident"), [("%", "measure:phantram"), ("Người", "measure:nguoi")])
def test_another_unit_of_measure_is_asked(unit, ident):
    assert [q.id for q in understood(table(unit), bieu_05()).questions] == [ident]
    assert understood(table(unit), bieu_05(), answers={ident: "yes"}).is_accepted
    refused = understood(table(unit), bieu_05(), answers={ident: "no"})
    assert [error.rule for error in refused.errors] == ["measure"]


@pytest.mark.parametrize("unit", ["hộ", "Hộ, %", "hộ; người", "Hộ gia đình", "cuộc", ""])
def test_the_datasets_own_unit_asks_nothing(unit):
    assert understood(table(unit), bieu_05()).is_accepted


def shares_layout():
    column = Column(key="T", measure="T", heading="Tỷ lệ hộ nghèo (%)", value_type="percent",
                    unit_of_measure="%")  # fmt: skip
    return bieu_05(columns=(column,), rules=())


def shares(values) -> list[list]:
    names = [row[1] for row in bieu_05_rows()]
    return [["Tên đơn vị", "Tỷ lệ hộ nghèo"], *zip(names, values, strict=True)]


def test_shares_that_are_parts_of_one_are_asked():
    grid = shares([0.38 + i / 100 for i in range(17)])
    [question] = understood(grid, shares_layout()).questions
    assert question.text == (
        "Cột “Tỷ lệ hộ nghèo (%)” chỉ có số từ 0 đến 1. Ô B2 ghi 0,38 là 38 % hay 0,38 %?"
    )
    as_share = understood(grid, shares_layout(), answers={"percent:T": "convert"})
    assert as_share.values[0].value == 38
    as_written = understood(grid, shares_layout(), answers={"percent:T": "keep"})
    assert as_written.values[0].value == Decimal("0.38")


def test_one_share_over_one_tells_that_they_are_per_cent():
    reading = understood(shares([0.38, 1.5, *[0.2] * 15]), shares_layout())
    assert reading.is_accepted
    assert reading.values[0].value == Decimal("0.38")


def test_cells_that_show_a_percentage_are_read_as_shown():
    sheet = sheet_of(shares([0.38] * 17), percent={(row, 1) for row in range(1, 18)})
    reading = understood(None, shares_layout(), sheets=[sheet])
    assert reading.is_accepted
    assert reading.values[0].value == 38


def test_the_unit_beside_a_measure_counts():
    grid = [["Chỉ tiêu", "Đơn vị tính", "Số liệu"]]
    grid += [[column.heading, column.unit_of_measure, 3] for column in cntt().entered]
    grid[5][1] = "Nghìn " + grid[5][1]
    reading = understood(grid, cntt())
    idents = [question.id for question in reading.questions]
    assert len(idents) == 1
    assert idents[0].startswith("scale:nghin")
    again = understood(grid, cntt(), answers={idents[0]: "convert"})
    key = cntt().entered[4].key
    assert [v.value for v in again.values if v.column == key] == [3000]


@pytest.mark.parametrize(
    ("text", "factor", "base"),
    [("nghìn người", 1000, "nguoi"), ("Triệu đồng", 10**6, "vnd"), ("1.000 hộ", 1000, "ho"),
     ("tỷ VNĐ", 10**9, "vnd"), ("nghìn tỷ đồng", 10**12, "vnd"), ("%", 1, "%"), ("hộ", 1, "ho")],
)  # fmt: skip
def test_what_a_unit_means(text, factor, base):
    assert measure_of(text) == (factor, base)


def test_where_units_are_written():
    assert units_in_title(["Biểu 4a. Hộ", "Đơn vị tính: Nghìn người, %"]) == ["Nghìn người", "%"]
    assert units_in_title(["Đơn vị: xã An Lạc", "Đơn vị báo cáo: UBND huyện"]) == []
    assert unit_in_heading(["Dân số (nghìn người)", "Nam"]) == "nghìn người"
    assert unit_in_heading(["Số hộ (theo chuẩn mới)"]) == ""


def test_style_and_scale_are_asked_in_one_round_and_neither_is_proposed():
    grid = table("nghìn hộ")
    grid[3:] = [[*row[:2], *["1,200"] * 7] for row in grid[3:]]
    questions = understood(grid, bieu_05()).questions
    assert [q.id for q in questions] == ["number_style", "scale:nghinho"]
    assert [q.suggestion for q in questions] == [None, None]
    answers = {"number_style": "1.234,5", "scale:nghinho": "convert"}
    reading = understood(grid, bieu_05(), answers=answers)
    assert {value.value for value in reading.values} == {1200}
