"""Works of a commune that ends stay with it, and its successor's people and filters find them."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from portal.units.models import AdministrativeUnit
from programs.models import Works, WorksPlace
from programs.reorganising import Programmes
from tests.cast import person
from tests.programs.factories import WorksFactory
from tests.programs.works.test_pages import commune_of, gone, works_in

pytestmark = pytest.mark.django_db


def test_the_dry_run_tells_how_many_works_stay_with_an_ending_commune():
    works = works_in("220")
    commune = commune_of("220")
    WorksPlace.objects.create(works=works, unit=commune, village="Thôn khác", is_main=False)
    works_in("220")

    class Plan:
        ending = {commune.pk: commune}

    told = [one for one in Programmes().foresee(Plan()) if "công trình" in one.subject]
    assert [one.subject for one in told] == [f"{commune}: 2 công trình, hoạt động"]
    assert "vẫn thuộc đơn vị cũ" in told[0].effect
    assert not told[0].open_work


def test_a_new_commune_with_works_cannot_be_taken_away_again():
    works_in("220")
    said = Programmes().objections([commune_of("220").pk])
    assert any("1 công trình, hoạt động" in one for one in said)


@pytest.fixture
def moved() -> tuple[Works, AdministrativeUnit]:
    """Works of 2023 in a commune that is no more, and the commune that it went into."""
    works = WorksFactory()
    old = gone()
    WorksPlace.objects.create(works=works, unit=old)
    return works, old.successions.first().new


def test_the_successors_officer_sees_the_works(client, moved):
    works, new = moved
    officer = person("canbo.moi", role="officer", full_name="Lê Thị Mới", area="220")
    officer.area = new
    officer.save(update_fields=["area"])
    assert list(Works.objects.visible_to(officer)) == [works]
    client.force_login(officer)
    assert client.get(works.get_absolute_url()).status_code == 200


def test_the_filter_of_the_successor_finds_the_works(client, specialist, moved):
    works, new = moved
    client.force_login(specialist)
    page = reverse("programs:works_list")
    assert [row["works"] for row in client.get(page, {"xa": new.pk}).context["rows"]] == [works]
    elsewhere = AdministrativeUnit.objects.on(datetime.date(2023, 3, 1)).communes()
    other = elsewhere.exclude(pk=works.place_rows.get().unit_id).first()
    assert client.get(page, {"xa": other.pk}).status_code == 200
