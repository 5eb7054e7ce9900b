"""Figures in the units of another day."""

from __future__ import annotations

import datetime
import time
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from ethnic_data.aggregation import answer, answers, observations_behind, series, several
from portal.collection.models import ReportingPeriod
from portal.units import crosswalk
from portal.units.models import UnitSuccession
from portal.units.services import rebuild_shares
from tests.cast import unit

from .filling import HUU_SAN, VAN_SON, approved, value
from .ten_years import fill

pytestmark = pytest.mark.django_db

D209, D192, D58 = (
    datetime.date(2024, 12, 31),
    datetime.date(2025, 1, 1),
    datetime.date(2025, 7, 1),
)
NEW_VAN_SON = "07621"  # from 1/7/2025


@pytest.fixture
def year_2026():
    return ReportingPeriod.objects.get_or_create(
        code="2026",
        defaults={
            "label": "Năm 2026",
            "start": datetime.date(2026, 1, 1),
            "end": datetime.date(2026, 12, 31),
        },
    )[0]


def test_earlier_figures_add_up_in_the_merged_commune():
    approved([value(HUU_SAN, "N03", 2), value(VAN_SON, "N03", 5)])
    found = answer("N03", unit(NEW_VAN_SON, on=D58), "2023", units_on=D58)
    assert (found.value, found.is_estimate, found.units_given) == (7, False, 2)
    assert found.is_complete
    assert observations_behind(found).count() == 2


def test_as_reported_stays_as_it_was():
    approved([value(HUU_SAN, "N03", 2), value(VAN_SON, "N03", 5)])
    assert answer("N03", unit(VAN_SON), "2023").value == 5
    assert answer("N03", unit(NEW_VAN_SON, on=D58), "2023").value is None


def test_a_rate_is_recomputed_from_converted_parts():
    approved(
        [
            value(c, code, n)
            for c, code, n in [
                (HUU_SAN, "N03", 10),
                (HUU_SAN, "D02", 20),
                (VAN_SON, "N03", 10),
                (VAN_SON, "D02", 180),
            ]
        ]
    )
    found = answer("N06", unit(NEW_VAN_SON, on=D58), "2023", units_on=D58)
    assert (found.value, found.numerator, found.denominator) == (10, 20, 200)


def test_later_figures_go_back_as_estimates_whose_total_is_exact(year_2026):
    approved([value(NEW_VAN_SON, "N03", 1001)], unit_code="24", period="2026")
    parts = answers("N03", [unit(HUU_SAN), unit(VAN_SON)], "2026", units_on=D209)
    assert all(part.is_estimate for part in parts.values())
    assert sum(part.value for part in parts.values()) == 1001
    assert "ước tính theo dân số" in next(iter(parts.values())).formula
    district = answer("N03", unit("220"), "2026", units_on=D209)
    assert (district.value, district.is_estimate) == (1001, False)


def test_what_no_one_can_split_back_has_no_value(year_2026):
    UnitSuccession.objects.filter(new=unit(NEW_VAN_SON, on=D58)).update(share_of_new=None)
    rebuild_shares()
    approved([value(NEW_VAN_SON, "N03", 1001)], unit_code="24", period="2026")
    found = answer("N03", unit(HUU_SAN), "2026", units_on=D209)
    assert (found.value, found.missing) == (None, "no_share")
    district = answer("N03", unit("220"), "2026", units_on=D209)
    assert district.value == 1001


def test_zero_can_always_be_split_back(year_2026):
    UnitSuccession.objects.filter(new=unit(NEW_VAN_SON, on=D58)).update(share_of_new=None)
    rebuild_shares()
    approved([value(NEW_VAN_SON, "N03", 0)], unit_code="24", period="2026")
    assert answer("N03", unit(HUU_SAN), "2026", units_on=D209).value == 0


