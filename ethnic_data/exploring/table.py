"""The table of a selection: rows, columns, and in each cell what the cross table says."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import product
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from ethnic_data.aggregation.crosstab import Ask, Crosstab, Figure, Key, Source, crosstab
from ethnic_data.aggregation.questions import moment
from ethnic_data.models import Aggregation, FigureKind, Indicator
from portal import formats

from .members import Member, Members
from .selection import AXES, Selection

MOST_CELLS = 15_000
DECIMALS = {Aggregation.RATIO.value: 2, Aggregation.MEAN.value: 2}
SUPPRESSED = Figure(None, "confidential")
FIXED_LABELS = ("don-vi", "dan-toc", "gioi-tinh", "phan-loai", "loai", "ky")
Column = tuple[Member, ...]


class TooLarge(Exception):
    """The selection has more cells than a page holds."""

    def __init__(self, cells: int) -> None:
        super().__init__(cells)
        self.cells = cells


@dataclass(frozen=True)
class Cell:
    """One number as shown."""

    figure: Figure
    measure: Indicator
    url: str = ""

    @property
    def decimals(self) -> int | None:
        found = decimals_of(self.measure)
        return 0 if found is None and self.figure.is_estimate else found

    @property
    def text(self) -> str:
        return formats.value_or_reason(self.figure.value, self.figure.missing, self.decimals)

    @property
    def is_sample(self) -> bool:
        return self.is_known and self.figure.kind == FigureKind.SAMPLE

    @property
    def is_known(self) -> bool:
        return self.figure.value is not None

    @property
    def mark(self) -> str:
        """ "≈" before an estimate, "*" behind a figure to which a unit is missing."""
        return "*" if self.is_known and not self.figure.is_complete else ""

    @property
    def is_estimate(self) -> bool:
        return self.is_known and self.figure.is_estimate


def decimals_of(measure: Indicator) -> int | None:
    return DECIMALS.get(measure.aggregation)


@dataclass
class Table:
    """Rows and columns with their members; figures are read when they are first needed."""

    chosen: Selection
    members: Members
    rows: list[Member]
    columns: list[Column]
    fixed: dict[str, Member]
    hidden: frozenset[Key] = field(default_factory=frozenset)
    leads_on: bool = True  # whether a number leads to the values behind it

    @classmethod
    def of(cls, chosen: Selection, members: Members | None = None) -> Table:
        members = members or Members(chosen)
        return cls(
            chosen,
            members,
            members.of(chosen.rows),
            list(product(*(members.of(axis) for axis in chosen.columns))),
            {axis: members.fixed(axis) for axis in AXES if not chosen.on_axis(axis)},
        )

    @property
    def size(self) -> int:
        return len(self.rows) * len(self.columns)

    def ask(self, rows: Iterable[Member] | None = None) -> Ask:
        """What has to be known for `rows` (default: all)."""
        found: dict[str, dict[Any, Any]] = {name: {} for name in NAMES}
        used = [(one,) for one in (self.rows if rows is None else rows)]
        for part in (*used, *self.columns, tuple(self.fixed.values())):
            for member in part:
                for name, value in member.fixes.items():
                    found[name][_name(value)] = value
        lists: dict[str, Any] = {NAMES[name]: list(found[name].values()) for name in NAMES}
        return Ask(**lists, on=moment(self.chosen.on), units_on=self.chosen.units_on)

    @cached_property
    def crosstab(self) -> Crosstab:
        """Raises TooLarge beyond MOST_CELLS."""
        if self.size > MOST_CELLS:
            raise TooLarge(self.size)
        return crosstab(self.ask())

    def key(self, row: Member, column: Column) -> Key:
        return _key(self.fixes(row, column))

    def fixes(self, row: Member, column: Column) -> dict[str, Any]:
        fixes: dict[str, Any] = {}
        for member in (*self.fixed.values(), row, *column):
            fixes |= member.fixes
        return fixes

    def figure(self, row: Member, column: Column, of: Crosstab | None = None) -> Figure:
        return self._figure(self.key(row, column), of)

    def _figure(self, key: Key, of: Crosstab | None = None) -> Figure:
        return SUPPRESSED if key in self.hidden else (of or self.crosstab)[key]

    def cell(self, row: Member, column: Column, *, linked: bool = True) -> Cell:
        fixes = self.fixes(row, column)
        figure = self._figure(_key(fixes))
        url = (
            address(fixes, self.chosen)
            if linked and self.leads_on and figure.value is not None
            else ""
        )
        return Cell(figure, fixes["measure"], url)

    def lines(self, rows: Iterable[Member]) -> Iterator[tuple[Member, list[Cell]]]:
        for row in rows:
            yield row, [self.cell(row, column) for column in self.columns]

    @property
    def body(self) -> list[Member]:
        return [row for row in self.rows if not row.is_total]

    @property
    def totals(self) -> list[Member]:
        return [row for row in self.rows if row.is_total]

    @cached_property
    def heads(self) -> list[list[tuple[Member, int]]]:
        """For each row of headings, outer first, the members with how many columns they span."""
        found = []
        for depth in range(len(self.chosen.columns)):
            spans: list[tuple[Column, Member, int]] = []
            for column in self.columns:
                outer = column[: depth + 1]
                if spans and spans[-1][0] == outer:
                    spans[-1] = (outer, column[depth], spans[-1][2] + 1)
                else:
                    spans.append((outer, column[depth], 1))
            found.append([(member, span) for _, member, span in spans])
        return found

    @cached_property
    def sources(self) -> list[Source]:
        """The submissions that tell of it; of the total where the whole is too large to read."""
        if self.size > MOST_CELLS:
            return crosstab(self.ask(self.totals[-1:] or self.rows[:1])).sources
        return self.crosstab.sources

    @property
    def dataset_titles(self) -> str:
        return ", ".join(dict.fromkeys(source.dataset_title for source in self.sources))

    @property
    def as_of(self) -> datetime.datetime | None:
        return max((source.approved_at for source in self.sources), default=None)

    @property
    def is_demo(self) -> bool:
        return any(source.is_demo for source in self.sources)

    @cached_property
    def is_incomplete(self) -> bool:
        """Whether a unit is missing to any figure."""
        figures = (self.figure(row, column) for row in self.rows for column in self.columns)
        return any(one.value is not None and not one.is_complete for one in figures)

    @cached_property
    def kinds(self) -> list[str]:
        """The kinds of the figures that are shown: census, administrative, sample."""
        there = {
            figure.kind
            for key, figure in self.crosstab.figures.items()
            if figure.value is not None and figure.kind and key not in self.hidden
        }
        return [kind for kind in FigureKind.values if kind in there]

    @property
    def marks_samples(self) -> bool:
        """Sampled figures stand beside others: each says so."""
        return len(self.kinds) > 1 and FigureKind.SAMPLE in self.kinds

    @property
    def kind_words(self) -> str:
        """ "Loại số liệu: tổng điều tra, điều tra mẫu (ô ghi “mẫu”)"."""
        if not self.kinds:
            return ""
        words = ", ".join(str(FigureKind(kind).label) for kind in self.kinds)
        marked = ". Ô ghi “mẫu” là ước lượng từ mẫu, không cộng với số khác"
        return f"Loại số liệu: {words}{marked if self.marks_samples else ''}."

    @property
    def rates_words(self) -> str:
        """Said where a rate stands in a total."""
        totals = self.totals or any(one.is_total for column in self.columns for one in column)
        if not totals or not any(measure.is_ratio for measure in self.chosen.measures):
            return ""
        return "Tỷ lệ ở dòng, cột tổng được tính lại từ tổng của tử số và mẫu số."

    @cached_property
    def has_estimates(self) -> bool:
        return any(figure.is_estimate for figure in self.crosstab.figures.values())

    @property
    def title(self) -> str:
        """ "Dân số theo dân tộc (người)": what is measured, and in what."""
        measures = self.chosen.measures
        if len(measures) > 1:
            return f"{len(measures)} chỉ tiêu theo {AXES[self.chosen.rows].lower()}"
        unit = measures[0].unit_of_measure
        return f"{measures[0].name}{f' ({unit})' if unit else ''}"

    @property
    def subtitle(self) -> str:
        """What the table is narrowed to: "Huyện Sơn Động · Dân tộc thiểu số · Năm 2023"."""
        words = [self.fixed[axis].label for axis in FIXED_LABELS if axis in self.fixed]
        if self.chosen.on_axis("don-vi"):
            words.insert(0, self.chosen.units_words)
        if self.chosen.on is not None:
            words.append(f"số liệu biết đến ngày {formats.day(self.chosen.on)}")
        if self.chosen.units_on is not None:
            words.append(f"địa giới ngày {formats.day(self.chosen.units_on)}")
        return " · ".join(word for word in words if word)


NAMES = {
    "measure": "measures",
    "area": "areas",
    "period": "periods",
    "group": "groups",
    "sex": "sexes",
    "category": "categories",
    "kind": "kinds",
}


def _key(fixes: dict[str, Any]) -> Key:
    return Key(*[_name(fixes[name]) for name in NAMES])


def _name(value: Any) -> str:
    """How a member's value is named in a key."""
    if isinstance(value, str):
        return value
    name: str = value.key if hasattr(value, "key") else value.code
    return name


def address(fixes: dict[str, Any], chosen: Selection) -> str:
    """Where the values behind a cell are listed; empty for sets, which have no such page."""
    area, group = fixes["area"], fixes["group"]
    if area.unit is None or "+" in group.key:
        return ""
    query = {
        "chi-tieu": fixes["measure"].code,
        "don-vi": area.code,
        "ky": fixes["period"].code,
        "dan-toc": group.key,
        "gioi-tinh": fixes["sex"],
        "phan-loai": fixes["category"],
        "loai": fixes["kind"],
        "ngay": chosen.on.isoformat() if chosen.on else "",
        "dia-gioi": chosen.units_on.isoformat() if chosen.units_on else "",
    }
    told = "&".join([_told(name, value) for name, value in query.items() if value])
    return f"{list_address()}?{told}"


@lru_cache(maxsize=4096)
def _told(name: str, value: str) -> str:
    """A part of an address; a large table says the same few hundred thousands of times."""
    return urlencode({name: value})


@cache
def list_address() -> str:
    return reverse("ethnic_data:observation_list")
