"""Numbers in every style, signs for none, and the style of a file."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.collection.workbooks.numbers import (
    COMMA_GROUPS,
    DOT_GROUPS,
    NotANumber,
    Unclear,
    missing_reason,
    parse,
    vietnamese,
)
from portal.collection.workbooks.rules import Beside
from portal.collection.workbooks.source import DateCell, ErrorCell, Uncomputed
from tests.collection.files.foreign import messages, understood
from tests.collection.files.forms import HEADING, bieu_05_rows
from tests.collection.files.layouts import bieu_05, dan_so, units_of

AN_LAC = units_of("220")[3]


def with_cell(value, *, column: int = 4, rows: int = 17, **options):
    """Biểu 05 with one cell of the third commune (row 4 of the sheet) replaced."""
    grid = [HEADING, *[[*row] for row in bieu_05_rows(rows)]]
    grid[3][column] = value
    return understood(grid, bieu_05(), **options)


def written(value: Decimal, groups: str, point: str) -> str:
    text = f"{value:,f}"
    return text.translate(str.maketrans(",.", groups + point))


@given(
    st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False),
    st.sampled_from([(".", ",", DOT_GROUPS), (",", ".", COMMA_GROUPS)]),
    st.sampled_from(["", " ", "\u00a0"]),
)
def test_a_number_written_in_a_style_is_read_back_in_it(value, style, pad):
    groups, point, name = style
    assert parse(pad + written(value, groups, point) + pad, name) == value


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from([" ", "\u00a0", "\u202f", "."]))
def test_whole_numbers_are_read_whatever_stands_between_thousands(value, groups):
    text = f"{value:,}".replace(",", groups)
    assert parse(text, DOT_GROUPS) == value


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3))
def test_a_number_shown_in_vietnamese_is_read_back(value):
    assert parse(vietnamese(value), DOT_GROUPS) == value


@given(st.text(max_size=30), st.sampled_from([None, DOT_GROUPS, COMMA_GROUPS]))
def test_no_text_breaks_the_parser(text, style):
    try:
        value = parse(text, style)
    except (NotANumber, Unclear):
        return
    assert isinstance(value, Decimal)
    assert value.is_finite()
    assert any(char.isdigit() for char in text)


@given(st.integers(1, 999), st.integers(0, 999))
def test_what_reads_two_ways_is_unclear_without_a_style(thousands, rest):
    for separator in ".,":
        with pytest.raises(Unclear):
            parse(f"{thousands}{separator}{rest:03}", None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3312297", "3312297"),
        ("1.845.492", "1845492"),
        ("82,085,826", "82085826"),
        ("8 053 663", "8053663"),
        ("99,13", "99.13"),
        ("88.6", "88.6"),
        (".4", "0.4"),
        ("0.0", "0"),
        ("76.878 (38,34%)", "76878"),
        ("45 hộ", "45"),
        ("１２", "12"),
        ("−5", "-5"),
        ("- 5", "-5"),
        ("+7", "7"),
        ("'45", "45"),
    ],
)
def test_the_ways_numbers_are_printed(text, value):
    style = DOT_GROUPS if text.startswith("76") else None
    assert parse(text, style) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "hai", "1e5", "12a3", "1..2", "1.2.3", "12,34,56", "5,", "--5", "Như cột 4", "٣"],
)
def test_what_is_no_number(text):
    with pytest.raises((NotANumber, Unclear)):
        parse(text, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("…", "not_collected"),
        ("...", "not_collected"),
        ("Không có số liệu", "not_collected"),
        ("chưa thống kê", "not_collected"),
        ("x", "not_applicable"),
        ("X", "not_applicable"),
        ("không áp dụng", "not_applicable"),
        ("Không công bố", "confidential"),
        ("0", None),
        ("-", None),
        ("", None),
        ("không", None),
    ],
)
def test_signs_and_words_for_a_missing_value(text, reason):
    assert missing_reason(text) == reason


# the same through a whole file


def test_blank_zero_dash_x_and_dots_are_different_things():
    rows = [[*row] for row in bieu_05_rows(4)]
    for row, sign in zip(rows, [0, "-", "x", "…"], strict=True):
        row[6] = sign
    reading = understood([HEADING, *rows], bieu_05())
    assert reading.is_accepted, messages(reading)
    found = [(v.value, v.missing) for v in reading.values if v.indicator == "N09"]
    assert found == [(0, None), (0, None), (None, "not_applicable"), (None, "not_collected")]
    assert [v.raw for v in reading.values if v.indicator == "N09"] == ["0", "-", "x", "…"]
    assert any("“-”" in issue.message for issue in reading.warnings)


def test_a_blank_cell_is_an_omission_and_never_zero():
    reading = with_cell(None)
    [error] = reading.errors
    assert (error.rule, error.cell) == ("required", "E4")
    assert not [v for v in reading.values if v.cell == "E4"]


def test_many_blanks_are_asked_about():
    rows = [[*row] for row in bieu_05_rows()]
    for row in rows[:5]:
        row[8] = None
    grid = [HEADING, *rows]
    [question] = understood(grid, bieu_05()).questions
    assert question.id == "blank"
    zero = understood(grid, bieu_05(), answers={"blank": "zero"})
    assert zero.is_accepted, messages(zero)
    assert sum(v.value == 0 for v in zero.values if v.indicator == "N11") == 5
    none = understood(grid, bieu_05(), answers={"blank": "not_collected"})
    assert sum(v.missing == "not_collected" for v in none.values) == 5
    own = understood(grid, bieu_05(), answers={"blank": "error"})
    assert len(own.errors) == 5


def test_a_row_without_any_entry_is_one_error():
    rows = [[*row] for row in bieu_05_rows()]
    rows[4][2:] = [None] * 9
    reading = understood([HEADING, *rows], bieu_05())
    [error] = reading.errors
    assert "Dòng 6" in error.message


@pytest.mark.parametrize(
    ("value", "rule", "part"),
    [
        ("hai", "number", "“hai” không phải là số"),
        ("Như cột số 4", "number", "không phải là số"),
        (-5, "range", "số âm"),
        ("-5", "range", "số âm"),
        (12.5, "integer", "không phải số nguyên"),
        (10.98, "integer", "10.980"),
        (True, "number", "ĐÚNG"),
        (DateCell("2023-02-01"), "date", "ngày (01/02/2023), có thể là “1.2”"),
        (DateCell("1903-04-14"), "date", "có thể là số 1.200"),
        (DateCell("12:30:00"), "date", "ô đang là giờ"),
        (ErrorCell("#REF!"), "error_value", "#REF!"),
        (Uncomputed(), "formula", "công thức chưa có kết quả"),
        (float("nan"), "number", "không phải là số"),
        (float("inf"), "number", "không phải là số"),
        (501, "N03-D02", "lớn hơn số hộ dân tộc thiểu số (500). Sửa một trong hai ô."),
    ],
)
def test_each_mistake_is_said_at_its_cell(value, rule, part):
    reading = with_cell(value)
    [error] = reading.errors
    assert (error.rule, error.cell, error.sheet) == (rule, "E4", "Bieu")
    assert error.message.startswith("Ô E4, Số hộ nghèo dân tộc thiểu số: ")
    assert part in error.message
    assert error.message.endswith(".")
    assert reading.reconciliation.refused == 1


def test_all_mistakes_are_said_at_once():
    rows = [[*row] for row in bieu_05_rows()]
    for number, row in enumerate(rows):
        row[2 + number % 7] = f"sai {number}"
    reading = understood([HEADING, *rows], bieu_05())
    assert len(reading.errors) == 17
    assert len({error.cell for error in reading.errors}) == 17


def test_minority_households_above_all_households():
    reading = with_cell(2000, column=3)
    assert [error.message for error in reading.errors] == [
        "Ô D4, Số hộ dân tộc thiểu số: 2.000 lớn hơn tổng số hộ (1.200). Sửa một trong hai ô."
    ]


def test_a_change_against_the_year_before_is_a_warning():
    unit = units_of("220")[2].code
    previous = {(unit, "N03", None, None, ""): Decimal(10)}
    reading = with_cell(50, beside=Beside(previous=previous))
    assert reading.is_accepted
    [warning] = reading.warnings
    assert "tăng 5 lần so với kỳ trước (10)" in warning.message
    near = Beside(previous={(unit, "N03", None, None, ""): Decimal(45)})
    assert not with_cell(50, beside=near).warnings


def test_a_computed_column_that_differs_is_a_warning():
    reading = with_cell(12.5, column=9)
    assert reading.is_accepted
    [warning] = reading.warnings
    assert (warning.cell, warning.rule) == ("J4", "computed")
    assert "12,5" in warning.message
    assert "là 10." in warning.message


@pytest.mark.parametrize("value", [10, "10", "10,0", "10%", 0.1, "9,97", None, "", "…"])
def test_a_computed_column_that_agrees_is_silent(value):
    if value == "9,97":
        reading = with_cell(value, column=9)
        assert len(reading.warnings) == 1
    else:
        assert not with_cell(value, column=9).issues


def test_computed_columns_are_not_stored():
    assert not {v.indicator for v in with_cell(50).values} & {"N06", "N07"}


# the style of a file


def text_rows(first: str, others: str, percent: str = "10,0") -> list[list]:
    rows = [[*row] for row in bieu_05_rows()]
    for row in rows:
        row[2], row[9] = others, percent
    rows[0][2] = first
    return [HEADING, *rows]


def test_the_other_cells_decide_what_a_dot_means():
    reading = understood(text_rows("1.234", "12.345.678"), bieu_05())
    assert reading.is_accepted, messages(reading)
    assert reading.values[0].value == 1234
    assert reading.understood[0].number_style == "1.234,5"


def test_decimals_elsewhere_decide_what_a_dot_means():
    reading = understood(text_rows("1.234", "1.200", percent="10,05"), bieu_05())
    assert reading.values[0].value == 1234
    english = understood(text_rows("1,234", "1,200", percent="10.05"), bieu_05())
    assert english.values[0].value == 1234
    assert english.understood[0].number_style == "1,234.5"


def test_spaces_between_thousands():
    reading = understood(text_rows("8 053 663", "1 200"), bieu_05())
    assert reading.values[0].value == 8053663
    assert reading.understood[0].number_style == "1 234,5"


def test_an_open_style_is_asked_and_never_guessed():
    grid = text_rows("1.234", "1.200", percent="10")
    reading = understood(grid, bieu_05())
    assert not reading.is_accepted
    [question] = reading.questions
    assert question.id == "number_style"
    assert "1.234" in question.text
    assert not [v for v in reading.values if v.indicator == "D01"]
    answered = understood(grid, bieu_05(), answers={"number_style": "1.234,5"})
    assert answered.is_accepted, messages(answered)
    assert answered.values[0].value == 1234
    other = understood(grid, bieu_05(), answers={"number_style": "1,234.5"})
    assert "integer" in {error.rule for error in other.errors}


def test_several_counts_with_points_tell_their_style_themselves():
    grid = text_rows("1.234", "1.200", percent="10")
    for row, text in zip(grid[2:], ["1.213", "1.001", "1.250", "1.777"], strict=False):
        row[2] = text
    reading = understood(grid, bieu_05())
    assert reading.is_accepted, messages(reading)
    assert reading.understood[0].number_style == "1.234,5"
    assert reading.values[0].value == 1234


def test_a_style_that_breaks_whole_numbers_is_asked():
    """Shares with a decimal point, counts with a point between thousands: two hands."""
    [question] = understood(text_rows("1.234", "1.200", percent="10.05"), bieu_05()).questions
    assert question.id == "number_style"


def test_a_damaged_number_among_thousands_is_an_error():
    reading = understood(text_rows("10.98", "12.345.678"), bieu_05())
    [error] = reading.errors
    assert error.rule == "unclear"
    assert "10.980" in error.message


def test_a_share_in_the_same_cell_is_left_aside():
    rows = [["STT", "Dân tộc", "Tổng số", "Nam", "Nữ"],
            [1, "Nùng", "76.878 (38,34%)", 40000, 36878]]  # fmt: skip
    reading = understood(rows, dan_so(units=(AN_LAC,)))
    assert reading.is_accepted, messages(reading)
    assert reading.values[0].value == 76878
    assert reading.values[0].raw == "76.878 (38,34%)"
