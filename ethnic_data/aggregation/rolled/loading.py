"""Read the sums of what is asked: which may be read, and their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from ethnic_data.aggregation.places import Place
from ethnic_data.models import set_key

from .areas import is_whole, level_number, members

STATES = """
SELECT period_id, dataset_id, areas FROM ethnic_data_rollupstate s
WHERE period_id = ANY (%(periods)s)
UNION ALL
SELECT DISTINCT period_id, dataset_id, NULL::bigint[] FROM ethnic_data_unsummed
WHERE period_id = ANY (%(periods)s)
"""
SETS = "SELECT key, id FROM ethnic_data_rollupset WHERE key = ANY (%(keys)s)"
MEMBERS = "SELECT id, members FROM ethnic_data_rollupset WHERE id = ANY (%(ids)s)"
# {groups}: the sums by group, where they are asked for
ROWS = """
SELECT indicator_id, sex, category, period_id, area_id, dataset_id, kind, level, total, given, told,
    is_partial, reason, other_reason, cells, units_id, submissions_id, covered, covered_units_id,
    covered_submissions_id, to_read, {groups}
FROM ethnic_data_rollup
WHERE indicator_id = ANY (%(indicators)s) AND period_id = ANY (%(periods)s)
  AND area_id = ANY (%(areas)s) AND sex = ANY (%(sexes)s) AND category = ANY (%(categories)s)
"""
WITH_GROUPS = "groups, totals, group_cells, open_groups"
WITHOUT = "NULL, NULL, NULL, NULL"
ZERO = Decimal(0)
What = tuple[int, str, str]  # an indicator's key, a sex, a category


@dataclass(slots=True)
class Row:
    """One row of the sums; see `models.Rollup`."""

    dataset: int
    kind: str
    level: int
    total: Decimal | None
    given: int
    told: int
    partial: bool
    reason: str
    other_reason: str
    cells: int
    units: int | None
    submissions: int | None
    covered: int
    covered_units: int | None
    covered_submissions: int | None
    to_read: bool
    groups: list[int]
    totals: list[Decimal]
    group_cells: list[int]
    open_groups: list[int]
    _by_group: dict[int, Decimal] | None = None

    @property
    def by_group(self) -> dict[int, Decimal]:
        if self._by_group is None:
            self._by_group = dict(zip(self.groups, self.totals, strict=True))
        return self._by_group

    def leaves_open(self, groups: Collection[int]) -> bool:
        """Whether a part of these groups is missing somewhere, so that there is no plain sum."""
        return bool(self.open_groups) and not set(groups).isdisjoint(self.open_groups)

    def total_of(self, groups: Iterable[int]) -> Decimal:
        return sum((self.by_group.get(one, ZERO) for one in groups), ZERO)

    def cells_of(self, groups: Collection[int]) -> int:
        told = zip(self.groups, self.group_cells, strict=True)
        return sum(cells for group, cells in told if group in groups)


class Spot(NamedTuple):
    """Where the rows of a place are: its own figures, and its sums; None where none can be.

    `level`: of the only unit that is added up, whose own rows are the sum. `is_open`: sums of this
    place would need shares, or are not kept.
    """

    own: int | None
    area: int | None
    level: int | None
    is_open: bool


@dataclass
class Rollups:
    """The rows for some places in some periods, by what they tell, period and set."""

    spots: dict[tuple[int, int], Spot] = field(default_factory=dict)  # (period, id of the place)
    rows: dict[tuple[What, int, int | None], list[Row]] = field(default_factory=dict)
    periods: set[int] = field(default_factory=set)
    members: dict[int, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        asked: Collection[What],
        places: Mapping[int, Collection[Place]],
        *,
        with_groups: bool,
        with_members: bool = False,
    ) -> Rollups:
        """Of the periods (keys of `places`) that are summed; three queries, or one where none is.

        with_members: the numbers in the sets of units and submissions as well, one query more.
        """
        states = _states(places)
        if not states or not asked:
            return cls()
        found = cls(periods=set(states))
        found._find({period: places[period] for period in states}, states)
        found._fill(asked, with_groups=with_groups)
        if with_members:
            found._name()
        return found

    def groups_told(self, asked: Collection[What], period: int, spot: Spot) -> set[int]:
        """The groups that anybody told of at a place or below it."""
        rows = (
            row
            for what in asked
            for area in {spot.own, spot.area}
            for row in self.rows.get((what, period, area), ())
        )
        return {group for row in rows for group in row.groups}

    def _find(
        self,
        places: Mapping[int, Collection[Place]],
        states: Mapping[int, list[frozenset[int]]],
    ) -> None:
        keys: dict[int, tuple[str, str, list[int]]] = {}
        for place in (place for told in places.values() for place in told):
            if id(place) not in keys:
                parts = members(place)
                keys[id(place)] = set_key([place.own]), set_key(parts) if parts else "", parts
        every = list({key for own, area, _ in keys.values() for key in (own, area) if key})
        with connection.cursor() as cursor:
            cursor.execute(SETS, {"keys": every})
            ids = dict(cursor.fetchall())
        for period, told in places.items():
            summed = states[period]
            for place in told:
                own, key, parts = keys[id(place)]
                area, is_open = ids.get(key), False
                level = None
                if len(parts) == 1:
                    level = level_number(place.levels[parts[0]])
                    is_open = not is_whole(place)
                elif parts:
                    kept = all(area in areas for areas in summed)
                    is_open = not kept or not is_whole(place)
                self.spots[period, id(place)] = Spot(
                    ids.get(own), None if is_open else area, level, is_open
                )

    def _fill(self, asked: Collection[What], *, with_groups: bool) -> None:
        given: dict[str, Any] = {
            "indicators": list({indicator for indicator, _, _ in asked}),
            "sexes": list({sex for _, sex, _ in asked}),
            "categories": list({category for _, _, category in asked}),
            "periods": list(self.periods),
            "areas": list({one for spot in self.spots.values() for one in spot[:2] if one}),
        }
        rows: dict[tuple[What, int, int | None], list[Row]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(ROWS.format(groups=WITH_GROUPS if with_groups else WITHOUT), given)
            for indicator, sex, category, period, area, *told in cursor:
                rows[(indicator, sex, category), period, area].append(Row(*told))
        self.rows = dict(rows)

    def _name(self) -> None:
        ids = {
            one
            for told in self.rows.values()
            for row in told
            for one in (row.units, row.submissions, row.covered_units, row.covered_submissions)
        }
        with connection.cursor() as cursor:
            cursor.execute(MEMBERS, {"ids": [one for one in ids if one is not None]})
            self.members = {key: tuple(told) for key, told in cursor.fetchall()}


def _states(places: Mapping[int, Collection[Place]]) -> dict[int, list[frozenset[int]]]:
    """The summed sets of units of each dataset, by period; without periods not wholly summed.

    A period that has neither sums nor a mark has no approved values.
    """
    found: dict[int, list[frozenset[int]]] = {period: [] for period in places}
    unsummed = set()
    with connection.cursor() as cursor:
        cursor.execute(STATES, {"periods": list(places)})
        for period, _, areas in cursor.fetchall():
            if areas is None:
                unsummed.add(period)
            else:
                found[period].append(frozenset(areas))
    return {period: areas for period, areas in found.items() if period not in unsummed}
