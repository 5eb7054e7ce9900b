"""Figures counted from the committee's own records."""

import datetime
from decimal import Decimal

import pytest

from portal.collection.models import ReportingPeriod
from reports.figures import Scope, find

from .factories import PlanFactory, PlanTaskFactory, RecommendationFactory, TrainingFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date(2023, 11, 1)


def ask(key, *, day=DAY, **parameters):
    period, _ = ReportingPeriod.objects.get_or_create(
        code="2023",
        defaults={
            "label": "Năm 2023",
            "start": datetime.date(2023, 1, 1),
            "end": datetime.date(2023, 12, 31),
        },
    )
    return find(key).compute(Scope(period, day, parameters))


@pytest.mark.parametrize(
    "key",
    ["nhiem-vu-ke-hoach", "lop-tap-huan", "ban-chi-dao", "he-thong-thong-tin", "nhan-luc-cntt",
     "kien-nghi", "kien-nghi-chua-tra-loi"],
)  # fmt: skip
def test_where_nothing_is_kept_the_figure_is_unknown_not_zero(key):
    told = ask(key)
    assert (told.value, told.missing) == (None, "not_collected")


def test_tasks_are_counted_by_how_far_they_are_on_the_day():
    plan = PlanFactory()
    PlanTaskFactory(plan=plan, state="done", done_on=datetime.date(2023, 6, 1), result="xong")
    PlanTaskFactory(plan=plan, state="done", done_on=datetime.date(2023, 12, 1), result="xong")
    PlanTaskFactory(plan=plan, deadline=datetime.date(2023, 5, 1))
    PlanTaskFactory(plan=plan, state="dropped", result="thôi")
    PlanTaskFactory(plan=PlanFactory(first_day=datetime.date(2024, 1, 1), last_day=None))
    assert ask("nhiem-vu-ke-hoach").value == 3
    assert ask("nhiem-vu-hoan-thanh").value == 1
    assert ask("nhiem-vu-hoan-thanh", day=datetime.date(2023, 12, 31)).value == 2
    assert ask("nhiem-vu-qua-han").value == 1


def test_people_trained_are_unknown_while_a_course_lacks_its_number():
    TrainingFactory(people=20)
    TrainingFactory(people=15, kind="attended")
    assert ask("nguoi-tap-huan").value == Decimal(35)
    assert ask("nguoi-tap-huan", kind="held").value == Decimal(20)
    TrainingFactory()
    assert ask("nguoi-tap-huan").value is None


def test_an_answer_after_the_day_does_not_count_yet():
    RecommendationFactory(
        first_day=datetime.date(2022, 1, 1), state="accepted",
        answered_on=datetime.date(2023, 12, 1), answer="được",
    )  # fmt: skip
    assert ask("kien-nghi-chua-tra-loi").value == 1
    assert ask("kien-nghi-chua-tra-loi", day=datetime.date(2023, 12, 31)).value == 0


def test_a_record_that_was_taken_out_counts_no_more():
    TrainingFactory(removed_at="2023-06-01T00:00Z")
    TrainingFactory()
    assert ask("lop-tap-huan").value == 1
