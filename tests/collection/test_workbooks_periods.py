"""Whose file it is and of which time, by titles and by the file's name."""

from __future__ import annotations

import pytest

from portal.collection.workbooks.periods import claims_of
from tests.collection.files.foreign import messages, understood
from tests.collection.files.forms import HEADING, NUMBERS, bieu_05_rows
from tests.collection.files.layouts import bieu_05, units_of

GRID = [HEADING, *bieu_05_rows()]


@pytest.mark.parametrize(
    ("title", "year", "part", "until"),
    [
        ("Biểu 05 NĂM 2023", 2023, "", 0),
        ("quý III/2023", 2023, "Q3", 0),
        ("Quý 3 năm 2023", 2023, "Q3", 0),
        ("6 tháng đầu năm 2023", 2023, "H1", 0),
        ("Sáu tháng cuối năm 2022", 2022, "H2", 0),
        ("9 tháng năm 2023", 2023, "9M", 0),
        ("Báo cáo tháng 6/2023", 2023, "M06", 0),
        ("tháng 6 năm 2023", 2023, "M06", 0),
        ("Có đến 31-12-2023", 2023, "", 12),
        ("tính đến ngày 01/4/2019", 2019, "", 4),
        ("Thời điểm 0h ngày 1.10.2019", 2019, "", 10),
        ("tính đến 2023-12-31", 2023, "", 12),
        ("tính đến ngày 05 tháng 9 năm 2023", 2023, "", 9),
    ],
)
def test_times_in_their_usual_forms(title, year, part, until):
    assert [(c.year, c.part, c.until) for c in claims_of([title])] == [(year, part, until)]


@pytest.mark.parametrize(
    "title",
    [
        "Sơn Động, ngày 05 tháng 9 năm 2023",
        "theo Quyết định 861/QĐ-TTg ngày 04/6/2021",
        "Giai đoạn 2021-2025",
        "Tăng so với năm 2022",
    ],
)
def test_dates_of_documents_are_no_times_of_the_data(title):
    assert claims_of([title]) == []


@pytest.mark.parametrize(
    ("title", "name", "words"),
    [
        ("Biểu 05 năm 2022", "a.xlsx", "năm 2022"),
        ("Biểu 05, Quý III/2023", "a.xlsx", "Quý III/2023"),
        ("6 tháng đầu năm 2023", "a.xlsx", "6 tháng đầu năm 2023"),
        ("Có đến 31/12/2021", "a.xlsx", "Có đến 31/12/2021"),
        ("", "Bieu05-2022.xlsx", "năm 2022"),
    ],
)
def test_another_time_is_asked(title, name, words):
    reading = understood([[title], *GRID], bieu_05(), name=name)
    [question] = reading.questions
    assert question.id == "period"
    assert f"“{words}”" in question.text
    assert understood([[title], *GRID], bieu_05(), name=name, answers={"period": "yes"}).is_accepted
    refused = understood([[title], *GRID], bieu_05(), name=name, answers={"period": "no"})
    assert [error.rule for error in refused.errors] == ["period"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Biểu 05 năm 2023", "bieu05-2022.xlsx"),
        ("So sánh năm 2022 và năm 2023", "a.xlsx"),
        ("Có đến 01/01/2024", "a.xlsx"),
        ("", "Bieu 05 nam 2023.xlsx"),
        ("", "bieu05_20220915.xlsx"),
        ("Ngày 05 tháng 9 năm 2024", "a.xlsx"),
    ],
)
def test_the_period_at_hand_asks_nothing(title, name):
    reading = understood([[title], *GRID], bieu_05(), name=name)
    assert reading.is_accepted, messages(reading)


def test_a_quarter_fits_its_own_period_only():
    quarter = bieu_05(period="2023-Q3", period_label="Quý III năm 2023")
    assert understood([["Quý III/2023"], *GRID], quarter).is_accepted
    assert [q.id for q in understood([["Quý II/2023"], *GRID], quarter).questions] == ["period"]


def test_another_district_in_the_title_is_asked():
    grid = [["Biểu 05 huyện Lục Ngạn"], *GRID]
    assert [q.id for q in understood(grid, bieu_05()).questions] == ["whose_file"]
    assert understood(grid, bieu_05(), answers={"whose_file": "yes"}).is_accepted
    refused = understood(grid, bieu_05(), answers={"whose_file": "no"})
    assert [error.rule for error in refused.errors] == ["other_unit"]


def test_a_row_without_a_name_is_the_units_that_the_files_name_gives_or_asked():
    grid = [HEADING[2:], NUMBERS]
    an_lac = next(unit for unit in units_of("220") if unit.name == "An Lạc")
    named = understood(grid, bieu_05(), name="Bieu05_xa An Lac_2023.xls")
    assert {value.unit for value in named.values} == {an_lac.code}
    asked = understood(grid, bieu_05(), name="bieu05.xls")
    assert [question.id for question in asked.questions] == ["whose"]
    told = understood(grid, bieu_05(), name="bieu05.xls", answers={"whose": an_lac.code})
    assert {value.unit for value in told.values} == {an_lac.code}
