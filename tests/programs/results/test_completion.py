"""Reports on the end of works: 15 days, by document or by what the commune sent."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from programs.figures.completion import end_reports
from programs.models import ReportStep, Works, WorksEvent
from programs.services.works import WorksRefused, change_state
from tests.cast import member, person
from tests.programs.factories import decision

from .conftest import AN_LAC, works_at

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ENDED = datetime.date(2023, 6, 20)
TODAY = datetime.date(2023, 12, 1)


def ended(code, day=ENDED, document=None):
    works = works_at(AN_LAC, code=code)
    for state, on in (("approved", 60), ("started", 50), ("finished", 0)):
        WorksEvent.objects.create(
            works=works, state=state, day=day - datetime.timedelta(days=on),
            document=document if state == "finished" else None, by=member("specialist"),
        )  # fmt: skip
    return works


def reports(year=2023, today=TODAY):
    step = ReportStep.objects.get(occasion="completion")
    return {
        one.works.code: one for one in end_reports(step, Works.objects.all(), year, today=today)
    }


def test_without_a_report_works_are_late_from_the_sixteenth_day():
    ended("A")
    for days, late in ((15, 0), (16, 1), (30, 15)):
        [one] = reports(today=ENDED + datetime.timedelta(days=days)).values()
        assert (one.came_on, one.days_late) == (None, late)


@pytest.mark.parametrize(("days", "late"), [(-3, 0), (0, 0), (15, 0), (20, 5)])
def test_a_document_on_the_end_counts_on_its_day(days, late):
    day = ENDED + datetime.timedelta(days=days)
    ended("A", document=decision(day))
    [one] = reports().values()
    assert (one.came_on, one.days_late) == (max(day, ENDED), late)


def test_what_the_commune_sent_counts_on_the_day_of_sending(approved):
    ended("A")
    ended("B")
    told = {("A", "KL"): 100, ("B", "KL"): 100}
    told |= {("A", f"HT-{part}"): n for part, n in (("NGAY", 20), ("THANG", 6), ("NAM", 2023))}
    told |= {("A", f"KC-{part}"): n for part, n in (("NGAY", 1), ("THANG", 5), ("NAM", 2023))}
    luyen = person("luyen", role="officer", full_name="Chu Văn Luyện", area="220")
    sent = datetime.datetime(2023, 7, 9, 9, tzinfo=datetime.UTC)
    approved("CT-TD", "2023-Q2", told, at=AN_LAC, reviewers=(luyen,), now=sent)
    found = reports()
    assert (found["A"].came_on, found["A"].days_late) == (sent.date(), 4)
    assert found["B"].came_on is None, "no day of the end was told"


def test_only_works_that_ended_in_the_year_and_under_the_circular_owe_one():
    ended("A")
    ended("B", day=datetime.date(2022, 7, 14))
    ended("C", day=datetime.date(2022, 7, 15))
    assert set(reports()) == {"A"}
    assert set(reports(2022)) == {"C"}


def test_what_is_owed_stands_before_what_came():
    ended("A", document=decision(ENDED))
    ended("B", day=datetime.date(2023, 9, 1))
    ended("C")
    assert list(reports()) == ["C", "B", "A"]


def test_the_page_lists_works_that_owe_their_report(client, leader):
    works = ended("A")
    client.force_login(leader)
    text = client.get(reverse("programs:report_flow"), {"nam": "2023", "chuong-trinh": "1719"}).text
    assert "0 / 1 công trình đã có báo cáo" in text
    assert works.get_absolute_url() in text
    assert "chưa xong, quá hạn" in text


def test_the_report_may_be_dated_after_the_end_other_papers_may_not():
    works = works_at(AN_LAC, code="A")
    told = {"works": works, "today": TODAY, "by": member("specialist")}
    later = decision(ENDED + datetime.timedelta(days=10))
    change_state(state="approved", day=datetime.date(2023, 3, 1), **told)
    with pytest.raises(WorksRefused, match="sau ngày trên"):
        change_state(state="started", day=datetime.date(2023, 4, 1), document=later, **told)
    change_state(state="started", day=datetime.date(2023, 4, 1), **told)
    change_state(state="finished", day=ENDED, document=later, **told)
    [one] = reports().values()
    assert (one.came_on, one.days_late) == (later.date, 0)
