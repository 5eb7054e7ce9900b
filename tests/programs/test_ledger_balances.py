"""Balance and plan on any day, against a plain re-computation; and the kept totals verified."""

from __future__ import annotations

import datetime
from collections import defaultdict
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programs.ledger import LedgerRefused, NewChange, NewPayment
from programs.ledger.balances import Balance, balance_of, balances, kept
from programs.ledger.verifying import disagreements, whole
from programs.models import CapitalPlan, Disbursement, FundingSource
from programs.services.capital import carry_over, decide, open_line
from programs.services.disbursing import pay, reverse
from tests.cast import unit
from tests.programs.factories import (
    ComponentFactory,
    ProgrammeFactory,
    WorksFactory,
    decision,
    line_of_works,
)
from tests.programs.factories import pay as paid_on
from tests.programs.test_ledger import on

pytestmark = pytest.mark.django_db
YEARS = (2022, 2023, 2024)
DAYS = st.dates(datetime.date(2022, 1, 1), datetime.date(2025, 1, 31))
AMOUNTS = st.integers(1, 900_000).map(lambda thousand: Decimal(thousand) / 1000)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("assigned"), st.integers(0, 2), DAYS, AMOUNTS),
        st.tuples(st.just("allocated"), st.integers(0, 11), DAYS, AMOUNTS),
        st.tuples(st.just("adjusted"), st.integers(0, 14), DAYS, AMOUNTS),
        st.tuples(st.just("lowered"), st.integers(0, 14), DAYS, AMOUNTS),
        st.tuples(st.just("paid"), st.integers(0, 14), DAYS, AMOUNTS),
        st.tuples(st.just("taken back"), st.integers(0, 9), DAYS, AMOUNTS),
        st.tuples(st.just("carried"), st.integers(0, 1), DAYS, AMOUNTS),
    ),
    min_size=4,
    max_size=24,
)


class Plain:
    """What a person with a sheet of paper would write down: every move of every line."""

    def __init__(self):
        self.rows = []  # line, total, day, amount

    def add(self, line, total, day, amount):
        self.rows.append((line, total, day, amount))

    def balance(self, line, day):
        sums = defaultdict(Decimal)
        for told, total, at, amount in self.rows:
            if told == line and at <= day:
                sums[total] += amount
        return Balance(*(sums[total] for total in Balance._fields))


