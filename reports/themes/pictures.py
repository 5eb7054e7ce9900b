"""The chart of a comparison: both sides in one drawing, told apart in grey print too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from ethnic_data.aggregation.crosstab import Figure
from ethnic_data.exploring import charts
from ethnic_data.exploring.charts import Drawn
from ethnic_data.exploring.members import Member
from ethnic_data.exploring.table import Cell, Column, Table
from portal.charts import (
    Line,
    Pair,
    Side,
    Sides,
    commune_maps,
    paired_bars,
    pyramid,
    small_multiples,
    stacked_bars,
    time_series,
)
from portal.charts.multiples import SCALES_WORDS
from portal.units import outlines

from .comparing import WHOLE, are_wholes, paired_rows, same_column
from .filters import Comparison

MOST_PAIRS = 15  # of bars, or of divided bars, one below the other
MOST_LINES = 4  # of each side, in one chart
NOT_THERE = Figure(None, "not_collected")
Pairing = tuple[Member, Member | None]


@dataclass(frozen=True)
class Both:
    """Two tables of the same shape, as `comparing` lays them beside each other."""

    table: Table
    other: Table
    comparison: Comparison

    @property
    def sides(self) -> tuple[str, str]:
        return self.comparison.own_words, self.comparison.words

    @property
    def is_of_wholes(self) -> bool:
        return are_wholes(self.table, self.comparison)

    @property
    def is_through_time(self) -> bool:
        """Two wholes over years."""
        columns = self.table.columns
        return self.is_of_wholes and self.table.chosen.columns == ("ky",) and len(columns) > 1

    @property
    def lines(self) -> int:
        """How many lines each side has where periods stand in the rows or in the columns."""
        return len(self.table.columns if self.table.chosen.rows == "ky" else self.rows)

    @cached_property
    def rows(self) -> list[Pairing]:
        """All rows but the totals; of two units the wholes."""
        paired = paired_rows(self.table, self.other, self.comparison)
        return [one for one in paired if self.is_of_wholes or not one[0].is_total]

    def cells(self, pairing: Pairing, column: Column) -> tuple[Cell, Cell]:
        """What is not there on the other side is said as not collected."""
        row, beside = pairing
        first = self.table.cell(row, column)
        opposite = same_column(column, self.other, self.comparison)
        if beside is None or opposite is None:
            return first, Cell(NOT_THERE, first.measure)
        return first, self.other.cell(beside, opposite)

    def labelled(self, pairing: Pairing) -> tuple[str, str]:
        """The names of one row on the two sides."""
        if self.is_of_wholes:
            return self.sides
        (first, second), label = self.comparison.short, pairing[0].label
        return f"{first}: {label}", f"{second}: {label}"

    def told(self, column: Column | None = None) -> dict[str, Any]:
        """Title and unit as every chart takes them; decimals of its first number."""
        first = self.table.cell(self.table.rows[0], column or charts.first_column(self.table))
        return {
            "title": f"{charts.title_of(self.table, column)} · so với {self.comparison.words}",
            "unit": first.measure.unit_of_measure,
            "decimals": first.decimals or 0,
        }

    def largest(self, column: Column, most: int) -> tuple[list[Pairing], str]:
        """The rows of the largest first values, and a sentence about those left out."""
        known = [(self.cells(one, column)[0].figure.value, one) for one in self.rows]
        known.sort(key=lambda pair: (pair[0] is None, -(pair[0] or 0)))
        more = len(known) - most
        note = f"Vẽ {most} dòng lớn nhất; {more} dòng khác có trong bảng." if more > 0 else ""
        return [one for _, one in known[:most]], note


def drawn_together(table: Table, other: Table, comparison: Comparison) -> Drawn | None:
    """The panel's kind of chart with both sides; None where none is wanted or nothing is known."""
    both = Both(table, other, comparison)
    kind = charts.kind_of(table)
    pairs = product(both.rows, table.columns)
    if not kind or all(one.figure.value is None for pair in pairs for one in both.cells(*pair)):
        return None
    if both.is_through_time or kind == "duong":
        return _lines(both) if both.lines <= MOST_LINES else _bars(both)
    if kind == "ban-do" and not both.is_of_wholes and "ban-do" in charts.possible(other):
        return _maps(both)
    makers = {"nho": _multiples, "hang": _multiples, "chong": _stacked, "thap": _pyramid}
    return makers.get(kind, _bars)(both)


