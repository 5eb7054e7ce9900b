"""The named queries a report may quote: each knows its title, unit, wording and how to compute it.

A query without a name of its own is an indicator: "K04" asks for the indicator of that code, so
that an indicator which an administrator adds can be quoted at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit, Level
from portal.units.names import fold
from reports.models import Style


@dataclass(frozen=True, slots=True)
class Scope:
    """What a figure is asked for: the report's period, the day it is written, parameters.

    `as_of` asks for the data as they stood approved at that moment; None for today's.
    """

    period: ReportingPeriod
    day: datetime.date
    parameters: Mapping[str, Any] = field(default_factory=dict)
    as_of: datetime.datetime | None = None

    def unit(self) -> AdministrativeUnit | None:
        """The unit that the parameters name, else the province, as on the period's last day."""
        units = AdministrativeUnit.objects.on(self.period.end)
        if code := self.parameters.get("unit"):
            return units.filter(code=code).first()
        return units.filter(level=Level.PROVINCE, is_reference=False).first()


@dataclass(frozen=True, slots=True)
class Computed:
    """A value in `unit_of_measure`, or why there is none, and where it comes from.

    `provenance` is plain JSON: formula, period, units, submissions, files (see models.Figure);
    "why" says more than `missing` why there is no value.
    """

    value: Decimal | None
    missing: str = ""
    unit_of_measure: str = ""
    provenance: dict[str, Any] = field(default_factory=dict)


Compute = Callable[[Scope], Computed]


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """One thing that can be quoted."""

    key: str
    title: str
    unit_of_measure: str
    style: str
    compute: Compute
    note: str = ""
    #: Which of unit, group and sex the query understands.
    takes: frozenset[str] = frozenset()


class UnknownFigure(Exception):
    """A report asks for a figure that nobody has declared."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            f"Không có số liệu nào mang mã “{key}”. Hãy chọn lại số liệu từ danh sách."
        )


_named: dict[str, FigureQuery] = {}

Finder = Callable[[Collection[str]], Mapping[str, FigureQuery]]

#: Finds queries that are rows of the database; set by the module that knows the table.
_finders: list[tuple[Finder, Callable[[str], list[FigureQuery]]]] = []


def figure(
    key: str,
    *,
    title: str,
    unit_of_measure: str = "",
    style: str = Style.NUMBER,
    note: str = "",
    takes: Iterable[str] = (),
) -> Callable[[Compute], Compute]:
    """Declare `compute(scope)` as the query `key`."""

    def declare(compute: Compute) -> Compute:
        query = FigureQuery(key, title, unit_of_measure, style, compute, note, frozenset(takes))
        if _named.setdefault(key, query) is not query:
            raise RuntimeError(f"figure {key!r} is declared twice")
        return compute

    return declare


def also_in(find: Finder, search: Callable[[str], list[FigureQuery]]) -> None:
    """Queries that are rows of a table: those of some keys, and by words."""
    _finders.append((find, search))


def find(key: str) -> FigureQuery:
    """Return the query `key`.

    Raises:
        UnknownFigure: nobody has declared it.
    """
    if found := find_many([key]).get(key):
        return found
    raise UnknownFigure(key)


def find_many(keys: Iterable[str]) -> dict[str, FigureQuery]:
    """The queries of these keys, without those that nobody has declared.

    Indicators are looked up at once, however many there are.
    """
    wanted = set(keys)
    found = {key: _named[key] for key in wanted if key in _named}
    for finder, _ in _finders:
        if left := wanted - set(found):
            found |= finder(left)
    return found


def search(words: str) -> list[FigureQuery]:
    """Queries whose title or key holds every one of `words`, with or without marks."""
    wanted = fold(words).split()
    found = [
        query
        for query in _named.values()
        if all(word in fold(f"{query.key} {query.title}") for word in wanted)
    ]
    for _, searcher in _finders:
        found += searcher(words)
    return found
