"""Outlines for the map of communes: a sketch for statistics, not a legal boundary.

Two shapes (a training ground) carry no code: they are drawn, and no figure belongs to them.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
DISCLAIMER = "Sơ đồ minh hoạ, không có giá trị pháp lý về địa giới hành chính"


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
