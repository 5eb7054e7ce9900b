"""Compose dashboards from saved views: pages, their panels and the order of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from reports.models import Dashboard, DashboardPanel

from .refusals import ReportRefusal
from .trail import need

if TYPE_CHECKING:
    from ethnic_data.models import SavedView
    from portal.accounts.models import User

MOST_PANELS = 12
COMPOSE = "dashboards.compose"


class TooManyPanels(ReportRefusal):
    """A page nobody could read."""


class NothingToShow(ReportRefusal):
    """A page without panels is not published."""


@transaction.atomic
def save_dashboard(*, dashboard: Dashboard, by: User) -> Dashboard:
    """Store a page (new or changed).

    Raises:
        NotAllowed, NothingToShow
    """
    need(by, COMPOSE)
    if dashboard.is_published and not (dashboard.pk and dashboard.panels.exists()):
        raise NothingToShow("Trang chưa có bảng nào. Thêm bảng rồi công bố.")
    if dashboard.pk is None:
        dashboard.owner = by
    dashboard.changed_at = timezone.now()
    dashboard.save()
    return dashboard


@transaction.atomic
def add_panel(
    *, dashboard: Dashboard, view: SavedView, by: User, title: str, chart: str, width: str
) -> DashboardPanel:
    """Put a saved view at the end of the page.

    Raises:
        NotAllowed, TooManyPanels
    """
    need(by, COMPOSE)
    dashboard = Dashboard.objects.select_for_update().get(pk=dashboard.pk)
    count = dashboard.panels.count()
    if count >= MOST_PANELS:
        raise TooManyPanels(f"Mỗi trang nhiều nhất {MOST_PANELS} bảng. Bỏ bớt rồi thêm lại.")
    _touch(dashboard)
    return dashboard.panels.create(
        view=view, title=title, chart=chart, width=width, position=count + 1
    )


@transaction.atomic
def change_panel(*, panel: DashboardPanel, by: User) -> DashboardPanel:
    need(by, COMPOSE)
    panel.save()
    _touch(panel.dashboard)
    return panel


@transaction.atomic
def move_panel(*, panel: DashboardPanel, by: User, earlier: bool) -> None:
    """One place up or down; at the end nothing happens."""
    need(by, COMPOSE)
    dashboard = Dashboard.objects.select_for_update().get(pk=panel.dashboard_id)
    order = list(dashboard.panels.all())
    at = order.index(panel)
    to = at - 1 if earlier else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    _number(order)
    _touch(dashboard)


@transaction.atomic
def remove_panel(*, panel: DashboardPanel, by: User) -> None:
    """Take it off the page; a published page that is left empty is published no more."""
    need(by, COMPOSE)
    dashboard = Dashboard.objects.select_for_update().get(pk=panel.dashboard_id)
    panel.delete()
    left = list(dashboard.panels.all())
    _number(left)
    dashboard.is_published = dashboard.is_published and bool(left)
    _touch(dashboard)


@transaction.atomic
def drop_dashboard(*, dashboard: Dashboard, by: User) -> None:
    need(by, COMPOSE)
    dashboard.delete()


def _number(panels: list[DashboardPanel]) -> None:
    for place, panel in enumerate(panels, start=1):
        panel.position = place
    DashboardPanel.objects.bulk_update(panels, ["position"])


def _touch(dashboard: Dashboard) -> None:
    dashboard.changed_at = timezone.now()
    dashboard.save(update_fields=["changed_at", "is_published"])
