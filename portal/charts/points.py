"""Points on the map of communes: drawn here, so that thousands of them cost nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from .drawing import WIDE, Chart

MARGIN = 8
GROUND, LINE, BORDER = "#fdf8f2", "#ddd5ca", "#8b8378"
RADIUS, MOST_RADIUS = 5.0, 20.0

Pair = tuple[float, float]


@dataclass(frozen=True)
class Point:
    """One mark: where, what it says, where a click leads. `count` together make a larger one."""

    longitude: float
    latitude: float
    words: str
    url: str
    colour: str
    count: int = 1
    approximate: bool = False


@dataclass(frozen=True)
class Sketch:
    """The outlines as two paths, and how degrees become pixels of the drawing."""

    ground: str
    borders: str
    west: float
    north: float
    scale: float
    height: float

    def place(self, longitude: float, latitude: float) -> Pair:
        return (
            MARGIN + (longitude - self.west) * self.scale,
            MARGIN + (self.north - mercator(latitude)) * self.scale,
        )

    def holds(self, x: float, y: float) -> bool:
        return 0 <= x <= WIDE and 0 <= y <= self.height


def mercator(latitude: float) -> float:
    """The latitude as Mercator's projection stretches it, in degrees of longitude."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


def rings(outlines: Mapping[str, Any]) -> Iterator[Sequence[Pair]]:
    for feature in outlines["features"]:
        geometry = feature["geometry"]
        many = geometry["type"] == "MultiPolygon"
        for polygon in geometry["coordinates"] if many else [geometry["coordinates"]]:
            yield from polygon


_sketches: dict[tuple[str, str], Sketch] = {}  # by the names of their outlines


def sketch_of(background: Mapping[str, Any], borders: Mapping[str, Any]) -> Sketch:
    """The outlines fitted into the drawing; made once per process."""
    names = (str(background.get("name")), str(borders.get("name")))
    if names not in _sketches:
        _sketches[names] = _sketch(background, borders)
    return _sketches[names]


def _sketch(background: Mapping[str, Any], borders: Mapping[str, Any]) -> Sketch:
    corners = [pair for ring in rings(background) for pair in ring]
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    latitudes = [y for _, y in corners]
    south, north = mercator(min(latitudes)), mercator(max(latitudes))
    scale = (WIDE - 2 * MARGIN) / (east - west)
    height = round((north - south) * scale + 2 * MARGIN)
    bare = Sketch("", "", west, north, scale, height)
    return Sketch(_path(background, bare), _path(borders, bare), west, north, scale, height)


def _path(outlines: Mapping[str, Any], sketch: Sketch) -> str:
    words: list[str] = []
    for ring in rings(outlines):
        points = list(dict.fromkeys(f"{x:.1f},{y:.1f}" for x, y in _placed(ring, sketch)))
        words.append(f"M{'L'.join(points)}Z")
    return "".join(words)


def _placed(ring: Iterable[Sequence[float]], sketch: Sketch) -> Iterator[Pair]:
    return (sketch.place(pair[0], pair[1]) for pair in ring)


def point_map(
    points: Sequence[Point],
    *,
    title: str,
    background: Mapping[str, Any],
    borders: Mapping[str, Any],
) -> Chart:
    """Points over the outlines, large ones below; the table beside it is for keyboards.

    A point outside the drawing is left out. Hollow marks stand at the commune's point.
    """
    sketch = sketch_of(background, borders)
    placed = [(sketch.place(one.longitude, one.latitude), one) for one in points]
    inside = [(at, one) for at, one in placed if sketch.holds(*at)]
    inside.sort(key=lambda pair: -pair[1].count)
    marks = mark_safe("".join(_mark(at, one) for at, one in inside))  # noqa: S308
    role = "group" if inside else "img"
    drawing = format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {} {}" width="{}"'
        ' height="{}" role="{}" aria-label="{}"><path d="{}" fill="{}" stroke="{}"'
        ' stroke-width=".6"/><path d="{}" fill="none" stroke="{}" stroke-width="1"/>{}</svg>',
        WIDE, sketch.height, WIDE, sketch.height, role, title, sketch.ground, GROUND, LINE,
        sketch.borders, BORDER, marks,
    )  # fmt: skip
    return Chart(drawing)


def radius(count: int) -> float:
    """The area grows with the count, up to a size that leaves the map to be seen."""
    return min(MOST_RADIUS, RADIUS * math.sqrt(max(count, 1)))


def _mark(at: Pair, point: Point) -> str:
    if not point.url.startswith("/") or point.url.startswith("//"):
        raise ValueError(f"a chart links only within the portal, not to {point.url!r}")
    around = radius(point.count)
    number = ""
    if point.count > 1:
        number = (
            f'<text x="{at[0]:.1f}" y="{at[1] + 4:.1f}" text-anchor="middle" font-size="11"'
            f' fill="#1f2328">{point.count}</text>'
        )
    colour = escape(point.colour)
    return (
        f'<a href="{escape(point.url)}" tabindex="-1" aria-hidden="true"><circle cx="{at[0]:.1f}"'
        f' cy="{at[1]:.1f}" r="{around:.1f}" fill="{"#ffffff" if point.approximate else colour}"'
        f' fill-opacity=".85" stroke="{colour}" stroke-width="1.5"><title>{escape(point.words)}'
        f"</title></circle>{number}</a>"
    )
