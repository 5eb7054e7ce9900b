"""Levels of approval by date: whose turn it is, one after the other, back and on."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.collection import services
from portal.collection.models import Delegation, ReviewLevel, Submission
from portal.collection.services import refusals
from portal.collection.services.confirming import confirm
from portal.collection.services.turns import standings, turn_of, waiting_for
from tests.cast import member, person, unit
from tests.collection.conftest import dataset, period

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ENDED = datetime.date(2025, 7, 1)  # the districts' last day was the one before
BEFORE = datetime.datetime(2024, 9, 20, 9, tzinfo=datetime.UTC)
AFTER = datetime.datetime(2025, 9, 20, 9, tzinfo=datetime.UTC)
COMMUNE = "07639"


@pytest.fixture
def two_levels(db):
    """Biểu 05 by commune: district, then committee; from 1/7/2025 the committee only."""
    form = dataset("BIEU-05")
    form.submitting_level = "commune"
    form.save()
    for position, reviewer, valid in [
        (1, "district", (None, ENDED)),
        (2, "committee", (None, ENDED)),
        (1, "committee", (ENDED, None)),
    ]:
        ReviewLevel.objects.create(dataset=form, position=position, reviewer=reviewer, valid=valid)
    return form


@pytest.fixture
def commune_officer(db):
    commune = unit("220").children.filter(valid__contains=BEFORE.date()).first().unit
    return person("canbo.xa", role="officer", full_name="Lục Thị Hoa", area=commune.code)


@pytest.fixture
def from_commune(two_levels, commune_officer):
    """What a commune of Sơn Động sent, at a moment."""

    def send(at=BEFORE) -> Submission:
        one = Submission.objects.create(
            dataset=two_levels,
            unit=commune_officer.area,
            period=period("2024" if at.year == 2024 else "2023"),
            created_by=commune_officer,
        )
        return send_as(one, commune_officer, at)

    return send


def send_as(one, officer, at):
    one.status, one.submitted_by, one.submitted_at = "submitted", officer, at
    confirm(submission=one, by=officer, at=at)
    one.save()
    one.refresh_from_db()
    return one


def turn(submission, at):
    found = turn_of(submission, day=at.date())
    return found.reviewer if found else None


def test_without_levels_the_committee_approves_once(submitted, specialist):
    submission = submitted()
    assert turn(submission, timezone.now()) == "committee"
    assert services.approve(submission=submission, by=specialist).status == "approved"


def test_a_commune_s_data_go_to_the_district_and_then_to_the_committee(
    from_commune, son_dong_officer, specialist
):
    submission = from_commune()
    assert turn(submission, BEFORE) == "district"
    with pytest.raises(refusals.NotYourTurn):
        services.approve(submission=submission, by=specialist, now=BEFORE)
    waits = services.approve(submission=submission, by=son_dong_officer, now=BEFORE)
    assert (waits.status, turn(submission, BEFORE)) == ("submitted", "committee")
    later = BEFORE + datetime.timedelta(hours=1)
    done = services.approve(submission=submission, by=specialist, now=later)
    assert (done.status, done.approved_by) == ("approved", specialist)
    assert [step.reviewer for step in done.steps.all()] == ["district", "committee"]


def test_from_the_day_the_districts_ended_the_committee_approves_alone(from_commune, specialist):
    submission = from_commune(AFTER)
    assert turn(submission, AFTER) == "committee"
    assert services.approve(submission=submission, by=specialist, now=AFTER).status == "approved"


def test_what_waited_at_the_district_goes_on_to_the_committee_on_that_day(from_commune, specialist):
    submission = from_commune(datetime.datetime(2025, 6, 30, 3, tzinfo=datetime.UTC))
    assert turn(submission, datetime.datetime(2025, 6, 30)) == "district"
    assert turn(submission, datetime.datetime(2025, 7, 1)) == "committee"
    assert services.approve(submission=submission, by=specialist, now=AFTER).status == "approved"


def test_another_district_neither_sees_nor_approves(from_commune, luc_ngan_officer):
    submission = from_commune()
    with pytest.raises(refusals.NotAllowed):
        services.approve(submission=submission, by=luc_ngan_officer, now=BEFORE)
    assert not waiting_for(luc_ngan_officer, day=BEFORE.date()).exists()


def test_the_waiting_list_is_of_those_whose_turn_it_is(
    from_commune, commune_officer, son_dong_officer, specialist
):
    submission = from_commune()
    day = BEFORE.date()
    assert list(waiting_for(son_dong_officer, day=day)) == [submission]
    assert not waiting_for(specialist, day=day).exists()
    services.approve(submission=submission, by=son_dong_officer, now=BEFORE)
    assert not waiting_for(son_dong_officer, day=day).exists()
    (found,) = waiting_for(specialist, day=day)
    assert (found.turn, found.turn_since) == ("committee", BEFORE)
    assert not waiting_for(commune_officer, day=day).exists()


def test_a_level_sends_back_to_the_one_below_which_looks_again(
    from_commune, son_dong_officer, specialist
):
    submission = from_commune()
    with pytest.raises(refusals.NoLevelBelow):
        services.send_back(submission=submission, by=son_dong_officer, text="x", now=BEFORE)
    services.approve(submission=submission, by=son_dong_officer, now=BEFORE)
    with pytest.raises(refusals.NothingToSay):
        services.send_back(submission=submission, by=specialist, text=" ", now=BEFORE)
    services.send_back(submission=submission, by=specialist, text="Xem lại cột 3", now=BEFORE)
    assert turn(submission, BEFORE) == "district"
    services.approve(submission=submission, by=son_dong_officer, now=BEFORE)
    assert services.approve(submission=submission, by=specialist, now=BEFORE).status == "approved"


def test_a_return_to_the_unit_begins_at_the_first_level_again(
    from_commune, commune_officer, son_dong_officer, specialist
):
    submission = from_commune()
    services.approve(submission=submission, by=son_dong_officer, now=BEFORE)
    back = services.return_submission(
        submission=submission, by=specialist, text="Sai cột", now=BEFORE
    )
    assert (back.status, turn(submission, BEFORE)) == ("returned", None)
    send_as(submission, commune_officer, BEFORE + datetime.timedelta(days=1))
    assert (submission.round, turn(submission, BEFORE)) == (2, "district")


def test_nobody_takes_two_levels(from_commune, son_dong_officer, specialist):
    submission = from_commune()
    Delegation.objects.create(
        principal=son_dong_officer,
        substitute=specialist,
        valid=(BEFORE.date(), ENDED),
        named_by=son_dong_officer,
        named_at=BEFORE,
    )
    step = services.approve(submission=submission, by=specialist, now=BEFORE).steps.get()
    assert (step.by, step.on_behalf_of) == (specialist, son_dong_officer)
    with pytest.raises(refusals.SecondLevel):
        services.approve(submission=submission, by=specialist, now=BEFORE)
    assert services.approve(submission=submission, by=member("head"), now=BEFORE)


def test_a_step_taken_back_is_no_step(from_commune, son_dong_officer, commune_officer):
    submission = from_commune()
    services.approve(submission=submission, by=son_dong_officer, now=BEFORE)
    with pytest.raises(refusals.AlreadyReviewed):
        services.withdraw(submission=submission, by=commune_officer)


def test_several_are_approved_each_by_itself(from_commune, son_dong_officer, specialist):
    ready, waits = from_commune(BEFORE.replace(year=2023)), from_commune()
    services.approve(submission=ready, by=son_dong_officer, now=BEFORE)
    found = services.approve_several(submissions=[waits, ready], by=specialist, now=BEFORE)
    assert [item.done for item in found] == [False, True]
    assert "lượt" in found[0].words
    ready.refresh_from_db()
    assert ready.status == "approved"


def test_what_has_an_open_remark_is_not_approved_with_others(submitted, specialist):
    submission = submitted()
    services.add_remark(submission=submission, text="Xem lại", by=specialist)
    (found,) = services.approve_several(submissions=[submission], by=specialist)
    assert not found.done
    submission.refresh_from_db()
    assert submission.status == "submitted"


def test_a_substitute_of_the_head_takes_the_last_level_on_his_behalf(
    submitted, specialist, head, cast
):
    ReviewLevel.objects.create(
        dataset=dataset("BIEU-05"), position=1, reviewer="head", valid=(None, None)
    )
    submission, today = submitted(), timezone.localdate()
    with pytest.raises(refusals.NotYourTurn):
        services.approve(submission=submission, by=specialist)
    services.delegate(principal=head, substitute=specialist, first=today, last=today, by=head)
    assert standings(specialist, submission, day=today) == [head]
    done = services.approve(submission=submission, by=specialist)
    event = done.events.filter(what="approved").get()
    assert (event.who, event.on_behalf_of) == (specialist, head)


def refused(sql, *values):
    with (
        pytest.raises(IntegrityError) as found,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)
    return str(found.value)


APPROVE = (
    "UPDATE collection_submission SET status = 'approved', approved_by_id = %s,"
    " approved_at = %s WHERE id = %s"
)
STEP = (
    "INSERT INTO collection_reviewstep (submission_id, round, reviewer, outcome, sent_back_to,"
    " by_id, on_behalf_of_id, at, remark) VALUES (%s, 9, %s, %s, '', %s, %s, %s, '')"
)


def test_sql_does_not_skip_a_level(from_commune, son_dong_officer, specialist):
    submission = from_commune()
    assert "Chưa đủ các cấp" in refused(APPROVE, specialist.pk, BEFORE, submission.pk)
    assert "lượt" in refused(
        STEP, submission.pk, "committee", "approved", specialist.pk, None, BEFORE
    )
    services.approve(submission=submission, by=son_dong_officer, now=BEFORE)
    assert "Chưa đủ các cấp" in refused(APPROVE, specialist.pk, BEFORE, submission.pk)
    assert "Chưa đủ các cấp" in refused(APPROVE, son_dong_officer.pk, BEFORE, submission.pk)


def test_sql_does_not_approve_twice_for_one_own_or_without_a_delegation(
    from_commune, commune_officer, son_dong_officer, specialist
):
    submission = from_commune()
    assert "không tự duyệt" in refused(
        STEP, submission.pk, "district", "approved", commune_officer.pk, None, BEFORE
    )
    assert "uỷ quyền" in refused(
        STEP, submission.pk, "district", "approved", specialist.pk, son_dong_officer.pk, BEFORE
    )
    services.approve(submission=submission, by=son_dong_officer, now=BEFORE)
    assert "hai cấp" in refused(
        STEP, submission.pk, "committee", "approved", son_dong_officer.pk, None, BEFORE
    )


def test_sql_does_not_rewrite_a_step_or_the_round(from_commune, son_dong_officer):
    submission = from_commune()
    services.approve(submission=submission, by=son_dong_officer, now=BEFORE)
    assert "không sửa" in refused("UPDATE collection_reviewstep SET outcome = 'returned'")
    assert "không sửa" in refused("DELETE FROM collection_reviewstep")
    Submission.objects.filter(pk=submission.pk).update(round=7)
    submission.refresh_from_db()
    assert submission.round == 1
    assert "rút lại" in refused(
        "UPDATE collection_submission SET status = 'draft' WHERE id = %s", submission.pk
    )


def test_a_reviewer_stands_at_one_level_of_a_day(two_levels):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewLevel.objects.create(
            dataset=two_levels, position=3, reviewer="committee", valid=(BEFORE.date(), None)
        )


def test_a_delegation_keeps_its_days(specialist, head):
    today = timezone.localdate()
    made = services.delegate(
        principal=head,
        substitute=specialist,
        first=today,
        last=today + datetime.timedelta(days=9),
        by=head,
    )
    with pytest.raises(refusals.OverlappingDays):
        services.delegate(principal=head, substitute=specialist, first=today, last=today, by=head)
    assert "uỷ quyền" in refused("DELETE FROM collection_delegation").lower()
    assert (
        "uỷ quyền"
        in refused(
            "UPDATE collection_delegation SET valid = daterange('2026-01-01', '2030-01-01')"
        ).lower()
    )
    services.end_delegation(delegation=made, by=head)
    made.refresh_from_db()
    assert made.valid.upper == today + datetime.timedelta(days=1)