class Book:
    """Three years of a province, a district and three works, driven through the services."""

    def __init__(self):
        programme = ProgrammeFactory()
        component = ComponentFactory(programme=programme)
        jobs = [WorksFactory(component=component) for _ in range(3)]
        same = {
            "programme": programme,
            "component": component,
            "source": FundingSource.objects.get(code="NSTW"),
            "kind": "investment",
        }
        self.plain, self.payments = Plain(), []
        self.document = decision(datetime.date(2021, 12, 1))
        self.top, self.below = [], []
        for year in YEARS:
            top = open_line(**same, year=year, holder=unit("24"))
            district = open_line(**same, year=year, holder=unit("220"), parent=top)
            works = [open_line(**same, year=year, holder=job, parent=district) for job in jobs]
            self.top.append(top)
            self.below += [district, *works]
        self.lines = [*self.top, *self.below]

    def beginning(self):
        """Money for each year, so that much of what follows can be."""
        for index, year in enumerate(YEARS):
            yield "assigned", index, on(1, 2, year), Decimal("900.125")
            yield "allocated", 4 * index, on(1, 3, year), Decimal(600)
            for works in (1, 2, 3):
                yield "allocated", 4 * index + works, on(1, 4, year), Decimal("150.5")

    def take(self, step):
        """What the ledger takes is written down beside it; what it refuses is not."""
        what, index, day, amount = step
        try:
            with transaction.atomic():
                getattr(self, what.replace(" ", "_"))(index, day, amount)
        except LedgerRefused:
            pass

    def _decide(self, line, what, day, amount):
        decide(document=self.document, day=day, changes=[NewChange(line, what, amount)], by=None)
        self.plain.add(line.pk, "received", day, amount)
        if line.parent_id:
            self.plain.add(line.parent_id, "passed_on", day, amount)

    def assigned(self, index, day, amount):
        self._decide(self.top[index], "assigned", day, amount)

    def allocated(self, index, day, amount):
        self._decide(self.below[index], "allocated", day, amount)

    def adjusted(self, index, day, amount):
        self._decide(self.lines[index], "adjusted", day, amount)

    def lowered(self, index, day, amount):
        self._decide(self.lines[index], "adjusted", day, -amount)

    def paid(self, index, day, amount):
        line = self.lines[index]
        self.payments += pay(payments=[NewPayment(line, amount, day)], by=None)
        self.plain.add(line.pk, "disbursed", day, amount)

    def taken_back(self, index, day, amount):
        if index < len(self.payments):
            back = reverse(disbursement=self.payments[index], day=day, by=None, note="Nhầm")
            self.plain.add(back.plan_id, "disbursed", day, back.amount)

    def carried(self, index, day, amount):
        year = YEARS[index]
        day = datetime.date(year + 1, 1, 31)
        lines = [line for line in self.lines if line.year == year]
        for came in carry_over(lines=lines, document=self.document, day=day, by=None):
            self.plain.add(came.counterpart.plan_id, "carried_out", day, came.amount)
            self.plain.add(came.plan_id, "received", day, came.amount)


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, asked=st.lists(DAYS, min_size=3, max_size=3))
def test_every_day_is_what_a_plain_count_makes_it_and_the_end_what_is_kept(db, steps, asked):
    sid = transaction.savepoint()
    book = Book()
    for step in [*book.beginning(), *steps]:
        book.take(step)
    lines = CapitalPlan.objects.filter(pk__in=[line.pk for line in book.lines])
    for day in [*asked, datetime.date.max]:
        found = balances(lines, on=day)
        for line in book.lines:
            assert found.get(line.pk, Balance()) == book.plain.balance(line.pk, day), day
            assert found.get(line.pk, Balance()).available >= 0
    for line in lines:
        assert kept(line) == book.plain.balance(line.pk, datetime.date.max)
    assert not list(disagreements())
    assert whole().agrees
    transaction.savepoint_rollback(sid)


def test_a_cut_of_lines_is_added_up_as_of_a_day():
    works = line_of_works()
    paid_on(works, "300.5", on(31, 3))
    lines = CapitalPlan.objects.filter(programme=works.programme)
    assert balance_of(lines, on=on(31, 1)) == Balance(Decimal(5000))
    assert balance_of(lines, on=on(30, 3)).held == 5000
    assert balance_of(lines.filter(works=works.works), on=on(31, 3)) == Balance(
        Decimal(1000), disbursed=Decimal("300.5")
    )


def test_balances_of_any_number_of_lines_are_three_queries(django_assert_num_queries):
    line_of_works()
    with django_assert_num_queries(3):
        balances(CapitalPlan.objects.all(), on=on(1, 1, 2024))


def test_the_ledger_is_verified():
    paid_on(line_of_works(), 10, on(31, 3))
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert "3 dòng vốn, 0 dòng không khớp. Vốn từ ngoài vào 5.000 triệu đồng" in out.getvalue()


def test_a_total_that_was_tampered_with_is_found():
    works = line_of_works()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE programs_capitalplan SET disbursed = 7 WHERE id = %s", [works.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", stdout=out)
    assert f"Dòng {works.pk}, {works.works.code}" in out.getvalue()
    assert "đã giải ngân ghi 7, tính lại 0 triệu đồng" in out.getvalue()


def test_an_entry_smuggled_past_the_triggers_is_found():
    works = line_of_works()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        Disbursement.objects.create(plan=works, amount=Decimal(2000), day=on(31, 3))
        cursor.execute("SET LOCAL session_replication_role = origin")
    [found] = disagreements()
    assert (found.line, found.short_on) == (works, on(31, 3))
