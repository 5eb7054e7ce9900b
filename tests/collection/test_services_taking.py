"""Large files are taken over by a worker; the page asks, and tells what came of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.collection import services
from portal.collection.models import Takeover
from portal.collection.services import taking
from portal.jobs.models import Job
from tests.cast import member
from tests.collection.conftest import values_of
from tests.collection.workbooks_of_units import form_05


@pytest.fixture
def large(sent, monkeypatch):
    monkeypatch.setattr(taking, "AT_ONCE", 10)
    return sent()


def test_a_small_file_is_taken_over_while_the_person_waits(sent):
    assert not taking.is_large(sent().submission)


def test_asking_twice_is_one_takeover(large):
    by = member("son_dong_officer")
    first = taking.ask_takeover(submission=large.submission, by=by)
    assert taking.ask_takeover(submission=large.submission, by=by) == first
    assert Job.objects.filter(name=taking.COMMIT_JOB).count() == 1


@pytest.mark.slow
def test_the_page_asks_and_the_worker_takes_over(large, client, run_jobs):
    client.force_login(member("son_dong_officer"))
    submission = large.submission
    answer = client.post(reverse("collection:commit", args=[submission.pk]), follow=True)
    assert "Đang ghi nhận số liệu" in answer.content.decode()
    waiting = client.get(reverse("collection:takeover", args=[submission.pk]))
    assert waiting.status_code == 200
    run_jobs()
    assert len(values_of(submission)) == 119
    done = client.get(
        reverse("collection:takeover", args=[submission.pk]), headers={"HX-Request": "true"}
    )
    assert done.headers["HX-Redirect"] == submission.get_absolute_url()
    page = client.get(submission.get_absolute_url()).content.decode()
    assert "Đang ghi nhận" not in page


@pytest.mark.slow
def test_what_the_worker_refuses_is_told_on_the_page(large, sent, client, run_jobs):
    submission = large.submission
    by = member("son_dong_officer")
    sent(form_05(changes={("07660", "N03"): 61}), into=submission, name="khác.xlsx")
    taking.ask_takeover(submission=submission, by=by)
    run_jobs()
    assert Takeover.objects.get().state == "refused"
    assert values_of(submission) == {}
    client.force_login(by)
    assert "tệp" in Takeover.objects.get().refusal
    assert (
        Takeover.objects.get().refusal in client.get(submission.get_absolute_url()).content.decode()
    )


def test_the_same_file_a_second_time_changes_nothing(large, sent):
    by = member("son_dong_officer")
    submission = large.submission
    services.commit_uploads(submission=submission, by=by)
    sent(into=submission, name="lần hai.xlsx")
    written = services.commit_uploads(submission=submission, by=by)
    assert written._asdict() == {"new": 0, "changed": 0, "same": 119, "removed": 0}
