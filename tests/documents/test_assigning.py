"""An incoming document is given out, given on, put off, answered."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.collection.models import Notice
from portal.documents import services
from portal.documents.models import Assignment, AssignmentEvent, Document, DocumentRelation
from portal.documents.services.telling import remind
from portal.documents.tasks import ask_to_remind
from tests.at_once import together
from tests.documents.incoming import NOW, TODAY, ZONE, division, given, letter, outgoing, worker

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def whats(assignment):
    return list(assignment.events.values_list("what", flat=True))


def test_the_leader_gives_a_letter_to_one_division_and_lets_others_help(leader):
    officer = worker("thu")
    one = given(officer=officer, supports=[division("TTĐB")])
    assert (one.part, one.state, one.assigned_by) == ("lead", "assigned", leader)
    support = Assignment.objects.get(part="support")
    assert support.due_date == one.due_date
    document = Document.objects.get(pk=one.document_id)
    assert document.assigned_to == "Phòng Chính sách (Người thu); phối hợp: Phòng Tuyên truyền"
    assert (document.due_date, document.sent_date) == (datetime.date(2024, 3, 12), TODAY)
    assert Notice.objects.get(person=officer, kind="letter").url == one.get_absolute_url()


def test_the_clerk_enters_a_leaders_words_and_nobody_elses(clerk, leader, head):
    with pytest.raises(services.NotYours, match="lãnh đạo"):
        given(by=clerk)
    document = letter("900")
    with pytest.raises(services.NotYours):
        given(document, by=clerk, assigned_by=head)
    assert given(document, by=clerk, assigned_by=leader).assigned_by == leader


@pytest.mark.parametrize("name", ["specialist", "head", "form_checker", "auditor"])
def test_others_give_out_nothing(cast, name):
    with pytest.raises(services.NotYours):
        given(by=cast(name))


def test_only_what_came_in_is_given_out_and_only_once(leader):
    with pytest.raises(services.NotIncoming):
        given(outgoing())
    document = letter()
    given(document)
    with pytest.raises(services.AlreadyAssigned):
        given(document)


def test_the_officer_is_of_the_division_and_the_deadline_after_the_arrival():
    with pytest.raises(services.UnfitOfficer):
        given(officer=worker("xa", "TTĐB"))
    with pytest.raises(services.DeadlineTooEarly):
        given(due_date=TODAY - datetime.timedelta(days=1))


def test_a_head_gives_on_within_the_own_division_only(cast):
    one = given(lead=cast("head").division)
    with pytest.raises(services.NotYours):
        services.reassign(
            assignment=one, division=division(), officer=None, reason="x", by=cast("head"), now=NOW
        )
    officer = cast("specialist")
    services.reassign(
        assignment=one, division=one.division, officer=officer, reason="", by=cast("head"), now=NOW
    )
    one.refresh_from_db()
    assert one.officer == officer
    other = given(letter("901"))
    with pytest.raises(services.NotYours):
        services.reassign(
            assignment=other,
            division=other.division,
            officer=None,
            reason="x",
            by=cast("head"),
            now=NOW,
        )


def test_taking_work_from_somebody_needs_a_reason(leader):
    first, second = worker("mot"), worker("hai")
    one = given(officer=first)
    common = {"assignment": one, "division": division(), "officer": second, "by": leader}
    with pytest.raises(services.WhyMissing):
        services.reassign(reason=" ", now=NOW, **common)
    services.reassign(reason="Đi công tác", now=NOW, **common)
    event = one.events.latest("pk")
    assert (event.what, event.note) == ("reassigned", "Đi công tác")
    assert "Người mot" in event.told


def test_a_deadline_is_put_off_with_a_reason_by_those_who_set_it(leader, cast):
    one = given(lead=cast("head").division)
    later = datetime.date(2024, 3, 20)
    with pytest.raises(services.NotYours):
        services.change_deadline(
            assignment=one, due_date=later, reason="Chờ số liệu", by=cast("head"), now=NOW
        )
    with pytest.raises(services.WhyMissing):
        services.change_deadline(assignment=one, due_date=later, reason="", by=leader, now=NOW)
    services.change_deadline(
        assignment=one, due_date=later, reason="Chờ số liệu", by=leader, now=NOW
    )
    assert Document.objects.get(pk=one.document_id).due_date == later


def test_an_outgoing_document_answers_and_closes_the_work(leader):
    officer = worker("thu")
    one = given(officer=officer, supports=[division("TTĐB")])
    services.start_work(assignment=one, by=officer, now=NOW)
    answer = outgoing()
    services.answer_with(assignment=one, answer=answer, by=officer, now=NOW)
    one.refresh_from_db()
    assert (one.state, one.outcome, one.answer) == ("done", "answered", answer)
    assert DocumentRelation.objects.get(source=answer, kind="answers").target == one.document
    assert Assignment.objects.get(part="support").outcome == "with_lead"
    assert whats(one) == ["assigned", "started", "closed"]
    with pytest.raises(services.AlreadyDone):
        services.answer_with(assignment=one, answer=answer, by=officer, now=NOW)


def test_an_answer_is_outgoing_and_not_older_than_the_letter(leader):
    one = given()
    for unfit in (letter("902"), outgoing(datetime.date(2024, 3, 3))):
        with pytest.raises(services.UnfitAnswer):
            services.answer_with(assignment=one, answer=unfit, by=leader, now=NOW)
    assert Assignment.objects.get(pk=one.pk).is_open


def test_who_has_nothing_to_do_with_it_answers_nothing():
    stranger = worker("la", "TTĐB")
    with pytest.raises(services.NotYours):
        services.answer_with(assignment=given(), answer=outgoing(), by=stranger, now=NOW)


def test_no_answer_is_needed_only_for_a_reason_and_can_be_taken_back(leader):
    one = given()
    with pytest.raises(services.WhyMissing):
        services.close_without_answer(assignment=one, reason="", by=leader, now=NOW)
    services.close_without_answer(assignment=one, reason="Gửi để biết", by=leader, now=NOW)
    one.refresh_from_db()
    assert (one.outcome, one.closing_note) == ("no_answer", "Gửi để biết")
    with pytest.raises(services.WhyMissing):
        services.reopen(assignment=one, reason="", by=leader, now=NOW)
    services.reopen(assignment=one, reason="Có công văn đôn đốc", by=leader, now=NOW)
    assert Assignment.objects.get(pk=one.pk).is_open


def test_the_issue_of_the_answer_closes_what_is_open_and_leaves_what_is_done(leader, clerk):
    one = given()
    answer = outgoing()
    services.answered_by_issue(assignment=one, answer=answer, by=clerk, now=NOW)
    services.answered_by_issue(assignment=one, answer=answer, by=clerk, now=NOW)
    one.refresh_from_db()
    assert (one.answer, whats(one)) == (answer, ["assigned", "closed"])
    other = given(letter("903"))
    services.close_without_answer(assignment=other, reason="Để biết", by=leader, now=NOW)
    services.answered_by_issue(assignment=other, answer=answer, by=clerk, now=NOW)
    other.refresh_from_db()
    assert other.outcome == "no_answer"
    assert DocumentRelation.objects.filter(source=answer, target=other.document).exists()


def test_more_divisions_may_join_while_the_work_is_open(leader):
    one = given()
    more = division("TTĐB")
    services.add_support(document=one.document, divisions=[more, division()], by=leader, now=NOW)
    assert set(one.document.assignments.values_list("division__code", flat=True)) == {"CS", "TTĐB"}


def test_lateness_ends_with_the_answer(leader):
    one = given(due_date=TODAY)
    assert one.days_late(today=datetime.date(2024, 3, 9)) == 4
    services.answer_with(
        assignment=one, answer=outgoing(datetime.date(2024, 3, 7)), by=leader, now=NOW
    )
    one.refresh_from_db()
    assert one.days_late(today=datetime.date(2024, 12, 1)) == 2


def test_what_waits_for_whom(leader, cast):
    head, officer = cast("head"), cast("specialist")
    own = given(officer=officer, lead=officer.division, due_date=datetime.date(2024, 4, 30))
    unassigned = given(letter("904"), lead=head.division, due_date=None)
    elsewhere = given(
        letter("905"), due_date=datetime.date(2024, 3, 6), supports=[division("TTĐB")]
    )

    def waiting(user, day):
        return set(Assignment.objects.waiting_for(user, today=day))

    assert waiting(officer, TODAY) == {own}
    assert waiting(head, TODAY) == {unassigned}
    assert waiting(leader, TODAY) == {elsewhere}
    after = datetime.date(2024, 5, 2)
    assert waiting(head, after) == {own, unassigned}
    assert waiting(leader, after) == {own, elsewhere}


def test_a_letter_that_nobody_was_given_is_seen_the_next_day(leader, clerk):
    document = letter()

    def waiting(days):
        day = TODAY + datetime.timedelta(days=days)
        return list(Document.objects.not_passed_on(today=day))

    assert waiting(0) == []
    assert waiting(1) == [document]
    services.pass_for_information(document=document, by=clerk, now=NOW)
    assert waiting(1) == []
    other = letter("906")
    given(other)
    assert waiting(1) == []
    assert letter("907", registered=False) not in waiting(1)


def test_reminders_tell_each_stage_once_however_often_they_run(leader, head, clerk):
    officer = worker("thu")
    given(officer=officer, due_date=datetime.date(2024, 3, 12))
    seen = []
    for day in range(5, 16):
        now = datetime.datetime(2024, 3, day, 6, 20, tzinfo=ZONE)
        for _ in range(2):
            remind(now=now)
        seen.append(Notice.objects.filter(person=officer, kind__in=["due", "overdue"]).count())
    assert seen == [1, 1, 1, 1, 1, 1, 2, 3, 4, 4, 4]
    assert Notice.objects.filter(person=leader, kind="overdue").count() == 1
    late = Notice.objects.get(person=officer, kind="overdue")
    assert "quá 1 ngày" in late.text


def test_the_clerk_is_told_once_a_day_of_letters_not_passed_on(clerk, leader):
    letter(arrived=datetime.date(2024, 3, 1))
    for hour in (6, 7):
        remind(now=datetime.datetime(2024, 3, 5, hour, tzinfo=ZONE))
    [told] = Notice.objects.filter(person=clerk)
    assert told.text.startswith("1 văn bản đến chưa chuyển xử lý")


def test_the_daily_job_runs_as_often_as_it_is_asked(run_jobs):
    given(due_date=timezone.localdate(), officer=worker("thu"))
    for _ in range(2):
        ask_to_remind()
        run_jobs()
    keys = list(Notice.objects.values_list("person", "key"))
    assert len(keys) == len(set(keys)) > 1


def test_the_database_keeps_the_trail_and_one_lead(leader):
    one = given()
    for wrong in (
        lambda: AssignmentEvent.objects.update(told="khác"),
        lambda: AssignmentEvent.objects.all().delete(),
        lambda: Assignment.objects.create(
            document=one.document,
            division=division("TTĐB"),
            assigned_by=leader,
            assigned_at=NOW,
        ),
        lambda: Assignment.objects.update(state="done"),
        lambda: Assignment.objects.update(outcome="answered"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


@pytest.mark.django_db(transaction=True)
def test_two_who_give_the_same_letter_out_at_once_give_it_once(reference_data, cast):
    leader, clerk = cast("leader"), cast("clerk")
    document, lead = letter(), division()

    def give(by):
        return services.hand_out(document=document, lead=lead, by=by, assigned_by=leader, now=NOW)

    found = together(lambda: give(leader), lambda: give(clerk))
    assert sorted(type(one).__name__ for one in found) == ["AlreadyAssigned", "Assignment"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM documents_assignment")
        assert cursor.fetchone() == (1,)