def test_a_mean_is_never_shared_out_itself():
    approved(
        [
            value(c, code, n, group="02")
            for c, code, n in [
                (HUU_SAN, "D03", 10),
                (VAN_SON, "D03", 30),
                (HUU_SAN, "N13", 4),
                (VAN_SON, "N13", 8),
            ]
        ],
        dataset="DAN-SO",
    )
    found = answer("N13", unit(NEW_VAN_SON, on=D58), "2023", units_on=D58)
    assert found.value == Decimal(7)


def test_a_district_split_by_weight_keeps_the_provinces_total():
    approved([value("219", "N03", 1001)], unit_code="219")
    parts = answers("N03", [unit("219", on=D192), unit("224", on=D192)], "2023", units_on=D192)
    assert sum(part.value for part in parts.values()) == 1001
    assert all(part.is_estimate for part in parts.values())
    whole = answer("N03", unit("24", on=D192), "2023", units_on=D192)
    assert (whole.value, whole.is_estimate) == (1001, False)


def test_figures_from_before_the_first_known_communes_are_in_these():
    approved([value(HUU_SAN, "N03", 2)], period="2023")
    codes = ["2023"]
    assert [one.value for one in series("N03", unit("220"), codes, units_on=D209)] == [2]


def test_a_unit_that_was_not_reported_is_still_expected():
    approved([value(HUU_SAN, "N03", 2)])
    found = answer("N03", unit(NEW_VAN_SON, on=D58), "2023", units_on=D58)
    assert (found.units_given, found.units_expected) == (1, 2)
    assert found.missing_units == (unit(VAN_SON).pk,)


@pytest.mark.slow
@pytest.mark.machine
def test_ten_years_agree_in_every_vintage_and_take_half_a_second():
    """225 720 values. The limit of the test is wide, for a machine that does other things too."""
    periods = fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ethnic_data_observation; ANALYZE collection_submission")
    totals, took = [], []
    for vintage in crosswalk.vintages():
        communes = list(crosswalk.communes(vintage.day))
        start = time.perf_counter()
        found = several(["D03"], communes, periods, units_on=vintage.day)
        took.append(time.perf_counter() - start)
        assert len(found) == vintage.communes * 10
        totals.append([_total(found, period) for period in periods])
    assert totals[0] == totals[1] == totals[2]
    assert min(took) < 1.5


def _total(found, period):
    return sum(one.value for (code, *_), one in found.items() if code == period.code and one.value)


@pytest.fixture
def page():

    return reverse("ethnic_data:observation_list")


def test_the_page_answers_in_the_units_of_another_day(client, leader, page, year_2026):
    approved([value(NEW_VAN_SON, "N03", 1001)], unit_code="24", period="2026")
    client.force_login(leader)
    text = client.get(
        f"{page}?chi-tieu=N03&ky=2026&don-vi={HUU_SAN}&dia-gioi=2024-12-31"
    ).content.decode()
    assert "Ước tính theo dân số" in text
    assert "Theo ngày 31/12/2024" in text
    assert "Theo ngày 1/7/2025 (58 xã)" in text


def test_a_unit_that_is_not_there_that_day_gives_way_to_the_province(client, leader, page):
    client.force_login(leader)
    text = client.get(f"{page}?ky=2023&don-vi=220&dia-gioi=2025-07-01").content.decode()
    assert "Tỉnh Bắc Ninh" in text


def test_an_officer_without_units_that_day_sees_what_was_reported(client, son_dong_officer, page):
    client.force_login(son_dong_officer)
    assert client.get(f"{page}?ky=2023&dia-gioi=2025-07-01").status_code == 200


@pytest.mark.parametrize("text", ["2024-12-30", "x", "%00", "2024-02-31"])
def test_a_day_that_is_not_offered_does_not_exist(client, leader, page, text):
    client.force_login(leader)
    assert client.get(f"{page}?ky=2023&dia-gioi={text}").status_code in (200, 404)


def test_another_districts_unit_stays_hidden_in_the_units_of_another_day(
    client, son_dong_officer, page
):
    client.force_login(son_dong_officer)
    assert client.get(f"{page}?ky=2023&don-vi=219&dia-gioi=2024-12-31").status_code == 404
