"""Reminders reach only those concerned, once each; one letter a day; open work is handed over."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from portal.accounts.models import User
from portal.collection import services
from portal.collection.models import Delegation, Notice, NoticeMail, ReportingPeriod
from portal.collection.services import refusals
from portal.collection.services.handing_over import hand_over, open_work
from portal.collection.services.mailing import prepare_mails, set_mail
from portal.collection.services.reminding import remind, stage_of
from portal.collection.services.timeliness import records, summed_by
from portal.collection.tasks import ask_to_remind
from tests.cast import person
from tests.collection.conftest import dataset, period

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DUE = datetime.date(2023, 9, 15)


def at(day: datetime.date, hour: int = 8) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


@pytest.fixture
def due(db):
    """Biểu 05 alone is due on 15/9/2023."""
    form = dataset("BIEU-05")
    type(form).objects.exclude(pk=form.pk).update(is_active=False)
    assert form.due_date(period()) == DUE
    ReportingPeriod.objects.exclude(code="2023").filter(end__year__gte=2022).update(
        start="2030-01-01", end="2030-12-31"
    )
    return form


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (-8, ""),
        (-7, "before-7"),
        (-2, "before-7"),
        (-1, "before-1"),
        (0, "on"),
        (1, "after-1"),
        (13, "after-7"),
        (45, "after-30"),
        (61, ""),
    ],
)
def test_each_day_has_its_stage(days, stage):
    assert stage_of(DUE, DUE + datetime.timedelta(days=days)) == stage


def test_the_officers_of_the_area_are_told_once(due, son_dong_officer, specialist, leader):
    early = at(DUE - datetime.timedelta(days=5))
    assert remind(now=early) == 1
    assert remind(now=early + datetime.timedelta(days=1)) == 0
    (told,) = Notice.objects.all()
    assert told.person == son_dong_officer
    assert "còn 5 ngày" in told.text
    remind(now=at(DUE + datetime.timedelta(days=8)))
    assert "quá 8 ngày" in Notice.objects.first().text


def test_who_has_sent_is_not_reminded(due, submitted):
    submitted()
    remind(now=at(DUE))
    assert not Notice.objects.filter(kind="due").exists()


def test_a_substitute_is_reminded_as_well(due, son_dong_officer, specialist):
    Delegation.objects.create(
        principal=son_dong_officer,
        substitute=specialist,
        valid=(DUE, DUE + datetime.timedelta(days=3)),
        named_by=son_dong_officer,
        named_at=at(DUE),
    )
    remind(now=at(DUE))
    assert set(Notice.objects.values_list("person", flat=True)) == {
        son_dong_officer.pk,
        specialist.pk,
    }


def test_a_reviewer_is_reminded_once_a_week_of_what_waits(submitted, specialist, leader):
    submission = submitted()
    now = submission.submitted_at
    remind(now=now + datetime.timedelta(days=1))
    assert not Notice.objects.filter(kind="review").exists()
    monday = now + datetime.timedelta(days=7 - now.weekday() + 7)
    for day in (0, 1, 2):
        remind(now=monday + datetime.timedelta(days=day))
    assert Notice.objects.filter(kind="review", person=specialist).count() == 1
    assert not Notice.objects.filter(kind="review", person=leader).exists()


def test_one_letter_a_day_to_those_who_want_it(specialist, head, leader, run_jobs):
    User.objects.filter(pk=specialist.pk).update(email="ha@example.vn")
    User.objects.filter(pk=head.pk).update(email="binh@example.vn")
    head.refresh_from_db()
    set_mail(user=head, wanted=False)
    now = timezone.now()
    for one in (specialist, head, leader):
        for key in ("a", "b"):
            Notice.objects.create(person=one, kind="due", key=key, text=f"Việc {key}", at=now)
    assert prepare_mails(now=now) == 1
    assert prepare_mails(now=now) == 0
    run_jobs()
    (letter,) = mail.outbox
    assert letter.to == ["ha@example.vn"]
    assert "2 việc" in letter.subject
    assert "Việc a" in letter.body
    assert letter.extra_headers["Message-ID"].startswith("<thong-bao-")
    assert NoticeMail.objects.get().sent_at


def test_the_daily_job_runs_as_often_as_it_is_asked(due, son_dong_officer, run_jobs):
    for _ in range(2):
        ask_to_remind()
        run_jobs()
    keys = Notice.objects.values_list("person", "key")
    assert len(keys) == len(set(keys))


def test_on_time_late_and_missing_are_told_apart(due, submitted, cast, son_dong_officer):
    submission = submitted()
    cast("luc_ngan_officer")

    def states(today):
        found = records(periods=[period()], user=cast("leader"), today=today)
        return {one.duty.unit.code: (one.state, one.days_late) for one in found}

    late = timezone.localdate(submission.submitted_at)
    found = states(late)
    assert found["220"] == ("late", (late - DUE).days)
    assert found["219"][0] == "overdue"
    assert states(DUE)["219"] == ("due", 0)
    services.withdraw(submission=submission, by=son_dong_officer)
    assert states(late)["220"][0] == "overdue"
    whole = records(periods=[period()], user=cast("leader"), today=late)
    (row,) = summed_by(whole, "ky")
    assert (row.total, row.sent, row.overdue) == (10, 0, 10)


def test_open_work_goes_to_a_successor_in_one_step(
    submitted, opened, specialist, head, administrator, cast
):
    waits, leaver = submitted(), specialist
    services.add_remark(submission=waits, text="Xem lại", by=leaver)
    opened("219", by="specialist")
    today = timezone.localdate()
    services.delegate(principal=head, substitute=leaver, first=today, last=today, by=head)
    kinds = {item.kind for item in open_work(leaver, today=today)}
    assert kinds == {"draft", "review", "remark", "delegation"}
    successor = person("moi", role="specialist", full_name="Hà Văn Mới")
    with pytest.raises(refusals.NotAllowed):
        hand_over(leaver=leaver, successor=successor, by=head)
    with pytest.raises(refusals.WrongSubstitute):
        hand_over(leaver=leaver, successor=cast("luc_ngan_officer"), by=administrator)
    made = hand_over(leaver=leaver, successor=successor, by=administrator)
    assert len(made.work) == 4
    assert waits.remarks.get().author == successor
    assert waits.events.filter(what="handed_over").get().note.endswith("Hà Văn Mới.")
    assert "4 việc" in successor.notices.get(kind="work").text


def test_an_officer_s_substitutes_see_the_area(son_dong_officer, luc_ngan_officer, specialist):
    beside = person("canbo.hai", role="officer", full_name="Ninh Văn Hai", area="220")
    found = services.standing_in.possible_substitutes(son_dong_officer)
    assert {beside.pk, specialist.pk} <= set(found.values_list("pk", flat=True))
    assert luc_ngan_officer.pk not in found.values_list("pk", flat=True)
    with pytest.raises(refusals.WrongSubstitute):
        services.delegate(
            principal=son_dong_officer,
            substitute=luc_ngan_officer,
            first=timezone.localdate(),
            last=timezone.localdate(),
            by=son_dong_officer,
        )


def test_a_commune_s_substitutes_are_found_in_a_few_queries_however_many_officers(
    son_dong_officer, django_assert_max_num_queries
):
    an_lac, huu_san = (
        person(f"canbo.{code}", role="officer", full_name=f"Vi {code}", area=code)
        for code in ("07645", "07624")
    )
    with django_assert_max_num_queries(3):
        found = set(services.standing_in.possible_substitutes(an_lac).values_list("pk", flat=True))
    assert son_dong_officer.pk in found, "whoever sees the district sees the commune"
    assert huu_san.pk not in found
    assert an_lac.pk not in services.standing_in.possible_substitutes(son_dong_officer).values_list(
        "pk", flat=True
    )


def test_who_sends_for_somebody_is_recorded_so(committed, son_dong_officer, specialist):
    today = timezone.localdate()
    submission = committed()
    with pytest.raises(refusals.NoDelegation):
        services.submit(submission=submission, by=specialist, on_behalf_of=son_dong_officer)
    services.delegate(
        principal=son_dong_officer,
        substitute=specialist,
        first=today,
        last=today,
        by=son_dong_officer,
    )
    sent = services.submit(submission=submission, by=specialist, on_behalf_of=son_dong_officer)
    event = sent.events.filter(what="submitted").get()
    assert (event.who, event.on_behalf_of) == (specialist, son_dong_officer)
    with pytest.raises(refusals.OwnSubmission):
        services.approve(submission=sent, by=specialist)
