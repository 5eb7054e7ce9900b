"""Money in every cut: against a plain count of the entries, of any day, from both roads."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programs.aggregation import DIMENSIONS, Answer, Money, Question, all_lines, answer
from programs.models import (
    CapitalByMonth,
    CapitalChange,
    CapitalPlan,
    Component,
    Disbursement,
    FundingSource,
)
from tests.cast import unit
from tests.programs.factories import (
    CapitalPlanFactory,
    ComponentFactory,
    OrganisationFactory,
    ProgrammeFactory,
    WorksFactory,
    change,
    decision,
    line_of_works,
    pay,
)
from tests.programs.test_ledger import on

pytestmark = pytest.mark.django_db
ZERO = Decimal(0)


def plain(lines: list[CapitalPlan], day: datetime.date) -> Money:
    """Plan, allocation in detail and payment of these lines at the end of `day`, one by one."""
    ids = {line.pk: line for line in lines}
    plan = detail = paid = ZERO
    for one in CapitalChange.objects.filter(day__lte=day).select_related("plan"):
        if one.what == "carried_out":
            continue
        if one.plan_id in ids:
            plan += one.amount
            detail += one.amount if one.plan.holder == "works" else 0
        if one.what in CapitalChange.DRAWING and one.plan.parent_id in ids:
            plan -= one.amount
    for payment in Disbursement.objects.filter(day__lte=day, plan__in=ids):
        paid += payment.amount
    return Money(plan, detail, paid)


def asked(line: CapitalPlan, day: datetime.date | None = None) -> Question:
    return Question(line.programme, line.year, day or on(31, 12))


def rooms() -> list[CapitalPlan]:
    """Lines of two years, two subprojects, two districts: the province's, theirs, the works'."""
    programme = ProgrammeFactory()
    project = ComponentFactory(programme=programme)
    parts = [
        ComponentFactory(programme=programme, kind="subproject", parent=project) for _ in range(2)
    ]
    investor = OrganisationFactory()
    jobs = [WorksFactory(component=part, investor=investor) for part in parts]
    source = FundingSource.objects.get(code="NSTW")
    lines = []
    for year in (2022, 2023):
        same = {"programme": programme, "year": year, "source": source, "kind": "recurrent"}
        top = CapitalPlanFactory(component=project, **same)
        lines.append(top)
        for part, job, code in zip(parts, jobs, ("219", "220"), strict=True):
            district = CapitalPlanFactory(
                component=part, parent=top, holder="district", unit=unit(code), **same
            )
            lines += [
                district,
                CapitalPlanFactory(
                    component=part, parent=district, holder="works", unit=None, works=job, **same
                ),
            ]
    return lines


AMOUNTS = st.decimals(Decimal("0.001"), Decimal(900), places=3)
MOVES = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.sampled_from(["in", "in", "adjusted", "pay", "pay"]),
        AMOUNTS,
        st.integers(0, 420),
    ),
    min_size=4,
    max_size=24,
)


def play(lines: list[CapitalPlan], moves: list) -> None:
    """What fits is entered, what does not the ledger refuses."""
    paper = decision(datetime.date(2021, 12, 1))
    for line in lines:  # so that something fits
        what = "allocated" if line.parent_id else "assigned"
        amount = 1000 if line.holder == "works" else 4000 if line.parent_id else 9000
        change(line, what, amount, datetime.date(line.year - 1, 12, 20), document=paper)
    for which, what, amount, days in moves:
        line = lines[which]
        day = datetime.date(line.year, 1, 1) + datetime.timedelta(days - 15)
        with contextlib.suppress(IntegrityError), transaction.atomic():
            if what == "pay":
                pay(line, amount, day)
            elif what == "adjusted":
                change(line, what, -amount, day, document=paper)
            else:
                drawn = "allocated" if line.parent_id else "assigned"
                change(line, drawn, amount, day, document=paper)


def pieces(lines: list[CapitalPlan]) -> dict[str, Callable[[CapitalPlan], object]]:
    """By what each cut divides; components up to the subproject."""
    return {
        "source": lambda line: line.source_id,
        "kind": lambda line: line.kind,
        "area": lambda line: line.area_id,
        "investor": lambda line: line.investor_id,
    }


@pytest.mark.slow
@given(moves=MOVES, days=st.integers(-40, 420))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_cut_is_what_the_entries_say_on_any_day_and_adds_up_to_the_whole(db, moves, days):
    with transaction.atomic():
        lines = rooms()
        play(lines, moves)
        lines = list(CapitalPlan.objects.filter(pk__in=[line.pk for line in lines]))
        day = datetime.date(2023, 1, 1) + datetime.timedelta(days)
        question = Question(lines[0].programme, 2023, day)
        found = answer(question, all_lines())
        of_year = [line for line in lines if line.year == 2023]
        assert found.total == plain(of_year, day)
        assert_parts(found, of_year, day)
        before = answer(replace(question, year=2022, day=day), all_lines()).total
        assert before == plain([line for line in lines if line.year == 2022], day)
        assert found == answer(question, all_lines(), from_entries=True)
        assert not astray()
        transaction.set_rollback(True)


def assert_parts(found: Answer, lines: list[CapitalPlan], day: datetime.date) -> None:
    for name in DIMENSIONS:
        assert found.cuts[name].total == found.total, name
    for name, of in pieces(lines).items():
        for row in found.cuts[name].rows:
            key = getattr(row.value, "pk", row.value)
            assert row.money == plain([one for one in lines if of(one) == key], day), (name, row)
    assert sum((month.planned for month in found.this_year.months), ZERO) == found.total.plan
    assert sum((month.paid for month in found.this_year.months), ZERO) == found.total.paid


def astray() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM programs_months_astray()")
        return [pk for (pk,) in cursor.fetchall()]


def labels(found: Answer, name: str) -> list[tuple[str, Decimal]]:
    return [(row.label, row.money.plan) for row in found.cuts[name].rows]


def test_what_is_not_yet_given_to_anybody_is_named():
    works = line_of_works()
    pay(works, "300.125", on(31, 3))
    found = answer(asked(works), all_lines())
    assert found.total == Money(Decimal(5000), Decimal(1000), Decimal("300.125"))
    assert labels(found, "area") == [("Huyện Sơn Động", 2000), ("Cấp tỉnh", 3000)]
    assert labels(found, "investor") == [(works.investor.name, 1000), ("Chưa phân bổ", 4000)]
    assert found.total.rate == Decimal("6.0025")


def test_filters_combine_and_those_without_can_be_asked_for():
    works = line_of_works()
    whole = asked(works)
    at_province = answer(whole.with_("area", None), all_lines())
    assert at_province.total.plan == 3000
    in_district = answer(whole.with_("area", works.area), all_lines())
    assert in_district.total == Money(Decimal(2000), Decimal(1000), ZERO)
    both = answer(whole.with_("area", works.area).with_("investor", None), all_lines())
    assert both.total == Money(Decimal(1000), ZERO, ZERO)
    none = answer(replace(whole, kind="recurrent"), all_lines())
    assert none.total == Money()
    assert not none.has_money


def test_components_roll_up_to_projects_and_down_to_what_belongs_to_them():
    lines = rooms()
    play(lines, [])
    project: Component = lines[0].component
    whole = Question(project.programme, 2023, on(31, 12))
    assert labels(answer(whole, all_lines()), "component") == [(project.label, 9000)]
    inside = answer(replace(whole, component=project), all_lines())
    below = [line.component.label for line in (lines[6], lines[8])]
    assert labels(inside, "component") == [
        (below[0], 4000), (below[1], 4000), ("Chưa phân bổ", 1000),
    ]  # fmt: skip
    own = answer(whole.with_("component", project).with_("area", None), all_lines())
    assert own.total.plan == 1000


def test_what_is_carried_over_stays_in_the_plan_and_is_told():
    first = line_of_works()
    pay(first, 600, on(30, 6))
    out = change(first, "carried_out", -400, on(31, 12))
    later = CapitalPlanFactory(
        programme=first.programme, component=first.component, source=first.source,
        kind=first.kind, year=2024, holder="works", unit=None, works=first.works,
    )  # fmt: skip
    change(later, "carried_in", 400, on(10, 1, 2024), counterpart=out)
    then = answer(asked(first, on(31, 12)), all_lines())
    assert (then.total.plan, then.this_year.carried_out) == (5000, 400)
    now = answer(asked(later, on(31, 12, 2024)), all_lines())
    assert (now.total.plan, now.this_year.carried_in) == (400, 400)


def test_a_reversed_payment_is_gone_from_its_day_on():
    works = line_of_works()
    wrong = pay(works, 200, on(10, 4))
    pay(works, -200, on(20, 4), reverses=wrong)
    assert answer(asked(works, on(19, 4)), all_lines()).total.paid == 200
    assert answer(asked(works, on(20, 4)), all_lines()).total.paid == 0


def test_last_year_is_compared_on_the_same_day():
    works = line_of_works()
    pay(works, 100, on(10, 4))
    pay(works, 50, on(20, 4))
    found = answer(replace(asked(works), year=2024, day=on(15, 4, 2024)), all_lines())
    assert (found.last_year.plan, found.last_year.paid) == (5000, 100)
    assert [month.paid for month in found.last_year.months] == [0, 0, 0, 150]


def test_what_was_written_later_is_left_out_of_what_was_known():
    works = line_of_works()
    moment = pay(works, 100, on(10, 4)).at
    pay(works, 30, on(10, 5), at=moment + datetime.timedelta(minutes=1))
    assert answer(asked(works), all_lines()).total.paid == 130
    assert answer(replace(asked(works), known_at=moment), all_lines()).total.paid == 100


def test_an_officer_sees_the_money_of_the_own_area(son_dong_officer, luc_ngan_officer, specialist):
    works = line_of_works()
    question = asked(works)

    def seen(user):
        return answer(question, CapitalPlan.objects.visible_to(user)).total.plan

    assert (seen(son_dong_officer), seen(luc_ngan_officer), seen(specialist)) == (2000, 0, 5000)


def test_slow_lines_are_those_below_the_rate():
    works = line_of_works()
    pay(works, 299, on(30, 6))
    assert answer(asked(works), all_lines(), low=30).low_lines == 1
    assert answer(asked(works), all_lines(), low=29).low_lines == 0
    assert answer(asked(works), all_lines()).detailed_lines == 1


def test_the_number_of_queries_does_not_grow_with_the_lines(django_assert_max_num_queries):
    question = asked(line_of_works())
    with django_assert_max_num_queries(5):
        answer(question, all_lines())


def test_the_months_are_written_by_the_database_alone():
    works = line_of_works()
    with pytest.raises(IntegrityError, match="tự tính"), transaction.atomic():
        CapitalByMonth.objects.filter(plan=works).update(paid=[0] * 15)
    assert CapitalByMonth.objects.get(plan=works).held == [0, 0, 1_000_000, *[0] * 12]


def test_months_that_went_astray_are_told(capsys):
    works = line_of_works()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE programs_capitalbymonth DISABLE TRIGGER months_guard")
        cursor.execute(
            "UPDATE programs_capitalbymonth SET paid[4] = 7 WHERE plan_id = %s", [works.pk]
        )
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    assert f"Dòng {works.pk}" in capsys.readouterr().out
