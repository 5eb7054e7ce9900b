"""Who may be chosen to sign, and how they are named in a list."""

from __future__ import annotations

from portal.accounts.models import User, UserQuerySet


def signatories() -> UserQuerySet:
    """Who may be chosen to sign: leaders, and those whom a document lets sign."""
    granted = User.objects.active().filter(signing_grants__isnull=False)
    return (User.objects.having("reports.sign") | granted).distinct()


def with_title(user: User) -> str:
    return f"{user.full_name}, {user.title}" if user.title else user.full_name
