"""A cross table: every cell is what `aggregation.answer` says of it, all of them at once.

What is only added up is summed over areas by the database; ratios, means and counts of groups are
computed from the values at units by the same functions that answer a single question.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

from ethnic_data.aggregation.choosing import KIND_RANK
from ethnic_data.aggregation.places import Place
from ethnic_data.aggregation.rolled.choosing import ReadTheValues
from ethnic_data.models import Indicator, Missing
from portal.collection.models import ReportingPeriod

from .asking import Area, Ask, Needs, Plan, Slot, Way
from .figures import Figure, expected_of
from .plain import Reader
from .reading import COVERED, OWN, Sum, Sums, at_units, over_areas
from .rolled import Cell, RolledTable, is_added_up, kept_table
from .shapes import is_mixed, plainly_told
from .sources import Source, Sources
from .standing import Standing, standing
from .values import AtUnits, computed


class Key(NamedTuple):
    """The names of one cell: codes of measure, area, period, groups, and the three words."""

    measure: str
    area: str
    period: str
    group: str = ""
    sex: str = ""
    category: str = ""
    kind: str = ""


NOTHING = Figure(None, Missing.NOT_COLLECTED.value)


@dataclass(frozen=True)
class Crosstab:
    """The cells by their names, and the submissions that tell of them."""

    figures: dict[Key, Figure]
    sources: list[Source] = field(default_factory=list)

    def __getitem__(self, key: Key) -> Figure:
        return self.figures.get(key, NOTHING)


def crosstab(ask: Ask, where: Standing | None = None) -> Crosstab:
    """All cells of `ask`, in at most nine queries whatever their number."""
    return _Making(ask, where).table()


class _Making:
    """One table while it is made."""

    def __init__(self, ask: Ask, where: Standing | None = None) -> None:
        self.ask = ask
        self.needs = Needs()
        self.plans: dict[Slot, Plan] = {
            slot: self.needs.plan(*slot)
            for slot in product(ask.measures, ask.sexes, ask.categories, ask.groups)
        }
        self.summed: set[int] = set()
        self.where: Standing = where or standing(ask.areas, ask.periods, ask.units_on)
        indicators = {indicator for indicator, _, _ in self.needs.operands}
        self.sources = Sources.of(ask.periods, indicators, ask.on).near(
            self.where.units, self.where.above
        )

    def table(self) -> Crosstab:
        """From the sums that are kept; what these do not say is read from the values."""
        figures: dict[Key, Figure] = {}
        left = self._from_sums(figures)
        if left and len(left) == len(self.plans) * len(self.where.places):
            figures.update(self._read(list(self.plans)))
        elif left:
            rest = self._narrowed({area.key for _, _, area in left}, {one.pk for _, one, _ in left})
            read = rest._read(list(dict.fromkeys(slot for slot, _, _ in left)))
            for (slot, period, area), kind in product(left, self.ask.kinds):
                key = _key(slot, period, area, kind)
                figures[key] = read[key]
        return Crosstab(figures, self.sources.rows)

    def _narrowed(self, areas: set[str], periods: set[int]) -> _Making:
        """The same for some areas and periods; nothing is looked up again."""
        rest = copy(self)
        rest.ask = replace(
            self.ask,
            areas=[one for one in self.ask.areas if one.key in areas],
            periods=[one for one in self.ask.periods if one.pk in periods],
        )
        rest.where = Standing(
            {
                (area, period): place
                for (area, period), place in self.where.places.items()
                if area in areas and period in periods
            },
            self.where.above,
        )
        rest.sources = Sources([one for one in self.sources.rows if one.period in periods])
        return rest

    def _read(self, slots: list[Slot]) -> dict[Key, Figure]:
        fast, slow = self._divided(slots)
        figures: dict[Key, Figure] = {}
        if fast:
            figures.update(self._added(fast))
        if slow:
            figures.update(self._computed(slow))
        return figures

    def _from_sums(self, figures: dict[Key, Figure]) -> list[Cell]:
        """Fill in what the kept sums say; the cells that have to be read."""
        table = RolledTable(self.ask, self.needs, self.where)
        summed = self.summed = {period.pk for period in table.periods()}
        left: list[Cell] = [
            (slot, period, area)
            for period in self.ask.periods
            if period.pk not in summed
            for slot, area in product(self.plans, self.ask.areas)
        ]
        for period in table.periods():
            for slot, plan in self.plans.items():
                if is_added_up(slot[0]):
                    self._added_from(table, slot, plan, period, figures, left)
                else:
                    self._computed_from(table, slot, plan, period, figures, left)
        return left

    def _added_from(
        self,
        table: RolledTable,
        slot: Slot,
        plan: Plan,
        period: ReportingPeriod,
        figures: dict[Key, Figure],
        left: list[Cell],
    ) -> None:
        measure, sex, category, group = slot
        ways, number = plan.parts[0], period.pk
        places = [self.where.places[area.key, number] for area in self.ask.areas]
        for kind in self.ask.kinds:
            plain = table.plain(measure, ways, number, places, kind)
            for place, area, figure in zip(places, self.ask.areas, plain, strict=True):
                if figure is None:
                    told = table.sums(ways, number, place, kind)
                    if told is None:
                        left.append((slot, period, area))
                        continue
                    figure = added(measure, place, _in_order(told))
                key = Key(measure.code, area.key, period.code, group.key, sex, category, kind)
                figures[key] = figure

    def _computed_from(
        self,
        table: RolledTable,
        slot: Slot,
        plan: Plan,
        period: ReportingPeriod,
        figures: dict[Key, Figure],
        left: list[Cell],
    ) -> None:
        measure = slot[0]
        for kind in self.ask.kinds:
            index, numbers = table.indexes(plan, period.pk, kind)
            parts, counted = numbers[: len(plan.parts)], numbers[len(plan.parts) :]
            for area in self.ask.areas:
                place = self.where.places[area.key, period.pk]

                def told(one: list[int], place: Place = place) -> list[Any]:
                    return [choice for n in one for choice in index.choices(n, place)]  # noqa: B023

                try:
                    figure = computed(measure, place, map(told, parts), map(told, counted))
                except ReadTheValues:
                    left.append((slot, period, area))
                else:
                    figures[_key(slot, period, area, kind)] = figure

    def _divided(self, slots: list[Slot]) -> tuple[list[Slot], list[Slot]]:
        """Slots that the database can add up by itself, and the others."""
        indicators = {indicator for indicator, _, _ in self.needs.operands}
        simple = (
            not self.sources.overlap
            and self.ask.units_on is None
            and not is_mixed(indicators, self.sources.rows)
        )
        fast = [slot for slot in slots if simple and is_added_up(slot[0])]
        slow = [slot for slot in slots if not (simple and is_added_up(slot[0]))]
        return fast, slow

    def _reader(self, ways: dict[Way, None]) -> Reader | None:
        """One that only adds up, where the submissions allow it."""
        if self.sources.overlap:
            return None
        used = {operand for operand, _ in ways}
        indicators = {what[0] for what, n in self.needs.operands.items() if n in used}
        told = plainly_told(indicators, self.sources.rows)
        return (
            Reader(self.needs, ways, self.sources, self.where, told) if told is not None else None
        )

    def _cells(self) -> Iterator[tuple[ReportingPeriod, int, Area]]:
        for period in self.ask.periods:
            for number, area in enumerate(self.ask.areas):
                yield period, number, area

    def _ways(self, slots: list[Slot]) -> dict[Way, None]:
        plans = [self.plans[slot] for slot in slots]
        ways = [way for plan in plans for part in (*plan.parts, plan.counted) for way in part]
        return dict.fromkeys(ways)

    def _added(self, slots: list[Slot]) -> Iterator[tuple[Key, Figure]]:
        areas = [area.key for area in self.ask.areas]
        ways = self._ways(slots)
        reader = self._reader(ways)
        if reader is None:
            sums = over_areas(self.needs, ways, self.sources, self.where, areas)
        else:
            sums = reader.over_areas(areas)
        for slot, kind, (period, number, area) in product(
            slots, self.ask.kinds, list(self._cells())
        ):
            measure, sex, category, group = slot
            place = self.where.places[area.key, period.pk]
            found = [
                one
                for way in self.plans[slot].parts[0]
                for one in best_first(_sums_of(sums, way, period.pk, number), kind)
            ]
            key = Key(measure.code, area.key, period.code, group.key, sex, category, kind)
            yield key, added(measure, place, found)

    def _computed(self, slots: list[Slot]) -> Iterator[tuple[Key, Figure]]:
        ways = self._ways(slots)
        rows = kept_table(self.ask, self.needs, ways, self.where, self.summed)
        if rows is None:
            reader = self._reader(ways)
            if reader is None:
                rows = at_units(self.needs, ways, self.sources, self.where)
            else:
                rows = reader.at_units()
        for kind in self.ask.kinds:
            values = AtUnits(rows, kind)
            for slot, (period, _, area) in product(slots, list(self._cells())):
                measure, sex, category, group = slot
                place = self.where.places[area.key, period.pk]
                key = Key(measure.code, area.key, period.code, group.key, sex, category, kind)
                yield key, values.figure(measure, self.plans[slot], period.pk, place)


def _sums_of(sums: Sums, way: Way, period: int, area: int) -> list[Sum]:
    """The sums of a way; a set of groups has 0 at units that told of other groups only."""
    operand, groups = way
    told = sums.get((operand, groups, period, area), [])
    if groups is None:
        return told
    own = {(one.dataset, one.kind, one.level): one for one in told}
    found = []
    for all_told in sums.get((operand, COVERED, period, area), []):
        one = own.get((all_told.dataset, all_told.kind, all_told.level), all_told)
        given = all_told.given - (one.told - one.given)
        total = (one.total or Decimal(0)) if given else None
        found.append(one._replace(given=given, told=all_told.told, total=total))
    return found


def best_first(sums: list[Sum], kind: str) -> list[Sum]:
    """As `choosing.Index.choices`: the area's own value alone, else the fullest sum first."""
    chosen = [one for one in sums if kind in ("", one.kind)]
    own = [one for one in chosen if one.level == OWN]
    return sorted(own or chosen, key=lambda one: (*_rank(one), one.dataset, one.level))


def _in_order(told: list[list[Sum]]) -> list[Sum]:
    return [one for sums in told for one in best_first(sums, "")]


def _rank(one: Sum) -> tuple[int, int]:
    own = one.level == OWN and one.given
    return -(10**9 if own else one.given), KIND_RANK[one.kind]


def added(measure: Indicator, place: Place, sums: list[Sum]) -> Figure:
    """As `computing.compute` for what is added up."""
    if not sums:
        return NOTHING
    best = min(sums, key=_rank)
    expected = expected_of(measure, place, best.level)
    if best.given == 0 or best.total is None:
        same = best.reason is not None and best.reason == best.other_reason
        return Figure(None, str(best.reason) if same else NOTHING.missing, expected=expected)
    return Figure(
        best.total,
        "",
        kind=best.kind,
        given=best.given,
        expected=expected,
        is_partial=bool(best.partial),
    )


def _key(slot: Slot, period: ReportingPeriod, area: Area, kind: str) -> Key:
    measure, sex, category, group = slot
    return Key(measure.code, area.key, period.code, group.key, sex, category, kind)
