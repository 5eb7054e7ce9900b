"""A whole year from workbooks alone: plan, months of payments, outputs; then every cut agrees.

YEAR_IN_FULL=1 runs it with ten districts, sixty works each and twelve months (some minutes).
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

import pytest

from portal.collection import services
from portal.collection.models import Submission
from portal.collection.services.beside import layout_of
from portal.units.models import AdministrativeUnit, UnitParent
from programs.aggregation import DIMENSIONS, Question, all_lines, answer
from programs.models import Component, FundingSource, Output, Programme, Works, WorksPlace
from tests.cast import member, person
from tests.programs.factories import (
    CapitalPlanFactory,
    OrganisationFactory,
    WorksFactory,
    change,
    decision,
)

from .conftest import begin, cite, send_file

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
IN_FULL = bool(os.environ.get("YEAR_IN_FULL"))
DISTRICTS = ["220", "219", "218", "215", "217", "213", "216", "221", "222", "223"]
DISTRICTS = DISTRICTS if IN_FULL else DISTRICTS[:2]
EACH = 60 if IN_FULL else 12  # works of a district
MONTHS = range(1, 13) if IN_FULL else range(2, 5)
DAY = datetime.date(2023, 11, 1)
DECIDED = datetime.date(2023, 1, 3)
COMPONENTS = ("DA4.TDA1", "DA5.TDA1", "DA7.ND1")
SOURCES = ("NSTW-DT", "NST-DT")
Figures = Mapping[tuple[str, str], Decimal]


def amount(n: int, *more: int) -> Decimal:
    """Another amount for every works and month, to the thousand đồng."""
    return Decimal(100_001 + 7919 * n + sum(104_729 * m for m in more)) / 1000


@cache
def component(code: str) -> Component:
    return Component.objects.get(code=code)


@pytest.fixture
def works(db) -> dict[str, list[Works]]:
    """Works of each district, spread over its communes, projects and two investors."""
    component.cache_clear()
    made = {}
    for district in DISTRICTS:
        links = UnitParent.objects.filter(parent__code=district, valid__contains=DAY)
        communes = [link.unit for link in links.select_related("unit").order_by("unit__code")]
        investors = OrganisationFactory.create_batch(2)
        made[district] = [
            WorksFactory(
                code=f"{district}-{n:02}",
                name=f"Công trình số {n} của {district}",
                component=component(COMPONENTS[n % len(COMPONENTS)]),
                investor=investors[n % 2],
                total_investment=None,
            )
            for n in range(EACH)
        ]
        for n, one in enumerate(made[district]):
            WorksPlace.objects.create(works=one, unit=communes[n % len(communes)])
    return made


def officer(district: str):
    return person(f"canbo.{district}", role="officer", full_name="Cán bộ huyện", area=district)


def upper_lines() -> None:
    """What the province has of each project and source, and what it gives to each district."""
    decided = decision(DECIDED, number="77")
    programme = Programme.objects.get(code="1719")
    for code in COMPONENTS:
        for source in SOURCES:
            same = {
                "programme": programme,
                "component": component(code),
                "source": source_of(source),
            }
            top = CapitalPlanFactory(**same)
            change(top, "assigned", 1_000_000 * len(DISTRICTS), DECIDED, document=decided)
            for district in DISTRICTS:
                unit = AdministrativeUnit.objects.on(DAY).get(code=district)
                line = CapitalPlanFactory(**same, holder="district", unit=unit, parent=top)
                change(line, "allocated", 900_000, DECIDED, document=decided)


def source_of(measure: str) -> FundingSource:
    return FundingSource.objects.get(code=measure.partition("-")[0])


def through(code: str, time: str, district: str, by, figures: Figures, **more) -> Submission:
    """A workbook of the district filled, sent, taken over, submitted and approved."""
    submission = begin(code, time, at=district, by=by)
    upload = send_file(submission, figures, by=by)
    assert [issue["message"] for issue in upload.issues] == []
    services.commit_uploads(submission=upload.submission, by=by)
    submission = Submission.objects.get(pk=upload.submission_id)
    submission = services.submit(submission=submission, by=by, **more)
    return services.approve(submission=submission, by=member("specialist"))


def plan_of(district: str, works: list[Works]) -> dict[tuple[str, str], Decimal]:
    return {
        (one.code, source): amount(n, DISTRICTS.index(district)) * 12
        for n, one in enumerate(works)
        for source in SOURCES[: 1 + n % 2]
    }


def paid_in(month: int, district: str, works: list[Works]) -> dict[tuple[str, str], Decimal]:
    return {
        (code, source): (planned / 16 + Decimal(month) / 8).quantize(Decimal("0.001"))
        for (code, source), planned in plan_of(district, works).items()
    }


def test_a_year_from_workbooks_alone(works):
    upper_lines()
    decision(DECIDED, number="88")
    planned: dict[tuple[str, str], Decimal] = {}
    paid: dict[tuple[int, str], Decimal] = {}
    done: dict[str, Decimal] = {}
    for district, own in works.items():
        by = officer(district)
        plan = plan_of(district, own)
        letter = cite("88", DECIDED)
        through("CT-KHV", "2023", district, by, plan, cover_letter=letter)
        planned |= plan
        for month in MONTHS:
            told = paid_in(month, district, own)
            through("CT-GN", f"2023-M{month:02}", district, by, told)
            for (code, _), value in told.items():
                paid[month, code] = paid.get((month, code), Decimal(0)) + value
        done |= outputs_sent(district, by, own)
    agrees(works, planned, paid)
    assert {(o.works.code, o.actual) for o in Output.objects.select_related("works")} == set(
        done.items()
    )


def outputs_sent(district: str, by, works: list[Works]) -> dict[str, Decimal]:
    """The first output that each works may give; returns what was told, by works."""
    submission = begin("CT-KQ", "2023", at=district, by=by)
    first = {}
    for row in layout_of(submission).units:
        first.setdefault(row.code.partition("/")[0], row.code)
    told = {code: Decimal(n + 1) for n, code in enumerate(sorted(first))}
    figures = {(first[code], "TH"): value for code, value in told.items()}
    figures |= {(first[code], "KH"): value for code, value in told.items()}
    through("CT-KQ", "2023", district, by, figures)
    return told


def agrees(works, planned: Figures, paid: Mapping[tuple[int, str], Decimal]) -> None:
    """The whole, every cut, every month and every district equal the workbooks' own sums."""
    programme = Programme.objects.get(code="1719")
    question = Question(programme=programme, year=2023, day=datetime.date(2023, 12, 31))
    found = answer(question, all_lines())
    assert found.total.plan == 1_000_000 * len(DISTRICTS) * len(COMPONENTS) * len(SOURCES)
    assert found.total.detail == sum(planned.values())
    assert found.total.paid == sum(paid.values())
    for dimension in DIMENSIONS:
        assert found.cuts[dimension].total == found.total, dimension
    by_month = {month.first.month: month.paid for month in found.this_year.months}
    for month in MONTHS:
        assert by_month[month] == sum(v for (m, _), v in paid.items() if m == month), month
    for row in found.cuts["area"].rows:
        if row.value is None:
            continue
        codes = {one.code for one in works[row.value.code]}
        assert row.money.detail == sum(v for (code, _), v in planned.items() if code in codes)
        assert row.money.paid == sum(v for (_, code), v in paid.items() if code in codes)
    again = answer(question, all_lines(), from_entries=True)
    assert again.total == found.total
