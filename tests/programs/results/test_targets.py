"""How targets stand: baseline, straight line, state by rule; what is entered with a document."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from programs.figures.targets import Actual, Course, State, courses
from programs.models import Programme, Target, TargetActual, TargetValue
from programs.models.targets import read_printed
from tests.programs.factories import ProgrammeFactory, TargetFactory, decision

pytestmark = pytest.mark.django_db


def course(actuals, printed=None, direction="up", unit="%", measure="level"):
    target = Target(direction=direction, unit_of_measure=unit, measure=measure)
    values = []
    for year, text in (printed or {2025: "90"}).items():
        value = TargetValue(target=target, year=year, printed=text)
        value.threshold, value.is_strict = read_printed(text)
        values.append(value)
    told = {year: Actual(year, Decimal(value)) for year, value in actuals.items()}
    return Course(target, values, told, 2021)


@pytest.mark.parametrize(
    ("actuals", "year", "state"),
    [
        ({2020: 50}, 2023, State.UNKNOWN),
        ({2020: 50, 2023: 74}, 2023, State.ON_TRACK),  # the line stands at 74
        ({2020: 50, 2023: "73.9"}, 2023, State.BEHIND),
        ({2020: 50, 2023: 90}, 2023, State.MET),
        ({2020: 50, 2025: 90}, 2025, State.MET),
        ({2020: 50, 2025: "89.9"}, 2025, State.MISSED),
        ({2020: 50, 2026: 80}, 2026, State.MISSED),  # the last level goes on
        ({2023: 74}, 2023, State.OPEN),  # nothing to draw a line from
        ({2022: 60, 2023: 74}, 2023, State.OPEN),  # a year of the programme is no baseline
    ],
)
def test_a_year_without_a_level_of_its_own_is_measured_against_the_straight_line(
    actuals, year, state
):
    assert course(actuals).mark_of(year).state == state


def test_the_straight_line_runs_downward_too():
    down = course({2019: 20, 2023: 11}, {2025: "<8"}, direction="down")
    assert down.mark_of(2023).line == Decimal(12)
    assert down.mark_of(2023).state == State.ON_TRACK
    assert down.baseline.year == 2019


def test_a_yearly_rate_is_asked_anew_each_year():
    fall = course({2020: "1", 2023: "2.9"}, {2025: ">3"}, unit="điểm %/năm")
    assert fall.mark_of(2023).line is None
    assert fall.mark_of(2023).state == State.MISSED


def test_a_print_without_a_number_cannot_be_compared():
    assert course({2020: 1, 2023: 2}, {2025: "4/2/3"}).mark_of(2023).state == State.OPEN


def test_targets_without_a_value_say_so():
    found = courses(Programme.objects.get(code="1719"), until=2024)
    assert {mark.state for one in found for mark in one.marks} == {State.UNKNOWN}


def test_the_courses_of_all_targets_take_a_bounded_number_of_queries(django_assert_max_num_queries):
    programme = Programme.objects.get(code="1719")
    with django_assert_max_num_queries(20):
        assert len(courses(programme, until=2026)) == 32


@pytest.fixture
def target():
    programme = ProgrammeFactory(valid=("2021-01-01", "2026-01-01"))
    target = TargetFactory(programme=programme, code="MT-1", name="Thôn có điện")
    TargetValue.objects.create(target=target, year=2025, printed="100")
    return target


def address(target):
    return reverse("programs:target_detail", args=[target.programme.code, target.code])


def test_an_actual_value_is_entered_with_its_document_and_replaces_that_of_the_year(
    client, specialist, target
):
    document = decision(datetime.date(2024, 1, 15), number="77")
    client.force_login(specialist)
    for value in ("81,5", "82,25"):
        answer = client.post(
            address(target),
            {"year": "2023", "value": value, "document": "77/QĐ-UBND", "note": ""},
        )
        assert answer.status_code == 302
    kept = TargetActual.objects.get()
    assert (kept.value, kept.document, kept.by) == (Decimal("82.25"), document, specialist)
    text = client.get(address(target)).text
    assert "82,25" in text
    assert "77/QĐ-UBND" in text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"document": ""}, "Theo văn bản"),
        ({"document": "999/QĐ-UBND"}, "Trong sổ văn bản chưa có “999/QĐ-UBND”"),
        ({"value": "nhiều"}, "value"),
        ({"year": "1999"}, "year"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    client, specialist, target, given, words
):
    decision(number="77")
    client.force_login(specialist)
    told = {"year": "2023", "value": "5", "document": "77/QĐ-UBND", "note": ""}
    answer = client.post(address(target), told | given)
    assert answer.status_code == 200
    assert words in answer.text
    assert answer.context["form"].errors.keys() == given.keys()
    assert not TargetActual.objects.exists()


def test_two_documents_of_one_number_are_told_apart_by_their_day(client, specialist, target):
    decision(datetime.date(2023, 1, 15), number="77")
    later = decision(datetime.date(2024, 1, 15), number="77")
    client.force_login(specialist)
    told = {"year": "2023", "value": "5", "note": ""}
    asked = client.post(address(target), told | {"document": "77/QĐ-UBND"})
    assert "Ghi thêm ngày" in asked.text
    client.post(address(target), told | {"document": "77/QĐ-UBND ngày 15/01/2024"})
    assert TargetActual.objects.get().document == later


def test_who_only_reads_cannot_enter(client, leader, target):
    client.force_login(leader)
    assert 'name="value"' not in client.get(address(target)).text
    assert client.post(address(target), {"year": "2023", "value": "5"}).status_code == 404


def test_the_list_of_a_year_shows_baseline_line_actual_and_state(client, leader, target):
    TargetActual.objects.create(target=target, year=2020, value=50)
    TargetActual.objects.create(target=target, year=2023, value=60)
    client.force_login(leader)
    text = client.get(
        reverse("programs:target_list"), {"chuong-trinh": target.programme.code, "nam": "2023"}
    ).text
    for words in ("(2020)", "80", "60", "Chậm tiến độ"):
        assert words in text


@pytest.mark.parametrize(
    ("unit", "decimals"), [("xã", 0), ("Hộ", 0), ("%", 2), ("điểm %/năm", 2), ("lần", 2)]
)
def test_what_is_counted_has_no_decimals(unit, decimals):
    assert Target(unit_of_measure=unit).decimals == decimals
