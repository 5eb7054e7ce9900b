"""Works on the map, and beside it the same works as a table."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from portal.charts.points import Point, point_map
from portal.units import outlines
from programs.forms.works import WorksFilter
from programs.models import Works

from .list import STATE_KINDS, WorksPart, in_order, row_of, with_names

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
LATE = "#b3261e"


class WorksMap(WorksPart):
    template_name = "programs/works/works_map.html"
    here = "programs:works_map"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        user: Any = self.request.user
        wanted = WorksFilter(self.request.GET, user=user, today=today)
        works = in_order(with_names(wanted.narrowed()), "name")
        rows = [row_of(one, today) for one in works.defer("note")]
        placed, lost = self._points(rows)
        return super().get_context_data(
            form=wanted,
            rows=rows[:ROWS],
            count=len(rows),
            more=max(0, len(rows) - ROWS),
            chart=point_map(
                placed,
                title=f"{len(rows)} công trình, hoạt động trên bản đồ",
                background=outlines.communes(),
                borders=outlines.districts(),
            ),
            lost=lost,
            disclaimer=outlines.DISCLAIMER,
            any_demo=any(row["works"].is_demo for row in rows),
            edits=user.has_perm("programs.works"),
            **kwargs,
        )

    def _points(self, rows: list[dict[str, Any]]) -> tuple[list[Point], int]:
        """A point for each works that says where it is, one for the others of each commune."""
        points: list[Point] = []
        by_commune: dict[int, list[dict[str, Any]]] = {}
        lost = 0
        for row in rows:
            works: Works = row["works"]
            if works.latitude is not None and len(rows) <= MOST_POINTS:
                points.append(self._exact(row))
            elif row["place"] and row["place"].latitude is not None:
                by_commune.setdefault(row["place"].pk, []).append(row)
            else:
                lost += 1
        points += [self._together(pk, some) for pk, some in by_commune.items()]
        return points, lost

    def _exact(self, row: dict[str, Any]) -> Point:
        works = row["works"]
        late = f", chậm {row['late']} ngày" if row["late"] else ""
        return Point(
            longitude=works.longitude,
            latitude=works.latitude,
            words=f"{works.name}: {row['state'].lower()}{late}",
            url=works.get_absolute_url(),
            colour=LATE if row["late"] else COLOURS[STATE_KINDS[works.state]],
        )

    def _together(self, commune: int, rows: list[dict[str, Any]]) -> Point:
        place = rows[0]["place"]
        late = sum(1 for row in rows if row["late"])
        if len(rows) == 1:
            words, url = (
                f"{rows[0]['works'].name} (vị trí gần đúng)",
                rows[0]["works"].get_absolute_url(),
            )
        else:
            words = f"{place.full_name}: {len(rows)} công trình" + (
                f", {late} chậm" if late else ""
            )
            asked = self.request.GET.copy()
            asked.pop("page", None)
            asked["xa"] = str(commune)
            url = f"{reverse('programs:works_list')}?{asked.urlencode()}"
        return Point(
            longitude=place.longitude,
            latitude=place.latitude,
            words=words,
            url=url,
            colour=LATE if late else COLOURS["information"],
            count=len(rows),
            approximate=True,
        )
