"""The overview's figures: one set of answers from approved data, put into words and rows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from ethnic_data.aggregation import Answer, answers_by_group, several
from portal.units.models import AdministrativeUnit, Level, UnitMembership, UnitParent

from .selection import LIST_861, Selection

POPULATION, POOR, NEAR_POOR = "D05", "N06", "N07"
#: the counts that the rate is made of
HOUSEHOLDS, POOR_HOUSEHOLDS = "D02", "N03"
RATES = (POPULATION, POOR, NEAR_POOR)
POOR_OF_GROUP = "N01"
MOST_GROUPS = 10


@dataclass(frozen=True)
class Area:
    """The selected unit with its districts and communes as they were on the period's last day."""

    unit: AdministrativeUnit
    districts: list[AdministrativeUnit]
    communes: list[AdministrativeUnit]
    district_of: dict[int, AdministrativeUnit] = field(default_factory=dict)
    memberships: dict[int, UnitMembership] = field(default_factory=dict)

    @classmethod
    def of(cls, unit: AdministrativeUnit, *, on: datetime.date) -> Area:
        """Three queries."""
        inside = list(AdministrativeUnit.objects.on(on).within(unit, on=on))
        by_key = {one.pk: one for one in inside}
        communes = [one for one in inside if one.level == Level.COMMUNE]
        parents = UnitParent.objects.filter(unit__in=communes, valid__contains=on)
        members = UnitMembership.objects.filter(
            unit_list__code=LIST_861, unit__in=communes, valid__contains=on
        )
        return cls(
            unit=unit,
            districts=[one for one in inside if one.level == Level.DISTRICT],
            communes=communes,
            district_of={
                link.unit_id: by_key[link.parent_id] for link in parents if link.parent_id in by_key
            },
            memberships={member.unit_id: member for member in members},
        )

    @property
    def listed(self) -> int:
        """How many of the communes are on the list of the minorities' area."""
        return len(self.memberships)

    @property
    def all_units(self) -> list[AdministrativeUnit]:
        return list({one.pk: one for one in [self.unit, *self.districts, *self.communes]}.values())


@dataclass(frozen=True)
class GroupShare:
    """The poor households of one ethnic group; without a group, those of all that are not shown."""

    name: str
    code: str
    value: Decimal | None
    missing: str = ""


@dataclass(frozen=True)
class Sums:
    """A rate made of the sums of its parts over some communes."""

    communes: int
    numerator: Decimal
    denominator: Decimal
    factor: Decimal

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> Sums:
        return cls(
            communes=len(answers),
            numerator=sum((one.numerator or Decimal(0) for one in answers), Decimal(0)),
            denominator=sum((one.denominator or Decimal(0) for one in answers), Decimal(0)),
            factor=answers[0].indicator.factor,
        )

    @property
    def value(self) -> Decimal | None:
        return self.numerator / self.denominator * self.factor if self.denominator else None


@dataclass(frozen=True)
class Overview:
    """Everything the page says, for one selection."""

    selection: Selection
    area: Area
    answers: dict[tuple[str, str, int], Answer]
    groups: dict[str, Answer]

    def current(self, code: str, unit: AdministrativeUnit | None = None) -> Answer:
        return self.answers[self.selection.period.code, code, (unit or self.area.unit).pk]

    def earlier(self, code: str, unit: AdministrativeUnit | None = None) -> Answer | None:
        """The year before; None where there is none."""
        before = self.selection.before
        if before is None:
            return None
        return self.answers.get((before.code, code, (unit or self.area.unit).pk))

    def same_communes(self, code: str) -> tuple[Sums, Sums] | None:
        """A rate's parts the year before and now, over the communes that gave it in both years;
        None when there is no such commune."""
        pairs = [
            (before, after)
            for commune in self.area.communes
            if (before := self.earlier(code, commune)) is not None
            and before.value is not None
            and (after := self.current(code, commune)).value is not None
        ]
        if not pairs:
            return None
        old, new = zip(*pairs, strict=True)
        return Sums.of(old), Sums.of(new)

    @cached_property
    def used(self) -> list[Answer]:
        """Answers of the selected period that have a value."""
        period = self.selection.period.code
        current = [one for (code, *_), one in self.answers.items() if code == period]
        return [one for one in [*current, *self.groups.values()] if one.value is not None]

    @property
    def has_data(self) -> bool:
        return bool(self.used)

    @property
    def is_demo(self) -> bool:
        return any(one.is_demo for one in self.used)

    @property
    def approved_at(self) -> datetime.datetime | None:
        """When the youngest data on the page were approved."""
        return max((one.approved_at for one in self.used if one.approved_at), default=None)

    @property
    def current_source(self) -> str:
        """The datasets behind the rates of communes."""
        return self.current(POOR).source

    @property
    def group_source(self) -> str:
        return next((one.source for one in self.groups.values() if one.source), "")

    @property
    def group_shares(self) -> list[GroupShare]:
        """Minorities by poor households, the largest first, the rest together at the end."""
        shares = sorted(
            (
                GroupShare(str(one.group), code, one.value, one.missing)
                for code, one in self.groups.items()
                if getattr(one.group, "counts_as_minority", False)
            ),
            key=lambda share: (share.value is None, -(share.value or 0), share.name),
        )
        shown, rest = shares[:MOST_GROUPS], shares[MOST_GROUPS:]
        others = [share.value for share in rest if share.value is not None]
        kinds = {self.groups[share.code].kind for share in rest if share.value is not None}
        if others and len(kinds) == 1:
            shown.append(GroupShare(f"{len(rest)} dân tộc khác", "", sum(others, Decimal(0))))
        return shown


def overview(selection: Selection, area: Area) -> Overview:
    """Ask everything the page needs; the number of queries does not grow with the units."""
    periods = [one for one in (selection.period, selection.before) if one is not None]
    return Overview(
        selection=selection,
        area=area,
        answers=several(RATES, area.all_units, periods),
        groups=answers_by_group(POOR_OF_GROUP, area.unit, selection.period.code),
    )
