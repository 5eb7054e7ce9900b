"""Small things that stand in real files: districts behind names, rows of shares, codes, ticks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from portal.collection.resources import CountWidget, YesNoWidget
from portal.collection.workbooks.labels import kind_of
from portal.collection.workbooks.layout import Column
from portal.collection.workbooks.names import UnitNames
from tests.collection.files.foreign import messages, sheet_of, understood
from tests.collection.files.forms import (
    HEADING,
    bieu_05_grid,
    bieu_05_rows,
    values_by_cell,
)
from tests.collection.files.layouts import bieu_05, dan_so, groups, units_of, units_of_2023

WHOLE = values_by_cell(understood(bieu_05_grid(), bieu_05()))


@pytest.mark.parametrize(
    "form",
    ["{}, huyện Sơn Động", "{} - Sơn Động", "{} (H. Sơn Động)",
     "{}, huyện Sơn Động, tỉnh Bắc Giang", "\u200f{}\u202c"],
)  # fmt: skip
def test_a_district_behind_the_name_does_not_hide_the_unit(form):
    rows = [[n, form.format(name), *rest] for n, name, *rest in bieu_05_rows()]
    assert values_by_cell(understood(bieu_05_grid(rows), bieu_05())) == WHOLE


def test_a_district_behind_the_name_tells_namesakes_apart():
    names = UnitNames(units_of("220"), units_of_2023())
    own = next(unit for unit in units_of("220") if unit.name == "Vân Sơn")
    assert names.find("Xã Vân Sơn, huyện Sơn Động").code == own.code
    assert names.find("Xã Vân Sơn (huyện Tân Yên)").codes == ()


@pytest.mark.parametrize(
    ("label", "kind"),
    [("Total", "total"), ("Grand Total", "total"), ("Trung bình", "worked out"),
     ("Tỷ lệ %", "worked out"), ("So với cùng kỳ", "worked out"), ("Năm 2022", "worked out"),
     ("Tăng Tiến", "name"), ("Totalo", "name")],
)  # fmt: skip
def test_rows_that_were_worked_out_are_told_from_names(label, kind):
    assert kind_of(label) == kind


def test_rows_of_shares_and_of_other_years_are_left_out():
    rows = [*bieu_05_rows(), [None, "Bình quân", *[7] * 7], [None, "Năm 2022", *[9] * 7]]
    reading = understood(bieu_05_grid(rows, total=False), bieu_05())
    assert values_by_cell(reading) == WHOLE
    assert messages(reading) == []


def test_a_sum_without_a_name_is_a_sum_and_another_row_without_a_name_is_not():
    rows = bieu_05_rows()
    sums = [sum(row[c] for row in rows) for c in range(2, 9)]
    assert (
        messages(understood([HEADING[:9], *(r[:9] for r in rows), ["", "", *sums]], bieu_05()))
        == []
    )
    sums[0] += 1
    reading = understood([HEADING[:9], *(r[:9] for r in rows), ["", "", *sums]], bieu_05())
    assert [issue.cell for issue in reading.issues] == ["B19"]


def test_numbered_headings():
    heading = [f"{n}. {text}" for n, text in enumerate(HEADING, 1)]
    assert values_by_cell(understood([heading, *bieu_05_rows()], bieu_05())) == WHOLE


def test_a_second_sheet_without_headings_goes_on_with_the_table():
    rows = bieu_05_rows()
    second = sheet_of([["(tiếp theo)"], *rows[9:]], name="Trang 2")
    reading = understood([HEADING, *rows[:9]], bieu_05(), sheets=[second])
    assert values_by_cell(reading) == WHOLE
    assert {value.sheet for value in reading.values} == {"Bieu", "Trang 2"}


def test_a_second_sheet_whose_columns_nobody_can_tell_is_said():
    rows = bieu_05_rows()
    second = sheet_of([["", "", "", *row] for row in rows[9:]], name="Trang 2")
    reading = understood([HEADING, *rows[:9]], bieu_05(), sheets=[second])
    assert [(i.rule, i.sheet) for i in reading.issues if i.rule == "sheet_aside"] == [
        ("sheet_aside", "Trang 2")
    ]
    assert "dòng 1 đến 8" in messages(reading)[0]


def test_equal_numbers_on_two_sheets_ask_nothing():
    sheets = [sheet_of([HEADING, row], name=row[1]) for row in bieu_05_rows()]
    reading = understood(bieu_05_grid(), bieu_05(), sheets=sheets)
    assert values_by_cell(reading) == WHOLE
    assert not reading.questions


# codes of groups


def people(codes, *, names=True):
    heading = ["Xã", "Mã dân tộc", *(["Dân tộc"] if names else []), "Nam", "Nữ"]
    shown = [[code, *([group.name] if names else []), 5, 5]
             for code, group in zip(codes, groups(), strict=False)]  # fmt: skip
    return [heading, *(["Xã An Lạc", *row] for row in shown)]


def test_a_code_that_is_another_groups_is_said_and_the_name_is_read():
    reading = understood(people(["01", "02", "04", "04", "05"]), dan_so(every_unit=False))
    (issue,) = [issue for issue in reading.issues if issue.rule == "group_code"]
    assert (issue.cell, issue.severity, issue.group) == ("B4", "warning", "03")
    assert "mã 04 là của dân tộc" in issue.message


@pytest.mark.parametrize("codes", [
    [group.code for group in groups()[:6]],
    [group.alt_codes[0][1] for group in groups()[:6]],
    [1, 2, 3, 1, 2, 3],
])  # fmt: skip
def test_codes_of_either_system_and_mere_numbering_say_nothing(codes):
    assert messages(understood(people(codes), dan_so(every_unit=False))) == []


def test_codes_without_names_are_not_taken_for_sums():
    reading = understood(people(["01", "02"], names=False), dan_so(every_unit=False))
    assert "Hãy thêm cột “Dân tộc”" in messages(reading)[0]
    assert not reading.values


# cells


def cleaned(widget, value, **more):
    column = Column(key="Z01", measure="Z01", heading="Khu vực", **more)
    return widget(column, None).clean(value)


@pytest.mark.parametrize("text", ["II", "ii", "Khu vực II", "KV II", "xã KV2", "2"])
def test_a_class_may_be_written_in_roman_numerals(text):
    assert cleaned(CountWidget, text, minimum=Decimal(1), maximum=Decimal(3)) == 2


def test_roman_numerals_beyond_the_classes_and_of_counts_are_no_numbers():
    for text, highest in (("IV", Decimal(3)), ("II", None)):
        with pytest.raises(ValidationError):
            cleaned(CountWidget, text, maximum=highest)


@pytest.mark.parametrize(
    ("text", "value"),
    [("✓", 1), ("v", 1), ("C", 1), ("Đã có", 1), ("ko", 0), ("K", 0), ("-", 0), ("☐", 0)],
)
def test_ticks_and_short_words_for_yes_and_no(text, value):
    assert cleaned(YesNoWidget, text, value_type="yes_no") == value


@pytest.mark.parametrize("text", ["1175 (1)", "1175 [2]", "120 (45)"])
def test_two_whole_numbers_in_one_cell_are_not_chosen_between(text):
    with pytest.raises(ValidationError, match="hai số hoặc ký hiệu chú thích"):
        cleaned(CountWidget, text)
