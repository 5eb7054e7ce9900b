"""A programme's money in reports: as of the report's day, down to the entries."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from portal.collection.models import ReportingPeriod
from programs.models import Programme, WorksPlace
from reports import figures
from reports.figures import Scope, UnknownFigure
from tests.cast import unit
from tests.programs.factories import change, line_of_works, pay
from tests.programs.test_ledger import on

pytestmark = pytest.mark.django_db


@pytest.fixture
def works():
    line = line_of_works()
    pay(line, 250, on(31, 3))
    return line


def scope(line, day=None, as_of=None, **more) -> Scope:
    period = ReportingPeriod.objects.get(code="2023")
    told = {"programme": line.programme.code} | more
    return Scope(period, day or on(1, 11), told, as_of=as_of)


def value(key: str, scope: Scope) -> Decimal | None:
    return figures.find(key).compute(scope).value


def test_plan_allocation_payment_and_rate_of_the_year(works):
    asked = scope(works)
    assert value("von-ke-hoach", asked) == 5
    assert value("von-phan-bo", asked) == 1
    assert value("von-giai-ngan", asked) == Decimal("0.25")
    assert value("ty-le-giai-ngan", asked) == 5


def test_a_figure_is_of_the_day_of_its_report(works):
    assert value("von-giai-ngan", scope(works, day=on(30, 3))) == 0
    assert value("von-ke-hoach", scope(works, day=on(14, 1))) is None


def test_by_source_unit_and_year(works):
    assert value("von-ke-hoach/NSTW", scope(works)) == 5
    assert value("von-ke-hoach/NST", scope(works)) is None
    assert value("von-ke-hoach", scope(works, unit="220")) == 2
    assert value("von-ke-hoach", scope(works, year=2022)) is None


def test_a_commune_has_the_money_and_the_works_that_lie_there(works):
    place = unit("07645", on=on(31, 12))
    WorksPlace.objects.create(works=works.works, unit=place)
    asked = scope(works, unit=place.code)
    assert value("von-phan-bo", asked) == 1
    assert value("von-giai-ngan", asked) == Decimal("0.25")
    assert value("so-cong-trinh", asked) == 1
    assert value("so-cong-trinh-xong", asked) == 0
    told = figures.find("so-cong-trinh").compute(asked).provenance
    assert told["unit"] == place.full_name
    elsewhere = scope(works, unit="07528")
    assert value("von-phan-bo", elsewhere) is None
    assert value("so-cong-trinh", elsewhere) == 0


def test_works_of_the_whole_programme_are_counted(works):
    assert value("so-cong-trinh", scope(works)) == 1


def test_a_component_of_the_programme_in_force_can_be_asked_for():
    component = Programme.objects.get(code="1719").components.get(code="DA4")
    query = figures.find("ty-le-giai-ngan/NSTW/DA4")
    assert component.name in query.title
    assert query.style == "percent"


def test_the_entries_behind_it_are_named(works):
    told = figures.find("von-giai-ngan").compute(scope(works)).provenance
    assert told["payments"] == [works.disbursements.get().pk]
    assert len(told["changes"]) == 3
    assert told["count"] == 4
    assert "30/03" not in told["period"]


def test_a_signed_figure_is_recomputed_from_what_was_known_then(works):
    moment = works.disbursements.get().at
    late = moment + datetime.timedelta(minutes=1)
    change(works, "adjusted", 100, on(1, 4), at=late)
    pay(works, 50, on(30, 4), at=late)
    assert value("von-giai-ngan", scope(works)) == Decimal("0.3")
    assert value("von-giai-ngan", scope(works, as_of=moment)) == Decimal("0.25")


def test_unknown_codes_are_unknown_figures():
    for key in ("von-giai-ngan/KHONG", "von-giai-ngan/NSTW/DA4/X", "von-khac"):
        with pytest.raises(UnknownFigure):
            figures.find(key)


def test_they_are_found_by_words_with_or_without_marks():
    keys = [query.key for query in figures.search("giai ngan trung ương")]
    assert keys == ["von-giai-ngan/NSTW", "ty-le-giai-ngan/NSTW"]
    assert "von-ke-hoach/DA4.TDA1" in [query.key for query in figures.search("kế hoạch vốn DA4")]
