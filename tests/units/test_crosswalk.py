"""Figures of one time in the units of another."""

from __future__ import annotations

import datetime
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import connection

from portal.units import crosswalk, services
from portal.units.models import AdministrativeUnit, Level, UnitShare, UnitSuccession
from portal.units.weights import weights_of
from tests.cast import unit

pytestmark = pytest.mark.django_db

D209, D192, D58 = (
    datetime.date(2024, 12, 31),
    datetime.date(2025, 1, 1),
    datetime.date(2025, 7, 1),
)


def share(old: AdministrativeUnit, new: AdministrativeUnit, day: datetime.date) -> UnitShare:
    return crosswalk.crosswalk(day).get(unit=old, target=new)


def test_the_three_vintages_of_bac_giang():
    found = [(one.value, one.communes) for one in crosswalk.vintages()]
    assert found == [("2024-12-31", 209), ("2025-01-01", 192), ("2025-07-01", 58)]
    assert crosswalk.vintages()[0].label == "theo ngày 31/12/2024 (209 xã)"


def test_58_of_todays_99_communes_were_bac_giang():
    assert [crosswalk.communes(day).count() for day in (D209, D192, D58)] == [209, 192, 58]
    assert AdministrativeUnit.objects.on(D58).communes().count() == 99


def test_only_a_vintage_that_is_offered_is_understood():
    assert crosswalk.vintage_day("2024-12-31") == D209
    assert crosswalk.vintage_day("2024-12-30") is None
    assert crosswalk.vintage_day("") is None
    assert crosswalk.vintage_day("không") is None


def test_communes_that_merged_go_whole_into_the_new_one():
    for row in UnitSuccession.objects.filter(old__level=Level.COMMUNE, date=D58)[:20]:
        assert share(row.old, row.new, D58).weight == 1


@pytest.mark.parametrize("day", [D209, D192, D58])
def test_every_commune_has_the_whole_of_itself_in_every_vintage(day):
    """Its shares add up to exactly 1; the 41 of the old Bắc Ninh have none before the merger."""
    communes = crosswalk.crosswalk(day).filter(
        unit__level=Level.COMMUNE, target__level=Level.COMMUNE
    )
    parts = defaultdict(list)
    for unit_id, weight in communes.values_list("unit", "weight"):
        parts[unit_id].append(weight)
    assert {sum(weights) for weights in parts.values()} == {Decimal(1)}
    own = AdministrativeUnit.objects.communes().filter(is_reference=False)
    assert len(parts) == own.count() - (0 if day == D58 else 41)


@pytest.mark.parametrize("day", [D209, D192])
def test_the_58_go_back_to_bac_giang_whole(day):
    """Though each of its old communes gets an estimate, the province gets the exact total."""
    province = unit("24", on=day)
    back = crosswalk.crosswalk(day).filter(target=province, unit__in=crosswalk.communes(D58))
    assert {row.weight for row in back} == {1}
    assert back.count() == 58


def test_a_merged_commune_goes_back_by_the_people_each_part_brought():
    merged = (
        crosswalk.crosswalk(D209)
        .filter(unit__in=crosswalk.communes(D58), target__level=Level.COMMUNE, weight__lt=1)
        .values_list("unit", flat=True)
    )
    parts = crosswalk.crosswalk(D209).filter(unit=merged[0], target__level=Level.COMMUNE)
    assert parts.count() > 1
    assert all(part.is_estimate for part in parts)


def test_what_no_one_can_say_is_left_open():
    """The people of the old Bắc Ninh are not known here: today's province cannot be split back."""
    assert share(unit("24", on=D58), unit("24", on=D209), D209).weight is None
    assert not share(unit("24", on=D58), unit("24", on=D209), D209).is_estimate


def test_a_split_district_goes_by_weight_and_its_parts_come_back_whole():
    luc_ngan = unit("219", on=D209)
    weights = {
        row.target.code: row.weight
        for row in crosswalk.crosswalk(D192).filter(unit=luc_ngan, target__level=Level.DISTRICT)
    }
    assert weights.keys() == {"219", "224"}
    assert sum(weights.values()) == 1
    assert share(luc_ngan, unit("24", on=D192), D192).weight == 1
    assert share(unit("224", on=D192), luc_ngan, D209).weight == 1


def test_a_district_that_ended_belongs_to_its_province():
    assert share(unit("220", on=D209), unit("24", on=D58), D58).weight == 1


def test_the_relation_can_be_joined_in_sql():
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), bool_or(is_estimate) FROM ({crosswalk.RELATION}) share "  # noqa: S608
            f"WHERE unit_id IN ({crosswalk.STANDING})",
            {"units_on": D192, "day": datetime.date(2015, 12, 31)},
        )
        count, estimates = cursor.fetchone()
    assert count > 600
    assert estimates


def test_vintages_ask_few_questions(django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        crosswalk.vintages()


def test_loading_reference_data_again_fills_shares_that_were_not_kept():
    services.rebuild_shares()
    kept = UnitShare.objects.count()
    UnitShare.objects.all().delete()
    UnitSuccession.objects.update(share_of_new=None)
    services.load_reference()
    assert UnitShare.objects.count() == kept


@pytest.mark.parametrize(
    "people", [{"a": 1, "b": 1, "c": 1}, {"a": 0, "b": 7}, {"a": 1, "b": 10**9}, {"a": 5}]
)
def test_weights_of_people_add_up_to_exactly_one(people):
    assert sum(weights_of(people).values()) == 1


def test_nobody_gives_no_weights():
    assert weights_of({"a": 0}) == {}
