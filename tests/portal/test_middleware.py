"""What every answer carries, whatever it is an answer to."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "status"),
    [("/", 200), ("/khong-co", 404), ("/viec-cua-toi", 302), ("/suc-khoe", 200)],
)
def test_every_answer_tells_the_browser_to_trust_this_server_only(client, address, status):
    answer = client.get(address)
    assert answer.status_code == status
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_another_host_s_name_opens_nothing(client):
    assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize(
    "then", ["https://elsewhere.example/", "//elsewhere.example", "\\\\elsewhere"]
)
def test_signing_in_leads_nowhere_outside(client, leader, then):
    typed = {"username": leader.username, "password": PASSWORD, "next": then}
    assert client.post(reverse("accounts:login"), typed).url == reverse("home")
