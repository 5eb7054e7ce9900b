"""The demo's programme: totals as published, everything below them adds up."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db.models import F, Q, Sum

from programs.demo import load_demo
from programs.models import (
    CapitalChange,
    CapitalPlan,
    Disbursement,
    Organisation,
    PublishedCapital,
    SupportedHousehold,
    Works,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NOW = datetime.datetime(2026, 1, 15, tzinfo=datetime.UTC)


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


def test_loading_again_changes_nothing(programme):
    before = Disbursement.objects.count()
    load_demo(now=NOW)
    assert Disbursement.objects.count() == before
