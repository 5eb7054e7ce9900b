"""Make accounts, give and change passwords."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
from typing import NamedTuple

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from .models import PAUSE, AccessToken, FailedSignIn, User

# letters and digits that are not mistaken for each other when read from paper
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def record_failure(*, username: str, network: str, now: datetime.datetime) -> None:
    """Note a failure; rows older than the pause are of no use and go."""
    FailedSignIn.objects.create(username=username, network=network, at=now)
    FailedSignIn.objects.filter(at__lt=now - PAUSE).delete()


def remember_network(*, user: User, network: str) -> None:
    """Where somebody signed in last, the guesses of others elsewhere do not keep them out."""
    User.objects.filter(pk=user.pk).exclude(signed_in_from=network).update(signed_in_from=network)


class OwnAccount(Exception):
    """An administrator does not reset or lock the account they are using."""


def temporary_password() -> str:
    """Twelve characters in groups of four: to be read out once and changed at the first sign-in."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


@transaction.atomic
def reset_password(*, user: User, by: User) -> str:
    """Give `user` a temporary password; returns it, to be shown once.

    Their sessions end, and their access tokens with them.

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
    user.access_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
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


# access tokens

PREFIX = "bdt"
MOST_TOKENS = 20
LONGEST_DAYS = 366
USE_NOTED_EVERY = datetime.timedelta(minutes=1)


class TooManyTokens(Exception):
    """A person has as many usable tokens as anybody needs."""


class NewToken(NamedTuple):
    """A token and its text, which is shown once and kept nowhere."""

    token: AccessToken
    text: str


@transaction.atomic
def make_token(*, user: User, name: str, days: int, now: datetime.datetime) -> NewToken:
    """A token of `user` for `days` days (at most a year).

    Raises:
        TooManyTokens
    """
    User.objects.select_for_update().get(pk=user.pk)
    if user.access_tokens.usable(now=now).count() >= MOST_TOKENS:
        raise TooManyTokens
    key = "".join(secrets.choice(LETTERS) for _ in range(12))
    secret = secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        user=user,
        name=name.strip()[:80],
        key=key,
        digest=_digest(secret),
        created_at=now,
        expires_at=now + datetime.timedelta(days=max(1, min(days, LONGEST_DAYS))),
    )
    return NewToken(token, f"{PREFIX}_{key}_{secret}")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def revoke_token(*, token: AccessToken, now: datetime.datetime) -> None:
    """From now on the token opens nothing; harmless when done twice."""
    AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)


class TokenRests(Exception):
    """Too many failures within fifteen minutes: right or not, the token waits as a name would."""


def user_of_token(*, text: str, network: str, now: datetime.datetime) -> User | None:
    """Whom a token speaks for; None when it is not known, run out or taken back.

    Raises:
        TokenRests
    """
    prefix, _, rest = text.partition("_")
    key, _, secret = rest.partition("_")
    if prefix != PREFIX or not key or len(key) > 12 or not key.isalnum() or not key.isascii():
        return None
    tried = f"token:{key}"
    if FailedSignIn.objects.rest(username=tried, network=network, now=now):
        raise TokenRests
    token = (
        AccessToken.objects.usable(now=now)
        .select_related("user__area", "user__division")
        .filter(key=key)
        .first()
    )
    right = hmac.compare_digest(token.digest if token else _digest(""), _digest(secret))
    if token is None or not right or token.user.must_change_password:
        record_failure(username=tried, network=network, now=now)
        return None
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        AccessToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user
