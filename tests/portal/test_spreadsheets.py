"""Tables of the dashboard as workbooks."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest

from portal.spreadsheets import Column, table_workbook


def sheet_of(rows, total=None):
    content = table_workbook(
        title="Hộ nghèo theo xã",
        about=["Năm 2023", "Toàn tỉnh"],
        columns=[Column("Xã", 24), Column("Hộ", decimals=0), Column("Tỷ lệ (%)", decimals=1)],
        rows=rows,
        total=total,
    )
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_title_filters_headings_and_rows_stand_in_order():
    sheet = sheet_of([["Xã An Lạc", 812, Decimal("9.8")]], total=["Tổng", 812, Decimal("9.8")])
    assert [cell.value for cell in sheet["A"]] == [
        "Hộ nghèo theo xã",
        "Năm 2023",
        "Toàn tỉnh",
        None,
        "Xã",
        "Xã An Lạc",
        "Tổng",
    ]
    assert sheet["B6"].value == 812
    assert sheet["C6"].value == 9.8
    assert sheet["C6"].number_format == "#,##0.0"


@pytest.mark.parametrize(
    "words", ["=1+1", "+84", "-3", "@SUM(A1)", '=HYPERLINK("http://x","y")', "'=1"]
)
def test_words_that_look_like_a_formula_stay_words(words):
    sheet = sheet_of([[words, 1, None]])
    assert sheet["A6"].value == words
    assert sheet["A6"].data_type == "s"
    assert sheet["A6"].quotePrefix


def test_control_characters_do_not_break_the_workbook():
    sheet = sheet_of([["Xã\x00 An\x0b Lạc", 1, None]])
    assert sheet["A6"].value == "Xã An Lạc"


def test_a_missing_value_is_written_as_its_reason():
    assert sheet_of([["Xã An Lạc", "Không công bố", None]])["B6"].value == "Không công bố"


def test_an_empty_table_is_still_a_workbook():
    assert sheet_of([])["A5"].value == "Xã"
