"""Outlines for the map of communes: a sketch for statistics, not a legal boundary.

Two shapes (a training ground) carry no code: they are drawn, and no figure belongs to them.
"""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
DISCLAIMER = "Sơ đồ minh hoạ, không có giá trị pháp lý về địa giới hành chính"

#: a day on which the communes of the map were all in force
DAY = datetime.date(2023, 12, 31)


def _read(name: str) -> dict[str, Any]:
    collection: dict[str, Any] = json.loads((DATA / name).read_text("utf-8"))
    return collection


@cache
def communes() -> dict[str, Any]:
    """GeoJSON of the 209 communes in force 2020–2024, and the two shapes without code."""
    return _read("bac_giang_communes.geojson")


@cache
def districts() -> dict[str, Any]:
    """GeoJSON of the 10 districts in force 2020–2024."""
    return _read("bac_giang_districts.geojson")


def commune_populations_2009() -> dict[str, int]:
    """People per commune code, census of 2009, as carried by the outlines."""
    return {
        feature["properties"]["code"]: feature["properties"]["population_2009"]
        for feature in communes()["features"]
        if feature["properties"]["code"]
    }


@cache
def neighbours() -> dict[str, frozenset[str]]:
    """Codes of the communes that share a piece of boundary with each, as the sketch draws them."""
    beside: dict[frozenset[tuple[float, ...]], set[str]] = defaultdict(set)
    for feature in communes()["features"]:
        for ring in _rings(feature["geometry"]):
            for one, other in pairwise(ring):
                beside[frozenset((tuple(one), tuple(other)))].add(feature["properties"]["code"])
    found: dict[str, set[str]] = defaultdict(set)
    for codes in beside.values():
        for code in codes:
            found[code] |= codes - {code}
    return {code: frozenset(filter(None, others)) for code, others in found.items() if code}


def _rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    is_several = geometry["type"] == "MultiPolygon"
    for polygon in geometry["coordinates"] if is_several else [geometry["coordinates"]]:
        yield from polygon
