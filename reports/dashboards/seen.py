"""What is shown of approved data, kept until they change.

A kept view belongs to one unit, which the asker was allowed to see before it is looked up.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.template import Context
from django.template.base import Template as DjangoTemplate
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString

from portal.units.outlines import DISCLAIMER

from . import drawings
from .communes import SORTS, commune_rows, totals
from .completeness import completeness
from .key_figures import KeyFigure, data_figures, work_figures
from .overview import Area, overview
from .selection import LIST_861, ZONES, Selection, select
from .version import data_version, kept

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True)
class View:
    """The part of the page that data alone decide."""

    figures: list[KeyFigure]
    pictures: SafeString
    has_data: bool
    is_demo: bool
    approved_at: datetime.datetime | None


def view_of(selection: Selection, area: Area) -> View:
    """One query when nothing has been approved since the view was made."""
    periods = [one for one in (selection.period, selection.before) if one is not None]
    params = selection.params
    key = [data_version(periods), area.unit.pk, *params.items()]
    return kept("view", key, lambda: made_view(selection, area))


def made_view(selection: Selection, area: Area) -> View:
    found = overview(selection, area)
    rows = commune_rows(found)
    context = {
        "selection": selection,
        "overview": found,
        "rows": rows,
        "totals": totals(rows),
        "sort": selection.sort,
        "zones": ZONES,
        "list_code": LIST_861,
        "disclaimer": DISCLAIMER,
        "map": drawings.poverty_map(found, rows),
        "by_district": drawings.by_district(found),
        "by_group": drawings.by_group(found),
    }
    pictures = rendered("reports/dashboard_pictures.html", context, query=query_of(selection))
    return View(
        figures=data_figures(found),
        pictures=pictures if found.has_data else SafeString(""),
        has_data=found.has_data,
        is_demo=found.is_demo,
        approved_at=found.approved_at,
    )


def rendered(name: str, context: dict[str, Any], *, query: QueryDict) -> SafeString:
    """A template whose links go on from `query`: nothing of anybody's own address is in it."""
    plain = Context(context)
    plain.request = SimpleNamespace(GET=query)  # type: ignore[attr-defined]
    template: DjangoTemplate = get_template(name).template  # type: ignore[attr-defined]
    return template.render(plain)


def query_of(selection: Selection) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(selection.params)
    return query


@dataclass(frozen=True)
class Glance:
    """The province at a glance, for the page of those who answer for it."""

    unit: str
    period: str
    url: str
    is_demo: bool
    figures: list[KeyFigure]


def glance(user: User, *, today: datetime.date) -> Glance | None:
    """The latest figures for those who sign; None for others and while there are none."""
    if not (user.has_perm("reports.sign") and user.has_perm("dashboards.view")):
        return None
    selection = select({}, user=user, sorts=frozenset(SORTS), today=today)
    if selection is None or selection.unit is None:
        return None
    area = Area.of(selection.unit, on=selection.day)
    view = view_of(selection, area)
    if not view.has_data:
        return None
    progress = completeness(selection, area, user=user, today=today)
    url = reverse("reports:dashboard")
    return Glance(
        unit=area.unit.full_name,
        period=selection.period.label,
        url=url,
        is_demo=view.is_demo,
        figures=[*view.figures, *work_figures(progress, user=user, dashboard=url)],
    )
