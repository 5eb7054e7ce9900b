from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from portal import formats


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (0, None, "0"),
        (1803950, None, "1.803.950"),
        (1234.5, None, "1.234,5"),
        (Decimal("1234.50"), None, "1.234,5"),
        (Decimal("14.2600"), None, "14,26"),
        (9.8, 2, "9,80"),
        (-3.05, 1, "−3,1"),
        (2.5, 0, "3"),
        (Decimal("0.125"), 2, "0,13"),
        (-0.04, 1, "0,0"),
        ("1e3", None, "1.000"),
        (
            Decimal("123456789012345678901234567890.5"),
            None,
            "123.456.789.012.345.678.901.234.567.890,5",
        ),
    ],
)
def test_numbers_are_written_with_points_for_thousands(value, decimals, shown):
    assert formats.number(value, decimals) == shown


@pytest.mark.parametrize("nothing", [None, "", "hai", float("nan"), float("inf"), True, object()])
def test_what_is_no_number_is_a_dash_everywhere(nothing):
    writers = (formats.number, formats.signed, formats.percent, formats.money, formats.points)
    assert {write(nothing) for write in writers} == {"–"}


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**15), max_value=10**15
    )
)
def test_a_written_number_reads_back_as_the_same_number(value):
    shown = formats.number(value).replace(".", "").replace(",", ".").replace("−", "-")
    assert Decimal(shown) == value


def test_a_change_carries_its_sign_and_no_change_has_none():
    assert [formats.signed(v, 1) for v in (3.1, -3.1, 0, 0.04)] == ["+3,1", "−3,1", "0,0", "0,0"]
    assert formats.points(-3.1) == "−3,1\u00a0điểm phần trăm"


def test_percentages_drop_an_empty_decimal_place_and_never_divide_by_zero():
    assert formats.percent(100) == "100\u00a0%"
    assert formats.percent(67.44) == "67,4\u00a0%"
    assert formats.share(428, 635) == "67,4\u00a0%"
    assert formats.share(1, 0) == "–"
    assert formats.share(None, 3) == "–"


def test_money_in_millions_becomes_billions_from_a_thousand_on():
    assert formats.money(Decimal("67.4")) == "67,4\u00a0triệu\u00a0đồng"
    assert formats.money(428_000) == "428\u00a0tỷ\u00a0đồng"
    assert formats.money(Decimal("-1500")) == "−1,5\u00a0tỷ\u00a0đồng"
    assert formats.money(0) == "0\u00a0triệu\u00a0đồng"


def test_dates_are_in_the_portals_time_zone():
    evening = datetime(2023, 11, 5, 18, 30, tzinfo=UTC)
    assert formats.moment(evening) == "06/11/2023 01:30"
    assert formats.day(evening) == "06/11/2023"
    assert formats.day(date(2023, 1, 9)) == "09/01/2023"
    assert formats.day(None) == formats.moment(None) == "–"


def test_dates_in_words_follow_the_decree():
    assert formats.day_in_words(date(2023, 2, 6)) == "ngày 06 tháng 02 năm 2023"
    assert formats.day_in_words(date(2023, 11, 26)) == "ngày 26 tháng 11 năm 2023"
    assert formats.day_in_words(date(2023, 3, 26)) == "ngày 26 tháng 3 năm 2023"


def test_file_sizes_are_short():
    sizes = [formats.file_size(n) for n in (0, 812, 12_400, 3_400_000, 2_100_000_000)]
    assert [s.replace("\u00a0", " ") for s in sizes] == [
        "0 B",
        "812 B",
        "12 KB",
        "3,4 MB",
        "2,1 GB",
    ]


def test_a_missing_value_says_why_and_zero_is_not_missing():
    assert formats.value_or_reason(0, "confidential") == "0"
    assert formats.value_or_reason(None, "confidential") == "Không công bố"
    assert formats.value_or_reason(None, "not_applicable") == "Không áp dụng"
    assert formats.value_or_reason(None) == "Không có số liệu"


def test_templates_have_the_filters_and_escape_what_they_show():
    page = Template(
        "{{ n|number:1 }} {{ n|signed }} {{ day|day }} "
        "{{ none|or_reason:'confidential' }} {{ bad|number }}"
    )
    shown = page.render(
        Context({"n": 1234.56, "day": date(2023, 11, 6), "none": None, "bad": "<script>"})
    )
    assert shown == ('1.234,6 +1.234,56 06/11/2023 <span class="missing">Không công bố</span> –')


def test_the_first_values_of_a_form_have_no_zeros_at_their_end():
    told = {"parameter": Decimal("2.0000"), "maximum": Decimal("100000000.0000"), "message": "a"}
    trimmed = formats.trimmed(told)
    assert [str(value) for value in trimmed.values()] == ["2", "100000000", "a"]


@pytest.mark.parametrize(
    ("days", "shown"), [(1, "1 ngày"), (729, "729 ngày"), (730, "hơn 2 năm"), (1168, "hơn 3 năm")]
)
def test_lateness_is_told_in_days_and_then_in_years(days, shown):
    assert formats.lateness(days) == shown
