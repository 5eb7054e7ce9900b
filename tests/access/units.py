"""Units: read by everybody who works here; officers inside their own area."""

import datetime

from portal.units.models import Reorganisation
from tests.access.accounts import everybody
from tests.cast import unit


def two_districts(cast):
    return {"pk": unit("220").pk}, {"pk": unit("219").pk}


def a_draft(cast):
    one = Reorganisation.objects.create(
        decision="NQ 9", date=datetime.date(2026, 1, 1), created_by=cast("administrator")
    )
    return {"pk": one.pk}, {"pk": one.pk}


def a_draft_to_discard(cast):
    own, other = a_draft(cast)
    return own | {"act": "discard"}, other | {"act": "discard"}


ADMINISTRATOR = everybody(404, anonymous="login", administrator=200)

ROWS = [
    ("units:reorganisation_list", None, "get", ADMINISTRATOR),
    ("units:reorganisation_enter", None, "get", ADMINISTRATOR),
    ("units:reorganisation_detail", a_draft, "get", ADMINISTRATOR),
    ("units:reorganisation_mend", a_draft, "get", ADMINISTRATOR),
    ("units:reorganisation_sheet", a_draft, "get", ADMINISTRATOR),
    (
        "units:reorganisation_act",
        a_draft_to_discard,
        "post",
        everybody(404, anonymous="login", administrator=302),
    ),
    ("units:list", None, "get", everybody(200, anonymous="login")),
    ("units:detail", two_districts, "get", everybody(200, anonymous="login", officer_other=404)),
    ("health", None, "get", everybody(200)),
    ("home", None, "get", everybody(302, anonymous="login")),
]
