"""Profiles, the search that leads to them, and pages on paper: read by all, in the own area."""

from tests.access.ethnic_data import READ_BY_ALL, named

OWN_AREA = READ_BY_ALL | {"officer_other": 404}


def communes(cast):
    return {"kind": "xa", "code": "07645"}, {"kind": "xa", "code": "07528"}


ROWS = [
    ("reports:explorer_paper", None, "get", READ_BY_ALL),
    ("reports:search", None, "get", READ_BY_ALL),
    ("reports:search_suggestions", None, "get", READ_BY_ALL),
    ("reports:unit_profile", communes, "get", OWN_AREA),
    ("reports:unit_profile_paper", communes, "get", OWN_AREA),
    ("reports:group_profile", named("02"), "get", READ_BY_ALL),
    ("reports:group_profile_paper", named("02"), "get", READ_BY_ALL),
]
