"""Words of an old period: what is found, what is offered, what is passed over."""

import pytest

from portal.collection.services.periods import periods_of
from portal.units.models import IssuingAgency
from reports.renewal import moved_parameters, renamed, replaced, shifts, slips


def period(code):
    return next(one for one in periods_of(int(code[:4])) if one.code == code)


OLD = IssuingAgency(
    pk=1,
    full_name="Ban Dân tộc tỉnh Bắc Giang",
    head_title="TRƯỞNG BAN",
    deputy_title="PHÓ TRƯỞNG BAN",
    place="Bắc Giang",
)
NEW = IssuingAgency(
    pk=2,
    full_name="Sở Dân tộc và Tôn giáo tỉnh Bắc Ninh",
    head_title="GIÁM ĐỐC",
    deputy_title="PHÓ GIÁM ĐỐC",
    place="Bắc Ninh",
)


def offers(text, old, new, **agencies):
    old, new = period(old), period(new)
    found = slips(text, shifts(old, new, **agencies), old)
    return [(slip.found, slip.offer) for slip in found]


def test_the_year_and_its_neighbours_move_together():
    text = "Năm 2023 tăng so với năm 2022; kế hoạch năm 2024 đã giao."
    old, new = period("2023"), period("2024")
    found = slips(text, shifts(old, new), old)
    assert replaced(text, found) == "Năm 2024 tăng so với năm 2023; kế hoạch năm 2025 đã giao."


def test_numbers_of_documents_and_spans_of_years_are_passed_over():
    text = "Quyết định 12/2023/QĐ-TTg, giai đoạn 2021 - 2023, 2023/BC-BDT"
    assert offers(text, "2023", "2024") == []


def test_a_day_of_the_old_period_is_shown_without_an_offer():
    text = "ngày 19/10/2023 của Sở; ngày 30/9/2021; ngày 06 tháng 02 năm 2023; ngày 31/02/2023"
    assert offers(text, "2023", "2024") == [("19/10/2023", ""), ("06 tháng 02 năm 2023", "")]


def test_a_month_moves_with_and_without_its_year():
    text = "Tháng 12 năm 2023, tháng 12/2023, trong tháng 12; năm 2023"
    assert offers(text, "2023-M12", "2024-M01") == [
        ("Tháng 12 năm 2023", "Tháng 01 năm 2024"),
        ("tháng 12/2023", "tháng 01/2024"),
        ("tháng 12", "tháng 01"),
        ("năm 2023", "năm 2024"),
    ]


def test_months_of_two_figures_are_not_taken_for_one():
    assert offers("tháng 10, tháng 1", "2023-M01", "2023-M02") == [("tháng 1", "tháng 2")]


def test_quarters_and_halves_move():
    assert offers("quý III/2023 và Quý III", "2023-Q3", "2023-Q4") == [
        ("quý III/2023", "quý IV/2023"),
        ("Quý III", "Quý IV"),
    ]
    assert offers("6 tháng đầu năm 2023", "2023-H1", "2023-H2") == [
        ("6 tháng đầu năm 2023", "6 tháng cuối năm 2023")
    ]


def test_the_agency_is_told_from_the_ministrys_committee():
    text = "Ban Dân tộc theo Ủy ban Dân tộc; Trưởng ban; xã của tỉnh Bắc Giang"
    assert offers(text, "2023", "2023", old_agency=OLD, new_agency=NEW) == [
        ("Ban Dân tộc", "Sở Dân tộc và Tôn giáo"),
        ("Trưởng ban", "Giám đốc"),
        ("tỉnh Bắc Giang", "tỉnh Bắc Ninh"),
    ]


@pytest.mark.parametrize(
    ("recipient", "then"),
    [
        ("Lãnh đạo Ban", "Lãnh đạo Sở"),
        ("Lãnh đạo Ban (để báo cáo)", "Lãnh đạo Sở (để báo cáo)"),
        ("Các phòng thuộc Ban", "Các phòng thuộc Sở"),
        ("Lãnh đạo Ban Tuyên giáo", "Lãnh đạo Ban Tuyên giáo"),
        ("Ban Tổ chức Tỉnh ủy", "Ban Tổ chức Tỉnh ủy"),
    ],
)
def test_the_own_house_is_named_as_the_new_agency_is(recipient, then):
    assert renamed(recipient, OLD, NEW) == then
    assert renamed(recipient, OLD, OLD) == recipient


def test_parameters_that_name_a_time_move_others_stay():
    given = {
        "year": 2023,
        "period": "2023-Q3",
        "day": "2024-02-29",
        "unit": "220",
        "years": -1,
        "list": "QD861",
    }
    assert moved_parameters(given, period("2023"), period("2024")) == {
        "year": 2024,
        "period": "2024-Q3",
        "day": "2024-02-29",
        "unit": "220",
        "years": -1,
        "list": "QD861",
    }
    assert moved_parameters({"period": "2023-Q3"}, period("2023-Q3"), period("2023-Q4")) == {
        "period": "2023-Q4"
    }
