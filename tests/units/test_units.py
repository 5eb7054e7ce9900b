"""Units through time: codes, parents, successions, the list of 73 communes, the agency."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Sum

from portal.units import outlines, services
from portal.units.models import (
    AdministrativeUnit,
    IssuingAgency,
    Level,
    UnitAncestor,
    UnitMembership,
    UnitParent,
    UnitSuccession,
)
from portal.units.names import fold, sort_key

pytestmark = pytest.mark.django_db

BEFORE = datetime.date(2024, 12, 31)
SPLIT = datetime.date(2025, 1, 1)
TODAY = datetime.date(2026, 1, 1)


def unit(code: str, day: datetime.date = datetime.date(2023, 11, 1)) -> AdministrativeUnit:
    return AdministrativeUnit.objects.on(day).get(code=code)


@pytest.mark.parametrize(
    ("day", "communes", "districts"),
    [
        (datetime.date(2023, 11, 1), 209, 10),
        (BEFORE, 209, 10),
        (SPLIT, 192, 10),
        (datetime.date(2025, 7, 1), 99, 0),
    ],
)
def test_the_province_has_its_communes_and_districts_on_each_day(day, communes, districts):
    below = AdministrativeUnit.objects.on(day).within(unit("24", day), on=day)
    assert below.communes().count() == communes
    assert below.districts().count() == districts


def test_code_24_is_bac_giang_until_the_merger_and_bac_ninh_after_it():
    assert unit("24", datetime.date(2025, 6, 30)).name == "Bắc Giang"
    assert unit("24", datetime.date(2025, 7, 1)).name == "Bắc Ninh"


def test_the_database_refuses_one_code_twice_at_a_time():
    with pytest.raises(IntegrityError), transaction.atomic():
        AdministrativeUnit.objects.create(
            code="07645",
            name="Giả",
            kind="xã",
            level=Level.COMMUNE,
            valid=DateRange(datetime.date(2022, 1, 1), None),
        )


def test_the_database_refuses_two_parents_at_a_time():
    commune = unit("07645")
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitParent.objects.create(
            unit=commune,
            parent=unit("219"),
            valid=DateRange(datetime.date(2023, 1, 1), datetime.date(2024, 1, 1)),
        )


def test_a_commune_belongs_to_its_district_and_province_on_a_day():
    day = datetime.date(2023, 11, 1)
    above = UnitAncestor.objects.filter(unit=unit("07645"), valid__contains=day)
    assert [row.ancestor.code for row in above.order_by("depth")] == ["220", "24", "VN"]


def test_the_closure_is_what_the_parents_say_for_every_unit_and_day():
    for day in (datetime.date(2021, 6, 1), BEFORE, SPLIT, datetime.date(2025, 7, 1)):
        parents = dict(
            UnitParent.objects.filter(valid__contains=day).values_list("unit_id", "parent_id")
        )
        walked = set()
        for start in parents:
            at = start
            while at in parents:
                at = parents[at]
                walked.add((start, at))
        kept = UnitAncestor.objects.filter(valid__contains=day).values_list(
            "unit_id", "ancestor_id"
        )
        assert set(kept) == walked


def test_every_row_of_the_reference_file_is_there():
    assert AdministrativeUnit.objects.filter(is_reference=False).count() + 1 == 385
    assert UnitSuccession.objects.count() == 286


def test_the_parts_of_a_split_add_up_and_are_marked_as_estimates():
    parts = UnitSuccession.objects.filter(kind=UnitSuccession.Kind.SPLIT)
    assert parts.count() == 2
    assert all(part.weight_is_estimate for part in parts)
    assert parts.aggregate(total=Sum("weight"))["total"] == 1


def test_73_communes_are_listed_and_guessed_zones_are_left_open():
    day = datetime.date(2023, 11, 1)
    listed = UnitMembership.objects.filter(unit_list__code="QD861", valid__contains=day)
    assert listed.count() == 73
    assert listed.filter(is_verified=True).count() == 4
    assert listed.filter(zone="").count() == 45
    assert AdministrativeUnit.objects.listed("QD861", on=day).count() == 73


def test_communes_made_of_listed_ones_stand_on_the_list_until_they_ended_too():
    """On 1/1/2025 eleven went to another district or became wards, six became three."""
    day = datetime.date(2025, 1, 1)
    listed = UnitMembership.objects.filter(unit_list__code="QD861", valid__contains=day)
    in_force = listed.filter(unit__valid__contains=day)
    assert listed.count() == in_force.count() == 73 - 3
    dong_ky = in_force.get(unit__code="07282")
    assert "Xã Đồng Kỳ" in dong_ky.basis
    assert "Xã Hồng Kỳ" in dong_ky.basis
    assert not dong_ky.is_verified
    assert services.load_reference() is False
    assert in_force.count() == 70, "twice is as once"
    after = datetime.date(2025, 7, 1)
    assert not listed.filter(unit__valid__contains=after).exists()


def test_the_agency_has_the_name_of_its_day():
    agencies = IssuingAgency.objects
    assert agencies.on(datetime.date(2023, 11, 6)).symbol == "BDT"
    assert agencies.on(TODAY).place == "Bắc Ninh"
    assert not agencies.on(TODAY).is_verified


def test_loading_again_changes_nothing():
    assert services.load_reference() is False


def test_two_outlines_carry_no_code_and_the_others_match_the_209_communes():
    shapes = outlines.communes()["features"]
    codes = {shape["properties"]["code"] for shape in shapes} - {None}
    assert len(shapes) == 211
    assert codes == set(
        AdministrativeUnit.objects.on(datetime.date(2024, 6, 1))
        .communes()
        .values_list("code", flat=True)
    )


def test_an_officer_sees_the_own_district_and_its_communes_only(son_dong_officer):
    seen = AdministrativeUnit.objects.visible_to(son_dong_officer).on(datetime.date(2023, 11, 1))
    assert seen.count() == 18
    assert unit("219") not in seen


def test_a_leader_sees_every_unit(leader):
    assert (
        AdministrativeUnit.objects.visible_to(leader).count() == AdministrativeUnit.objects.count()
    )


def test_the_unit_list_asks_a_bounded_number_of_questions(
    client, leader, django_assert_max_num_queries
):
    client.force_login(leader)
    with django_assert_max_num_queries(8):
        page = client.get("/don-vi/?ngay=2023-11-01")
    assert "Thành phố Bắc Giang" in page.content.decode()


@pytest.mark.parametrize("query", ["ngay=31-02-2023", "ngay=%00", "cap=%27", "q=%25", "page=abc"])
def test_odd_filters_do_not_hurt(client, leader, query):
    client.force_login(leader)
    assert client.get(f"/don-vi/?{query}").status_code in (200, 404)


def test_names_sort_by_the_vietnamese_alphabet():
    names = [
        "Đại Lâm",
        "Dĩnh Kế",
        "An Lạc",
        "Ân Sơn",
        "Ăn Mày",
        "Tân An",
        "Tan An",
        "Tàn An",
    ]
    assert sorted(names, key=sort_key) == [
        "An Lạc",
        "Ăn Mày",
        "Ân Sơn",
        "Dĩnh Kế",
        "Đại Lâm",
        "Tan An",
        "Tàn An",
        "Tân An",
    ]


def test_the_database_sorts_as_python_does():
    names = list(AdministrativeUnit.objects.order_by("sort_key").values_list("sort_key", flat=True))
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà Bình", "Hòa Bình"),
        ("ĐÔNG", "đông"),
        ("Ia H'Drai", "Ia H’Drai"),
        ("Sơn  Động ", "Sơn Động"),
    ],
)
def test_spellings_of_one_name_fold_to_one_key(one, other):
    assert fold(one) == fold(other)


def test_raw_sql_cannot_end_a_unit_before_it_begins():
    with (
        pytest.raises(Exception, match="range"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE units_administrativeunit SET valid = '[2025-01-01,2020-01-01)'")
