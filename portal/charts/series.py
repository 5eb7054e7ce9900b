"""Series through time: lines with a target, and sparklines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import altair as alt
from django.utils.safestring import SafeString

from portal.formats import MISSING_WORDS, as_decimal, number

from .drawing import MIDDLE, NARROW, ROW_MARK, WIDE, WIDTHS, Chart, Swatch, Words, draw, remembered
from .palette import BAR, GROUPS, QUIET, TARGET

MOST_LABELS = {WIDE: 12, MIDDLE: 7, NARROW: 5}
LETTER = 7  # px of a digit, about
LONGEST_NAME = 22  # letters at the end of a line
LABEL_HEIGHT = 16  # px between the words at the ends of two lines


@dataclass(frozen=True)
class Line:
    """One series: its name and its values, one for each period (None: there is none).

    `is_aside` draws it dashed and grey: what the others are compared with. `side` names one of two
    lines of the same label; the other, `is_beside`, is dashed in the same colour.
    """

    label: str
    values: Sequence[Any]
    is_aside: bool = False
    side: str = ""
    is_beside: bool = False

    @property
    def name(self) -> str:
        return f"{self.label}, {self.side}" if self.side else self.label


def time_series(
    periods: Sequence[str],
    lines: Sequence[Line],
    *,
    title: str,
    unit: str,
    decimals: int = 1,
    target: float | None = None,
    target_label: str = "Mục tiêu",
    kept_only: bool = False,
) -> Chart:
    """Return lines over `periods` (in their order), labelled at their last value, from zero.

    A period without value breaks the line. target: a level drawn as a dashed line.

    Raises:
        NotDrawn: `kept_only`, and these lines have not been drawn yet.
    """
    words = in_words(lines, decimals)

    def drawn() -> Chart:
        spoken = spoken_of(periods, lines, words, title=f"{title}. Đơn vị: {unit}.", unit=unit)
        aim = f"{target_label} {number(target, decimals)}" if target is not None else ""
        named = not _are_long(lines)
        wide, middle, narrow = (
            draw(_lines_specification(periods, lines, words, width, target, aim, named), spoken)
            for width in WIDTHS
        )
        return Chart(
            wide,
            middle,
            narrow,
            legend=[]
            if named
            else [
                Swatch(_colour(lines, n), line.label)
                for n, line in enumerate(lines)
                if not line.is_beside
            ],
            columns=["Kỳ", *(line.name for line in lines)],
            rows=rows_of(periods, words),
        )

    inputs = [periods, [asdict(line) for line in lines], title, unit, decimals, target]
    return remembered("lines", [*inputs, target_label], drawn, kept_only=kept_only)


def in_words(lines: Sequence[Line], decimals: int) -> list[list[str]]:
    """The values of each line as they are shown."""
    return [[_words(value, decimals) for value in line.values] for line in lines]


def spoken_of(
    periods: Sequence[str],
    lines: Sequence[Line],
    words: Sequence[Sequence[str]],
    *,
    title: str,
    unit: str,
) -> Words:
    """What a drawing of lines says: every value behind its title, and one at each mark."""
    told = "; ".join(
        f"{line.name}: " + ", ".join(f"{p} {w}" for p, w in zip(periods, texts, strict=True))
        for line, texts in zip(lines, words, strict=True)
    )
    return Words(
        title=f"{title} {told}",
        tooltips=[
            f"{line.name}, {period}: {text} {unit}"
            for line, texts in zip(lines, words, strict=True)
            for period, text in zip(periods, texts, strict=True)
        ],
    )


def rows_of(periods: Sequence[str], words: Sequence[Sequence[str]]) -> list[list[str]]:
    """The table behind lines: a row for each period."""
    return [[p, *(texts[at] for texts in words)] for at, p in enumerate(periods)]


def _words(value: object, decimals: int) -> str:
    known = as_decimal(value) is not None
    return number(value, decimals) if known else MISSING_WORDS["not_collected"]


def _lines_specification(
    periods: Sequence[str],
    lines: Sequence[Line],
    words: Sequence[Sequence[str]],
    width: int,
    target: float | None,
    target_words: str,
    named: bool = True,
) -> dict[str, Any]:
    height = 250 if width == WIDE else 210
    ends = _apart(_ends(lines), lines, height)
    rows: list[dict[str, Any]] = [
        {
            "row": f"{ROW_MARK}{n * len(periods) + at}",
            "period": period,
            "line": n,
            "colour": _colour(lines, n),
            "aside": line.is_aside,
            "dashed": line.is_aside or line.is_beside,
            "value": None if as_decimal(line.values[at]) is None else float(line.values[at]),
            "words": words[n][at],
            "end": _end(line, words[n][at], alone=len(lines) == 1 or not named),
            "last": at == _last_known(line.values),
            "end_at": ends.get(n),
        }
        for n, line in enumerate(lines)
        for at, period in enumerate(periods)
    ]
    base = alt.Chart().encode(
        x=alt.X("period:O", sort=list(periods), axis=_period_axis(periods, width)),
        y=alt.Y(
            "value:Q",
            scale=alt.Scale(zero=True),
            axis=alt.Axis(title=None, tickCount=4, domain=False, ticks=False, format=",~f"),
        ),
        color=alt.Color("colour:N", scale=None),
    )
    layers = [
        base.transform_filter("!datum.dashed")
        .mark_line(strokeWidth=2.5, aria=False)
        .encode(detail="line:N"),
        base.transform_filter("datum.dashed")
        .mark_line(strokeWidth=1.5, strokeDash=[5, 4], aria=False)
        .encode(detail="line:N"),
        base.transform_filter("isValid(datum.value) && !datum.aside")
        .mark_circle(size=46, opacity=1)
        .encode(description="row:N"),
    ]
    if len(lines) == 1 and _labels_fit(rows, len(periods), width):
        layers.append(
            base.transform_filter("isValid(datum.value) && !datum.last")
            .mark_text(dy=-13)
            .encode(text="words:N", color=alt.value("#1f2328"))
        )
    if target is not None:
        layers += _target_layers(target, target_words)
    end = base.transform_filter("datum.last").encode(y=alt.Y("end_at:Q", title=None), text="end:N")
    look: dict[str, Any] = {"align": "left", "dx": 8, "fontWeight": 600}
    layers += [
        end.mark_text(stroke="#ffffff", strokeWidth=4, strokeJoin="round", **look),
        end.mark_text(**look),
    ]
    chart = alt.layer(*layers, data=alt.Data(values=rows)).properties(width=width, height=height)
    specification: dict[str, Any] = chart.to_dict(validate=False)
    specification["autosize"] = {"type": "fit-x", "contains": "padding"}
    longest = max([len(row["end"]) for row in rows if row["last"]], default=0)
    specification["padding"] = {
        "left": 4,
        "top": 8,
        "bottom": 4,
        # of several lines the words are measured, each letter a little too narrow
        "right": 14 + longest * (1 if len(lines) > 1 else LETTER),
    }
    return specification


def _are_long(lines: Sequence[Line]) -> bool:
    """Whether the names leave too little room for the lines: they stand in a legend then."""
    return len(lines) > 1 and any(line.side or len(line.label) > LONGEST_NAME for line in lines)


def _end(line: Line, words: str, *, alone: bool) -> str:
    """What stands at the end of a line: its name and last value; of one drawn aside its name.

    Alone, or where names stand in a legend, the value and which of two sides it is.
    """
    if line.is_aside:
        return line.label
    return f"{line.side if alone else line.name} {words}".strip()


def _ends(lines: Sequence[Line]) -> dict[int, float]:
    """By line, its last value; none of a line without values."""
    found = {n: _last_known(line.values) for n, line in enumerate(lines)}
    return {n: float(lines[n].values[at]) for n, at in found.items() if at >= 0}


def _apart(ends: Mapping[int, float], lines: Sequence[Line], height: int) -> dict[int, float]:
    """Where the words at the ends stand, in the values' unit, so that none covers another."""
    known = [float(value) for line in lines for value in line.values if as_decimal(value)]
    top, floor = max([0.0, *known]), min([0.0, *known])
    gap = (top - floor) * LABEL_HEIGHT / height
    order = sorted(ends, key=lambda n: -ends[n])
    placed: dict[int, float] = {}
    above = top + gap
    for n in order:
        placed[n] = above = min(ends[n], above - gap)
    below = floor - gap
    for n in reversed(order):
        placed[n] = below = max(placed[n], below + gap)
    return placed


