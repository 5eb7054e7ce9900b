"""Figures out of approved values."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ethnic_data.aggregation import MINORITIES, answer, answers, answers_by_group, series
from ethnic_data.models import Indicator, Observation
from portal.units.models import AdministrativeUnit
from tests.cast import unit

from .filling import (
    AN_LAC,
    CAM_SON,
    HUU_SAN,
    VAN_SON,
    approve,
    approved,
    filled,
    submission,
    submit,
    value,
)

pytestmark = pytest.mark.django_db


def poverty(commune, poor, households):
    return [value(commune, "N03", poor), value(commune, "D02", households)]


def people(commune, group, male, female):
    return [
        value(commune, "D03", male, group=group, sex="male"),
        value(commune, "D03", female, group=group, sex="female"),
    ]


def test_communes_add_up_to_their_district_and_province():
    approved([value(AN_LAC, "N03", 40), value(HUU_SAN, "N03", 2)])
    approved([value(CAM_SON, "N03", 100)], unit_code="219")
    assert answer("N03", unit("220"), "2023").value == 42
    assert answer("N03", unit("24"), "2023").value == 142
    assert answer("N03", unit(AN_LAC), "2023").value == 40


def test_nothing_counts_before_it_is_approved():
    submit(filled([value(AN_LAC, "N03", 40)]))
    found = answer("N03", unit("220"), "2023")
    assert found.value is None
    assert found.missing == "not_collected"


def test_a_rate_is_recomputed_from_sums_and_never_averaged():
    approved([*poverty(AN_LAC, 10, 20), *poverty(HUU_SAN, 10, 180)])
    found = answer("N06", unit("220"), "2023")
    assert found.value == 10  # the mean of 50 % and 5,56 % would be 27,8
    assert (found.numerator, found.denominator) == (20, 200)
    assert found.unit_of_measure == "%"
    assert "(20) /" in found.formula
    assert "× 100" in found.formula


def test_a_commune_that_left_one_part_open_counts_in_neither():
    approved([*poverty(AN_LAC, 10, 20), value(HUU_SAN, "D02", 500), value(HUU_SAN, "N03", None)])
    found = answer("N06", unit("220"), "2023")
    assert found.value == 50
    assert found.units_given == 1
    assert unit(HUU_SAN).pk in found.missing_units


def test_a_zero_denominator_gives_no_rate():
    approved(poverty(AN_LAC, 0, 0))
    found = answer("N06", unit(AN_LAC), "2023")
    assert (found.value, found.missing) == (None, "not_applicable")


def test_missing_communes_are_told():
    approved([value(AN_LAC, "N03", 40), value(HUU_SAN, "N03", None)])
    found = answer("N03", unit("220"), "2023")
    assert (found.value, found.units_expected, found.units_given) == (40, 17, 1)
    assert len(found.missing_units) == 16
    assert not found.is_complete
    assert "còn thiếu 16" in found.formula


def test_the_reason_for_a_missing_value_is_kept():
    approved([value(AN_LAC, "N04", None, missing="not_applicable")])
    assert answer("N04", unit(AN_LAC), "2023").missing == "not_applicable"


def test_zero_is_a_value():
    approved([value(AN_LAC, "N03", 0)])
    assert answer("N03", unit(AN_LAC), "2023").value == 0


def test_both_sexes_and_all_groups_add_up():
    approved([*people(AN_LAC, "02", 10, 12), *people(AN_LAC, "01", 5, 3)], dataset="DAN-SO")
    assert answer("D03", unit("220"), "2023").value == 30
    assert answer("D03", unit("220"), "2023", sex="female").value == 15
    assert answer("D03", unit("220"), "2023", group="02").value == 22
    assert answer("D03", unit("220"), "2023", group="02", sex="male").value == 10
    assert answer("D03", unit("220"), "2023", group=MINORITIES).value == 22


def test_a_total_that_was_given_is_not_added_to_its_parts():
    approved(
        [
            *people(AN_LAC, "02", 10, 12),
            value(AN_LAC, "D03", 22, group="02"),
            value(AN_LAC, "D03", 25),
        ],
        dataset="DAN-SO",
    )
    assert answer("D03", unit("220"), "2023", group="02").value == 22
    assert answer("D03", unit("220"), "2023").value == 25


def test_a_total_left_open_falls_back_to_its_parts():
    approved(
        [*people(AN_LAC, "02", 10, 12), value(AN_LAC, "D03", None, group="02")], dataset="DAN-SO"
    )
    assert answer("D03", unit("220"), "2023", group="02").value == 22


def test_a_commune_that_named_other_groups_has_none_of_this_one():
    approved([*people(AN_LAC, "02", 10, 12), *people(HUU_SAN, "07", 1, 1)], dataset="DAN-SO")
    found = answer("D03", unit("220"), "2023", group="02")
    assert (found.value, found.units_given) == (22, 2)
    assert answer("D03", unit(HUU_SAN), "2023", group="02").value == 0


def test_a_group_is_unknown_where_nobody_told_of_groups():
    approved([value(AN_LAC, "D01", 10)])
    assert answer("D01", unit(AN_LAC), "2023", group="02").value is None


def test_the_minorities_part_is_added_over_groups_where_nobody_gave_it():
    approved([*people(AN_LAC, "02", 10, 12), *people(AN_LAC, "01", 5, 3)], dataset="DAN-SO")
    assert answer("D04", unit("220"), "2023").value == 22
    share = answer("D05", unit("220"), "2023")
    assert (share.numerator, share.denominator) == (22, 30)


def test_a_reported_minorities_part_stands_before_the_added_one():
    approved([value(AN_LAC, "N03", 7)])
    approved([value(AN_LAC, "N01", 5, group="02")], dataset="NGHEO-DAN-TOC")
    assert answer("N03", unit(AN_LAC), "2023").value == 7


def test_foreigners_and_undetermined_are_no_minorities_and_other_groups_are():
    approved(
        [
            *people(AN_LAC, "55", 1, 0),
            *people(AN_LAC, "99", 1, 0),
            *people(AN_LAC, "98", 2, 2),
        ],
        dataset="DAN-SO",
    )
    assert answer("D04", unit(AN_LAC), "2023").value == 4


def test_a_ratio_of_sexes_uses_each_sex():
    approved([*people(AN_LAC, "02", 30, 20)], dataset="DAN-SO")
    assert answer("D08", unit("220"), "2023").value == 150


def test_a_ratio_may_join_two_datasets():
    approved([*people(AN_LAC, "02", 30, 20), *people(HUU_SAN, "02", 99, 99)], dataset="DAN-SO")
    approved([value(AN_LAC, "D01", 10)])
    found = answer("D06", unit("220"), "2023")
    assert found.value == 5
    assert {revision.dataset for revision in found.revisions} == {
        "Dân số theo dân tộc",
        "Biểu 05",
    }


def test_census_sample_and_administrative_figures_are_never_added_together():
    one = filled([value(AN_LAC, "D01", 10), value(HUU_SAN, "D01", 20), value(VAN_SON, "D01", 30)])
    Observation.objects.filter(unit__code=VAN_SON).update(kind="sample")
    approve(one)
    found = answer("D01", unit("220"), "2023")
    assert (found.value, found.kind) == (30, "administrative")


def test_two_datasets_with_the_same_indicator_are_not_added_together():
    approved([value(AN_LAC, "D01", 10), value(HUU_SAN, "D01", 20)])
    approved([value(AN_LAC, "D01", 11, group="02")], dataset="DAN-SO")
    assert answer("D01", unit("220"), "2023").value == 30


def test_a_units_own_figure_stands_before_a_sum():
    approved([value("24", "K01", 21)], dataset="CNTT-CO-QUAN", unit_code="24")
    found = answer("K01", unit("24"), "2023")
    assert (found.value, found.units_expected, found.is_complete) == (21, 1, True)


def test_agency_rates_are_computed():
    approved(
        [value("24", "K01", 21), value("24", "K06", 20), value("24", "K02", 21)],
        dataset="CNTT-CO-QUAN",
        unit_code="24",
    )
    assert answer("K04", unit("24"), "2023").value == 1
    assert round(answer("K07", unit("24"), "2023").value, 2) == Decimal("95.24")


def test_yes_is_counted():
    values = [value(AN_LAC, "H23", 1), value(HUU_SAN, "H23", 0), value(VAN_SON, "H23", 1)]
    approved(values)
    found = answer("H23", unit("220"), "2023")
    assert (found.value, found.units_given) == (2, 3)


def test_a_mean_is_weighted():
    approved([value(AN_LAC, "N13", 30), value(HUU_SAN, "N13", 60)])
    approved([*people(AN_LAC, "02", 50, 50), *people(HUU_SAN, "02", 100, 100)], dataset="DAN-SO")
    assert answer("N13", unit("220"), "2023").value == 50
    assert answer("N13", unit(AN_LAC), "2023").value == 30


def test_groups_present_are_counted_once():
    approved(
        [
            *people(AN_LAC, "02", 1, 1),
            *people(AN_LAC, "07", 0, 0),
            *people(HUU_SAN, "02", 1, 0),
            *people(HUU_SAN, "01", 1, 0),
            *people(HUU_SAN, "98", 4, 0),
        ],
        dataset="DAN-SO",
    )
    assert answer("D09", unit("220"), "2023").value == 2
    assert answer("D09", unit(AN_LAC), "2023").value == 1


def test_what_is_not_added_up_has_no_figure_above_its_unit():
    approved([value(AN_LAC, "Z01", 3)])
    assert answer("Z01", unit(AN_LAC), "2023").value == 3
    assert answer("Z01", unit("220"), "2023").missing == "not_applicable"


def test_categories_add_up_unless_one_is_asked_for():
    approved(
        [
            value(AN_LAC, "H14", 3, category="septic_or_semi"),
            value(AN_LAC, "H14", 2, category="toilet_other"),
            value(AN_LAC, "D01", 10),
        ]
    )
    assert answer("H14", unit(AN_LAC), "2023").value == 5
    assert answer("H14", unit(AN_LAC), "2023", category="toilet_other").value == 2
    assert answer("H15", unit(AN_LAC), "2023").value == 30


def test_a_correction_replaces_and_the_past_can_still_be_asked():
    june, july = (datetime.datetime(2024, month, 1, tzinfo=datetime.UTC) for month in (6, 7))
    approved([value(AN_LAC, "N03", 40)], at=june)
    approved([value(AN_LAC, "N03", 44)], at=july, revision=2, reason="Nhập nhầm")
    assert answer("N03", unit("220"), "2023").value == 44
    assert answer("N03", unit("220"), "2023", on=datetime.date(2024, 6, 15)).value == 40
    assert answer("N03", unit("220"), "2023", on=july).value == 44
    assert answer("N03", unit("220"), "2023", on=datetime.date(2024, 5, 1)).value is None


def test_the_sources_of_a_figure_are_told():
    one = approved([value(AN_LAC, "N03", 40), value(HUU_SAN, "N03", 2)], is_demo=True)
    found = answer("N03", unit("220"), "2023")
    assert found.observations == 2
    assert [revision.submission for revision in found.revisions] == [one.pk]
    assert found.approved_at == one.approved_at
    assert found.is_demo
    assert found.source == "Biểu 05, Năm 2023"


def test_many_units_cost_as_many_queries_as_one():
    approved([*poverty(AN_LAC, 10, 20), *poverty(HUU_SAN, 10, 180)])
    day = datetime.date(2023, 12, 31)
    units = list(AdministrativeUnit.objects.within(unit("24"), on=day).on(day))
    assert len(units) == 220
    with CaptureQueriesContext(connection) as queries:
        found = answers("N06", units, "2023")
    assert len(queries) <= 7
    assert found[unit("220").pk].value == 10
    assert found[unit(AN_LAC).pk].value == 50
    assert found[unit("219").pk].value is None


def test_all_groups_of_a_unit_come_at_once():
    approved(
        [*people(AN_LAC, "02", 10, 12), *people(AN_LAC, "01", 5, 3), *people(VAN_SON, "07", 1, 1)],
        dataset="DAN-SO",
    )
    with CaptureQueriesContext(connection) as queries:
        found = answers_by_group("D03", unit("220"), "2023")
    assert len(queries) <= 8
    assert {code: one.value for code, one in found.items()} == {"01": 8, "02": 22, "07": 2}
    assert list(answers_by_group("D04", unit("220"), "2023")) == ["02", "07"]


def test_rates_by_group_divide_sums_of_that_group():
    approved(
        [
            value(AN_LAC, "N01", 5, group="02"),
            value(HUU_SAN, "N01", 5, group="02"),
            value(AN_LAC, "D01", 10, group="02"),
            value(HUU_SAN, "D01", 90, group="02"),
            value(AN_LAC, "D01", 7, group="07"),
        ],
        dataset="NGHEO-DAN-TOC",
    )
    found = answers_by_group("N05", unit("220"), "2023")
    assert found["02"].value == 10
    assert answers_by_group("N06", unit("220"), "2023")["02"].value == 10


def test_a_series_gives_each_period():
    approved([value(AN_LAC, "N03", 50)], period="2022")
    approved([value(AN_LAC, "N03", 40)], period="2023")
    found = series("N03", unit("220"), ["2021", "2022", "2023"])
    assert [one.value for one in found] == [None, 50, 40]


def test_unknown_questions_are_refused():
    with pytest.raises(Indicator.DoesNotExist):
        answer("Q99", unit("24"), "2023")


def test_an_open_correction_does_not_hide_the_approved_figure():
    approved([value(AN_LAC, "N03", 40)])
    submission(revision=2, reason="Sẽ sửa")
    assert answer("N03", unit("220"), "2023").value == 40