def _bars(both: Both) -> Drawn | None:
    column = charts.first_column(both.table)
    rows, note = both.largest(column, MOST_PAIRS)
    pairs = []
    for one in rows:
        first, second = both.cells(one, column)
        pairs.append(
            Pair(
                WHOLE if both.is_of_wholes else one[0].label,
                (first.figure.value, second.figure.value),
                (first.url, second.url),
                (first.figure.missing, second.figure.missing),
            )
        )
    if all(value is None for pair in pairs for value in pair.values):
        return None
    told = both.told(column)
    note = f"{charts.only_of(both.table, column)} {note}".strip()
    return Drawn("cot", paired_bars(pairs, both.sides, **told), told["title"], note)


def _through_time(both: Both, rows: Sequence[Pairing]) -> tuple[list[str], list[list[Line]]]:
    """Periods, and for each member of the other axis the line of each side."""
    table, several, names = both.table, len(rows) > 1, both.comparison.short
    periods = [period.label.removeprefix("Năm ") for period in table.chosen.periods]
    if table.chosen.rows == "ky":
        series = [
            (column[0].label, [both.cells(row, column) for row in rows]) for column in table.columns
        ]
        several = len(series) > 1
    else:
        series = [(one[0].label, [both.cells(one, c) for c in table.columns]) for one in rows]
    return periods, [
        [
            Line(
                label if several else names[side],
                [pair[side].figure.value for pair in cells],
                side=names[side] if several else "",
                is_beside=bool(side),
            )
            for side in (0, 1)
        ]
        for label, cells in series
    ]


def _lines(both: Both) -> Drawn:
    periods, lines = _through_time(both, both.rows)
    told = both.told()
    chart = time_series(periods, [*(a for a, _ in lines), *(b for _, b in lines)], **told)
    return Drawn("duong", chart, told["title"], f"Nét đứt: {both.comparison.words}.")


def _multiples(both: Both) -> Drawn:
    rows, note = both.largest(charts.first_column(both.table), charts.MOST_CELLS)
    periods, lines = _through_time(both, rows)
    told = both.told()
    words = f"{periods[0]}–{periods[-1]}. {SCALES_WORDS} Hai số: năm cuối của từng bên. {note}"
    chart = small_multiples(periods, [one for pair in lines for one in pair], **told)
    return Drawn("nho", chart, told["title"], words.strip())


def _maps(both: Both) -> Drawn:
    column = charts.first_column(both.table)
    cells = {one[0].code: both.cells(one, column) for one in both.rows}
    sides = [
        Side(
            {code: pair[n].figure.value for code, pair in cells.items()},
            words,
            {code: pair[n].url for code, pair in cells.items() if pair[n].url},
            {code: pair[n].figure.missing for code, pair in cells.items()},
            charts.overlay_of(table),
        )
        for n, (words, table) in enumerate(zip(both.sides, (both.table, both.other), strict=True))
    ]
    told = both.told(column)
    chart = commune_maps(outlines.communes(), sides, borders=outlines.districts(), **told)
    return Drawn("ban-do", chart, told["title"], f"{outlines.DISCLAIMER}.")


def _stacked(both: Both) -> Drawn:
    """Each row's bar twice, the sides in their names."""
    parts = [column for column in both.table.columns if not column[-1].is_total]
    rows, note = both.largest(charts.first_column(both.table), MOST_PAIRS)
    bars: dict[str, dict[str, Any]] = {}
    for one in rows:
        for side, label in enumerate(both.labelled(one)):
            bars[label] = {
                column[-1].label: both.cells(one, column)[side].figure.value for column in parts
            }
    told = both.told()
    return Drawn("chong", stacked_bars(bars, in_order=True, **told), told["title"], note)


def _pyramid(both: Both) -> Drawn:
    columns = charts.sexes_of(both.table)
    assert columns is not None  # noqa: S101 - asked in charts.possible
    rows, note = both.largest(charts.first_column(both.table), MOST_PAIRS)
    if both.table.chosen.rows == "phan-loai":  # categories, such as ages, keep their order
        rows, note = both.rows, ""
    bars = []
    for one in rows:
        men, women = (both.cells(one, columns[sex]) for sex in ("nam", "nu"))
        for side, label in enumerate(both.labelled(one)):
            left, right = men[side].figure, women[side].figure
            bars.append(Sides(label, left.value, right.value, left.missing, right.missing))
    told = both.told()
    return Drawn("thap", pyramid(bars, left="Nam", right="Nữ", **told), told["title"], note)