def _colour(lines: Sequence[Line], n: int) -> str:
    if lines[n].is_aside:
        return QUIET
    beside = [at for at, line in enumerate(lines) if line.is_beside]
    own = [at for at, line in enumerate(lines) if not line.is_aside and at not in beside]
    place = (beside if n in beside else own).index(n)
    return BAR if len(own) == 1 else GROUPS[place % len(GROUPS)]


def _labels_fit(rows: Sequence[Mapping[str, Any]], periods: int, width: int) -> bool:
    """Whether every point of one line has room for its words, between the axis and the last."""
    longest = max([len(row["words"]) for row in rows if row["value"] is not None], default=0)
    return periods <= MOST_LABELS[width] and (periods + 2) * longest * LETTER <= width


def _last_known(values: Sequence[Any]) -> int:
    known = [at for at, value in enumerate(values) if as_decimal(value) is not None]
    return known[-1] if known else -1


def _period_axis(periods: Sequence[str], width: int) -> alt.Axis:
    """Labels of the periods, some left out where there is no room for all."""
    every = max(1, -(-len(periods) // MOST_LABELS[width]))
    return alt.Axis(
        title=None, labelAngle=0, grid=False, values=list(periods)[::-1][::every], labelOverlap=True
    )


def _target_layers(target: float, words: str) -> list[alt.Chart]:
    level = alt.Chart(alt.Data(values=[{"value": target, "words": words}])).encode(y="value:Q")
    return [
        level.mark_rule(color=TARGET, strokeDash=[5, 4], strokeWidth=1.5),
        level.mark_text(color=TARGET, align="left", dx=2, dy=-8).encode(
            x=alt.value(0), text="words:N"
        ),
    ]


def sparkline(
    values: Sequence[Any], *, title: str, width: int = 150, height: int = 36
) -> SafeString:
    """Return a small line without axes, its last value dotted; title is its accessible name."""
    known = [
        {"at": at, "value": float(found), "last": at == _last_known(values)}
        for at, value in enumerate(values)
        if (found := as_decimal(value)) is not None
    ]

    def drawn() -> Chart:
        base = alt.Chart(alt.Data(values=known)).encode(
            x=alt.X("at:Q", axis=None, scale=alt.Scale(domain=[0, max(len(values) - 1, 1)])),
            y=alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, padding=4)),
        )
        chart = alt.layer(
            base.mark_line(color=BAR, strokeWidth=2, aria=False),
            base.transform_filter("datum.last").mark_circle(color=BAR, size=40, opacity=1),
        ).properties(width=width, height=height)
        return Chart(draw(chart.to_dict(validate=False), Words(title=title)))

    return remembered("spark", [known, len(values), title, width, height], drawn).wide
