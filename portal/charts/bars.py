"""Bars: one value per name, from high to low."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import altair as alt

from portal.formats import MISSING_WORDS, as_decimal, number

from .drawing import MIDDLE, NARROW, ROW_MARK, WIDE, WIDTHS, Chart, Words, draw, remembered
from .palette import AXIS, BAR, BAR_QUIET, QUIET, TARGET

BAR_STEP = 30
LABEL_WIDTHS = {WIDE: 200, MIDDLE: 140, NARROW: 112}
LABEL_LETTERS = {WIDE: 40, MIDDLE: 20, NARROW: 13}
VALUE_ROOM = {WIDE: 0.16, MIDDLE: 0.3, NARROW: 0.6}


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its value (None: there is none), and where a click leads."""

    label: str
    value: Any
    url: str = ""
    reason: str = "not_collected"


def horizontal_bars(
    bars: Sequence[Bar],
    *,
    title: str,
    unit: str,
    decimals: int = 1,
    target: float | None = None,
    target_label: str = "Mục tiêu",
    highlight: str = "",
    name_column: str = "Tên",
) -> Chart:
    """Return bars from the highest value to the lowest, each labelled with its value.

    unit: what the values are counted in ("%", "hộ"); it stands in the accessible name and table.
    target: a value drawn as a line. highlight: the label of the one bar that is meant.
    """
    ordered = sorted(bars, key=lambda bar: (as_decimal(bar.value) is None, -(as_float(bar.value))))
    words = [_value_words(bar, decimals) for bar in ordered]

    def drawn() -> Chart:
        spoken = Words(
            title=f"{title}. Đơn vị: {unit}. "
            + "; ".join(f"{b.label}: {w}" for b, w in zip(ordered, words, strict=True)),
            tooltips=[f"{b.label}: {w} {unit}" for b, w in zip(ordered, words, strict=True)],
            addresses=[bar.url for bar in ordered],
        )
        aim = f"{target_label} {number(target)}"
        wide, middle, narrow = (
            draw(_bars_specification(ordered, words, width, target, aim, highlight), spoken)
            for width in WIDTHS
        )
        return Chart(
            wide,
            middle,
            narrow,
            columns=[name_column, unit],
            rows=[[bar.label, text] for bar, text in zip(ordered, words, strict=True)],
        )

    inputs = [[asdict(bar) for bar in ordered], title, unit, decimals, target, target_label]
    return remembered("bars", [*inputs, highlight, name_column], drawn)


def as_float(value: object) -> float:
    """Return the value to draw; what is no number is drawn as nothing."""
    found = as_decimal(value)
    return 0.0 if found is None else float(found)


def _value_words(bar: Bar, decimals: int) -> str:
    if as_decimal(bar.value) is None:
        return MISSING_WORDS.get(bar.reason, MISSING_WORDS["not_collected"])
    return number(bar.value, decimals)


def name_axis(width: int) -> alt.Axis:
    """Return the axis of names: words only, on two lines where they are long."""
    return alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        labelLimit=LABEL_WIDTHS[width],
        labelExpr="split(split(datum.label, '\\t')[0], '\\n')",
        labelLineHeight=14,
    )


def wrapped(label: str, place: int, width: int) -> str:
    """Return the name on two lines at most, and its place, since two places may share a name."""
    lines = textwrap.wrap(label, LABEL_LETTERS[width], break_long_words=False)[:2]
    return "\n".join(lines) + f"\t{place}"


def _bars_specification(
    bars: Sequence[Bar],
    words: Sequence[str],
    width: int,
    target: float | None,
    target_words: str,
    highlight: str,
) -> dict[str, Any]:
    """Return the Vega-Lite specification; rows keep the order they have."""
    rows: list[dict[str, Any]] = [
        {
            "row": f"{ROW_MARK}{place}",
            "place": place,
            "label": wrapped(bar.label, place, width),
            "value": as_float(bar.value),
            "words": text,
            "known": as_decimal(bar.value) is not None,
            "colour": BAR if not highlight or bar.label == highlight else BAR_QUIET,
        }
        for place, (bar, text) in enumerate(zip(bars, words, strict=True))
    ]
    highest = max([row["value"] for row in rows] + [target or 0.0, 0.0])
    lowest = min([row["value"] for row in rows] + [target or 0.0, 0.0])
    room = (highest - lowest or 1.0) * VALUE_ROOM[width]
    scale = alt.Scale(domain=[lowest - (room if lowest < 0 else 0), highest + room], nice=False)
    base = alt.Chart().encode(
        y=alt.Y("label:N", sort=[row["label"] for row in rows], axis=name_axis(width)),
        x=alt.X("value:Q", scale=scale, axis=None),
    )
    layers = [
        base.mark_bar(height={"band": 0.62}).encode(
            color=alt.Color("colour:N", scale=None), description="row:N"
        ),
        alt.Chart(alt.Data(values=[{"value": 0}]))
        .mark_rule(color=AXIS)
        .encode(x=alt.X("value:Q", axis=None)),
    ]
    if target is not None:
        layers += _target_layers(target, target_words)
    layers += [
        *_value_labels(base, "datum.value >= 0 && datum.known", align="left", dx=6),
        *_value_labels(base, "datum.value < 0", align="right", dx=-6),
        *_value_labels(base, "!datum.known", align="left", dx=6, color=QUIET),
    ]
    chart = alt.layer(*layers, data=alt.Data(values=rows)).properties(
        width=width, height=alt.Step(BAR_STEP if width > NARROW else BAR_STEP + 6)
    )
    specification: dict[str, Any] = chart.to_dict(validate=False)
    specification["autosize"] = {"type": "fit-x", "contains": "padding"}
    return specification


def _value_labels(base: alt.Chart, which: str, **look: Any) -> list[alt.Chart]:
    """Texts beside the bars, each with a white edge below it, so that no line crosses it."""
    labels = base.transform_filter(which).encode(text="words:N")
    edge = look | {"stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round"}
    return [labels.mark_text(baseline="middle", **style) for style in (edge, look)]


def _target_layers(target: float, words: str) -> list[alt.Chart]:
    line = alt.Chart(alt.Data(values=[{"value": target, "words": words}])).encode(
        x=alt.X("value:Q", axis=None)
    )
    return [
        line.mark_rule(color=TARGET, strokeDash=[5, 4], strokeWidth=1.5),
        line.mark_text(color=TARGET, align="left", dx=4, baseline="bottom").encode(
            y=alt.value(0), text="words:N"
        ),
    ]
