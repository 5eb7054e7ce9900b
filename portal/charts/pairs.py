"""Two values of each name, one bar below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import altair as alt

from portal.formats import as_decimal, value_or_reason

from .bars import VALUE_ROOM, as_float, name_axis, wrapped
from .drawing import ROW_MARK, WIDTHS, Chart, Swatch, Words, draw, remembered
from .palette import AXIS, BAR, INK, QUIET

SIDE_STEP = 20  # px of one of the two bars
PALE = "#f3ddd6"  # far from BAR in grey print, and edged with it


@dataclass(frozen=True)
class Pair:
    """One name with the value of each side (None: there is none; the reason says why)."""

    label: str
    values: tuple[Any, Any]
    urls: tuple[str, str] = ("", "")
    reasons: tuple[str, str] = ("not_collected", "not_collected")


def paired_bars(
    pairs: Sequence[Pair],
    sides: tuple[str, str],
    *,
    title: str,
    unit: str,
    decimals: int = 1,
    name_column: str = "Tên",
) -> Chart:
    """Return two bars for each name, each labelled with its value, from the highest first value.

    sides: the names of the two, in the legend; the first is dark, the second pale with an edge.
    """
    ordered = sorted(
        pairs, key=lambda one: (as_decimal(one.values[0]) is None, -as_float(one.values[0]))
    )
    words = [
        tuple(map(value_or_reason, one.values, one.reasons, (decimals, decimals)))
        for one in ordered
    ]

    def drawn() -> Chart:
        told = [
            f"{one.label}, {side}: {text}"
            for one, texts in zip(ordered, words, strict=True)
            for side, text in zip(sides, texts, strict=True)
        ]
        spoken = Words(
            title=f"{title}. Đơn vị: {unit}. {'; '.join(told)}",
            tooltips=[f"{text} {unit}" for text in told],
            addresses=[url for one in ordered for url in one.urls],
        )
        wide, middle, narrow = (
            draw(_specification(ordered, words, width), spoken) for width in WIDTHS
        )
        return Chart(
            wide,
            middle,
            narrow,
            legend=legend_of(sides),
            columns=[name_column, *sides],
            rows=[[one.label, *texts] for one, texts in zip(ordered, words, strict=True)],
        )

    inputs = [[asdict(one) for one in ordered], sides, title, unit, decimals, name_column]
    return remembered("pairs", inputs, drawn)


def legend_of(sides: tuple[str, str]) -> list[Swatch]:
    return [Swatch(BAR, sides[0]), Swatch(PALE, sides[1], edge=BAR)]


def _specification(
    pairs: Sequence[Pair], words: Sequence[tuple[str, ...]], width: int
) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {
            "row": f"{ROW_MARK}{2 * place + side}",
            "label": wrapped(pair.label, place, width),
            "side": side,
            "value": as_float(value),
            "words": words[place][side],
            "known": as_decimal(value) is not None,
        }
        for place, pair in enumerate(pairs)
        for side, value in enumerate(pair.values)
    ]
    known = [0.0, *(row["value"] for row in rows)]
    low, high = min(known), max(known)
    room = (high - low or 1.0) * VALUE_ROOM[width]
    scale = alt.Scale(domain=[low - (room if low < 0 else 0), high + room], nice=False)
    base = alt.Chart().encode(
        y=alt.Y(
            "label:N",
            sort=list(dict.fromkeys(row["label"] for row in rows)),
            scale=alt.Scale(paddingInner=0.25, paddingOuter=0.1),
            axis=name_axis(width),
        ),
        yOffset=alt.YOffset("side:N", scale=alt.Scale(paddingInner=0.05)),
        x=alt.X("value:Q", scale=scale, axis=None),
    )
    bars = [
        base.transform_filter(f"datum.side == {side}")
        .mark_bar(color=colour, stroke=BAR, strokeWidth=1)
        .encode(description="row:N")
        for side, colour in enumerate((BAR, PALE))
    ]
    zero = (
        alt.Chart(alt.Data(values=[{"value": 0}]))
        .mark_rule(color=AXIS)
        .encode(x=alt.X("value:Q", axis=None))
    )
    chart = alt.layer(
        *bars,
        zero,
        _told(base, "datum.known && datum.value >= 0", INK),
        _told(base, "datum.known && datum.value < 0", INK, align="right", dx=-6),
        _told(base, "!datum.known", QUIET),
        data=alt.Data(values=rows),
    ).properties(width=width, height={"step": SIDE_STEP, "for": "offset"})
    specification: dict[str, Any] = chart.to_dict(validate=False)
    specification["autosize"] = {"type": "fit-x", "contains": "padding"}
    return specification


def _told(base: alt.Chart, which: str, colour: str, align: str = "left", dx: int = 6) -> alt.Chart:
    look: dict[str, Any] = {"align": align, "dx": dx, "fontSize": 12, "baseline": "middle"}
    return base.transform_filter(which).encode(text="words:N").mark_text(color=colour, **look)
