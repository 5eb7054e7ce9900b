"""Works on the map, and beside it the same works as a table."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from portal.charts.points import Point, point_map
from portal.formats import lateness, number
from portal.units import outlines
from portal.units.models import AdministrativeUnit
from programs.forms.works import WorksFilter
from programs.models import Works
from programs.models.works import WorksQuerySet, is_late

from .list import WorksPart, in_order, row_of, with_names

MOST_POINTS = 400  # more works than that are shown as their communes' counts
ROWS = 100
COLOURS = {
    "draft": "#5b6470",
    "information": "#1f5fa8",
    "waiting": "#c8922a",
    "warning": "#8a5a00",
    "done": "#1d7a46",
    "locked": "#1f2328",
}
LATE, ON_TIME = "#b3261e", "#1f5fa8"


class WorksMap(WorksPart):
    template_name = "programs/works/works_map.html"
    here = "programs:works_map"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        user: Any = self.request.user
        wanted = WorksFilter(self.request.GET, user=user, today=today)
        works = wanted.narrowed()
        count = works.count()
        few = count <= MOST_POINTS
        listed = in_order(with_names(works), "name")
        rows = [row_of(one, today) for one in (listed if few else listed[:ROWS])]
        points = self._each(rows) if few else self._counted(works, today)
        return super().get_context_data(
            form=wanted,
            rows=rows[:ROWS],
            count=count,
            more=max(0, count - ROWS),
            chart=point_map(
                points,
                title=f"{count} công trình, hoạt động trên bản đồ",
                background=outlines.communes(),
                borders=outlines.districts(),
            ),
            lost=count - sum(point.count for point in points),
            note=f"{outlines.DISCLAIMER}. Vòng rỗng là vị trí gần đúng, đặt ở giữa xã.",
            any_demo=any(row["works"].is_demo for row in rows),
            **kwargs,
        )

    @cached_property
    def list_url(self) -> str:
        """The list of what is asked for, to which a commune is added."""
        asked = self.request.GET.copy()
        for name in ("page", "xa"):
            asked.pop(name, None)
        return f"{reverse('programs:works_list')}?{asked.urlencode()}"

    def _each(self, rows: list[dict[str, Any]]) -> list[Point]:
        """A point for each works that says where it is, one for the others of each commune."""
        points: list[Point] = []
        others: dict[int, list[dict[str, Any]]] = {}
        for row in rows:
            works: Works = row["works"]
            if works.latitude is not None and works.longitude is not None:
                points.append(_exact(row))
            elif row["place"] and row["place"].latitude is not None:
                others.setdefault(row["place"].pk, []).append(row)
        for some in others.values():
            late = sum(1 for row in some if row["late"])
            only = some[0]["works"] if len(some) == 1 else None
            points.append(self._together(some[0]["place"], len(some), late, only))
        return points

    def _counted(self, works: WorksQuerySet, today: datetime.date) -> list[Point]:
        """A point for each commune; two queries, however many works there are."""
        rows = (
            works.filter(place_rows__is_main=True)
            .order_by()
            .values("place_rows__unit")
            .annotate(count=Count("pk"), late=Count("pk", filter=is_late(today)))
            .values_list("place_rows__unit", "count", "late")
        )
        counts = {unit: (count, slow) for unit, count, slow in rows}
        units = AdministrativeUnit.objects.filter(pk__in=counts, latitude__isnull=False)
        return [self._together(unit, *counts[unit.pk], None) for unit in units]

    def _together(
        self, place: AdministrativeUnit, count: int, late: int, only: Works | None
    ) -> Point:
        words = f"{place.full_name}: {number(count)} công trình"
        url = f"{self.list_url}{'' if self.list_url.endswith('?') else '&'}xa={place.pk}"
        if only is not None:
            words, url = f"{only.name} (vị trí gần đúng)", only.get_absolute_url()
        elif late:
            words = f"{words}, {number(late)} chậm"
        return Point(
            longitude=place.longitude or 0,
            latitude=place.latitude or 0,
            words=words,
            url=url,
            colour=LATE if late else ON_TIME,
            count=count,
            approximate=True,
        )


def _exact(row: dict[str, Any]) -> Point:
    works = row["works"]
    late = f", chậm {lateness(row['late'])}" if row["late"] else ""
    return Point(
        longitude=works.longitude,
        latitude=works.latitude,
        words=f"{works.name}: {row['state'].lower()}{late}",
        url=works.get_absolute_url(),
        colour=LATE if row["late"] else COLOURS[row["kind"]],
    )
