"""The demo province: made-up parts of real totals."""

import datetime
from decimal import Decimal

import pytest

from ethnic_data.aggregation import answer, answers_by_group
from ethnic_data.demo import load_demo
from ethnic_data.demo.figures import CENSUS_YEAR, KINH, Place, apportion, people, year
from ethnic_data.models import PublishedFigure
from portal.collection.models import Submission
from tests.cast import unit

NOW = datetime.datetime(2023, 11, 20, 9, tzinfo=datetime.UTC)

PLACES = [
    Place("07645", "220", 3000, True),
    Place("07624", "220", 2500, True),
    Place("07201", "213", 11500, False),
    Place("07528", "219", 4000, True),
]
CENSUS = {"01": 15467, "02": 590, "07": 958, "18": 338}


def test_parts_sum_to_the_whole_and_the_largest_remainders_win():
    assert apportion(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert sum(apportion(257_273, {str(n): n for n in range(209)}).values()) == 257_273
    assert apportion(0, {"a": 1}) == {"a": 0}
    assert apportion(5, {"a": 0, "b": 0}) == {"a": 0, "b": 0}


def test_people_of_the_communes_sum_to_the_census_for_each_group():
    found = people(PLACES, CENSUS)
    for group, count in CENSUS.items():
        assert sum(row[group] for row in found.values()) == count


def test_minorities_live_mostly_in_the_listed_communes():
    found = people(PLACES, CENSUS)
    listed = {place.code for place in PLACES if place.is_listed}
    inside = sum(row[g] for code, row in found.items() if code in listed for g in row if g != KINH)
    assert inside > 0.8 * sum(count for group, count in CENSUS.items() if group != KINH)


@pytest.mark.parametrize("number", [2021, 2022, 2023])
def test_a_years_form_05_keeps_its_own_rules(number):
    base = people(PLACES, CENSUS)
    made = year(number, PLACES, CENSUS, base, {})
    for place in PLACES:
        row = made.form_05[place.code]
        assert row["D02"] <= row["D01"]
        assert row["N03"] + row["N04"] <= row["D02"]
        assert row["N10"] + row["N11"] <= row["N03"]
        groups = made.poor[place.code]
        assert sum(count for group, count in groups.items() if group != KINH) == row["N03"]


def test_the_poor_of_a_year_are_those_of_the_year_before_less_who_left_and_more_who_came():
    base = people(PLACES, CENSUS)
    before, now = (year(number, PLACES, CENSUS, base, {}) for number in (2022, 2023))
    for place in PLACES:
        old, row = before.form_05[place.code], now.form_05[place.code]
        assert row["N03"] == old["N03"] - row["N09"] + row["N10"] + row["N11"]
        assert row["N03"] <= old["N03"]


def test_the_census_year_repeats_the_census_and_others_a_stated_part():
    base = people(PLACES, CENSUS)
    shares = {CENSUS_YEAR: 1000, 2022: 990, 2021: 980}
    for number, share in shares.items():
        made = year(number, PLACES, CENSUS, base, {"02": 0.5})
        for group, count in CENSUS.items():
            total = sum(
                made.men[place.code].get(group, 0) + made.women[place.code].get(group, 0)
                for place in PLACES
            )
            assert total == round(count * share / 1000)


@pytest.fixture
def province(db):
    load_demo(now=NOW, with_agency=True)
    return unit("24")


@pytest.mark.slow
def test_the_demo_province_comes_through_the_services_and_equals_the_census(province):
    census = dict(
        PublishedFigure.objects.filter(
            row__table__code="BG-TDT-2019", row__group__isnull=False
        ).values_list("row__group__code", "value")
    )
    found = answers_by_group("D03", province, "2023")
    assert {code: one.value for code, one in found.items()} == census
    assert answer("D03", province, "2023").value == 1_803_950
    assert answer("D04", province, "2023").value == 257_273
    assert round(answer("D05", province, "2023").value, 2) == Decimal("14.26")
    assert answer("D03", province, "2023").units_given == 209
    for code, share in (("2021", 980), ("2022", 990)):
        total = answer("D03", province, code).value
        assert total == sum(round(int(count) * share / 1000) for count in census.values())

    rates = [answer("N06", province, code).value for code in ("2021", "2022", "2023")]
    assert rates[0] > rates[1] > rates[2] > 0
    assert answer("N03", province, "2023").value == sum(
        one.value for one in answers_by_group("N03", province, "2023").values()
    )

    assert Submission.objects.filter(is_demo=False).count() == 0
    states = Submission.objects.filter(dataset__code="BIEU-05", period__code="2023")
    assert not states.filter(unit__code="220").exists()
    assert states.get(unit__code="215").status == "submitted"
    returned = states.get(unit__code="216")
    assert returned.status == "returned"
    assert returned.remarks.get().cell
    approved = states.get(unit__code="219")
    value = approved.observations.select_related("upload").first()
    assert value.upload.original_name == "bieu-05-luc-ngan-2023.xlsx"
    assert value.cell
    assert approved.approved_at < NOW

    assert answer("K04", province, "2023").value == 1
    assert answer("K17", province, "2023").value == 100

    count = Submission.objects.count()
    load_demo(now=NOW)
    assert Submission.objects.count() == count
