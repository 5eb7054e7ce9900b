"""The map of communes: a sketch for statistics, not a legal boundary."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

import altair as alt

from portal.formats import as_decimal, missing_words, number

from .drawing import ROW_MARK, WIDE, Chart, Swatch, Words, draw, remembered
from .palette import FONT, INK, NO_VALUE, NOT_ASKED, OUTSIDE, sequential

CLASSES = 5
OUTLINE = "#0b3d91"  # dark beside the reds, and in grey print
HEIGHT = 350
OUTSIDE_WORDS = "Ngoài danh mục xã"
NOT_ASKED_WORDS = "Ngoài phạm vi đang xem"


@dataclass(frozen=True)
class Overlay:
    """What is drawn over the shades: communes with a strong edge, or with a letter inside each.

    outlined: their codes, and words for the legend. letters: code → "III".
    """

    words: str
    outlined: frozenset[str] = frozenset()
    letters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Side:
    """What a map shows. values: code → number or None, for each commune that is looked at;
    reasons: code → why there is none;
    addresses: code → where a click leads. name: stands over the map where there are two."""

    values: Mapping[str, Any]
    name: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    overlay: Overlay | None = None

    @cached_property
    def known(self) -> dict[str, Decimal]:
        found = {code: as_decimal(value) for code, value in self.values.items()}
        return {code: value for code, value in found.items() if value is not None}

    @property
    def inputs(self) -> list[Any]:
        over = self.overlay
        return [
            self.name,
            sorted(self.values),
            *(sorted(one.items()) for one in (self.known, self.addresses, self.reasons)),
            over and [over.words, sorted(over.outlined), sorted(over.letters.items())],
        ]


def commune_map(
    outlines: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    title: str,
    unit: str,
    decimals: int = 1,
    borders: Mapping[str, Any] | None = None,
    addresses: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
    overlay: Overlay | None = None,
) -> Chart:
    """Return communes shaded by value, in five classes at most, from pale to deep red.

    outlines: GeoJSON whose features have the properties code and name; a feature without code is
    hatched. borders: GeoJSON drawn as lines above (districts). The rest is a `Side`.
    """
    side = Side(values, "", addresses or {}, reasons or {}, overlay)
    return commune_maps(
        outlines, [side], title=title, unit=unit, decimals=decimals, borders=borders
    )


def commune_maps(
    outlines: Mapping[str, Any],
    sides: Sequence[Side],
    *,
    title: str,
    unit: str,
    decimals: int = 1,
    borders: Mapping[str, Any] | None = None,
) -> Chart:
    """Return a map for each side, one below the other, in the same classes."""
    limits = class_limits([value for one in sides for value in one.known.values()], decimals)
    features = list(outlines["features"])

    def drawn() -> Chart:
        colours = sequential(max(len(limits) - 1, 1))
        places = [f["properties"] for f in features]
        words = Words(
            title=f"{title}. Đơn vị: {unit}. Số liệu từng xã có trong bảng kèm theo.",
            tooltips=[_tooltip(place, one, unit, decimals) for one in sides for place in places],
            addresses=[
                one.addresses.get(place.get("code") or "", "") for one in sides for place in places
            ],
            hatched={OUTSIDE: "#ffffff"},
        )
        fills = [
            [_fill(place.get("code"), one, limits, colours) for place in places] for one in sides
        ]
        legend = _legend(limits, colours, [fill for own in fills for fill in own])
        overlay = sides[0].overlay
        if overlay is not None:
            legend.append(Swatch("#ffffff", overlay.words, edge=_edge(overlay)))
        return Chart(draw(_specification(features, sides, fills, borders), words), legend=legend)

    inputs = [outlines.get("name"), len(features), bool(borders), title, unit, decimals]
    return remembered("map", [*inputs, *(one.inputs for one in sides)], drawn)


def _specification(
    features: list[Mapping[str, Any]],
    sides: Sequence[Side],
    fills: Sequence[list[str]],
    borders: Mapping[str, Any] | None,
) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    for place, (side, own) in enumerate(zip(sides, fills, strict=True)):
        chart = _map(features, own, borders, side.overlay, place * len(features))
        titled = chart.properties(title=_title(side.name)) if side.name else chart
        parts.append(titled.to_dict(validate=False))
    return parts[0] if len(parts) == 1 else _below_each_other(parts)


def _below_each_other(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """As altair.vconcat, which copies the outlines many times."""
    whole: dict[str, Any] = {"$schema": parts[0]["$schema"], "spacing": 8, "datasets": {}}
    for part in parts:
        whole["datasets"] |= part.pop("datasets", {})
    own = [{k: v for k, v in part.items() if k not in ("$schema", "config")} for part in parts]
    return whole | {"vconcat": own}


def _title(name: str) -> alt.TitleParams:
    """Large: on a phone the drawing is less than half as wide."""
    return alt.TitleParams(name, anchor="start", font=FONT, fontSize=26, fontWeight=600, color=INK)


def _edge(overlay: Overlay) -> str:
    return OUTLINE if overlay.outlined else ""


def class_limits(values: list[Decimal], decimals: int) -> list[Decimal]:
    """Return the limits of the classes: whole steps (1, 2, 5 × 10ⁿ) from the lowest to the highest.

    No value: no limit. One value for all: one class that holds it.
    """
    if not values:
        return []
    low, high = min(values), max(values)
    finest = Decimal(1).scaleb(-decimals)
    step = _whole_step((high - low) / CLASSES, finest)
    first = math.floor(low / step) * step
    limits = [first]
    while limits[-1] <= high:
        limits.append(limits[-1] + step)
    return limits


def _whole_step(rough: Decimal, finest: Decimal) -> Decimal:
    """Return the smallest of 1, 2, 2.5, 5 or 10 × 10ⁿ that is at least `rough` and `finest`."""
    if rough <= finest:
        return finest
    power = Decimal(1).scaleb(rough.adjusted())
    for multiple in ("1", "2", "2.5", "5", "10"):
        step = Decimal(multiple) * power
        if step >= rough and (step % finest == 0):
            return step
    return finest * math.ceil(rough / finest)


def _class_of(value: Decimal, limits: list[Decimal]) -> int:
    return next(n for n, upper in enumerate(limits[1:]) if value < upper)


def _fill(code: str | None, side: Side, limits: list[Decimal], colours: list[str]) -> str:
    if not code:
        return OUTSIDE
    if code not in side.values:
        return NOT_ASKED
    value = side.known.get(code)
    return NO_VALUE if value is None else colours[_class_of(value, limits)]


def _tooltip(place: Mapping[str, Any], side: Side, unit: str, decimals: int) -> str:
    code = place.get("code")
    if not code:
        return str(place.get("name") or OUTSIDE_WORDS)
    value = as_decimal(side.values.get(code))
    told = missing_words(side.reasons.get(code, ""))
    if code not in side.values:
        told = NOT_ASKED_WORDS
    elif value is not None:
        told = f"{number(value, decimals)} {unit}"
    where = f" ({place['district']})" if place.get("district") else ""
    when = f", {side.name}" if side.name else ""
    return f"{place['name']}{where}{when}: {told}"


def _legend(limits: list[Decimal], colours: list[str], fills: list[str]) -> list[Swatch]:
    classes = [
        Swatch(colour, f"{number(low)} – dưới {number(high)}")
        for colour, low, high in zip(colours, limits, limits[1:], strict=False)
        if limits
    ]
    if NO_VALUE in fills:
        classes.append(Swatch(NO_VALUE, "Không có số liệu"))
    if NOT_ASKED in fills:
        classes.append(Swatch(NOT_ASKED, NOT_ASKED_WORDS))
    if OUTSIDE in fills:
        classes.append(Swatch(OUTSIDE, OUTSIDE_WORDS, hatched=True))
    return classes


def wound(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """Return a (multi)polygon with its outer rings clockwise and its holes the other way.

    D3 takes a ring that runs the other way for the rest of the globe.
    """
    many = geometry["type"] == "MultiPolygon"
    polygons = geometry["coordinates"] if many else [geometry["coordinates"]]
    turned = [
        [_turned(ring, clockwise=place == 0) for place, ring in enumerate(polygon)]
        for polygon in polygons
    ]
    return {"type": "MultiPolygon", "coordinates": turned}


def _turned(ring: list[list[float]], *, clockwise: bool) -> list[list[float]]:
    doubled_area = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring))
    return ring if (doubled_area > 0) == clockwise else ring[::-1]


def _map(
    features: list[Mapping[str, Any]],
    fills: list[str],
    borders: Mapping[str, Any] | None,
    overlay: Overlay | None,
    first: int,
) -> Any:
    """A layered chart. first: the place of its first commune among all marks of the drawing."""
    shapes = [
        {
            "type": "Feature",
            "geometry": wound(feature["geometry"]),
            "row": f"{ROW_MARK}{place}",
            "fill": fill,
        }
        for place, (feature, fill) in enumerate(zip(features, fills, strict=True), start=first)
    ]
    layers = [
        alt.Chart(alt.Data(values=shapes))
        .mark_geoshape(stroke="#ffffff", strokeWidth=0.6)
        .encode(color=alt.Color("fill:N", scale=None), description="row:N")
    ]
    if borders:
        lines = [{"type": "Feature", "geometry": wound(b["geometry"])} for b in borders["features"]]
        layers.append(
            alt.Chart(alt.Data(values=lines)).mark_geoshape(
                filled=False, stroke="#6b6259", strokeWidth=1, aria=False
            )
        )
    if overlay is not None:
        layers += _overlay_layers(features, overlay)
    return alt.layer(*layers).project(type="mercator").properties(width=WIDE, height=HEIGHT)


def _overlay_layers(features: list[Mapping[str, Any]], overlay: Overlay) -> list[alt.Chart]:
    layers = []
    outlined = [
        {"type": "Feature", "geometry": wound(one["geometry"])}
        for one in features
        if one["properties"].get("code") in overlay.outlined
    ]
    if outlined:
        layers.append(
            alt.Chart(alt.Data(values=outlined)).mark_geoshape(
                filled=False, stroke=OUTLINE, strokeWidth=1.6, aria=False
            )
        )
    letters = [
        {"x": x, "y": y, "letter": overlay.letters[code]}
        for one in features
        if (code := one["properties"].get("code")) in overlay.letters
        for x, y in [_middle(one["geometry"])]
    ]
    if letters:
        told = alt.Chart(alt.Data(values=letters)).encode(
            longitude="x:Q", latitude="y:Q", text="letter:N"
        )
        look: dict[str, Any] = {"fontSize": 10, "fontWeight": 600, "aria": False}
        layers += [
            told.mark_text(stroke="#ffffff", strokeWidth=3, strokeJoin="round", **look),
            told.mark_text(color=INK, **look),
        ]
    return layers


def _middle(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """The middle of the box around the largest part of a shape."""
    many = geometry["type"] == "MultiPolygon"
    polygons = geometry["coordinates"] if many else [geometry["coordinates"]]
    ring = max((polygon[0] for polygon in polygons), key=len)
    across, up = [point[0] for point in ring], [point[1] for point in ring]
    return (min(across) + max(across)) / 2, (min(up) + max(up)) / 2
