"""Points on the map: where they stand, what they say, and that they lead only within the portal."""

from __future__ import annotations

import pytest

from portal.charts.points import Point, point_map, radius, sketch_of
from portal.units import outlines


def drawn(*points: Point) -> str:
    return str(
        point_map(
            points,
            title="Công trình",
            background=outlines.communes(),
            borders=outlines.districts(),
        ).wide
    )


def point(**more: object) -> Point:
    told = {"longitude": 106.86, "latitude": 21.33, "words": "Đường", "url": "/a", "colour": "#000"}
    return Point(**(told | more))  # type: ignore[arg-type]


def test_the_province_lies_within_the_drawing_north_above_and_east_right():
    sketch = sketch_of(outlines.communes(), outlines.districts())
    west, east = sketch.place(106.0, 21.3), sketch.place(107.0, 21.3)
    north, south = sketch.place(106.5, 21.5), sketch.place(106.5, 21.2)
    assert west[0] < east[0]
    assert north[1] < south[1]
    assert all(sketch.holds(*at) for at in (west, east, north, south))


def test_words_are_never_markup():
    text = drawn(point(words="<script>alert(1)</script>"))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_a_point_leads_only_within_the_portal():
    for url in ("https://example.org/", "//example.org", "javascript:alert(1)"):
        with pytest.raises(ValueError, match="only within the portal"):
            drawn(point(url=url))


def test_a_point_outside_is_left_out_and_a_drawing_without_points_is_an_image():
    text = drawn(point(longitude=120.0))
    assert "<circle" not in text
    assert 'role="img"' in text


def test_more_works_make_a_larger_mark_up_to_a_size():
    assert radius(1) < radius(4) < radius(1000) == radius(100_000)
