"""Who may open the dashboards; each sees the own area only (tests/reports/test_dashboard.py)."""

READERS = {
    "anonymous": "login",
    "officer_own": 200,
    "officer_other": 200,  # the page of the own area: other areas are asked for by parameter
    "specialist": 200,
    "head": 200,
    "form_checker": 200,
    "leader": 200,
    "clerk": 200,
    "administrator": 404,
    "auditor": 200,
}
EVERYBODY_SIGNED_IN = READERS | {"administrator": 200}
SIGNERS = {"anonymous": "login", "leader": 302}  # back to the page: nothing is approved yet
PUBLIC = dict.fromkeys(READERS, 200)

ROWS = [
    ("reports:dashboard", None, "get", READERS),
    ("reports:dashboard_export", None, "get", READERS),
    ("reports:home", None, "get", EVERYBODY_SIGNED_IN),
    ("reports:home_paper", None, "get", dict.fromkeys(READERS, 404) | SIGNERS),
    ("reports:waiting_count", None, "get", EVERYBODY_SIGNED_IN),
    ("reports:public_figures", None, "get", PUBLIC),
]
