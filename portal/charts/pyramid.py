"""A pyramid: two sides of each name, one to the left and one to the right of a common line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from portal.formats import MISSING_WORDS, as_decimal, number

from .bars import BAR_STEP, LABEL_WIDTHS, as_float, name_axis, wrapped
from .drawing import NARROW, ROW_MARK, WIDTHS, Chart, Swatch, Words, draw, remembered
from .palette import AXIS, GROUPS, INK, QUIET

LEFT, RIGHT = GROUPS[0], GROUPS[1]  # dark blue and light orange: apart in grey print too
LETTER, GAP = 7, 8  # px of a digit, and beside the words of a value


@dataclass(frozen=True)
class Sides:
    """One row: its name and the value on each side (None: there is none; the reason says why)."""

    label: str
    left: Any
    right: Any
    left_reason: str = "not_collected"
    right_reason: str = "not_collected"


def pyramid(
    rows: Sequence[Sides],
    *,
    title: str,
    unit: str,
    left: str,
    right: str,
    decimals: int = 0,
    name_column: str = "Tên",
) -> Chart:
    """Return the rows in their order, `left` and `right` named in a legend."""
    words = [
        (_words(r.left, r.left_reason, decimals), _words(r.right, r.right_reason, decimals))
        for r in rows
    ]

    def drawn() -> Chart:
        spoken = Words(
            title=f"{title}. Đơn vị: {unit}. "
            + "; ".join(
                f"{row.label}: {left} {a}, {right} {b}"
                for row, (a, b) in zip(rows, words, strict=True)
            ),
            tooltips=[
                f"{row.label}, {side}: {text} {unit}"
                for row, pair in zip(rows, words, strict=True)
                for side, text in zip((left, right), pair, strict=True)
            ],
        )
        wide, middle, narrow = (
            draw(_specification(rows, words, width), spoken) for width in WIDTHS
        )
        return Chart(
            wide,
            middle,
            narrow,
            legend=[Swatch(LEFT, left), Swatch(RIGHT, right)],
            columns=[name_column, left, right],
            rows=[[row.label, *pair] for row, pair in zip(rows, words, strict=True)],
        )

    inputs = [[vars(row) for row in rows], title, unit, left, right, decimals, name_column]
    return remembered("pyramid", inputs, drawn)


def _words(value: object, reason: str, decimals: int) -> str:
    if as_decimal(value) is None:
        return MISSING_WORDS.get(reason, MISSING_WORDS["not_collected"])
    return number(value, decimals)


def _specification(
    rows: Sequence[Sides], words: Sequence[tuple[str, str]], width: int
) -> dict[str, Any]:
    values: list[dict[str, Any]] = [
        {
            "row": f"{ROW_MARK}{2 * place + side}",
            "label": wrapped(row.label, place, width),
            "side": side,
            "value": as_float(value) * (1 if side else -1),
            "words": words[place][side],
            "known": as_decimal(value) is not None,
        }
        for place, row in enumerate(rows)
        for side, value in enumerate((row.left, row.right))
    ]
    widest = max([abs(one["value"]) for one in values], default=0.0) or 1.0
    has_two_lines = width == NARROW or any("\n" in one["label"] for one in values)
    half = (width - LABEL_WIDTHS[width]) / 2
    room = max([len(one["words"]) for one in values if one["known"]], default=0) * LETTER + GAP
    reach = widest * half / max(half - room, half / 3)
    base = alt.Chart().encode(
        y=alt.Y(
            "label:N",
            sort=list(dict.fromkeys(one["label"] for one in values)),
            axis=name_axis(width),
        ),
        x=alt.X("value:Q", scale=alt.Scale(domain=[-reach, reach], nice=False), axis=None),
    )
    layers: list[Any] = [
        base.transform_filter(f"datum.side == {side}")
        .mark_bar(height={"band": 0.66}, color=colour)
        .encode(description="row:N")
        for side, colour in enumerate((LEFT, RIGHT))
    ]
    layers.append(
        alt.Chart(alt.Data(values=[{"value": 0}]))
        .mark_rule(color=AXIS)
        .encode(x=alt.X("value:Q", axis=None))
    )
    for side, align, dx in ((0, "right", -5), (1, "left", 5)):
        told = base.transform_filter(f"datum.side == {side}").encode(text="words:N")
        look: dict[str, Any] = {"align": align, "dx": dx, "baseline": "middle", "fontSize": 12}
        layers += [
            told.transform_filter("datum.known").mark_text(color=INK, **look),
            told.transform_filter("!datum.known").mark_text(color=QUIET, **look),
        ]
    chart = alt.layer(*layers, data=alt.Data(values=values)).properties(
        width=width, height=alt.Step(BAR_STEP + 4 if has_two_lines else BAR_STEP - 4)
    )
    specification: dict[str, Any] = chart.to_dict(validate=False)
    specification["autosize"] = {"type": "fit-x", "contains": "padding"}
    return specification
