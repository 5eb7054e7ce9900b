"""Payments: entered, refused in words, taken back whole."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from programs.ledger import LedgerRefused
from programs.models import Disbursement
from programs.services import closing, disbursing
from tests.programs.factories import CapitalPlanFactory, line_of_works, pay
from tests.programs.test_ledger import on, totals

pytestmark = pytest.mark.django_db


def refused(*words: str):
    return pytest.raises(LedgerRefused, match=".*".join(words))


def give(plan, amount, day, **more):
    return disbursing.disburse(plan=plan, amount=Decimal(str(amount)), day=day, by=None, **more)


def test_a_payment_above_the_balance_says_line_day_rest_and_how_much_too_much():
    works = line_of_works()
    give(works, 900, on(31, 3))
    with refused(works.works.code, "còn 100 triệu đồng", "vượt 0,5 triệu đồng", "giảm số tiền"):
        give(works, "100.5", on(30, 4))
    assert totals(works)[2] == 900


def test_a_payment_before_the_decision_says_since_when_there_is_money():
    works = line_of_works()
    with refused("chưa được giao vốn; vốn được giao từ ngày 15/02/2023"):
        give(works, 1, on(14, 2))
    with refused("chưa được giao vốn. Hãy ghi quyết định"):
        give(CapitalPlanFactory(), 1, on(14, 2))


def test_a_payment_in_a_closed_month_says_when_it_was_closed(specialist):
    works = line_of_works()
    now = timezone.now()
    closed = closing.close_month(programme=works.programme, month=on(31, 3), by=specialist, now=now)
    with refused("Tháng 03/2023 đã khoá sổ"):
        give(works, 1, on(31, 3))
    with refused("đã khoá sổ"):
        closing.close_month(programme=works.programme, month=on(1, 3), by=specialist, now=now)
    with refused("lý do"):
        closing.reopen_month(closed=closed, by=specialist, reason=" ", now=now)
    closing.reopen_month(closed=closed, by=specialist, reason="Bổ sung chứng từ", now=now)
    with refused("đã mở lại"):
        closing.reopen_month(closed=closed, by=specialist, reason="Bổ sung", now=now)
    give(works, 1, on(31, 3))


def test_a_month_that_has_not_ended_is_not_closed(specialist):
    now = timezone.now()
    with refused("chưa hết"):
        closing.close_month(
            programme=line_of_works().programme, month=now.date(), by=specialist, now=now
        )


@pytest.mark.parametrize("amount", [0, -5])
def test_a_payment_is_more_than_nothing(amount):
    with refused("phải lớn hơn 0"):
        give(line_of_works(), amount, on(31, 3))


def test_money_of_another_year_is_refused():
    with refused("Vốn năm 2023 chỉ giải ngân từ 01/01/2023 đến 31/01/2024"):
        give(line_of_works(), 5, on(1, 2, 2024))


def test_a_payment_is_taken_back_whole_once_and_with_a_reason(specialist):
    works = line_of_works()
    paid = give(works, 1000, on(31, 3), voucher="15")
    with refused("lý do"):
        disbursing.reverse(disbursement=paid, day=on(30, 4), by=specialist, note="")
    with refused("từ ngày giải ngân 31/03/2023"):
        disbursing.reverse(disbursement=paid, day=on(30, 3), by=specialist, note="Nhầm")
    back = disbursing.reverse(disbursement=paid, day=on(30, 4), by=specialist, note="Nhầm")
    assert (back.amount, back.voucher, back.reverses) == (-1000, "15", paid)
    with refused("đã huỷ ngày 30/04/2023"):
        disbursing.reverse(disbursement=paid, day=on(30, 4), by=specialist, note="Nhầm")
    with refused("là dòng huỷ"):
        disbursing.reverse(disbursement=back, day=on(30, 4), by=specialist, note="Nhầm")
    assert totals(works) == (1000, 0, 0, 1000)


@pytest.mark.parametrize(
    ("amount", "day", "words"),
    [
        (1001, on(31, 3), "còn 1.000 triệu đồng"),
        (1, on(1, 2), "vốn được giao từ ngày 15/02/2023"),
        (1, on(1, 2, 2024), "Vốn năm 2023 chỉ giải ngân"),
    ],
)
def test_when_another_entry_came_in_between_the_database_refuses_in_the_same_words(
    monkeypatch, amount, day, words
):
    works = line_of_works()
    monkeypatch.setattr(disbursing, "weigh_payments", lambda *args: None)
    with refused(words):
        give(works, amount, day)
    assert not Disbursement.objects.filter(plan=works).exists()


def test_a_balance_that_a_later_payment_needs_is_not_paid_twice():
    works = line_of_works()
    pay(works, 800, on(30, 6))
    with refused("Ngày 30/06/2023", "vượt 100 triệu"):
        give(works, 300, on(31, 3))


def test_the_same_payment_again_is_asked_about():
    works = line_of_works()
    give(works, 10, on(31, 3), voucher="7")
    with refused("đã ghi lúc", "đánh dấu “Đây là một khoản khác”"):
        give(works, 10, on(31, 3), voucher="7")
    give(works, 10, on(31, 3), voucher="8")
    give(works, 10, on(31, 3), voucher="7", is_another=True)
    assert totals(works)[2] == 30
