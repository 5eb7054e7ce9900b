"""Accounts: sign-in is open, the list is the administrator's, the auditor reads it."""

from django.utils import timezone

from portal.accounts.services import make_token
from tests.cast import member, person

STAFF = ["officer_own", "officer_other", "specialist", "head", "form_checker", "leader", "clerk"]


def everybody(status, **others):
    names = [*STAFF, "administrator", "auditor", "anonymous"]
    return dict.fromkeys(names, status) | others


def somebody(cast):
    kwargs = {"pk": member("luc_ngan_officer").pk}
    return kwargs, kwargs


def foreign_token(cast):
    """The token of somebody who is not in the table."""
    owner = person("may", role="auditor", full_name="Máy Thử")
    token = make_token(user=owner, name="máy", days=1, now=timezone.now()).token
    return {"pk": token.pk}, {"pk": token.pk}


ROWS = [
    ("accounts:login", None, "get", everybody(302, anonymous=200)),
    ("accounts:logout", None, "post", everybody(302)),
    ("accounts:password", None, "get", everybody(200, anonymous="login")),
    ("accounts:token_list", None, "get", everybody(200, anonymous="login")),
    ("accounts:token_revoke", foreign_token, "post", everybody(404, anonymous="login")),
    (
        "accounts:user_list",
        None,
        "get",
        everybody(404, anonymous="login", administrator=200, auditor=200),
    ),
    ("accounts:user_create", None, "get", everybody(404, anonymous="login", administrator=200)),
    (
        "accounts:user_update",
        somebody,
        "get",
        everybody(404, anonymous="login", administrator=200),
    ),
    (
        "accounts:user_reset",
        somebody,
        "post",
        everybody(404, anonymous="login", administrator=200),
    ),
    (
        "accounts:user_activity",
        somebody,
        "post",
        everybody(404, anonymous="login", administrator=302),
    ),
]
