"""What the database refuses of the committee's own records."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from reports.models.office import PlanTask, Recommendation

from .factories import (
    FindingFactory,
    PlanFactory,
    PlanTaskFactory,
    RecommendationFactory,
    SteeringBodyFactory,
    TrainingFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date(2023, 6, 1)


@pytest.mark.parametrize(
    ("factory", "facts", "constraint"),
    [
        (PlanFactory, {"title": ""}, "plan_has_title"),
        (PlanFactory, {"last_day": datetime.date(2022, 1, 1)}, "plan_in_order"),
        (PlanTaskFactory, {"content": ""}, "plan_task_has_content"),
        (PlanTaskFactory, {"state": "lost"}, "plan_task_state_known"),
        (PlanTaskFactory, {"state": "done", "result": "xong"}, "plan_task_done_has_day"),
        (PlanTaskFactory, {"done_on": DAY}, "plan_task_done_has_day"),
        (PlanTaskFactory, {"state": "done", "done_on": DAY}, "plan_task_ended_says_how"),
        (PlanTaskFactory, {"state": "dropped"}, "plan_task_ended_says_how"),
        (TrainingFactory, {"women": 3}, "training_women_among_people"),
        (TrainingFactory, {"women": 3, "people": 2}, "training_women_among_people"),
        (TrainingFactory, {"kind": "else"}, "training_kind_known"),
        (SteeringBodyFactory, {"last_day": datetime.date(2022, 1, 1)}, "steering_body_in_order"),
        (FindingFactory, {"text": ""}, "finding_says_what"),
        (FindingFactory, {"kind": "else"}, "finding_kind_known"),
        (RecommendationFactory, {"addressee": ""}, "recommendation_has_addressee"),
        (RecommendationFactory, {"state": "accepted"}, "recommendation_ended_has_day"),
        (
            RecommendationFactory,
            {"state": "accepted", "answered_on": DAY},
            "recommendation_ended_says_how",
        ),
        (
            RecommendationFactory,
            {"state": "refused", "answered_on": datetime.date(2022, 1, 1), "answer": "không"},
            "recommendation_in_order",
        ),
    ],
)
def test_the_database_refuses_it(factory, facts, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factory(**facts)


def test_a_task_is_late_only_while_it_is_open():
    task = PlanTaskFactory(deadline=DAY)
    assert task.days_late(today=DAY) == 0
    assert task.days_late(today=DAY + datetime.timedelta(days=3)) == 3
    task.state, task.done_on, task.result = "done", DAY, "xong"
    assert task.days_late(today=DAY + datetime.timedelta(days=3)) == 0


def test_plans_are_counted_with_their_tasks(django_assert_num_queries):
    plan = PlanFactory()
    PlanTaskFactory(plan=plan, deadline=DAY)
    PlanTaskFactory(plan=plan, state="done", done_on=DAY, result="xong", deadline=DAY)
    PlanTaskFactory(plan=plan, state="dropped", result="thôi", deadline=DAY)
    PlanTaskFactory(plan=plan, deadline=DAY, removed_at="2023-06-01T00:00Z")
    with django_assert_num_queries(1):
        counted = type(plan).objects.with_counts(today=datetime.date(2023, 7, 1)).get()
    assert (counted.task_count, counted.done_count, counted.late_count) == (3, 1, 1)


def test_a_recommendation_is_asked_again_until_the_year_it_was_answered_in():
    RecommendationFactory(
        text="cũ",
        first_day=datetime.date(2021, 1, 1),
        state="accepted",
        answered_on=datetime.date(2022, 5, 1),
        answer="được",
    )
    RecommendationFactory(text="mở", first_day=datetime.date(2021, 1, 1))
    in_2023 = Recommendation.objects.in_period(
        datetime.date(2023, 1, 1), datetime.date(2023, 12, 31)
    )
    in_2022 = Recommendation.objects.in_period(
        datetime.date(2022, 1, 1), datetime.date(2022, 12, 31)
    )
    assert [one.text for one in in_2023] == ["mở"]
    assert {one.text for one in in_2022} == {"cũ", "mở"}


def test_words_are_found_without_marks():
    FindingFactory(text="Máy tính đã cũ")
    FindingFactory(text="Thiếu biên chế")
    found = type(FindingFactory.build()).objects.searched("may TÍNH")
    assert [one.text for one in found] == ["Máy tính đã cũ"]


class TestWhoseTasks:
    def test_an_officer_s_own_and_those_of_the_division_that_nobody_has(self, specialist, head):
        mine = PlanTaskFactory(deadline=DAY, officer=specialist)
        nobody_s = PlanTaskFactory(deadline=DAY)
        PlanTaskFactory(deadline=DAY, officer=head)
        PlanTaskFactory(deadline=DAY + datetime.timedelta(days=1), officer=specialist)
        assert set(PlanTask.objects.due_for(specialist, until=DAY)) == {mine, nobody_s}

    def test_the_head_sees_the_division_s_and_a_leader_all(self, specialist, head, leader):
        task = PlanTaskFactory(deadline=DAY, officer=specialist)
        assert set(PlanTask.objects.due_for(head, until=DAY)) == {task}
        assert set(PlanTask.objects.due_for(leader, until=DAY)) == {task}

    def test_an_officer_of_a_district_sees_none(self, son_dong_officer):
        PlanTaskFactory(deadline=DAY)
        assert not PlanTask.objects.due_for(son_dong_officer, until=DAY).exists()
