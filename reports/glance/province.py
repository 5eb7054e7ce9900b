"""The six cards of one person's area, as of now."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from reports.dashboards.communes import SORTS
from reports.dashboards.completeness import complete_by_year, completeness
from reports.dashboards.overview import Area
from reports.dashboards.selection import Selection, select
from reports.dashboards.version import data_version, kept

from .approved import approved_cards
from .cards import Card
from .programme import programme_cards
from .today import completeness_card, reports_card

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True)
class Glance:
    """What a leader sees first. `period`: of the approved data; the programme has its own year."""

    unit: str
    period: str
    url: str
    is_demo: bool
    cards: Sequence[Card]


def glance(user: User, *, today: datetime.date) -> Glance | None:
    """The latest figures for those who sign; None for others and while there are none."""
    if not (user.has_perm("reports.sign") and user.has_perm("dashboards.view")):
        return None
    selection = select({}, user=user, sorts=frozenset(SORTS), today=today)
    if selection is None or selection.unit is None:
        return None
    area = Area.of(selection.unit, on=selection.day)
    url = reverse("reports:dashboard")
    approved, years, is_demo = _of_data(selection, area, url)
    money = programme_cards(user, today=today)
    if not approved and not money:
        return None
    stands = completeness(selection, area, user=user, today=today)
    period = selection.period.label
    came_in = completeness_card(stands, years, period=period, today=today, dashboard=url)
    reports = reports_card(user, today=today)
    cards = [*approved, *money, came_in, *([reports] if reports else [])]
    return Glance(area.unit.full_name, period, url, is_demo, cards)


def _of_data(
    selection: Selection, area: Area, url: str
) -> tuple[list[Card], list[tuple[str, int]], bool]:
    """What approved data alone decide; one query while nothing new is approved."""

    def made() -> tuple[list[Card], list[tuple[str, int]], bool]:
        cards, is_demo = approved_cards(selection, area, dashboard=url)
        return cards, complete_by_year(selection, area), is_demo

    key = [data_version(), area.unit.pk, selection.period.code]
    return kept("glance", key, made)
