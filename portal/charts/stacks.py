"""Bars divided by group: parts of a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from portal.formats import MISSING_WORDS, as_decimal, number

from .bars import BAR_STEP, as_float, name_axis, wrapped
from .drawing import MIDDLE, NARROW, ROW_MARK, WIDE, WIDTHS, Chart, Swatch, Words, draw, remembered
from .palette import GROUPS, OTHERS

AXIS_STEPS = {WIDE: 5, MIDDLE: 4, NARROW: 2}
LABEL_ROOM = 32  # px right of the axis: half of "1.200.000", whose tick may stand at its end


def stacked_bars(
    parts: Mapping[str, Mapping[str, Any]],
    *,
    title: str,
    unit: str,
    groups: Sequence[str] = (),
    others: str = "Dân tộc khác",
    as_share: bool = False,
    decimals: int = 0,
    name_column: str = "Tên",
    in_order: bool = False,
) -> Chart:
    """Return one bar per name, divided by group, the largest bar first or `in_order` as given.

    parts: name → group → value. groups: their order; by size when it is left out. Eight groups
    have a colour of their own, the others are added up in grey.
    """
    order = list(groups) or _by_size(parts)
    shown, rest = order[: len(GROUPS)], order[len(GROUPS) :]
    values = {name: _with_others(row, shown, rest, others) for name, row in parts.items()}
    names = list(values)
    if not in_order:
        names.sort(key=lambda name: -sum(map(as_float, values[name].values())))
    colours = dict(zip(shown, GROUPS, strict=False)) | ({others: OTHERS} if rest else {})

    def drawn() -> Chart:
        spoken = Words(
            title=f"{title}. Đơn vị: {unit}.",
            tooltips=[
                f"{name}, {group}: {_words(values[name][group], decimals)} {unit}"
                for name in names
                for group in colours
            ],
        )
        wide, middle, narrow = (
            draw(_stack_specification(names, values, colours, width, as_share), spoken)
            for width in WIDTHS
        )
        return Chart(
            wide,
            middle,
            narrow,
            legend=[Swatch(colour, group) for group, colour in colours.items()],
            columns=[name_column, *colours],
            rows=[[n, *(_words(values[n][g], decimals) for g in colours)] for n in names],
        )

    inputs = [names, values, colours, title, unit, as_share, decimals, name_column]
    return remembered("stack", inputs, drawn)


def _by_size(parts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    totals: dict[str, float] = {}
    for row in parts.values():
        for group, value in row.items():
            totals[group] = totals.get(group, 0.0) + as_float(value)
    return sorted(totals, key=lambda group: -totals[group])


def _with_others(
    row: Mapping[str, Any], shown: Sequence[str], rest: Sequence[str], others: str
) -> dict[str, Any]:
    """Return the shown groups' values and the sum of the rest; None where there is no value."""
    known = {group: row.get(group) for group in shown}
    if not rest:
        return known
    counted = [as_float(row[group]) for group in rest if as_decimal(row.get(group)) is not None]
    return known | {others: sum(counted) if counted else None}


def _words(value: object, decimals: int) -> str:
    known = as_decimal(value) is not None
    return number(value, decimals) if known else MISSING_WORDS["not_collected"]


def _stack_specification(
    names: Sequence[str],
    values: Mapping[str, Mapping[str, Any]],
    colours: Mapping[str, str],
    width: int,
    as_share: bool,
) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {
            "row": f"{ROW_MARK}{place * len(colours) + part}",
            "label": wrapped(name, place, width),
            "part": part,
            "value": as_float(values[name][group]),
            "colour": colour,
        }
        for place, name in enumerate(names)
        for part, (group, colour) in enumerate(colours.items())
    ]
    axis = alt.Axis(
        title=None,
        format=".0%" if as_share else ",~f",
        tickCount=AXIS_STEPS[width],
        labelFlush=False,
    )
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(height={"band": 0.62}, stroke="#fff", strokeWidth=0.5)
        .encode(
            y=alt.Y(
                "label:N",
                sort=list(dict.fromkeys(row["label"] for row in rows)),
                axis=name_axis(width),
            ),
            x=alt.X("value:Q", stack="normalize" if as_share else "zero", axis=axis),
            color=alt.Color("colour:N", scale=None),
            order=alt.Order("part:Q"),
            description="row:N",
        )
        .properties(width=width, height=alt.Step(BAR_STEP if width > NARROW else BAR_STEP + 6))
    )
    specification: dict[str, Any] = chart.to_dict(validate=False)
    specification["autosize"] = {"type": "fit-x", "contains": "padding"}
    specification["padding"] = {"left": 4, "top": 4, "bottom": 4, "right": LABEL_ROOM}
    return specification
