"""The demo's programme: totals as published, everything below them adds up."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db.models import F, Q, Sum

from portal.collection.models import Submission
from programs.demo import load_demo
from programs.figures.flow import steps_of
from programs.ledger.verifying import disagreements
from programs.models import (
    CapitalChange,
    CapitalPlan,
    Disbursement,
    Organisation,
    Programme,
    PublishedCapital,
    RecordValue,
    SupportedHousehold,
    Works,
    WorksEvent,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NOW = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def programme(django_db_setup, django_db_blocker):
    """Loaded once for the tests of this file, and taken away after them."""
    from django.conf import settings
    from django.db import transaction

    before = settings.DEMO
    settings.DEMO = True
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(now=NOW)
        yield
        transaction.set_rollback(True)
    settings.DEMO = before


@pytest.mark.parametrize(
    ("year", "published"), [(2022, 221), (2023, 635), (2024, 734), (2025, 610)]
)
def test_the_plan_of_a_year_is_what_was_published(programme, year, published):
    outside = CapitalChange.objects.filter(plan__year=year, what__in=["assigned", "carried_in"])
    assert outside.aggregate(told=Sum("amount"))["told"] == published * 1000
    held = CapitalPlan.objects.filter(year=year).aggregate(told=Sum(F("received") - F("passed_on")))
    assert held["told"] == published * 1000
    figures = PublishedCapital.objects.filter(first_year=year, last_year=year)
    assert figures.filter(amount=published * 1000).exists()


def test_what_was_paid_by_june_2024_is_what_was_published(programme):
    paid = Disbursement.objects.filter(plan__year=2024, day__lte=datetime.date(2024, 6, 30))
    assert paid.aggregate(told=Sum("amount"))["told"] == Decimal(155_000)


def test_all_of_it_says_that_it_is_made_up(programme):
    assert Works.objects.filter(is_demo=True).count() == 600
    for model in (Works, CapitalPlan, Organisation):
        assert not model.objects.filter(is_demo=False).exists()


def test_there_is_something_of_everything(programme):
    states = set(Works.objects.values_list("state", flat=True))
    assert states == {"approved", "started", "suspended", "finished", "settled"}
    assert Works.objects.late(on=NOW.date()).count() > 50
    assert CapitalPlan.objects.filter(Q(carried_out__gt=0)).exists()
    assert SupportedHousehold.objects.count() > 1000
    assert CapitalPlan.objects.filter(holder="district").values("area").distinct().count() >= 10


def test_workbooks_came_as_far_as_workbooks_come(programme):
    sent = Submission.objects.filter(dataset__code__startswith="CT-")
    assert set(sent.values_list("dataset__code", flat=True)) == {
        "CT-KHV", "CT-GN", "CT-TD", "CT-KQ", "CT-DT", "CT-DG"
    }  # fmt: skip
    assert set(sent.values_list("status", flat=True)) == {
        "draft", "submitted", "returned", "approved"
    }  # fmt: skip
    assert not sent.filter(is_demo=False).exists()
    drafts = sent.filter(status="draft")
    assert set(drafts.values_list("created_by__username", flat=True)) == {"chudautu"}
    for one in sent.filter(status="returned"):
        assert one.remarks.get().row_code


def test_what_a_workbook_told_stands_in_the_ledger_once(programme):
    assert list(disagreements()) == []
    for dataset, entries in (("CT-GN", Disbursement), ("CT-KHV", CapitalChange)):
        approved = Submission.objects.approved().filter(dataset__code=dataset)
        posted = entries.objects.filter(submission__in=approved)
        if dataset == "CT-KHV":
            posted = posted.filter(plan__works__isnull=False)
        told = RecordValue.objects.filter(submission__in=approved).exclude(measure="TONG")
        assert posted.aggregate(sum=Sum("amount")) == told.aggregate(sum=Sum("value"))
    open_ones = Submission.objects.open().filter(dataset__code="CT-GN")
    assert open_ones.count() == 2
    for one in open_ones:
        paid = Disbursement.objects.filter(
            plan__works__code__in=one.record_values.values("row"), month=one.period.start
        )
        assert not paid.exists(), "what is not approved yet is not paid yet"


def test_steps_of_the_circular_are_done_or_late(programme):
    found = {
        (one.step.level, one.step.occasion): one
        for one in steps_of(
            Programme.objects.get(code="1719"), 2026, Works.objects.all(), today=NOW.date()
        )
    }
    communes = found["commune", "first"]
    assert len(communes.owed) - 3 <= communes.done < len(communes.owed)
    assert communes.late
    assert found["investor", "period"].done == 2
    assert found["commune", "completion"].late


def test_the_medium_term_covers_every_project_and_what_its_years_give(programme):
    sums: dict[bool, dict] = {True: {}, False: {}}
    changes = CapitalChange.objects.filter(what="assigned").select_related("plan__component")
    for one in changes.select_related("plan__source"):
        key = (one.plan.component.code.partition(".")[0], one.plan.source.code, one.plan.kind)
        told = sums[one.plan.phase_id is not None]
        told[key] = told.get(key, Decimal(0)) + one.amount
    assert sum(sums[True].values()) == 2_500_000
    assert {code for code, _, _ in sums[False]} <= {code for code, _, _ in sums[True]}
    assert [key for key, given in sums[False].items() if given > sums[True][key]] == []


def test_loading_again_changes_nothing(programme):
    def counts():
        return Disbursement.objects.count(), Submission.objects.count(), WorksEvent.objects.count()

    before = counts()
    load_demo(now=NOW)
    assert counts() == before
