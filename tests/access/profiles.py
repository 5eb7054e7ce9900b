"""Pages on paper: read by whoever reads the page itself."""

from tests.access.ethnic_data import READ_BY_ALL

ROWS = [
    ("reports:explorer_paper", None, "get", READ_BY_ALL),
]
