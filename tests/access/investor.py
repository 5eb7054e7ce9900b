"""What an investor, who belongs to no organisation here, gets: what is open to all, and these.

Everything else that depends on a role is 404 to an investor; see tests/portal/test_access.py.
"""

ROWS: list[tuple] = []

SEES: dict[str, int] = {
    "collection:submission_list": 200,
    "ethnic_data:round_table": 200,
    "reports:explorer_paper": 404,
    "reports:group_profile": 404,
    "reports:group_profile_paper": 404,
    "programs:household_list": 404,  # the ethnicity of households is none of theirs
    "programs:household_forget": 404,
    # pages of figures, though everybody else sees them
    "reports:theme_index": 404,
    "reports:theme": 404,
    "reports:theme_file": 404,
    "reports:panel_file": 404,
    "reports:rotation": 404,
}
NOT_THEIRS = {"ethnic_data", "units"}  # whole rooms
LIKE_AN_OFFICER = {"documents", "programs"}


def expected(name: str, statuses: dict) -> object:
    """The status for a page of the table: its own, else that of everybody, else 404."""
    room = name.partition(":")[0]
    if name not in SEES and room in NOT_THEIRS:
        return 404
    if name not in SEES and room in LIKE_AN_OFFICER:
        return statuses["officer_other"]
    everybody = {status for role, status in statuses.items() if role != "anonymous"}
    return SEES.get(name, everybody.pop() if len(everybody) == 1 else 404)
