"""The chart beside a table: chosen by rule, or as asked."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ethnic_data.models import Aggregation
from portal.charts import (
    Bar,
    Chart,
    Line,
    Overlay,
    Sides,
    commune_map,
    horizontal_bars,
    pyramid,
    ranks,
    small_multiples,
    stacked_bars,
    time_series,
)
from portal.charts.multiples import SCALES_WORDS
from portal.units import outlines

from .members import Member
from .selection import CHARTS, OVERLAYS
from .table import Cell, Column, Table

#: the outlines are those of the communes in force in this time
OUTLINES_FROM, OUTLINES_UNTIL = datetime.date(2020, 2, 1), datetime.date(2025, 1, 1)
MOST_LINES, MOST_BARS, FEWEST_ON_A_MAP = 8, 30, 12
MOST_CELLS, MOST_RANKED = 24, 14
PARTS = ("dan-toc", "gioi-tinh", "phan-loai")


@dataclass(frozen=True)
class Drawn:
    """A chart with its title and what it leaves out."""

    kind: str
    chart: Chart
    title: str
    note: str = ""


def possible(table: Table) -> list[str]:
    """The kinds of charts that say something of this table, the best first."""
    axes = table.chosen.axes
    found = []
    if "ky" in axes and len(table.chosen.periods) > 1 and _has_lines(table):
        found.append("duong")
    if _on_map(table):
        found.append("ban-do")
    if _stacks(table):
        found.append("chong")
    found.append("cot")
    if sexes_of(table):
        found.append("thap")
    if _through_time(table):
        found.append("nho")
        if 2 < len(table.body) <= MOST_RANKED and not table.hidden:  # a rank counts all
            found.append("hang")
    if "ban-do" in found:
        found.remove("ban-do")
        found.insert(0, "ban-do")
    return found


def choices(table: Table) -> list[tuple[str, str]]:
    return [
        ("", CHARTS[""]),
        *((kind, CHARTS[kind]) for kind in possible(table)),
        ("khong", CHARTS["khong"]),
    ]


def drawn(table: Table) -> Drawn | None:
    """The chart asked for if it can be drawn, else the best; None where none is wanted."""
    kind = kind_of(table)
    if not kind or not _any_value(table):
        return None
    makers = {
        "duong": _time,
        "ban-do": _map,
        "chong": _stacked,
        "cot": _bars,
        "thap": _pyramid,
        "nho": _multiples,
        "hang": _ranks,
    }
    return makers[kind](table)


def kind_of(table: Table) -> str:
    """The kind asked for if it can be drawn, else the best; empty where none is wanted."""
    asked = table.chosen.chart
    if asked == "khong" or not table.body:
        return ""
    kinds = possible(table)
    return asked if asked in kinds else kinds[0]


def first_column(table: Table) -> Column:
    """The column that a chart of one column shows: of the youngest period, a total if there is."""
    at = table.chosen.columns.index("ky") if "ky" in table.chosen.columns else None
    columns = table.columns
    if at is not None:
        last = table.chosen.periods[-1].code
        columns = [one for one in columns if one[at].code == last]
    return max(columns, key=lambda one: sum(member.is_total for member in one))


def only_of(table: Table, column: Column) -> str:
    """Which of several columns a chart of one is drawn from, as a sentence."""
    if len(table.columns) == 1:
        return ""
    return f"Biểu đồ vẽ: {', '.join(member.label for member in column if member.label)}."


def _known(table: Table) -> list[tuple[Member, Column]]:
    return [(row, column) for row in table.body for column in table.columns]


def _any_value(table: Table) -> bool:
    """Whether this reader may see a number of the body: else a chart would be an empty frame."""
    return any(table.figure(row, column).value is not None for row, column in _known(table))


def title_of(table: Table, column: Column | None = None) -> str:
    """With the unit of measure and what the chart is narrowed to."""
    measure = table.cell(table.body[0], column or first_column(table), linked=False).measure
    unit = f" ({measure.unit_of_measure})" if measure.unit_of_measure else ""
    words = [table.subtitle]
    if column is None and len(table.chosen.measures) > 1:
        names = ", ".join(one.name for one in table.chosen.measures)
        return " · ".join([f"{names}{unit}", *(word for word in words if word)])
    if column is not None:
        words.append(", ".join(m.label for m in column if m.fixes.get("measure") is None))
    return " · ".join([f"{measure.name}{unit}", *(word for word in words if word)])


def _lines(table: Table) -> tuple[list[str], list[Line]] | None:
    """Periods and one line for each member of the other axis, where there are few."""
    chosen = table.chosen
    if len(chosen.columns) > 1:
        return None
    periods = [period.label.removeprefix("Năm ") for period in chosen.periods]
    if chosen.rows == "ky":
        units = {measure.unit_of_measure for measure in chosen.measures}
        if len(table.columns) > MOST_LINES or len(units) > 1:
            return None
        return periods, [
            Line(
                column[0].label,
                [table.cell(row, column, linked=False).figure.value for row in table.rows],
            )
            for column in table.columns
        ]
    rows = table.rows
    if len(rows) > MOST_LINES:
        rows = table.totals
    if not rows or (chosen.rows == "chi-tieu" and len(chosen.measures) > 1):
        return None
    return periods, [
        Line(
            row.label,
            [table.cell(row, column, linked=False).figure.value for column in table.columns],
        )
        for row in rows
    ]


def _has_lines(table: Table) -> bool:
    found = _lines(table)
    return found is not None and any(value is not None for one in found[1] for value in one.values)


def _time(table: Table) -> Drawn:
    found = _lines(table)
    assert found is not None  # noqa: S101 - asked in `possible`
    periods, lines = found
    cell = _a_cell(table)
    title = title_of(table)
    few = len(lines) < len(table.rows) and table.chosen.rows != "ky"
    note = "Biểu đồ chỉ vẽ dòng tổng." if few else ""
    chart = time_series(
        periods, lines, title=title, unit=cell.measure.unit_of_measure, decimals=cell.decimals or 0
    )
    return Drawn("duong", chart, title, note)


def _a_cell(table: Table) -> Cell:
    return table.cell(table.body[0], first_column(table), linked=False)


def _bars(table: Table) -> Drawn:
    column = first_column(table)
    cells = [(row, table.cell(row, column)) for row in table.body]
    cells.sort(key=lambda pair: (pair[1].figure.value is None, -(pair[1].figure.value or 0)))
    cell = cells[0][1]
    title = title_of(table, column)
    chart = horizontal_bars(
        [Bar(row.label, c.figure.value, c.url, c.figure.missing) for row, c in cells[:MOST_BARS]],
        title=title,
        unit=cell.measure.unit_of_measure,
        decimals=cell.decimals or 0,
    )
    more = len(cells) - MOST_BARS
    note = f"Vẽ {MOST_BARS} dòng lớn nhất; {more} dòng khác có trong bảng." if more > 0 else ""
    return Drawn("cot", chart, title, f"{only_of(table, column)} {note}".strip())


def _stacks(table: Table) -> bool:
    """Parts that add up to a whole, beside each other in the inner columns."""
    chosen = table.chosen
    added = all(one.aggregation == Aggregation.SUM for one in chosen.measures)
    return (
        added
        and len(chosen.measures) == 1
        and chosen.columns[-1] in PARTS
        and len(chosen.columns) == 1
        and 1 < len(table.body) <= MOST_BARS
    )


def _stacked(table: Table) -> Drawn:
    parts = [column for column in table.columns if not column[-1].is_total]
    title = title_of(table)
    chart = stacked_bars(
        {
            row.label: {c[-1].label: table.cell(row, c, linked=False).figure.value for c in parts}
            for row in table.body
        },
        title=title,
        unit=table.chosen.measures[0].unit_of_measure,
    )
    return Drawn("chong", chart, title)


def sexes_of(table: Table) -> dict[str, Column] | None:
    """The columns of men and women where the table has both and no other axis of columns."""
    if table.chosen.columns != ("gioi-tinh",) or not 1 < len(table.body) <= MOST_BARS:
        return None
    by_code = {column[0].code: column for column in table.columns}
    return by_code if {"nam", "nu"} <= by_code.keys() else None


def _pyramid(table: Table) -> Drawn:
    sides = sexes_of(table)
    assert sides is not None  # noqa: S101 - asked in `possible`
    rows = []
    for row in table.body:
        left, right = (table.cell(row, sides[sex], linked=False).figure for sex in ("nam", "nu"))
        rows.append(Sides(row.label, left.value, right.value, left.missing, right.missing))
    if table.chosen.rows != "phan-loai":  # categories, such as ages, keep their order
        rows.sort(key=lambda one: -((one.left or 0) + (one.right or 0)))
    title, cell = title_of(table), _a_cell(table)
    chart = pyramid(
        rows,
        title=title,
        unit=cell.measure.unit_of_measure,
        left="Nam",
        right="Nữ",
        decimals=cell.decimals or 0,
    )
    return Drawn("thap", chart, title)


def _through_time(table: Table) -> bool:
    """Rows over periods, of one indicator."""
    chosen = table.chosen
    return (
        chosen.columns == ("ky",)
        and len(chosen.periods) > 1
        and len(chosen.measures) == 1
        and len(table.body) > 1
    )


def _over_periods(table: Table) -> tuple[list[str], list[Line]]:
    """The rows of the body as lines, those of the highest last value first."""
    periods = [period.label.removeprefix("Năm ") for period in table.chosen.periods]
    lines = [
        Line(
            row.label,
            [table.cell(row, column, linked=False).figure.value for column in table.columns],
        )
        for row in table.body
    ]
    lines.sort(key=lambda one: -next((v for v in reversed(one.values) if v is not None), -1))
    return periods, lines


def _multiples(table: Table) -> Drawn:
    periods, every = _over_periods(table)
    lines = [line for line in every if any(value is not None for value in line.values)]
    title, cell = title_of(table), _a_cell(table)
    unit, decimals = cell.measure.unit_of_measure, cell.decimals or 0
    chart = small_multiples(periods, lines[:MOST_CELLS], title=title, unit=unit, decimals=decimals)
    more = len(lines) - MOST_CELLS
    note = f" Vẽ {MOST_CELLS} dòng lớn nhất; {more} dòng khác có trong bảng." if more > 0 else ""
    return Drawn("nho", chart, title, f"{periods[0]}–{periods[-1]}. {SCALES_WORDS}{note}")


def _ranks(table: Table) -> Drawn:
    periods, lines = _over_periods(table)
    title, cell = title_of(table), _a_cell(table)
    unit, decimals = cell.measure.unit_of_measure, cell.decimals or 0
    chart = ranks(periods, lines, title=title, unit=unit, decimals=decimals)
    return Drawn("hang", chart, title, "Hạng 1 là giá trị cao nhất.")


def _on_map(table: Table) -> bool:
    rows = table.body
    return (
        table.chosen.rows == "don-vi"
        and table.chosen.level in ("xa", "xa-861")
        and len(rows) >= FEWEST_ON_A_MAP
        and OUTLINES_FROM <= table.chosen.day < OUTLINES_UNTIL
    )


def _map(table: Table) -> Drawn:
    column = first_column(table)
    told = [(row.code, table.cell(row, column)) for row in table.body]
    # over some years one code may be two units': the one that is told of is drawn
    cells = dict(sorted(told, key=lambda one: one[1].is_known))
    cell = _a_cell(table)
    title = title_of(table, column)
    chart = commune_map(
        outlines.communes(),
        {code: one.figure.value for code, one in cells.items()},
        title=title,
        unit=cell.measure.unit_of_measure,
        decimals=cell.decimals or 0,
        borders=outlines.districts(),
        addresses={code: one.url for code, one in cells.items() if one.url},
        reasons={code: one.figure.missing for code, one in cells.items()},
        overlay=overlay_of(table),
    )
    return Drawn("ban-do", chart, title, f"{outlines.DISCLAIMER}.")


def overlay_of(table: Table) -> Overlay | None:
    """The communes of the list, or their zones, as they stand on the day of the table."""
    kind = table.chosen.overlay
    zones = table.members.zones_on(table.chosen.periods[-1].end) if kind else {}
    if not zones:
        return None
    if kind == "khu-vuc":
        letters = {code: zone for code, zone in zones.items() if zone}
        return Overlay("Chữ I, II, III: khu vực (không có chữ: chưa rõ)", letters=letters)
    return Overlay(f"Xã trong danh sách: {OVERLAYS[kind]}", outlined=frozenset(zones))
