"""What is asked of the observations so that an indicator can be answered."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from ethnic_data.models import Aggregation, EthnicGroup, Indicator
from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit

from .choosing import Index
from .observed import MINORITIES, GroupChoice, Observed, Operand, observed
from .places import Place, places
from .rolled.choosing import RolledIndex

When = datetime.date | datetime.datetime | None


@dataclass(frozen=True)
class Question:
    """An indicator for some units in a period, with everything looked up that answers share."""

    indicator: Indicator
    units: list[AdministrativeUnit]
    period: ReportingPeriod
    sex: str
    category: str
    on: datetime.datetime | None
    places: dict[int, Place]
    kind: str = ""
    units_on: datetime.date | None = None

    @classmethod
    def of(
        cls,
        indicator: Indicator | str,
        units: Sequence[AdministrativeUnit],
        period_code: str,
        *,
        sex: str | None = None,
        category: str = "",
        on: When = None,
        kind: str = "",
        units_on: datetime.date | None = None,
    ) -> Question:
        if isinstance(indicator, str):
            indicator = Indicator.objects.with_parts().get(code=indicator)
        period = ReportingPeriod.objects.get(code=period_code)
        return cls(
            indicator=indicator,
            units=list(units),
            period=period,
            sex=sex or "",
            category=category,
            on=moment(on),
            places=places(units, period.end, units_on=units_on),
            units_on=units_on,
            kind=kind,
        )

    def operands(
        self, groups: tuple[int, ...] | None, *, minorities: tuple[int, ...] | None = None
    ) -> list[list[Operand]]:
        """For each part of the figure, the ways to have it: as reported, or out of all groups.

        minorities: their keys, when the caller has them already.
        """
        one = self.indicator
        parts = [(one, "", "")]
        if one.numerator is not None and one.denominator is not None:
            parts = [
                (one.numerator, one.numerator_sex, one.numerator_category_id or ""),
                (one.denominator, one.denominator_sex, one.denominator_category_id or ""),
            ]
        elif one.aggregation == Aggregation.MEAN and one.weight is not None:
            parts.append((one.weight, "", ""))
        if minorities is None and any(part.all_groups_id for part, *_ in parts):
            minorities = group_ids(MINORITIES)
        return [
            ways(Operand(part, sex or self.sex, category or self.category, groups), minorities)
            for part, sex, category in parts
        ]

    @property
    def every_unit(self) -> set[int]:
        """The units whose values may be a part of an answer."""
        places = self.places.values()
        return {unit.pk for unit in self.units}.union(*(place.levels for place in places))

    def observed(self, operands: list[list[Operand]], *, by_group: bool = False) -> list[Observed]:
        """Every row of every way and kind, numbered through; one query."""
        flat = [way for part in operands for way in part]
        return observed(
            flat,
            period=self.period,
            units=self.every_unit,
            by_group=by_group,
            on=self.on,
        )

    def choices(
        self, operands: list[list[Operand]], index: Index | RolledIndex, unit: AdministrativeUnit
    ) -> list[list[Any]]:
        """For each part, the possible choices of all its ways at `unit`."""
        numbers = iter(range(sum(map(len, operands))))
        place = self.places[unit.pk]
        return [
            [choice for _ in part for choice in index.choices(next(numbers), place)]
            for part in operands
        ]


def ways(operand: Operand, minorities: Sequence[int] | None) -> list[Operand]:
    """The operand itself; for the minorities' part of something, that something over them."""
    whole_id = operand.indicator.all_groups_id
    if whole_id is None:
        return [operand]
    chosen = set(minorities or ())
    if operand.groups is not None:
        chosen &= set(operand.groups)
    whole = replace(operand, indicator=Indicator(pk=whole_id), groups=tuple(sorted(chosen)))
    return [operand, whole]


def group_ids(group: GroupChoice) -> tuple[int, ...] | None:
    """Keys of the groups that `group` means; None for everybody.

    Raises:
        EthnicGroup.DoesNotExist: no group has this code.
    """
    if group is None:
        return None
    if isinstance(group, EthnicGroup):
        return (group.pk,)
    if group == MINORITIES:
        counted = EthnicGroup.objects.filter(counts_as_minority=True)
        return tuple(counted.values_list("pk", flat=True))
    return (EthnicGroup.objects.get(code=group).pk,)


def moment(on: When) -> datetime.datetime | None:
    """A day means its last moment, in the portal's time zone."""
    if on is None or isinstance(on, datetime.datetime):
        return on
    return timezone.make_aware(datetime.datetime.combine(on, datetime.time.max))
