"""Headings as officers write them: titles, two and three rows, abbreviations, odd order."""

from __future__ import annotations

import pytest

from portal.collection.workbooks.recognising import recognise
from portal.collection.workbooks.source import Source
from tests.collection.files.foreign import messages, sheet_of, understood
from tests.collection.files.forms import HEADING, MARKS, NUMBERS, bieu_05_grid, bieu_05_rows
from tests.collection.files.layouts import bieu_05, cntt, dan_so, ngheo_dan_toc, units_of

UNITS = units_of("220")


def keys(reading) -> dict[str, str | None]:
    return {column.letter: column.key for column in reading.understood[0].columns}


def test_title_unit_of_measure_headings_and_marks_are_told_apart():
    reading = understood(bieu_05_grid(), bieu_05())
    assert reading.is_accepted, messages(reading)
    first = reading.understood[0]
    assert first.heading_rows == (3, 4)
    assert first.first_row == 5
    assert first.unit_of_measure == "hộ"
    assert "Biểu 05" in first.title


def test_two_rows_of_merged_headings():
    rows = [
        ["STT", "Đơn vị", "Tổng số hộ", "Hộ dân tộc thiểu số", None, None, "Biến động hộ DTTS",
         None, None],
        [None, None, None, "Tổng số", "Hộ nghèo", "Hộ cận nghèo", "Thoát nghèo", "Phát sinh mới",
         "Tái nghèo"],
        *[row[:9] for row in bieu_05_rows()],
    ]  # fmt: skip
    merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 5), (0, 6, 0, 8)]
    reading = understood(rows, bieu_05(), merges=merges)
    assert reading.is_accepted, messages(reading)
    assert list(keys(reading).values())[2:] == ["D01", "D02", "N03", "N04", "N09", "N10", "N11"]
    assert reading.understood[0].heading_rows == (1, 2)


def test_two_rows_of_headings_without_merged_cells():
    rows = [
        ["STT", "Đơn vị", "Tổng số hộ", "Hộ dân tộc thiểu số", None, None, "Biến động hộ DTTS",
         None, None],
        [None, None, None, "Tổng số", "Hộ nghèo", "Hộ cận nghèo", "Thoát nghèo", "Phát sinh mới",
         "Tái nghèo"],
        *[row[:9] for row in bieu_05_rows()],
    ]  # fmt: skip
    reading = understood(rows, bieu_05())
    assert reading.is_accepted, messages(reading)
    assert len(reading.values) == 17 * 7


