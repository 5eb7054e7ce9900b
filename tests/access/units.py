"""Units: read by everybody who works here; officers inside their own area."""

from tests.access.accounts import everybody
from tests.cast import unit


def two_districts(cast):
    return {"pk": unit("220").pk}, {"pk": unit("219").pk}


ROWS = [
    ("units:list", None, "get", everybody(200, anonymous="login")),
    ("units:detail", two_districts, "get", everybody(200, anonymous="login", officer_other=404)),
    ("health", None, "get", everybody(200)),
    ("home", None, "get", everybody(302, anonymous="login")),
]
