"""The pages of incoming documents in hand."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.documents import services
from portal.documents.models import Assignment
from tests.documents.incoming import NOW, division, given, letter, outgoing, worker

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def page(name, one):
    return reverse(f"documents:{name}", args=[one.pk])


def as_(client, user):
    client.force_login(user)
    return client


def test_the_leader_gives_out_on_the_page(client, leader):
    document, officer = letter(), worker("thu")
    as_(client, leader)
    asked = {"lead": division().pk, "officer": officer.pk, "due_date": "12/03/2024"}
    answer = client.post(page("hand_out", document), asked | {"direction": "Trả lời đúng hạn"})
    assert answer.status_code == 302
    one = Assignment.objects.get()
    assert (one.officer, one.direction) == (officer, "Trả lời đúng hạn")
    assert client.get(page("hand_out", document)).url == one.get_absolute_url()


def test_the_clerk_must_name_the_leader(client, clerk, leader):
    document = letter()
    as_(client, clerk)
    page_of_form = client.get(page("hand_out", document))
    assert "Lãnh đạo giao" in page_of_form.text
    client.post(page("hand_out", document), {"lead": division().pk})
    assert not Assignment.objects.exists()
    client.post(page("hand_out", document), {"lead": division().pk, "assigned_by": leader.pk})
    assert Assignment.objects.get().assigned_by == leader


@pytest.mark.parametrize(
    "wrong",
    [
        {"lead": "x"},
        {"lead": "9" * 40},
        {"lead": "\0"},
        {"officer": "-1"},
        {"officer": "\0"},
        {"supports": ["9" * 30]},
        {"supports": ["\0"]},
        {"due_date": "99/99/9999"},
        {"due_date": "01/01/2024"},
        {"due_date": "31/12/9999"},
        {"direction": "a" * 5000},
        {"direction": "a\0b"},
    ],
)
def test_what_makes_no_sense_is_refused_calmly(client, leader, wrong):
    document = letter()
    as_(client, leader)
    answer = client.post(page("hand_out", document), {"lead": division().pk} | wrong)
    assert answer.status_code == 200
    assert not Assignment.objects.exists()


def test_work_of_another_division_cannot_be_touched(client, cast):
    one = given(officer=worker("thu"))
    for name in ("head", "specialist"):
        as_(client, cast(name))
        assert client.get(one.get_absolute_url()).status_code == 200
        for action in ("start", "reassign", "no_answer", "answer"):
            told = {"reason": "x", "answer": "1/BC-BDT", "officer": ""}
            assert client.post(page(f"assignment_{action}", one), told).status_code == 404
        for action in ("extend", "support", "reopen"):
            assert client.post(page(f"assignment_{action}", one), {}).status_code == 404
    one.refresh_from_db()
    assert (one.state, one.events.count()) == ("assigned", 1)


def test_officers_of_districts_do_not_find_the_work(client, son_dong_officer):
    one = given()
    as_(client, son_dong_officer)
    assert client.get(one.get_absolute_url()).status_code == 404
    assert client.get(reverse("documents:assignment_list")).status_code == 404


def test_the_officer_takes_the_work_up_and_answers_by_number(client):
    officer = worker("thu")
    one = given(officer=officer)
    answer = outgoing()
    as_(client, officer)
    client.post(page("assignment_start", one))
    one.refresh_from_db()
    assert one.state == "working"
    client.post(page("assignment_answer", one), {"answer": "999/BC-BDT"})
    one.refresh_from_db()
    assert one.is_open
    client.post(page("assignment_answer", one), {"answer": answer.number_and_symbol})
    one.refresh_from_db()
    assert one.answer == answer
    assert answer.number_and_symbol in client.get(one.document.get_absolute_url()).text


@pytest.mark.parametrize("told", ["", "\0", "a" * 500, "1/BC-BDT; 2/BC-BDT", "%%%", "12/34/56"])
def test_an_answer_nobody_can_find_changes_nothing(client, told):
    officer = worker("thu")
    one = given(officer=officer)
    as_(client, officer)
    assert client.post(page("assignment_answer", one), {"answer": told}).status_code == 302
    assert Assignment.objects.get().is_open


def test_steps_with_forms_left_empty_or_full_of_nonsense_change_nothing(client, leader):
    one = given()
    as_(client, leader)
    for action, told in [
        ("reassign", {"division": "\0", "officer": "9" * 40}),
        ("extend", {"due_date": "\0", "reason": "x"}),
        ("extend", {"due_date": "01/01/1900", "reason": "x"}),
        ("support", {"divisions": ["0", "\0"]}),
        ("no_answer", {"reason": "\0"}),
        ("no_answer", {"reason": "a" * 3000}),
        ("reopen", {}),
    ]:
        assert client.post(page(f"assignment_{action}", one), told).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.events.count()) == ("assigned", 1)


def test_the_list_sorts_by_tab_and_asks_little(client, leader, django_assert_max_num_queries):
    today = timezone.localdate()
    for number in range(910, 930):
        given(
            letter(str(number)),
            due_date=today + datetime.timedelta(days=number - 920),
            officer=worker(f"n{number}"),
        )
    done = given(letter("940"))
    services.close_without_answer(assignment=done, reason="Để biết", by=leader, now=NOW)
    letter("941")
    as_(client, leader)
    address = reverse("documents:assignment_list")
    with django_assert_max_num_queries(12):
        answer = client.get(address)
    counts = {tab["label"]: tab["count"] for tab in answer.context["tabs"]}
    assert counts["Đang giải quyết"] == 20
    assert counts["Quá hạn"] == 10
    assert counts["Chưa chuyển xử lý"] == 1
    assert "quá 10 ngày" in client.get(address, {"xem": "qua-han"}).text
    for tab in ("cua-toi", "xong", "chua-chuyen", "\0", "x" * 999):
        assert client.get(address, {"xem": tab, "page": "9" * 50}).status_code == 200


def test_a_letter_passed_on_for_information_is_watched_no_longer(client, clerk):
    document = letter(arrived=timezone.localdate() - datetime.timedelta(days=2))
    as_(client, clerk)
    assert "Chưa chuyển xử lý" in client.get(document.get_absolute_url()).text
    client.post(page("pass_for_information", document))
    assert "Chưa chuyển xử lý" not in client.get(document.get_absolute_url()).text
