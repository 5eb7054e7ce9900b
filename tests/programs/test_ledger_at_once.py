"""Payments in the same moment against one balance."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from programs.ledger import LedgerRefused
from programs.models import ClosedMonth, Disbursement
from programs.services.capital import allocate, open_line
from programs.services.closing import close_month
from programs.services.disbursing import SentBefore, disburse, last_payment
from tests.at_once import together
from tests.cast import member, unit
from tests.programs.factories import (
    CapitalPlanFactory,
    WorksFactory,
    decision,
    line_of_works,
    pay,
)
from tests.programs.test_ledger import on, totals

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def reference(transactional_db):
    """A transactional test leaves an empty database; the reference data come back before each."""
    call_command("load_reference", verbosity=0)
    yield
    connections.close_all()


def test_of_ten_payments_at_once_exactly_those_that_fit_are_kept():
    works = line_of_works(1000)
    results = together(*[lambda: pay(works, 150, on(31, 3))] * 10)
    assert sum(isinstance(one, Disbursement) for one in results) == 6
    assert all("vượt số vốn" in str(one) for one in results if isinstance(one, Exception))
    assert totals(works) == (1000, 0, 900, 100)


def test_one_form_sent_ten_times_at_once_makes_one_payment():
    works, who = line_of_works(1000), member("specialist")
    after = last_payment(works)
    send = {"plan": works, "amount": Decimal(50), "day": on(31, 3), "by": who, "after": after}
    results = together(*[lambda: disburse(is_another=True, **send)] * 10)
    assert sum(isinstance(one, Disbursement) for one in results) == 1
    assert sum(isinstance(one, SentBefore) for one in results) == 9
    assert totals(works) == (1000, 0, 50, 950)


def test_ten_entries_through_the_service_keep_those_that_fit_and_the_rest_read_why():
    works = line_of_works(1000)
    results = together(
        *[
            lambda: disburse(
                plan=works, amount=Decimal(150), day=on(31, 3), by=None, is_another=True
            )
        ]
        * 10
    )
    assert sum(isinstance(one, Disbursement) for one in results) == 6
    refusals = [one for one in results if isinstance(one, LedgerRefused)]
    assert {one.rule for one in refusals} == {"disbursement_within_balance"}
    assert all("còn 100 triệu đồng" in one.message for one in refusals)
    assert totals(works) == (1000, 0, 900, 100)


def test_ten_allocations_from_one_line_at_once_never_pass_on_more_than_it_has():
    works = line_of_works(1000)
    same = {name: getattr(works, name) for name in ("programme", "component", "source")}
    lines = [
        CapitalPlanFactory(
            parent=works.parent,
            holder="works",
            unit=None,
            works=WorksFactory(component=works.component),
            **same,
        )
        for _ in range(10)
    ]
    paper = decision(on(1, 3))
    results = together(
        *[
            lambda line=line: allocate(
                amounts=[(line, Decimal(300))], document=paper, day=on(1, 3), by=None
            )
            for line in lines
        ]
    )
    assert sum(isinstance(one, list) for one in results) == 3
    assert sum(isinstance(one, LedgerRefused) for one in results) == 7
    assert totals(works.parent) == (2000, 1900, 0, 100)


def test_a_month_that_is_closed_while_payments_come_takes_none_after():
    works = line_of_works(1000)
    clerk = member("specialist")
    now = timezone.now()
    results = together(
        lambda: close_month(programme=works.programme, month=on(1, 3), by=clerk, now=now),
        *[lambda: disburse(plan=works, amount=Decimal(1), day=on(31, 3), by=None, is_another=True)]
        * 6,
    )
    kept = sum(isinstance(one, Disbursement) for one in results)
    closed = ClosedMonth.objects.get(programme=works.programme)
    assert results[0] == closed
    assert totals(works)[2] == kept
    assert all(isinstance(one, (Disbursement, LedgerRefused)) for one in results[1:]), results


def test_a_line_that_two_open_at_once_is_opened_once():
    works = line_of_works()
    told = {
        "programme": works.programme,
        "component": works.component,
        "source": works.source,
        "kind": "investment",
        "year": 2023,
        "holder": unit("219"),
        "parent": works.parent.parent,
    }
    lines = together(*[lambda: open_line(**told)] * 4)
    assert len({line.pk for line in lines}) == 1
