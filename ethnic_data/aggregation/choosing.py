"""Choose, among all that was observed, the values that answer for one unit.

Two datasets, two kinds of figures (census, sample, administrative) or two levels of units may
speak of the same thing. One of each is taken, never their sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from functools import cached_property, reduce
from typing import Any

from ethnic_data.models import FigureKind
from portal.units.models import Level

from .observed import Observed
from .places import Place, Shares

MIXED = "mixed"  # counted for some groups, sampled for others
KIND_ORDER = [FigureKind.CENSUS, FigureKind.ADMINISTRATIVE, FigureKind.SAMPLE]
KIND_RANK = {kind.value: rank for rank, kind in enumerate(KIND_ORDER)}
OWN = 10**9  # before any number of units
EXACT = Context(prec=200)  # shares are multiplied and added without rounding
NO_SHARE = "no_share"  # the reason where no one can say what part belongs to a unit
LEVEL_ORDER = [Level.COMMUNE, Level.DISTRICT, Level.PROVINCE]


@dataclass(frozen=True)
class Used:
    """What is used of a choice: its total, the units and submissions it is from."""

    total: Decimal | None = None
    count: int = 0
    units: Iterable[int] = ()
    cells: int = 0
    submissions: frozenset[int] = frozenset()
    is_partial: bool = False
    kind: str = ""


@dataclass
class Choice:
    """The values taken for one operand at one unit, by the unit each was observed at.

    `direct`: the unit reported itself, so nothing was added up. `shares`: the part of each value
    that belongs to the place, in the units of another day.
    """

    values: Mapping[int, Observed] = field(default_factory=dict)
    direct: bool = False
    kind: str = ""
    shares: Shares | None = None

    @cached_property
    def whole(self) -> dict[int, Decimal]:
        """What each unit gave, before it is shared out."""
        return {unit: one.value for unit, one in self.values.items() if one.value is not None}

    @cached_property
    def given(self) -> dict[int, Decimal]:
        """The part of each that belongs to the place; nothing where a part cannot be said."""
        if self.shares is None:
            return self.whole
        if self.is_open:
            return {}
        return {
            unit: EXACT.multiply(value, self._share(unit)) for unit, value in self.whole.items()
        }

    def _share(self, unit: int) -> Decimal:
        share = self.shares.get(unit) if self.shares is not None else None
        return Decimal(1) if share is None else share

    @cached_property
    def is_open(self) -> bool:
        """Something was counted of which no one can say how much belongs to the place."""
        shares = self.shares
        if shares is None:
            return False
        return any(value and shares.get(unit) is None for unit, value in self.whole.items())

    @property
    def is_estimate(self) -> bool:
        """A value was shared out by weight, and it was not 0."""
        return not self.is_open and any(
            value and self._share(unit) < 1 for unit, value in self.whole.items()
        )

    @property
    def reasons(self) -> set[str]:
        if self.is_open:
            return {NO_SHARE}
        return {one.missing for one in self.values.values() if one.value is None}

    def total(self) -> Decimal | None:
        return added(self.given.values()) if self.given else None

    @property
    def tells(self) -> bool:
        return bool(self.values)

    @property
    def count(self) -> int:
        """How many units gave a value."""
        return len(self.given)

    def level(self, place: Place) -> str:
        """The level of the units whose values these are."""
        return place.levels.get(next(iter(self.values)), "")

    def overlap(self, other: Choice) -> int:
        """How many units gave to both."""
        return len(self.given.keys() & other.given.keys())

    def used(self, other: Choice | None = None) -> Used:
        """All that was given; with `other` of the units that gave both."""
        units = sorted(self.given.keys() & other.given.keys()) if other else list(self.given)
        rows = [self.values[unit] for unit in units]
        return Used(
            total=added(self.given[unit] for unit in units) if units else None,
            count=len(units),
            units=units,
            cells=sum(int(row.cells) for row in rows),
            submissions=frozenset(row.submission for row in rows),
            is_partial=any(row.partial for row in rows),
            kind=next((row.kind for row in rows), ""),
        )

    def products(self, other: Choice) -> Decimal:
        """What each unit gave times its part of `other`, added up."""
        shared = self.given.keys() & other.given.keys()
        return added(EXACT.multiply(self.whole[unit], other.given[unit]) for unit in shared)


def added(values: Iterable[Decimal]) -> Decimal:
    """The sum, without rounding."""
    return reduce(EXACT.add, values, Decimal(0))


def really_told(rows: list[Observed]) -> list[Observed]:
    """Without the 0 of a kind that told of other groups only, where another kind tells of these."""
    told = {(row.dataset, row.unit) for row in rows if row.cells}
    return [row for row in rows if row.cells or (row.dataset, row.unit) not in told]


def unmixed(rows: list[Observed]) -> list[Observed]:
    """Rows of one unit. Where a dataset tells of it in two kinds, partly counted and partly
    sampled, there is no one figure: they are never added, and neither stands for both.
    """
    if len(rows) < 2:
        return rows
    rows = really_told(rows)
    kinds: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        if row.value is not None:
            kinds[row.dataset].add(row.kind)
    found: list[Observed] = []
    for row in rows:
        mixed = len(kinds[row.dataset]) > 1
        one = row._replace(kind="", value=None, missing=MIXED) if mixed else row
        if not (mixed and any(o.dataset == one.dataset and o.missing == MIXED for o in found)):
            found.append(one)
    return found


class Index:
    """Observed rows by operand and unit, so that each place looks only at its own."""

    def __init__(self, rows: Iterable[Observed], kind: str = "") -> None:
        """Rows of every kind; `kind` keeps those of one, once it is known who told of what."""
        self._rows: dict[tuple[int, int], list[Observed]] = defaultdict(list)
        for row in rows:
            self._rows[row.operand, row.unit].append(row)
        for at, told in self._rows.items():
            if kind:
                told = [row for row in really_told(told) if row.kind == kind]
            self._rows[at] = unmixed(told)
        self._told = {operand for operand, _ in self._rows}

    def choices(self, operand: int, place: Place) -> list[Choice]:
        """The possible answers for `place`, best first: its own value, then the fullest sum."""
        if operand not in self._told:
            return []  # a province has hundreds of units to look through
        if own := self._rows.get((operand, place.own)):
            direct = [Choice({place.own: row}, True, row.kind) for row in own]
            return sorted(direct, key=rank)
        sums: dict[tuple[int, str, str], dict[int, Observed]] = defaultdict(dict)
        for unit, level in place.levels.items():
            for row in self._rows.get((operand, unit), ()):
                sums[row.dataset, row.kind, level][unit] = row
        ordered = sorted(sums.items(), key=lambda item: (item[0][0], _level(item[0][2])))
        found = [Choice(rows, False, kind, place.shares) for (_, kind, _), rows in ordered]
        return sorted(found, key=rank)


def rank(choice: Any) -> tuple[int, int]:
    """The unit's own figure, then most units; census before administrative before sample."""
    given = choice.count
    return -(OWN if choice.direct and given else given), KIND_RANK.get(choice.kind, len(KIND_RANK))


def _level(level: str) -> int:
    return LEVEL_ORDER.index(Level(level)) if level in LEVEL_ORDER else len(LEVEL_ORDER)


def best(choices: list[Any]) -> Any:
    return min(choices, key=rank, default=Choice())


def best_pair(above: list[Any], below: list[Any]) -> tuple[Any, Any]:
    """Numerator and denominator of one kind that share the most units.

    Where several share as many, what stands first: the figure as reported before one that is
    worked out of another dataset, so that a sum over units does not change its source.
    """
    pairs = [(a, b) for a in above for b in below if a.kind == b.kind]
    if not pairs:
        return best(above), Choice()
    if len(pairs) == 1:
        return pairs[0]
    return max(pairs, key=lambda pair: pair[0].overlap(pair[1]))
