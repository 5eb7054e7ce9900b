"""A page that asks for a part of itself after its session ended."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}


def test_a_part_is_refused_with_the_way_to_sign_in(client):
    answer = client.get(reverse("reports:waiting_count"), headers=PART)
    assert (answer.status_code, answer.headers["Location"]) == (401, reverse("accounts:login"))
    assert answer.content == b"", "the sign-in page is not put into the page"


def test_a_whole_page_still_leads_to_the_sign_in(client):
    answer = client.get(reverse("reports:home"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("accounts:login"))


def test_parts_open_to_all_are_given(client):
    assert client.get(reverse("reports:public_figures"), headers=PART).status_code == 200


def test_who_is_signed_in_is_not_stopped(client, leader):
    client.force_login(leader)
    assert client.get(reverse("reports:waiting_count"), headers=PART).status_code == 200


@pytest.mark.parametrize(
    ("page_before", "then"),
    [
        ("http://testserver/so-lieu/bo/7?trang=2#cuoi", "/so-lieu/bo/7?trang=2"),
        ("http://elsewhere.example/so-lieu/bo/7", "/viec"),
        ("http://[", "/viec"),
        ("", "/viec"),
    ],
)
def test_what_was_sent_too_late_is_told_and_leads_back_to_its_page(client, page_before, then):
    sent = reverse("collection:submit", args=[7])
    answer = client.post(sent, headers={"Referer": page_before})
    assert answer.url == f"{reverse('accounts:login')}?{urlencode({'next': then}, safe='/')}"
    assert "chưa được thực hiện" in client.get(answer.url).content.decode()


def test_what_a_button_does_is_no_page_and_says_so(client, leader):
    client.force_login(leader)
    answer = client.get(reverse("accounts:logout"))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")
    assert "nút bấm" in answer.content.decode()
