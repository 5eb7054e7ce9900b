"""What a production start refuses."""

from __future__ import annotations

import pytest

from portal import preflight
from portal.accounts.models import User

GOOD = "k9-Zq3vT1mW8_xLrB5nY7cD2hJ6pF0sGaUeRtQoPiK"


@pytest.fixture
def production(monkeypatch):
    monkeypatch.setenv("PORTAL_DEMO", "0")
    monkeypatch.setenv("DJANGO_SECRET_KEY", GOOD)


def test_a_clean_production_starts(db, production):
    preflight.refuse_demo_in_production()


@pytest.mark.parametrize("secret", ["", "changeme", "a" * 64])
def test_a_missing_or_weak_secret_is_refused(db, production, monkeypatch, secret):
    monkeypatch.setenv("DJANGO_SECRET_KEY", secret)
    with pytest.raises(preflight.StartRefused, match="DJANGO_SECRET_KEY"):
        preflight.refuse_demo_in_production()


def test_demo_accounts_are_refused(db, production, leader):
    User.objects.filter(pk=leader.pk).update(is_demo=True)
    with pytest.raises(preflight.StartRefused, match="tài khoản minh hoạ"):
        preflight.refuse_demo_in_production()
