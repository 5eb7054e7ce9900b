"""What is shown of approved data, kept until they change.

A kept view belongs to one unit, which the asker was allowed to see before it is looked up.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.http import QueryDict
from django.template import Context
from django.template.base import Template as DjangoTemplate
from django.template.loader import get_template
from django.utils.safestring import SafeString

from portal.units.outlines import DISCLAIMER

from . import drawings
from .communes import commune_rows, totals
from .key_figures import KeyFigure, data_figures
from .overview import Area, overview
from .selection import LIST_861, ZONES, Selection
from .version import data_version, kept


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
