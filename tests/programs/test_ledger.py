"""The ledger of capital: what the database keeps, and what it refuses."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from programs.models import CapitalPlan, ClosedMonth, Disbursement, WorksEvent, WorksPlace
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

pytestmark = pytest.mark.django_db


def on(day: int, month: int, year: int = 2023) -> datetime.date:
    return datetime.date(year, month, day)


def refused(name: str):
    """The database itself refuses, by the constraint of that name or in these words."""
    return pytest.raises(IntegrityError, match=name)


def totals(plan: CapitalPlan) -> tuple[Decimal, ...]:
    plan.refresh_from_db()
    return plan.received, plan.passed_on, plan.disbursed, plan.available


def test_totals_follow_the_entries():
    works = line_of_works()
    pay(works, "300.125", on(31, 3))
    district, province = works.parent, works.parent.parent
    assert totals(works) == (1000, 0, Decimal("300.125"), Decimal("699.875"))
    assert totals(district) == (2000, 1000, 0, 1000)
    assert totals(province) == (5000, 2000, 0, 3000)


def test_area_and_investor_follow_from_the_line():
    works = line_of_works()
    assert works.area == unit("220")
    assert works.investor == works.works.investor
    assert works.parent.parent.area is None


def test_a_payment_above_the_balance_is_refused():
    works = line_of_works()
    pay(works, 900, on(31, 3))
    with refused("vượt số vốn còn lại 0,5 triệu"), transaction.atomic():
        pay(works, "100.5", on(30, 4))
    assert totals(works)[2] == 900


def test_a_payment_before_the_decision_is_refused_though_money_came_later():
    works = line_of_works()
    with refused("Ngày 14/02/2023 dòng vốn chưa được giao vốn"):
        pay(works, 1, on(14, 2))


def test_a_payment_that_would_leave_a_later_one_without_money_is_refused():
    works = line_of_works()
    pay(works, 800, on(30, 6))
    with refused("Ngày 30/06/2023 giải ngân vượt số vốn còn lại 100 triệu"):
        pay(works, 300, on(31, 3))


def test_an_allocation_above_its_parent_is_refused():
    works = line_of_works()
    with refused("phân bổ vượt số vốn của dòng cấp trên 500 triệu"):
        change(works, "adjusted", 1500, on(1, 3))


def test_a_line_cannot_fall_below_what_was_paid():
    works = line_of_works()
    pay(works, 800, on(30, 6))
    with refused("Ngày 30/06/2023 dòng vốn đã phân bổ, giải ngân nhiều hơn số còn lại 100 triệu"):
        change(works, "adjusted", -300, on(1, 5))


def test_what_is_given_back_goes_to_the_line_above():
    works = line_of_works()
    change(works, "adjusted", -300, on(1, 5))
    assert totals(works.parent) == (2000, 700, 0, 1300)


def test_a_change_before_its_decision_is_refused():
    works = line_of_works()
    with refused("trước ngày 10/05/2023 của quyết định"):
        change(works, "adjusted", 5, on(9, 5), document=decision(on(10, 5)))


def test_money_is_assigned_at_the_top_and_allocated_below():
    works = line_of_works()
    with refused("capital_change_at_its_place|dòng cao nhất"), transaction.atomic():
        change(works, "assigned", 5, on(1, 5))
    with refused("capital_change_at_its_place|dòng cao nhất"):
        change(works.parent.parent, "allocated", 5, on(1, 5))


def test_a_reversal_gives_the_money_free_once():
    works = line_of_works()
    paid = pay(works, 1000, on(31, 3))
    pay(works, -1000, on(30, 4), reverses=paid)
    assert totals(works) == (1000, 0, 0, 1000)
    with refused("reverses"):
        pay(works, -1000, on(31, 5), reverses=paid)


@pytest.mark.parametrize(("amount", "day"), [(-900, on(30, 4)), (-1000, on(30, 3))])
def test_a_reversal_is_whole_and_not_earlier(amount, day):
    paid = pay(line_of_works(), 1000, on(31, 3))
    with refused("Dòng huỷ phải bằng số đã giải ngân"):
        pay(paid.plan, amount, day, reverses=paid)


def test_a_closed_month_takes_nothing_until_it_is_open_again(specialist):
    works = line_of_works()
    closed = ClosedMonth.objects.create(programme=works.programme, month=on(1, 3), by=specialist)
    with refused("Tháng 03/2023 đã khoá sổ"), transaction.atomic():
        pay(works, 1, on(31, 3))
    pay(works, 1, on(1, 4))
    closed.reopened_by, closed.reopened_at, closed.reason = specialist, closed.at, "Bổ sung"
    closed.save()
    pay(works, 1, on(31, 3))


@pytest.mark.parametrize("day", [on(31, 12, 2022), on(1, 2, 2024)])
def test_money_of_a_year_is_paid_in_it_or_until_the_end_of_january(day):
    works = line_of_works()
    with refused("Vốn năm 2023 chỉ giải ngân từ 01/01/2023 đến 31/01/2024"):
        pay(works, 1, day)


def test_entries_are_only_added():
    paid = pay(line_of_works(), 10, on(31, 3))
    for refuse in (
        lambda: Disbursement.objects.update(amount=5),
        lambda: Disbursement.objects.all().delete(),
        lambda: paid.plan.changes.update(amount=5),
        lambda: CapitalPlan.objects.update(disbursed=0),
        lambda: CapitalPlan.objects.filter(pk=paid.plan_id).update(year=2024),
    ):
        with refused("không sửa|không đổi được"), transaction.atomic():
            refuse()


def test_money_carried_over_moves_whole_to_the_same_line_of_the_next_year():
    works = line_of_works()
    pay(works, 400, on(31, 12))
    same = {name: getattr(works, name) for name in ("programme", "component", "source", "works")}
    after = CapitalPlanFactory(year=2024, holder="works", unit=None, **same)
    out = change(works, "carried_out", -600, on(31, 1, 2024))
    with refused("bằng số chuyển đi"), transaction.atomic():
        change(after, "carried_in", 500, on(1, 2, 2024), counterpart=out)
    change(after, "carried_in", 600, on(1, 2, 2024), counterpart=out)
    assert totals(works) == (1000, 0, 400, 0)
    assert (works.carried_out, works.held) == (600, 1000)
    assert totals(after) == (600, 0, 0, 600)


def test_a_line_is_for_what_the_line_above_is_for():
    works = line_of_works()
    job = WorksFactory(component=ComponentFactory(programme=works.programme))
    same = {"programme": works.programme, "source": works.source, "holder": "works", "unit": None}
    with refused("không thuộc dự án của dòng cấp trên"), transaction.atomic():
        CapitalPlanFactory(parent=works.parent, works=job, component=job.component, **same)
    with refused("thuộc dự án khác"), transaction.atomic():
        CapitalPlanFactory(parent=works.parent, works=job, component=works.component, **same)
    with refused("thuộc chương trình khác"):
        CapitalPlanFactory(programme=ProgrammeFactory(), component=works.component)


def test_held_money_of_all_lines_is_all_money():
    works = line_of_works()
    assert sum(plan.held for plan in CapitalPlan.objects.filter(programme=works.programme)) == 5000


def test_works_go_from_state_to_state_and_dates_follow():
    works = WorksFactory()
    for state, day in (("approved", on(1, 3)), ("started", on(1, 4)), ("finished", on(1, 9))):
        WorksEvent.objects.create(works=works, state=state, day=day)
    works.refresh_from_db()
    assert (works.state, works.actual_start, works.actual_finish) == (
        "finished",
        on(1, 4),
        on(1, 9),
    )
    with refused("không chuyển thẳng"), transaction.atomic():
        WorksEvent.objects.create(works=works, state="prepared", day=on(1, 10))
    with refused("phải từ ngày 01/09/2023"):
        WorksEvent.objects.create(works=works, state="settled", day=on(1, 8))


def test_works_lie_in_communes_in_force_when_they_begin():
    works = WorksFactory(planned_start=on(1, 8, 2025), planned_finish=on(1, 12, 2025))
    old = unit("07615")
    with refused("Ngày 01/08/2025 không có"):
        WorksPlace.objects.create(works=works, unit=old)


def test_works_with_money_keep_their_component_and_investor():
    works = line_of_works().works
    works.investor = OrganisationFactory()
    with refused("chủ đầu tư không đổi được"):
        works.save()
