"""What a cross table is asked for, and what has to be read from the observations for it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

from ethnic_data.aggregation.observed import MINORITIES
from ethnic_data.aggregation.questions import group_ids
from ethnic_data.models import Aggregation, EthnicGroup, GroupKind, Indicator
from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit

ADDED_UP = (Aggregation.SUM, Aggregation.COUNT_TRUE)


@dataclass(frozen=True)
class Area:
    """A unit, or a set of communes that goes by one name, such as a zone.

    `unit` is the unit's key; a set has none, and `members` tells its communes by period. `key`
    names it in a table: of years in which one code was two units' it has to be more than the code.
    """

    key: str
    unit: int | None = None
    members: dict[int, frozenset[int]] = field(default_factory=dict, hash=False, compare=False)

    @classmethod
    def of(cls, unit: AdministrativeUnit) -> Self:
        return cls(f"{unit.code}/{unit.pk}", unit.pk)

    @property
    def code(self) -> str:
        return self.key.partition("/")[0]


@dataclass(frozen=True)
class GroupSet:
    """Groups that are counted together: `groups` None for everybody."""

    key: str
    groups: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Every combination of these is one cell. "" of a sex, category or kind: whichever there is.

    on: as of the revisions that stood approved at that moment. units_on: in the units in force on
    that day; None for the units of each period.
    """

    measures: Sequence[Indicator]
    areas: Sequence[Area]
    periods: Sequence[ReportingPeriod]
    groups: Sequence[GroupSet] = (GroupSet(""),)
    sexes: Sequence[str] = ("",)
    categories: Sequence[str] = ("",)
    kinds: Sequence[str] = ("",)
    on: datetime.datetime | None = None
    units_on: datetime.date | None = None

    @property
    def cells(self) -> int:
        return (
            len(self.measures)
            * len(self.areas)
            * len(self.periods)
            * len(self.groups)
            * len(self.sexes)
            * len(self.categories)
            * len(self.kinds)
        )


Slot = tuple[Indicator, str, str, GroupSet]  # measure, sex, category, groups
Way = tuple[int, int | None]  # number of an operand, number of a set of groups


@dataclass(frozen=True)
class Plan:
    """How one figure is had: for each part the ways to have it; for a count whose groups."""

    parts: tuple[tuple[Way, ...], ...]
    counted: tuple[Way, ...] = ()


class Needs:
    """Operands and sets of groups, numbered as they are first needed."""

    def __init__(self) -> None:
        self.operands: dict[tuple[int, str, str], int] = {}
        self.sets: dict[tuple[int, ...], int] = {}
        self.ways: dict[Way, None] = {}
        self._minorities: tuple[int, ...] | None = None
        self._listed: tuple[int, ...] | None = None

    def plan(self, measure: Indicator, sex: str, category: str, groups: GroupSet) -> Plan:
        """The same parts and ways as `questions.Question.operands`."""
        parts = [(measure, "", "")]
        if measure.numerator is not None and measure.denominator is not None:
            parts = [
                (measure.numerator, measure.numerator_sex, measure.numerator_category_id or ""),
                (
                    measure.denominator,
                    measure.denominator_sex,
                    measure.denominator_category_id or "",
                ),
            ]
        elif measure.aggregation == Aggregation.MEAN and measure.weight is not None:
            parts.append((measure.weight, "", ""))
        found = tuple(
            self._ways(part, own_sex or sex, own_category or category, groups.groups)
            for part, own_sex, own_category in parts
        )
        return Plan(found, self._counted(measure, sex, category, groups.groups))

    def _ways(
        self, part: Indicator, sex: str, category: str, groups: tuple[int, ...] | None
    ) -> tuple[Way, ...]:
        own = self._way(part.pk, sex, category, groups)
        if part.all_groups_id is None:
            return (own,)
        chosen = set(self.minorities)
        if groups is not None:
            chosen &= set(groups)
        return (own, self._way(part.all_groups_id, sex, category, tuple(sorted(chosen))))

    def _counted(
        self, measure: Indicator, sex: str, category: str, groups: tuple[int, ...] | None
    ) -> tuple[Way, ...]:
        if measure.aggregation != Aggregation.DISTINCT_COUNT or measure.counted_id is None:
            return ()
        chosen = self.listed if groups is None else [one for one in self.listed if one in groups]
        return tuple(self._way(measure.counted_id, sex, category, (one,)) for one in chosen)

    def _way(self, indicator: int, sex: str, category: str, groups: tuple[int, ...] | None) -> Way:
        operand = self.operands.setdefault((indicator, sex, category), len(self.operands))
        if groups is None:
            way: Way = (operand, None)
        else:
            way = (operand, self.sets.setdefault(groups, len(self.sets)))
        self.ways[way] = None
        return way

    @property
    def minorities(self) -> tuple[int, ...]:
        if self._minorities is None:
            self._minorities = group_ids(MINORITIES) or ()
        return self._minorities

    @property
    def listed(self) -> tuple[int, ...]:
        if self._listed is None:
            kept = EthnicGroup.objects.filter(kind=GroupKind.LISTED).order_by("code")
            self._listed = tuple(kept.values_list("pk", flat=True))
        return self._listed


def as_sql(needs: Needs, ways: Iterable[Way]) -> dict[str, list[object]]:
    """The ways as parameters of the statements: operands, sets, and which go together."""
    wanted = sorted(set(ways), key=str)
    numbers = {operand for operand, _ in wanted}
    operands = [(n, *what) for what, n in needs.operands.items() if n in numbers]
    narrowed = [(operand, at) for operand, at in wanted if at is not None]
    used = {at for _, at in narrowed}
    members = [(at, group) for groups, at in needs.sets.items() if at in used for group in groups]
    return {
        "numbers": [n for n, *_ in operands],
        "indicators": [indicator for _, indicator, _, _ in operands],
        "sexes": [sex for _, _, sex, _ in operands],
        "categories": [category for *_, category in operands],
        "together": [operand for operand, at in wanted if at is None],
        "need_operand": [operand for operand, _ in narrowed],
        "need_set": [at for _, at in narrowed],
        "member_set": [at for at, _ in members],
        "member_group": [group for _, group in members],
    }
