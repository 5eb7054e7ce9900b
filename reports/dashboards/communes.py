"""The table of communes: rows, order, filters, and the sums of what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from ethnic_data.aggregation import Answer
from portal.units.models import AdministrativeUnit, UnitMembership

from .links import observations
from .overview import HOUSEHOLDS, NEAR_POOR, POOR, POOR_HOUSEHOLDS, Overview
from .selection import Selection


@dataclass(frozen=True)
class CommuneRow:
    """One commune: its minority households, the poor and near-poor among them, and its zone."""

    unit: AdministrativeUnit
    district: AdministrativeUnit | None
    member: UnitMembership | None
    poor: Answer
    near_poor: Answer
    before: Answer | None

    @property
    def change(self) -> Decimal | None:
        """The difference of the rate to the year before, in points."""
        if self.before is None or self.before.value is None or self.poor.value is None:
            return None
        return self.poor.value - self.before.value

    @property
    def households(self) -> Decimal | None:
        return self.poor.denominator

    @property
    def links(self) -> dict[str, str]:
        """Where each number of the row leads."""
        codes = {"households": HOUSEHOLDS, "poor": POOR_HOUSEHOLDS, "rate": POOR, "near": NEAR_POOR}
        found = {
            name: observations(code, self.unit, self.poor.period) for name, code in codes.items()
        }
        if self.before is not None:
            found["before"] = observations(POOR, self.unit, self.before.period)
        return found

    @property
    def zone(self) -> str:
        """ "I", "II", "III"; a listed commune whose zone nobody checked has "chưa rõ"."""
        if self.member is None:
            return ""
        return self.member.zone or "chưa rõ"

    @property
    def zone_is_sure(self) -> bool:
        return self.member is None or self.member.is_verified

    @property
    def is_listed(self) -> bool:
        return self.member is not None


SORTS: dict[str, Callable[[CommuneRow], object]] = {
    "name": lambda row: row.unit.sort_key,
    "district": lambda row: (row.district.sort_key if row.district else "", row.unit.sort_key),
    "zone": lambda row: row.zone or None,
    "households": lambda row: row.households,
    "poor": lambda row: row.poor.numerator,
    "rate": lambda row: row.poor.value,
    "near": lambda row: row.near_poor.value,
    "change": lambda row: row.change,
}


@dataclass(frozen=True)
class Totals:
    """Sums over the rows shown; the rate is made of the sums, over communes that gave both."""

    communes: int
    households: Decimal
    poor: Decimal
    near_poor: Decimal
    near_households: Decimal
    without: int

    @property
    def rate(self) -> Decimal | None:
        return self.poor / self.households * 100 if self.households else None

    @property
    def near_rate(self) -> Decimal | None:
        return self.near_poor / self.near_households * 100 if self.near_households else None


def commune_rows(overview: Overview) -> list[CommuneRow]:
    """One row per commune of the selection that passes its filters, in its order."""
    area, selection = overview.area, overview.selection
    rows = [
        CommuneRow(
            unit=commune,
            district=area.district_of.get(commune.pk),
            member=area.memberships.get(commune.pk),
            poor=overview.current(POOR, commune),
            near_poor=overview.current(NEAR_POOR, commune),
            before=overview.earlier(POOR, commune),
        )
        for commune in area.communes
    ]
    return in_order([row for row in rows if passes(row, selection)], selection.sort)


def passes(row: CommuneRow, selection: Selection) -> bool:
    if selection.zone:
        return row.zone == selection.zone
    return row.is_listed or not selection.listed_only


def in_order(rows: list[CommuneRow], sort: str) -> list[CommuneRow]:
    """By the key of `sort`, downwards with "-"; what has no value stands last either way."""
    key = SORTS[sort.removeprefix("-")]
    by_name = sorted(rows, key=lambda row: row.unit.sort_key)
    known = [row for row in by_name if key(row) is not None]
    known.sort(key=key, reverse=sort.startswith("-"))  # type: ignore[arg-type]
    return known + [row for row in by_name if key(row) is None]


def totals(rows: list[CommuneRow]) -> Totals:
    """Sums of the rows that have figures; `without` counts those without a rate."""
    poor = [row.poor for row in rows if row.poor.value is not None]
    near = [row.near_poor for row in rows if row.near_poor.value is not None]
    return Totals(
        communes=len(rows),
        households=summed(one.denominator for one in poor),
        poor=summed(one.numerator for one in poor),
        near_poor=summed(one.numerator for one in near),
        near_households=summed(one.denominator for one in near),
        without=len(rows) - len(poor),
    )


def summed(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))
