"""Thematic dashboards: a theme is there for those who may see what it is about."""

from __future__ import annotations

from tests.access.dashboards import READERS

READ = READERS | {"administrator": 200}
OF_THE_COMMITTEE = READERS | {"officer_own": 404, "officer_other": 404}


def poverty(cast):
    return {"slug": "giam-ngheo"}, {"slug": "giam-ngheo"}


def papers(cast):
    return {"slug": "van-ban"}, {"slug": "van-ban"}


def whole(cast):
    return ({"slug": "giam-ngheo", "kind": "xlsx"},) * 2


def one_panel(cast):
    return ({"slug": "giam-ngheo", "key": "dia-ban", "kind": "csv"},) * 2


ROWS = [
    ("reports:theme_index", None, "get", READ),
    ("reports:theme", poverty, "get", READ),
    ("reports:theme", papers, "get", OF_THE_COMMITTEE),
    ("reports:theme_file", whole, "get", READ),
    ("reports:panel_file", one_panel, "get", READ),
]
