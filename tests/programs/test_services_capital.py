"""Decisions on capital: what is kept, and what is refused in which words."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import transaction

from programs.ledger import LedgerRefused, NewChange, weighing
from programs.models import CapitalChange, CapitalPlan
from programs.services import capital
from tests.cast import unit
from tests.programs.factories import (
    CapitalPlanFactory,
    OrganisationFactory,
    WorksFactory,
    decision,
    line_of_works,
    pay,
)
from tests.programs.test_ledger import on, totals

pytestmark = pytest.mark.django_db


def refused(*words: str):
    return pytest.raises(LedgerRefused, match=".*".join(words))


def test_one_decision_gives_at_the_top_and_passes_down_at_once(specialist):
    province = CapitalPlanFactory()
    below = [
        capital.open_line(
            programme=province.programme,
            component=province.component,
            source=province.source,
            kind=province.kind,
            year=2023,
            holder=unit(code),
            parent=province,
        )
        for code in ("219", "220")
    ]
    capital.decide(
        document=decision(on(10, 1)),
        day=on(10, 1),
        by=specialist,
        changes=[
            NewChange(province, "assigned", Decimal(900)),
            *(NewChange(line, "allocated", Decimal(400)) for line in below),
        ],
    )
    assert totals(province) == (900, 800, 0, 100)
    assert [line.holder for line in below] == ["district", "district"]


def test_a_line_that_is_there_is_found_and_not_opened_twice():
    works = line_of_works()
    found = capital.open_line(
        programme=works.programme,
        component=works.component,
        source=works.source,
        kind=works.kind,
        year=2023,
        holder=works.works,
        parent=works.parent,
    )
    assert found == works


def test_works_have_one_line_of_a_source_whatever_it_is_allocated_from():
    works = line_of_works()
    with refused("đã có dòng vốn này, phân bổ từ Huyện Sơn Động"):
        capital.open_line(
            programme=works.programme,
            component=works.component,
            source=works.source,
            kind=works.kind,
            year=2023,
            holder=works.works,
            parent=works.parent.parent,
        )


def test_an_allocation_above_its_parent_says_how_much_is_left_and_too_much(specialist):
    works = line_of_works()
    with refused("Ngày 01/03/2023 Huyện Sơn Động", "còn 1.000 triệu đồng", "vượt 500,5 triệu"):
        capital.allocate(
            amounts=[(works, Decimal("1500.5"))],
            document=decision(on(1, 3)),
            day=on(1, 3),
            by=specialist,
        )
    assert CapitalChange.objects.filter(plan=works).count() == 1


def test_what_was_paid_cannot_be_adjusted_away(specialist):
    works = line_of_works()
    pay(works, 800, on(30, 6))
    with refused("Chỉ giảm được nhiều nhất 200 triệu đồng"):
        capital.adjust(
            amounts=[(works, Decimal(-300))], document=decision(on(1, 5)), day=on(1, 5), by=None
        )


def test_nothing_is_decided_before_the_decision():
    works = line_of_works()
    with refused("trước ngày 10/05/2023 của Quyết định", "từ 10/05/2023 trở đi"):
        capital.adjust(
            amounts=[(works, Decimal(5))], document=decision(on(10, 5)), day=on(9, 5), by=None
        )


@pytest.mark.parametrize(
    ("what", "amount", "words"),
    [
        ("assigned", 5, "Hãy chọn “phân bổ”"),
        ("allocated", -5, "phải lớn hơn 0"),
        ("adjusted", 0, "khác 0"),
        ("adjusted", "0.0005", "ba chữ số"),
    ],
)
def test_money_told_at_a_wrong_place_or_with_a_wrong_sign_is_refused(what, amount, words):
    works = line_of_works()
    with refused(words):
        capital.decide(
            document=decision(on(1, 3)),
            day=on(1, 3),
            by=None,
            changes=[NewChange(works, what, Decimal(str(amount)))],
        )


def test_when_another_entry_came_in_between_the_database_says_it_in_the_same_words(monkeypatch):
    works = line_of_works()
    monkeypatch.setattr(capital, "weigh_changes", lambda *args: None)
    with refused("Ngày 01/03/2023 Huyện Sơn Động", "còn 1.000 triệu đồng", "vượt 500 triệu"):
        capital.allocate(
            amounts=[(works, Decimal(1500))], document=decision(on(1, 3)), day=on(1, 3), by=None
        )


def test_the_end_of_a_year_carries_every_rest_to_the_same_lines(specialist):
    works = line_of_works()
    pay(works, 400, on(31, 12))
    lines = list(CapitalPlan.objects.yearly(works.programme, 2023))
    came = capital.carry_over(
        lines=lines, document=decision(on(31, 1, 2024)), day=on(31, 1, 2024), by=specialist
    )
    assert sorted(one.amount for one in came) == [600, 1000, 3000]
    after = CapitalPlan.objects.get(works=works.works, year=2024)
    assert totals(after) == (600, 0, 0, 600)
    assert after.parent.unit == unit("220")
    assert after.parent.parent.holder == "province"
    assert all(not line.available for line in CapitalPlan.objects.filter(year=2023))
    with refused("không còn số dư"):
        capital.carry_over(
            lines=lines, document=decision(on(31, 1, 2024)), day=on(31, 1, 2024), by=specialist
        )


def test_what_a_later_payment_needs_is_not_carried_over(specialist):
    works = line_of_works()
    pay(works, 900, on(20, 1, 2024))
    came = capital.carry_over(
        lines=[works], document=decision(on(31, 12)), day=on(31, 12), by=specialist
    )
    assert [one.amount for one in came] == [100]


def test_capital_of_a_year_is_carried_over_at_its_end(specialist):
    works = line_of_works()
    with refused("chuyển nguồn từ ngày 31/12/2023"):
        capital.carry_over(lines=[works], document=decision(on(1, 6)), day=on(1, 6), by=specialist)


@pytest.mark.slow
def test_carrying_over_many_lines_takes_few_queries(django_assert_max_num_queries, specialist):
    works = line_of_works(100)
    same = {"component": works.component, "programme": works.programme, "source": works.source}
    more = [
        CapitalPlanFactory(
            parent=works.parent,
            holder="works",
            unit=None,
            works=WorksFactory(component=works.component, investor=OrganisationFactory()),
            **same,
        )
        for _ in range(8)
    ]
    capital.allocate(
        amounts=[(line, Decimal(10)) for line in more],
        document=decision(on(1, 3)),
        day=on(1, 3),
        by=None,
    )
    with django_assert_max_num_queries(40):
        came = capital.carry_over(
            lines=[works, *more],
            document=decision(on(31, 12)),
            day=datetime.date(2023, 12, 31),
            by=specialist,
        )
    assert len(came) == 9


def test_nothing_is_kept_of_a_decision_that_is_refused_in_part():
    works = line_of_works()
    with refused("vượt"), transaction.atomic():
        capital.decide(
            document=decision(on(1, 3)),
            day=on(1, 3),
            by=None,
            changes=[
                NewChange(works, "adjusted", Decimal(10)),
                NewChange(works.parent, "adjusted", Decimal(9000)),
            ],
        )
    assert totals(works)[0] == 1000
    assert weighing.moves_of([works.pk])[works.pk].spare(on(1, 3)) == 1000


def test_a_decision_says_the_same_of_a_line_once():
    works = line_of_works()
    told = {"document": decision(on(1, 3)), "day": on(1, 3), "by": None}
    capital.adjust(amounts=[(works, Decimal(10))], **told)
    with refused("đã ghi điều chỉnh 10 triệu đồng cho", "Không ghi lần thứ hai"):
        capital.adjust(amounts=[(works, Decimal(10))], **told)
    capital.adjust(amounts=[(works, Decimal(-5))], **told)
    assert totals(works)[0] == 1005
