"""A page that asks for a part of itself after its session ended."""

from __future__ import annotations

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
