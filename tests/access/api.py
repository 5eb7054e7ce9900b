"""The API: a session opens nothing, whoever it is; see tests/collection/test_api.py for tokens."""

from tests.access.accounts import everybody

UNKNOWN = everybody(401)


def duty(cast):
    own = {"dataset": "NGHEO-DAN-TOC", "unit": "220", "period": "2023"}
    return own, own


def dataset(cast):
    return {"dataset": "BIEU-05"}, {"dataset": "BIEU-05"}


def any_submission(cast):
    return {"pk": 1}, {"pk": 1}


ROWS = [
    ("api:dataset_list", None, "get", UNKNOWN),
    ("api:dataset", dataset, "get", UNKNOWN),
    ("api:duty", duty, "get", UNKNOWN),
    ("api:duty", duty, "post", UNKNOWN),
    ("api:submission_list", None, "get", UNKNOWN),
    ("api:submission", any_submission, "get", UNKNOWN),
    ("api:values", any_submission, "get", UNKNOWN),
    ("api:values", any_submission, "put", UNKNOWN),
    ("api:reasons", any_submission, "post", UNKNOWN),
    ("api:letter", any_submission, "post", UNKNOWN),
    ("api:submit", any_submission, "post", UNKNOWN),
]
