"""Small multiples: a small line for each name, or two, each on a scale of its own from zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import altair as alt

from portal import formats
from portal.formats import MISSING_WORDS, as_decimal

from .drawing import MIDDLE, NARROW, ROW_MARK, WIDE, WIDTHS, Chart, Swatch, draw, remembered
from .palette import AXIS, BAR, INK, QUIET
from .series import Line, in_words, rows_of, spoken_of

COLUMNS = {WIDE: 4, MIDDLE: 3, NARROW: 2}
NAME_LETTERS = {WIDE: 18, MIDDLE: 15, NARROW: 16}
SPACE, INSET = 22, 10  # px between cells, and between a cell's edge and its line
HEIGHT, NAME, BELOW = 40, 40, 14  # px of the line, of the name and words above, of the gap below
CELL = HEIGHT + NAME + BELOW
LASTS: tuple[tuple[Any, str, dict[str, Any]], ...] = (
    ("left", "x", {"color": INK, "fontWeight": 600}),
    ("right", "x2", {"color": QUIET}),
)  # how the last values of two lines stand under the name
SCALES_WORDS = "Mỗi ô có thang riêng từ 0."


def small_multiples(
    periods: Sequence[str],
    lines: Sequence[Line],
    *,
    title: str,
    unit: str,
    decimals: int = 0,
    name_column: str = "Kỳ",
) -> Chart:
    """Return a small chart for each line over `periods`, with its first and last value in words.

    A line that is beside another shares the chart of the line before it, dashed; both last values
    stand under the name then.
    """
    words = in_words(lines, decimals)

    def drawn() -> Chart:
        named = f"{title}. Đơn vị: {unit}. {SCALES_WORDS}"
        spoken = spoken_of(periods, lines, words, title=named, unit=unit)
        wide, middle, narrow = (
            draw(_specification(periods, lines, words, width), spoken) for width in WIDTHS
        )
        return Chart(
            wide,
            middle,
            narrow,
            legend=_legend(lines),
            columns=[name_column, *(line.name for line in lines)],
            rows=rows_of(periods, words),
        )

    inputs = [periods, [asdict(line) for line in lines], title, unit, decimals, name_column]
    return remembered("multiples", inputs, drawn)


def _specification(
    periods: Sequence[str],
    lines: Sequence[Line],
    words: Sequence[Sequence[str]],
    width: int,
) -> dict[str, Any]:
    """All cells in one drawing, their places in pixels: a name, a line on its ground, two words."""
    columns = COLUMNS[width]
    room = (width - (columns - 1) * SPACE) / columns
    step = (room - 2 * INSET) / max(len(periods) - 1, 1)
    rows: list[dict[str, Any]] = []
    cells: list[dict[str, Any]] = []
    for n, own in enumerate(_in_cells(lines)):
        left, ground = n % columns * (room + SPACE), (n // columns + 1) * CELL - BELOW
        values = {at: [as_decimal(value) for value in lines[at].values] for at in own}
        known = [abs(one) for told in values.values() for one in told if one is not None]
        highest = max(known, default=0) or 1
        cells.append(
            {
                "x": left,
                "x2": left + room,
                "y": ground,
                "top": ground - HEIGHT - NAME,
                "name": _short(lines[own[0]].label, NAME_LETTERS[width]),
                "words": "" if known else MISSING_WORDS["not_collected"],
                "lasts": [_last(values[at], words[at]) for at in own] if len(own) > 1 else ["", ""],
            }
        )
        for line, told in values.items():
            there = {at: value for at, value in enumerate(told) if value is not None}
            first, last = min(there, default=0), max(there, default=0)
            alone = len(own) == 1
            rows += [
                {
                    "row": f"{ROW_MARK}{line * len(periods) + at}",
                    "line": line,
                    "dashed": lines[line].is_beside,
                    "x": left + INSET + step * at,
                    "y": ground - float(value / highest) * HEIGHT,
                    "words": words[line][at],
                    "first": alone and at == first and len(there) > 1,
                    "last": alone and at == last,
                }
                for at, value in there.items()
            ]
    height = -(-len(cells) // columns) * CELL
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    points = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y)
    frames = alt.Chart(alt.Data(values=cells)).encode(x=x)
    text: dict[str, Any] = {"fontSize": 12, "dy": -10}
    chart = alt.layer(
        frames.mark_rule(color=AXIS, strokeWidth=0.75).encode(x2="x2:Q", y=y),
        frames.mark_text(align="left", fontWeight=600, baseline="top").encode(
            y=alt.Y("top:Q", axis=None), text="name:N"
        ),
        frames.mark_text(align="left", color=QUIET, fontSize=12, dy=-14).encode(
            y=y, text="words:N"
        ),
        *(
            frames.mark_text(align=align, fontSize=12, dy=18, baseline="top", **look).encode(
                x=alt.X(f"{edge}:Q", axis=None),
                y=alt.Y("top:Q", axis=None),
                text=alt.Text(f"lasts[{side}]:N"),
            )
            for side, (align, edge, look) in enumerate(LASTS)
        ),
        points.transform_filter("!datum.dashed")
        .mark_line(color=BAR, strokeWidth=2, aria=False)
        .encode(detail="line:N"),
        points.transform_filter("datum.dashed")
        .mark_line(color=BAR, strokeWidth=1.5, strokeDash=[4, 3], aria=False)
        .encode(detail="line:N"),
        points.mark_circle(color=BAR, size=28, opacity=1).encode(description="row:N"),
        points.transform_filter("datum.first")
        .mark_text(align="left", color=QUIET, dx=-INSET, **text)
        .encode(text="words:N"),
        points.transform_filter("datum.last")
        .mark_text(align="right", color=INK, fontWeight=600, dx=INSET, **text)
        .encode(text="words:N"),
    ).properties(width=width, height=height)
    specification: dict[str, Any] = chart.to_dict(validate=False)
    return specification


def _in_cells(lines: Sequence[Line]) -> list[list[int]]:
    """The places of the lines that share a cell."""
    found: list[list[int]] = []
    for n, line in enumerate(lines):
        if line.is_beside and found:
            found[-1].append(n)
        else:
            found.append([n])
    return found


def _last(values: Sequence[Decimal | None], words: Sequence[str]) -> str:
    known = [text for value, text in zip(values, words, strict=True) if value is not None]
    return known[-1] if known else formats.NOTHING


def _legend(lines: Sequence[Line]) -> list[Swatch]:
    """Which of two lines is whose, where there are two."""
    sides = {line.is_beside: line.side for line in lines}
    return [Swatch(BAR, sides[one], dashed=one) for one in sorted(sides)] if len(sides) > 1 else []


def _short(name: str, letters: int) -> str:
    return name if len(name) <= letters else f"{name[: letters - 1]}…"
