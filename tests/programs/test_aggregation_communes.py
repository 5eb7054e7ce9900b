"""What the programme did in a commune: its own extent, what is only partly there, who sees it."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from ethnic_data.models import EthnicGroup
from portal.units.models import UnitShare
from programs.aggregation import communes
from programs.models import (
    Beneficiaries,
    CapitalPlan,
    Output,
    OutputKind,
    SupportedHousehold,
    Works,
    WorksPhoto,
    WorksPlace,
)
from tests.cast import unit
from tests.programs.factories import WorksFactory, line_of_works, pay
from tests.programs.test_ledger import on

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 1, 15)


def a_merger():
    """A commune of 2023 and the one of today that it went into wholly."""
    shares = (
        UnitShare.objects.on(TODAY)
        .filter(unit__level="commune", target__level="commune", weight=1)
        .filter(unit__valid__contains=on(1, 3))
        .select_related("unit", "target")
        .order_by("unit__code")
    )
    return next(one for one in shares if one.unit_id != one.target_id)


def works_at(place, **more):
    job = WorksFactory(**more)
    WorksPlace.objects.create(works=job, unit=place)
    return job


def done(place):
    extent = communes.extent_of(place, today=TODAY)
    return communes.done_in(extent, Works.objects.all(), CapitalPlan.objects.all(), today=TODAY)


def test_a_commune_of_today_shows_what_its_predecessors_had():
    merger = a_merger()
    works_at(merger.unit)
    assert done(merger.unit).works == 1
    assert done(merger.target).works == 1
    assert merger.unit in communes.extent_of(merger.target, today=TODAY).others


def test_a_predecessor_does_not_show_what_was_built_in_the_larger_commune_later():
    merger = a_merger()
    works_at(
        merger.target,
        planned_start=datetime.date(2025, 8, 1),
        planned_finish=datetime.date(2025, 12, 1),
    )
    assert done(merger.target).works == 1
    extent = communes.extent_of(merger.unit, today=TODAY)
    if merger.target in extent.partly:
        assert communes.works_partly_in(extent, Works.objects.all()) == 1
    assert done(merger.unit).works == 0


def test_money_outputs_people_and_households_are_summed():
    line = line_of_works()
    pay(line, 250, on(31, 3))
    place, job = unit("07615"), line.works
    WorksPlace.objects.create(works=job, unit=place)
    kind = OutputKind.objects.create(
        component=job.component, code="X-KM", name="Đường", unit_of_measure="km", decimals=1
    )
    Output.objects.create(works=job, kind=kind, year=2023, planned=2, actual=Decimal("1.5"))
    for code, men, women in (("02", 10, 12), ("07", 3, 4)):
        group = EthnicGroup.objects.get(code=code)
        Beneficiaries.objects.create(works=job, year=2023, group=group, male=men, female=women)
    SupportedHousehold.objects.create(
        component=job.component, year=2023, unit=place, household_no="12"
    )
    found = done(place)
    assert [(one.year, one.plan, one.paid, one.rate) for one in found.money] == [
        (2023, 1000, 250, 25)
    ]
    assert [(one.name, one.planned, one.actual) for one in found.outputs] == [
        ("Đường", 2, Decimal("1.5"))
    ]
    assert [(one.male, one.female) for one in found.people] == [(13, 16)]
    assert [one.households for one in found.households] == [1]


def test_works_of_several_communes_are_told():
    job = works_at(unit("07615"))
    WorksPlace.objects.create(works=job, unit=unit("07525"), is_main=False)
    assert done(unit("07615")).shared == 1
    assert done(unit("07525")).works == 1


def test_the_page_shows_the_commune_to_its_officer_and_not_to_others(
    client, son_dong_officer, luc_ngan_officer
):
    job = works_at(unit("07615"), name="Đường vào bản")
    url = reverse("programs:commune_detail", args=[unit("07615").pk])
    client.force_login(son_dong_officer)
    assert job.name in client.get(url).text
    client.force_login(luc_ngan_officer)
    assert client.get(url).status_code == 404


def test_photographs_of_its_works_are_shown(client, leader):
    job = works_at(unit("07615"))
    photo = WorksPhoto.objects.create(
        works=job, file="works/1/x.jpg", caption="Mặt đường", sha256="a"
    )
    client.force_login(leader)
    text = client.get(reverse("programs:commune_detail", args=[unit("07615").pk])).text
    assert reverse("programs:works_photo", args=[photo.pk]) in text
    assert 'alt="Mặt đường"' in text


def test_another_day_leads_to_the_commune_of_that_day(client, leader):
    merger = a_merger()
    client.force_login(leader)
    url = reverse("programs:commune_detail", args=[merger.unit.pk])
    answer = client.get(url, {"dia-gioi": "2026-01-15"})
    assert answer.url == reverse("programs:commune_detail", args=[merger.target.pk])
    assert client.get(url, {"dia-gioi": "hôm nay"}).status_code == 404
    assert merger.target.full_name in client.get(url).text


def test_the_page_of_a_commune_leads_there_and_that_of_a_district_does_not(client, leader):
    client.force_login(leader)
    text = client.get(reverse("units:detail", args=[unit("07615").pk])).text
    assert reverse("programs:commune_detail", args=[unit("07615").pk]) in text
    assert "Chương trình đã làm" not in client.get(
        reverse("units:detail", args=[unit("220").pk])
    ).text  # fmt: skip


@pytest.mark.slow
def test_queries_stay_few_however_many_works_there_are(
    client, leader, django_assert_max_num_queries
):
    client.force_login(leader)
    for _ in range(6):
        works_at(unit("07615"))
    url = reverse("programs:commune_detail", args=[unit("07615").pk])
    client.get(url)
    with django_assert_max_num_queries(30):
        assert client.get(url).context["done"].works == 6
