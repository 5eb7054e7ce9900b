"""Figures asked for another unit, another year, as a difference; numbers in words."""

import datetime
from decimal import Decimal

import pytest

from portal.collection.services.periods import periods_of
from reports import figures
from reports.figures.spelling import spelled
from reports.models import Style


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0", "không"),
        ("5", "năm"),
        ("10", "mười"),
        ("14", "mười bốn"),
        ("15", "mười lăm"),
        ("21", "hai mươi mốt"),
        ("24", "hai mươi tư"),
        ("73", "bảy mươi ba"),
        ("101", "một trăm linh một"),
        ("110", "một trăm mười"),
        ("115", "một trăm mười lăm"),
        ("1005", "một nghìn không trăm linh năm"),
        ("21000", "hai mươi mốt nghìn"),
        ("257273", "hai trăm năm mươi bảy nghìn hai trăm bảy mươi ba"),
        ("1000000", "một triệu"),
        ("1000001", "một triệu không trăm linh một"),
        ("2000000015", "hai tỷ không trăm mười lăm"),
        ("-3", "âm ba"),
        ("2.50", "hai phẩy năm"),
        ("67.41", "sáu mươi bảy phẩy bốn một"),
    ],
)
def test_numbers_are_spelled_as_they_are_spoken(number, words):
    assert spelled(Decimal(number)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [("3.1", "tăng 3,1"), ("-12", "giảm 12"), ("0.001", "không đổi"), ("-1234.5", "giảm 1.234,5")],
)
def test_a_change_is_said_with_its_direction(value, words):
    assert figures.printed(Decimal(value), Style.CHANGE) == words


def test_parameters_that_mean_nothing_are_dropped():
    told = {
        "unit": "220",
        "group": "",
        "years": "-1",
        "compare": "difference",
        "so": "x",
        "sex": ["a"],
        "kind": "x" * 99,
        "list": "a\0b",
    }
    assert figures.scoped(told) == {"unit": "220", "years": -1, "compare": "difference"}
    for wrong in ("99", "²", "1e9", "-", "", True, 0, None, 3.5):
        assert figures.scoped({"years": wrong}) == {}
    assert figures.scoped({"compare": "drop"}) == {}


def by_year(values):
    def compute(scope):
        value = values.get(scope.period.code)
        missing = "" if value is not None else "not_collected"
        return figures.Computed(value, missing, "hộ", {"period": scope.period.label})

    return figures.FigureQuery("thu", "Số hộ", "hộ", Style.NUMBER, compute)


def scope(code, **parameters):
    period = next(one for one in periods_of(int(code[:4])) if one.code == code)
    return figures.Scope(period, datetime.date(2024, 2, 29), parameters)


@pytest.mark.django_db
class TestAsking:
    values = {"2023": Decimal(120), "2022": Decimal(150), "2023-Q3": Decimal(7)}

    def test_another_year_is_the_same_part_of_it(self):
        query = by_year(self.values)
        assert figures.ask(query, scope("2023", years=-1)).value == 150
        assert figures.ask(query, scope("2024-Q3", years=-1)).value == 7
        assert figures.ask(query, scope("2023", years=-9)).missing == "not_collected"

    def test_a_difference_names_both_numbers_and_periods(self):
        found = figures.ask(by_year(self.values), scope("2023", compare="difference"))
        assert found.value == -30
        assert found.provenance["formula"].startswith("120 so với 150")
        assert found.provenance["period"] == "Năm 2023, so với Năm 2022"

    def test_a_percent_of_nothing_is_no_number(self):
        found = figures.ask(by_year(self.values), scope("2023", compare="percent"))
        assert (found.value, found.unit_of_measure) == (-20, "%")
        nothing = by_year({"2023": Decimal(1), "2022": Decimal(0)})
        assert figures.ask(nothing, scope("2023", compare="percent")).missing == "not_applicable"

    def test_a_difference_without_one_of_them_says_why(self):
        found = figures.ask(by_year({"2023": Decimal(1)}), scope("2023", compare="difference"))
        assert (found.value, found.missing) == (None, "not_collected")

    def test_a_query_that_tells_no_units_apart_is_not_said_to(self):
        told = {"unit": "220", "group": "02", "years": -1}
        assert figures.fitting(by_year({}), told) == {"years": -1}
        assert figures.fitting(figures.find("K14"), told) == told

    def test_the_title_says_what_is_asked_for(self):
        query = by_year(self.values)
        day = datetime.date(2023, 12, 31)
        title = figures.title_of(query, {"unit": "220", "years": -1}, on=day)
        assert title == "Số hộ, Huyện Sơn Động, năm trước"
        compared = figures.title_of(query, {"compare": "percent"}, on=day)
        assert compared == "Số hộ, tăng, giảm so với năm trước (%)"
