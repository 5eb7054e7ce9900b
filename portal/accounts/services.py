"""Make accounts, give and change passwords."""

from __future__ import annotations

import datetime
import secrets

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from .models import MOST_FAILURES, PAUSE, FailedSignIn, User

# letters and digits that are not mistaken for each other when read from paper
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def may_try(*, username: str, now: datetime.datetime) -> bool:
    """False while a name has failed five times within fifteen minutes."""
    return FailedSignIn.objects.recent(username, now=now).count() < MOST_FAILURES


def record_failure(*, username: str, now: datetime.datetime) -> None:
    """Note a failure; rows older than the pause are of no use and go."""
    FailedSignIn.objects.create(username=username, at=now)
    FailedSignIn.objects.filter(at__lt=now - PAUSE).delete()


class OwnAccount(Exception):
    """An administrator does not reset or lock the account they are using."""


def temporary_password() -> str:
    """Twelve characters in groups of four: to be read out once and changed at the first sign-in."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


@transaction.atomic
def reset_password(*, user: User, by: User) -> str:
    """Give `user` a temporary password; returns it, to be shown once. Their sessions end.

    Raises:
        OwnAccount: `by` is `user`.
    """
    if user == by:
        raise OwnAccount
    password = temporary_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    FailedSignIn.objects.filter(username=user.username).delete()
    end_sessions(user=user)
    return password


@transaction.atomic
def change_own_password(*, user: User, password: str) -> None:
    """Raises ValidationError when the password is too weak."""
    validate_password(password, user)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])


@transaction.atomic
def set_active(*, user: User, active: bool, by: User) -> None:
    """Let a person sign in, or not any more.

    Raises:
        OwnAccount: `by` is `user`.
    """
    if user == by:
        raise OwnAccount
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        end_sessions(user=user)


def end_sessions(*, user: User) -> None:
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
