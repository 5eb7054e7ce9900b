"""Ranks over time: who stood where in each period, from the highest value down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import altair as alt

from portal.formats import as_decimal, number

from .drawing import MIDDLE, NARROW, ROW_MARK, WIDE, WIDTHS, Chart, Words, draw, remembered
from .palette import GROUPS, INK, OTHERS, QUIET
from .series import Line

STEP = 30
NAME_ROOM = {WIDE: 170, MIDDLE: 140, NARROW: 116}
NAME_LETTERS = {WIDE: 24, MIDDLE: 20, NARROW: 16}
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])


def ranks_of(lines: Sequence[Line]) -> list[list[int | None]]:
    """By line the rank of each period, 1 for the highest; equal values share a rank.

    None where a line has no value.
    """
    found: list[list[int | None]] = [[None] * len(line.values) for line in lines]
    for at in range(len(lines[0].values) if lines else 0):
        values = [as_decimal(line.values[at]) for line in lines]
        for n, value in enumerate(values):
            if value is not None:
                found[n][at] = 1 + sum(one is not None and one > value for one in values)
    return found


def ranks(
    periods: Sequence[str],
    lines: Sequence[Line],
    *,
    title: str,
    unit: str,
    decimals: int = 1,
) -> Chart:
    """Return a line of ranks for each name; its name stands at its last rank."""
    placed = ranks_of(lines)

    def drawn() -> Chart:
        told = [
            f"{line.label}, {period}: "
            + (f"hạng {rank} ({number(value, decimals)} {unit})" if rank else "chưa có số liệu")
            for line, own in zip(lines, placed, strict=True)
            for period, rank, value in zip(periods, own, line.values, strict=True)
        ]
        spoken = Words(
            title=f"{title}. Hạng 1 là giá trị cao nhất. {'; '.join(told)}", tooltips=told
        )
        wide, middle, narrow = (
            draw(_specification(periods, lines, placed, width), spoken) for width in WIDTHS
        )
        return Chart(
            wide,
            middle,
            narrow,
            columns=["Tên", *periods],
            rows=[
                [line.label, *(str(rank or "–") for rank in own)]
                for line, own in zip(lines, placed, strict=True)
            ],
        )

    inputs = [periods, [asdict(line) for line in lines], title, unit, decimals]
    return remembered("ranks", inputs, drawn)


def _specification(
    periods: Sequence[str],
    lines: Sequence[Line],
    placed: Sequence[Sequence[int | None]],
    width: int,
) -> dict[str, Any]:
    stacked: dict[tuple[int, int], int] = {}
    rows: list[dict[str, Any]] = []
    for n, (line, own) in enumerate(zip(lines, placed, strict=True)):
        last = max((at for at, rank in enumerate(own) if rank), default=-1)
        for at, rank in enumerate(own):
            # equal ranks stand one below the other, so that none covers another
            below = stacked.get((at, rank or 0), 0)
            stacked[at, rank or 0] = below + 1
            rows.append(
                {
                    "row": f"{ROW_MARK}{n * len(periods) + at}",
                    "line": n,
                    "at": at,
                    "place": rank + below if rank else None,
                    "rank": str(rank or ""),
                    "colour": GROUPS[n % len(GROUPS)] if n < len(GROUPS) else OTHERS,
                    "ink": "#ffffff"
                    if n < len(GROUPS) and n % len(GROUPS) not in (1, 4, 6)
                    else INK,
                    "dash": n % len(DASHES),
                    "name": _short(line.label, NAME_LETTERS[width]),
                    "last": at == last and (width > NARROW or at == len(periods) - 1),
                }
            )
    room = NAME_ROOM[width]
    x = alt.X(
        "at:Q",
        scale=alt.Scale(domain=[0, max(len(periods) - 1, 1)], nice=False, padding=14),
        axis=alt.Axis(
            title=None,
            values=list(range(len(periods))),
            grid=False,
            domain=False,
            ticks=False,
            labelExpr="[" + ", ".join(f"'{one}'" for one in periods) + "][datum.value]",
            orient="top",
        ),
    )
    y = alt.Y(
        "place:Q",
        scale=alt.Scale(domain=[len(lines) + 0.5, 0.5], nice=False),
        axis=None,
    )
    base = alt.Chart().encode(x=x, y=y)
    known = base.transform_filter("isValid(datum.place)")
    layers = [
        base.transform_filter(f"datum.dash == {kind}")
        .mark_line(strokeWidth=2, strokeDash=dash, aria=False)
        .encode(detail="line:N", color=alt.Color("colour:N", scale=None))
        for kind, dash in enumerate(DASHES)
    ]
    layers += [
        known.mark_circle(size=380, opacity=1).encode(
            color=alt.Color("colour:N", scale=None), description="row:N"
        ),
        known.mark_text(fontSize=12, fontWeight=600).encode(
            text="rank:N", color=alt.Color("ink:N", scale=None)
        ),
        known.transform_filter("datum.last")
        .mark_text(align="left", dx=16, color=INK)
        .encode(text="name:N"),
    ]
    chart = alt.layer(*layers, data=alt.Data(values=rows)).properties(
        width=width - room - 8, height=STEP * max(len(lines), 1)
    )
    specification: dict[str, Any] = chart.to_dict(validate=False)
    specification["padding"] = {"left": 4, "top": 4, "bottom": 4, "right": room}
    specification["autosize"] = {"type": "pad", "contains": "padding"}
    specification["config"] = {"axis": {"labelColor": QUIET}}
    return specification


def _short(name: str, letters: int) -> str:
    for kind in ("Huyện ", "Thị xã ", "Thành phố "):
        name = name.removeprefix(kind)
    return name if len(name) <= letters else f"{name[: letters - 1]}…"
