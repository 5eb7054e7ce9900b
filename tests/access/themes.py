"""Thematic dashboards: a theme is there for those who may see what it is about, a composed page
for those it is published to; composing is the administrator's."""

from __future__ import annotations

from tests.access.dashboards import READERS

READ = READERS | {"administrator": 200}
OF_THE_COMMITTEE = READERS | {"officer_own": 404, "officer_other": 404, "administrator": 404}
COMPOSED = dict.fromkeys(READERS, 404) | {"anonymous": "login", "administrator": 200}
DONE = COMPOSED | {"administrator": 302}
OF_LEADERS = COMPOSED | {"leader": 200}


def poverty(cast):
    return {"slug": "giam-ngheo"}, {"slug": "giam-ngheo"}


def papers(cast):
    return {"slug": "van-ban"}, {"slug": "van-ban"}


def whole(cast):
    return ({"slug": "giam-ngheo", "kind": "xlsx"},) * 2


def one_panel(cast):
    return ({"slug": "giam-ngheo", "key": "dia-ban", "kind": "csv"},) * 2


def _panel(cast):
    """Of a page that is published to leaders."""
    from ethnic_data.models import SavedView
    from reports.models import Dashboard

    owner = cast("administrator")
    board, _ = Dashboard.objects.get_or_create(
        title="Giao ban", defaults={"owner": owner, "roles": ["leader"], "is_published": True}
    )
    view, _ = SavedView.objects.get_or_create(
        owner=owner, name="Bảng", query="ct=D03", is_shared=True
    )
    return board.panels.first() or board.panels.create(view=view, position=1)


def board(cast):
    return ({"pk": _panel(cast).dashboard_id},) * 2


def board_file(cast):
    return ({"pk": _panel(cast).dashboard_id, "kind": "xlsx"},) * 2


def board_panel(cast):
    panel = _panel(cast)
    return ({"pk": panel.dashboard_id, "key": f"b{panel.pk}", "kind": "csv"},) * 2


def piece(cast):
    return ({"pk": _panel(cast).pk},) * 2


ROWS = [
    ("reports:theme_index", None, "get", READ),
    ("reports:theme", poverty, "get", READ),
    ("reports:theme", papers, "get", OF_THE_COMMITTEE),
    ("reports:theme_file", whole, "get", READ),
    ("reports:panel_file", one_panel, "get", READ),
    ("reports:rotation", None, "get", READ),
    ("reports:board", board, "get", OF_LEADERS),
    ("reports:board_file", board_file, "get", OF_LEADERS),
    ("reports:board_panel", board_panel, "get", OF_LEADERS),
    ("reports:board_list", None, "get", COMPOSED),
    ("reports:board_edit", board, "get", COMPOSED),
    ("reports:board_delete", board, "post", DONE),
    ("reports:board_panel_add", board, "post", COMPOSED | {"administrator": 422}),
    ("reports:board_panel_change", piece, "post", DONE),
]
