"""The way of the year's reports upward: last days as dated data, who has done it, who is late."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from programs.figures.flow import steps_of
from programs.models import MonitoringForm, Programme, ReportStep, Works
from tests.cast import person

from .conftest import AN_LAC

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
COMMUNE, DISTRICT = ("commune", "first"), ("district", "first")


def steps(year, today):
    found = steps_of(Programme.objects.get(code="1719"), year, Works.objects.all(), today=today)
    return {(one.step.level, one.step.occasion): one for one in found}


def test_the_last_days_are_those_of_the_circular():
    found = steps(2023, datetime.date(2023, 11, 1))
    due = {key: one.due for key, one in found.items() if one.due}
    assert due[COMMUNE] == datetime.date(2023, 9, 10)
    assert due["commune", "update"] == datetime.date(2024, 1, 25)
    assert due[DISTRICT] == datetime.date(2023, 9, 15)
    assert due["district", "update"] == datetime.date(2024, 1, 31)
    assert found["commune", "completion"].step.rule == "trong 15 ngày sau khi hoàn thành"
    assert found["province", "first"].step.rule == "chưa rõ"


def test_the_district_is_no_step_after_the_districts_ended():
    assert DISTRICT not in steps(2025, datetime.date(2025, 11, 1))
    assert COMMUNE in steps(2025, datetime.date(2025, 11, 1))


def test_a_new_circular_gives_other_days_from_its_day_on():
    old = ReportStep.objects.get(level="commune", occasion="first")
    day = datetime.date(2027, 1, 1)
    old.valid = DateRange(old.valid.lower, day)
    old.save()
    ReportStep.objects.create(
        form=old.form, position=2, level="commune", who=old.who, does=old.does, occasion="first",
        dataset=old.dataset, due_month=10, due_day=20, valid=DateRange(day, None),
    )  # fmt: skip
    assert steps(2026, datetime.date(2026, 11, 1))[COMMUNE].due == datetime.date(2026, 9, 10)
    assert steps(2027, datetime.date(2027, 11, 1))[COMMUNE].due == datetime.date(2027, 10, 20)


def test_two_rules_for_one_step_cannot_hold_on_one_day():
    one = ReportStep.objects.get(level="commune", occasion="first")
    with pytest.raises(IntegrityError, match="report_step_once_at_a_time"):
        ReportStep.objects.create(
            form=one.form, position=9, level="commune", who="x", does=one.does, occasion="first",
            valid=DateRange(datetime.date(2030, 1, 1), None),
        )  # fmt: skip


def test_a_day_is_one_of_the_year_or_counted_never_both():
    form = MonitoringForm.objects.first()
    with pytest.raises(IntegrityError, match="report_step_due_rule"):
        ReportStep.objects.create(
            form=form, position=9, level="province", who="x", does="totals", occasion="update",
            due_month=1, due_day=1, days_after=3, valid=DateRange(datetime.date(2030, 1, 1), None),
        )  # fmt: skip


def test_who_has_sent_nothing_is_late_with_days(jobs):
    found = steps(2023, datetime.date(2023, 9, 30))
    assert {(one.name, one.days_late) for one in found[COMMUNE].late} == {
        ("Xã An Lạc", 20),
        ("Xã Cấm Sơn", 20),
    }
    assert {one.name for one in found[DISTRICT].late} == {"Huyện Sơn Động", "Huyện Lục Ngạn"}
    assert found[COMMUNE].period.code == "2023-Q2"
    assert len(found["investor", "period"].missing) == 3


def test_nobody_is_late_before_the_day(jobs):
    found = steps(2023, datetime.date(2023, 9, 10))
    assert not found[COMMUNE].late
    assert len(found[COMMUNE].missing) == 2


def test_a_step_is_done_when_its_level_did_it(jobs, approved):
    luyen = person("luyen", role="officer", full_name="Chu Văn Luyện", area="220")
    moment = datetime.datetime(2023, 9, 12, 9, tzinfo=datetime.UTC)
    figures = {("SD-01", "KL"): 10, ("SD-02", "KL"): 20}
    approved("CT-TD", "2023-Q2", figures, at=AN_LAC, reviewers=(luyen,), now=moment)
    found = steps(2023, datetime.date(2023, 9, 30))
    [done] = [one for one in found[COMMUNE].owed if one.is_done]
    assert (done.name, done.done_on, done.days_late) == ("Xã An Lạc", moment.date(), 2)
    assert [one.name for one in found[DISTRICT].missing] == ["Huyện Lục Ngạn"]
    assert found["province", "first"].done == 0


def test_the_page_names_who_is_late(client, leader, jobs, django_assert_max_num_queries):
    client.force_login(leader)
    address = reverse("programs:report_flow")
    with django_assert_max_num_queries(30):
        text = client.get(address, {"nam": "2023", "chuong-trinh": "1719"}).text
    assert "Xã An Lạc" in text
    assert "10/09/2023" in text
    assert "0 / 2 nơi đã xong" in text


def test_nobody_owes_a_quarter_before_the_first_that_the_portal_has(jobs, approved, client, leader):
    moment = datetime.datetime(2024, 7, 12, 9, tzinfo=datetime.UTC)
    luyen = person("luyen", role="officer", full_name="Chu Văn Luyện", area="220")
    figures = {("SD-01", "KL"): 10, ("SD-02", "KL"): 20}
    approved("CT-TD", "2024-Q2", figures, at=AN_LAC, reviewers=(luyen,), now=moment)
    before = steps(2023, datetime.date(2024, 9, 30))[COMMUNE]
    assert before.is_before
    assert not before.owed
    assert steps(2024, datetime.date(2024, 9, 30))[COMMUNE].late
    client.force_login(leader)
    address = reverse("programs:report_flow", query={"nam": "2023", "chuong-trinh": "1719"})
    assert "có số liệu trên cổng từ kỳ sau nên kỳ này không theo dõi" in client.get(address).text
