"""Reporting periods of every frequency, made ahead; the day on which their data are due."""

from __future__ import annotations

import datetime
import itertools

import pytest
from django.conf import settings

from portal.collection.models import Dataset, ReportingPeriod
from portal.collection.services.duties import periods_for
from portal.collection.services.periods import make_periods, periods_of
from portal.collection.tasks import make_periods_ahead

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2031, 5, 20)


def test_a_year_has_two_halves_four_quarters_and_twelve_months_without_a_gap():
    year, *parts = periods_of(2024)
    assert (year.code, year.start, year.end) == (
        "2024", datetime.date(2024, 1, 1), datetime.date(2024, 12, 31),
    )  # fmt: skip
    for frequency, count in (("half_yearly", 2), ("quarterly", 4), ("monthly", 12)):
        mine = [one for one in parts if one.frequency == frequency]
        assert len(mine) == count
        assert (mine[0].start, mine[-1].end) == (year.start, year.end)
        days = datetime.timedelta(days=1)
        assert all(a.end + days == b.start for a, b in itertools.pairwise(mine))
    labels = {one.code: one.label for one in parts}
    assert labels["2024-H1"] == "6 tháng đầu năm 2024"
    assert labels["2024-Q4"] == "Quý IV năm 2024"
    assert labels["2024-M02"] == "Tháng 2 năm 2024"


def test_periods_are_made_three_years_ahead_and_only_once():
    assert make_periods(today=TODAY) > 0
    assert ReportingPeriod.objects.filter(code="2034-Q4").exists()
    assert not ReportingPeriod.objects.filter(code="2035").exists()
    assert make_periods(today=TODAY) == 0


def test_beat_makes_them_every_day():
    named = settings.CELERY_BEAT_SCHEDULE["make_periods"]["task"]
    assert named == make_periods_ahead.name
    make_periods_ahead()


@pytest.mark.parametrize(
    ("months", "day", "period", "expected"),
    [
        (1, 10, "2024-Q1", "2024-04-10"),
        (1, 31, "2024-Q1", "2024-04-30"),
        (0, 15, "2024-H1", "2024-06-15"),
        (2, 30, "2024-Q4", "2025-02-28"),
        (13, 1, "2024-M12", "2026-01-01"),
    ],
)
def test_data_of_a_part_of_a_year_are_due_months_after_its_end(months, day, period, expected):
    found = ReportingPeriod.objects.get(code=period)
    dataset = Dataset(due_months_after=months, due_day=day)
    assert dataset.due_date(found).isoformat() == expected


def test_only_periods_that_something_is_collected_for_are_offered(specialist):
    offered = periods_for(specialist, today=datetime.date(2024, 12, 31))
    codes = {one.code for one in offered}
    assert {"2024", "2024-H1", "2024-Q3", "2024-M01", "2019"} <= codes
    assert not codes & {"2018", "2023-Q4", "2023-M12", "2025"}
    assert next(one.code for one in offered) == "2024"


def test_a_dataset_is_owed_from_its_first_period_until_its_last():
    periods = {one.code: one for one in ReportingPeriod.objects.filter(end__year=2024)}
    form = Dataset.objects.get(code="CAN-BO")
    assert [code for code, one in periods.items() if form.is_due_in(one)] == ["2024"]
    form.collected_until = periods["2024"].end
    assert not form.is_due_in(periods["2024"])
    form.collected_until += datetime.timedelta(days=1)
    assert form.is_due_in(periods["2024"])
    form.collected_from = periods["2024"].start + datetime.timedelta(days=1)
    assert not form.is_due_in(periods["2024"])


def test_communes_send_when_the_districts_are_no_more():
    dataset = Dataset.objects.get(code="BIEU-05")
    days = datetime.date(2025, 6, 30), datetime.date(2025, 7, 1)
    assert [dataset.level_on(day) for day in days] == ["district", "commune"]