def test_three_rows_of_headings():
    rows = [
        ["TT", "Xã, thị trấn", "Kết quả rà soát năm 2023", *[None] * 6],
        [None, None, "Tổng số hộ", "Trong đó: hộ DTTS", *[None] * 5],
        [None, None, None, "Tổng số", "Nghèo", "Cận nghèo", "Thoát nghèo", "Phát sinh mới",
         "Tái nghèo"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"],
        *[row[:9] for row in bieu_05_rows()],
    ]  # fmt: skip
    merges = [(0, 0, 2, 0), (0, 1, 2, 1), (0, 2, 0, 8), (1, 2, 2, 2), (1, 3, 1, 8)]
    reading = understood(rows, bieu_05(), merges=merges)
    assert not reading.errors, messages(reading)
    assert keys(reading)["D"] == "D02"
    assert reading.understood[0].heading_rows == (1, 2, 3, 4)


def test_columns_in_another_order_are_matched_by_name():
    order = [0, 1, 8, 7, 6, 5, 4, 3, 2]
    rows = [[HEADING[i] for i in order], *[[row[i] for i in order] for row in bieu_05_rows()]]
    reading = understood(rows, bieu_05())
    assert reading.is_accepted, messages(reading)
    assert {v.indicator: v.value for v in reading.values}["D01"] == NUMBERS[0]


@pytest.mark.parametrize(
    "marks",
    [
        MARKS,
        ["(A)", "(B)", "(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"],
        ["a", "b", "1", "2", "3", "4", "5", "6", "7", "8=3/2*100", "9 = 4/2"],
        [None, None, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    ],
)
def test_the_row_of_marks_is_no_data(marks):
    reading = understood([HEADING, marks, *bieu_05_rows()], bieu_05())
    assert reading.is_accepted, messages(reading)
    assert reading.reconciliation.rows_read == 17


def test_the_national_motto_above_is_no_heading():
    rows = [
        ["UBND HUYỆN SƠN ĐỘNG", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["PHÒNG DÂN TỘC", None, None, None, "Độc lập - Tự do - Hạnh phúc"],
        *bieu_05_grid(),
    ]
    reading = understood(rows, bieu_05())
    assert reading.is_accepted, messages(reading)
    assert reading.understood[0].heading_rows == (5, 6)


def test_a_near_heading_is_asked_and_the_answer_is_remembered():
    heading = [*HEADING[:4], "Hộ nghèo là người dân tộc trong xã", *HEADING[5:]]
    rows = [heading, *bieu_05_rows()]
    reading = understood(rows, bieu_05())
    [question] = reading.questions
    assert question.suggestion == "N03"
    assert not reading.is_accepted
    answered = understood(rows, bieu_05(), answers={question.id: "N03"})
    assert answered.is_accepted, messages(answered)
    assert len(answered.values) == 17 * 7


def test_a_column_nobody_knows_is_left_aside_when_nothing_is_wanting():
    rows = [[*HEADING, "Số hộ có xe máy"], *[[*row, 77] for row in bieu_05_rows()]]
    reading = understood(rows, bieu_05())
    assert reading.is_accepted, messages(reading)
    assert reading.understood[0].columns[-1].how == "left aside"


def test_a_missing_column_is_one_error():
    rows = [HEADING[:8], *[row[:8] for row in bieu_05_rows()]]
    reading = understood(rows, bieu_05())
    [error] = reading.errors
    assert error.rule == "missing_column"
    assert "tái nghèo" in error.message


def test_columns_of_two_years_are_told_apart_by_the_year():
    heading = ["STT", "Xã"]
    for name in HEADING[2:9]:
        heading += [f"{name} năm 2022", f"{name} năm 2023"]
    rows = [heading]
    for row in bieu_05_rows():
        cells = row[:2]
        for value in row[2:9]:
            cells += [value + 1000, value]
        rows.append(cells)
    reading = understood(rows, bieu_05())
    assert reading.is_accepted, messages(reading)
    assert {v.value for v in reading.values if v.indicator == "D01"} == {NUMBERS[0]}


def test_two_columns_with_the_same_heading_are_asked_about():
    rows = [[*HEADING, "Tổng số hộ"], *[[*row, 999] for row in bieu_05_rows()]]
    reading = understood(rows, bieu_05())
    [question] = reading.questions
    assert [option.value for option in question.options] == ["C", "L"]
    answered = understood(rows, bieu_05(), answers={question.id: "L"})
    assert {v.value for v in answered.values if v.indicator == "D01"} == {999}


def test_headings_are_matched_without_marks_and_decomposed():
    import unicodedata

    plain = ["STT", "Ten don vi", "Tong so ho", "So ho DTTS", "Ho ngheo DTTS",
             "Ho can ngheo DTTS", "Ho DTTS thoat ngheo", "Ho ngheo DTTS phat sinh moi",
             "Ho DTTS tai ngheo"]  # fmt: skip
    for heading in (plain, [unicodedata.normalize("NFD", text) for text in HEADING]):
        rows = [heading, *[row[: len(heading)] for row in bieu_05_rows()]]
        reading = understood(rows, bieu_05())
        assert reading.is_accepted, messages(reading)


def test_print_blocks_side_by_side_in_the_file_are_joined():
    rows = [
        HEADING[:5],
        *[row[:5] for row in bieu_05_rows()],
        [],
        [*HEADING[:2], *HEADING[5:9]],
        *[[*row[:2], *row[5:9]] for row in bieu_05_rows()],
    ]
    reading = understood(rows, bieu_05())
    assert reading.is_accepted, messages(reading)
    assert len(reading.values) == 17 * 7
    assert {v.cell for v in reading.values if v.indicator == "N04"} >= {"C21"}


def test_a_heading_repeated_on_every_printed_page_is_no_data():
    rows = bieu_05_rows()
    reading = understood([HEADING, MARKS, *rows[:9], HEADING, MARKS, *rows[9:]], bieu_05())
    assert reading.is_accepted, messages(reading)
    assert len(reading.values) == 17 * 7


def test_groups_across_with_men_and_women_below():
    rows = [
        ["STT", "Xã", "Tổng số", "Chia theo dân tộc", None, None, None],
        [None, None, None, "Kinh", None, "Tày", None],
        [None, None, None, "Nam", "Nữ", "Nam", "Nữ"],
        *[[n, unit.label, 100, 20, 30, 24, 26] for n, unit in enumerate(UNITS, 1)],
    ]
    merges = [(0, 0, 2, 0), (0, 1, 2, 1), (0, 2, 2, 2), (0, 3, 0, 6), (1, 3, 1, 4), (1, 5, 1, 6)]
    reading = understood(rows, dan_so(), merges=merges)
    assert reading.is_accepted, messages(reading)
    found = {(v.group, v.sex): v.value for v in reading.values if v.unit == UNITS[0].code}
    assert found == {
        ("01", "male"): 20, ("01", "female"): 30, ("02", "male"): 24, ("02", "female"): 26
    }  # fmt: skip


def test_several_sheets_and_only_one_of_the_period():
    old = sheet_of([["Biểu 05 năm 2022"], HEADING, *bieu_05_rows(3)], name="Năm 2022")
    reading = understood(bieu_05_grid(), bieu_05(), sheets=[old], name="x.xlsx")
    assert reading.is_accepted, messages(reading)
    assert {value.sheet for value in reading.values} == {"Bieu"}


def test_two_sheets_with_different_numbers_are_asked_about():
    other = [[*row[:2], *[value + 1 for value in row[2:]]] for row in bieu_05_rows()]
    grid = [HEADING, *bieu_05_rows()]
    sheets = [sheet_of([HEADING, *other], name="Bản cũ")]
    reading = understood(grid, bieu_05(), sheets=sheets)
    assert [question.id for question in reading.questions] == ["sheet"]
    answered = understood(grid, bieu_05(), sheets=sheets, answers={"sheet": "Bản cũ"})
    assert answered.is_accepted, messages(answered)
    assert {v.value for v in answered.values if v.indicator == "D01"} == {NUMBERS[0] + 1}


def test_a_hidden_sheet_with_such_a_table_is_said():
    hidden = sheet_of([HEADING, *bieu_05_rows()], name="Nháp")
    hidden.state = "hidden"
    reading = understood(bieu_05_grid(), bieu_05(), sheets=[hidden])
    assert reading.is_accepted
    assert any("Nháp" in issue.message for issue in reading.warnings)


def test_a_title_of_another_year_is_asked():
    grid = bieu_05_grid()
    grid[0] = ["Biểu 05. Số hộ nghèo năm 2022"]
    [question] = understood(grid, bieu_05()).questions
    assert question.id == "period"
    assert understood(grid, bieu_05(), answers={"period": "yes"}).is_accepted
    refused = understood(grid, bieu_05(), answers={"period": "no"})
    assert [issue.rule for issue in refused.errors] == ["period"]


@pytest.mark.parametrize(
    "title",
    [
        "Biểu 05 (theo Thông tư số 02/2018/TT-UBDT ngày 05/11/2018)",
        "Số hộ nghèo giai đoạn 2021 - 2025, kết quả năm 2023",
        "Có đến 31-12-2022, kỳ báo cáo năm 2023",
        "Theo Quyết định số 861/QĐ-TTg ngày 04 tháng 6 năm 2021",
    ],
)
def test_years_of_cited_documents_are_no_period(title):
    grid = bieu_05_grid()
    grid[0] = [title]
    reading = understood(grid, bieu_05())
    assert reading.is_accepted, reading.questions


def test_the_official_headings_of_the_form_are_known():
    heading = ["STT", "Tên đơn vị", "Tổng số hộ", "hộ DTTS", "hộ nghèo DTTS", "cận nghèo DTTS",
               "thoát nghèo", "phát sinh mới", "tái nghèo", "tỷ lệ hộ nghèo DTTS %",
               "tỷ lệ hộ cận nghèo DTTS %"]  # fmt: skip
    reading = understood([heading, *bieu_05_rows()], bieu_05())
    assert reading.is_accepted, (messages(reading), reading.questions)
    assert len(reading.values) == 17 * 7


def test_headings_with_an_english_half_are_known():
    rows = [
        ["STT", "Dân tộc - Ethnic group", "Tổng số - Total", "Nam - Male", "T.đó: nữ - Female"],
        [1, "Tày - Tay", 60, 30, 30],
    ]
    reading = understood(rows, dan_so(units=UNITS[:1]))
    assert reading.is_accepted, (messages(reading), reading.questions)
    assert {v.sex for v in reading.values} == {None, "male", "female"}


def test_a_table_of_another_dataset_is_one_error():
    rows = [["STT", "Dân tộc", "Tổng số", "Nam", "Nữ"], [1, "Tày", 60, 30, 30]]
    reading = understood(rows, bieu_05())
    assert len(reading.errors) == 1
    assert not reading.questions
    assert not reading.values


def test_a_file_of_sums_alone_says_so():
    rows = [HEADING, [1, "Huyện Lục Ngạn", *NUMBERS], [2, "Huyện Sơn Động", *NUMBERS]]
    [error] = understood(rows, bieu_05()).errors
    assert error.rule == "no_data"
    assert "dòng tổng" in error.message


def test_the_dataset_of_a_file_is_recognised():
    layouts = [bieu_05(), dan_so(), ngheo_dan_toc(), cntt()]
    people = [["Dân tộc", "Tổng số", "Nam", "Nữ"], ["Kinh", 5, 2, 3]]
    poor = [["Dân tộc", "Số hộ nghèo", "Số hộ cận nghèo"], ["Kinh", 5, 2]]
    agency = [["Chỉ tiêu", "Số liệu"], *[[c.heading, 1] for c in cntt().columns]]
    for rows, code in (
        (bieu_05_grid(), "BIEU-05"),
        (people, "DAN-SO"),
        (poor, "NGHEO-DAN-TOC"),
        (agency, "CNTT-CO-QUAN"),
        ([["Họ tên", "Năm sinh"], ["A", 1980]], None),
    ):
        assert recognise(Source("xlsx", [sheet_of(rows)]), layouts) == code
