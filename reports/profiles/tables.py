"""The numbers of a profile: tables of the explorer, so that both say the same of every cell.

What may be shown to whom, and where a number leads, is decided there as well.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from ethnic_data.aggregation.crosstab import Area, GroupSet, Standing, crosstab, standing
from ethnic_data.exploring.members import Member, Members
from ethnic_data.exploring.publishing import as_seen_by
from ethnic_data.exploring.selection import Selection
from ethnic_data.exploring.table import Cell, Table
from ethnic_data.models import EthnicGroup, Indicator
from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit

if TYPE_CHECKING:
    from portal.accounts.models import User

SEXES = {"male": "Nam", "female": "Nữ", "": "Chung"}
EVERYBODY = Member("", {"group": GroupSet("")})


@dataclass(frozen=True)
class Asking:
    """Who asks, in whose units: what the tables of one profile have in common."""

    user: User
    scope: AdministrativeUnit
    units_on: datetime.date | None
    periods: Sequence[ReportingPeriod]
    around: Sequence[AdministrativeUnit] = ()  # other units that are asked about

    @cached_property
    def where(self) -> Standing:
        """Where all the units stand, looked up once for all tables."""
        units = {one.pk: one for one in (self.scope, *self.around)}
        return standing([Area.of(one) for one in units.values()], self.periods, self.units_on)

    def table(
        self,
        *,
        measures: Sequence[Indicator],
        units: Sequence[AdministrativeUnit],
        periods: Sequence[ReportingPeriod] | None = None,
        group: EthnicGroup | None = None,
    ) -> Cells:
        """Indicators down, units and periods across."""
        chosen = self._selection(measures, periods)
        columns = list(product([unit_member(one) for one in units], map(_period, chosen.periods)))
        fixed = {"dan-toc": _group(group) if group else EVERYBODY, "gioi-tinh": _sex("")}
        return self._cells(chosen, [_measure(one) for one in measures], columns, fixed)

    def by_group(
        self, *, measure: Indicator, groups: Sequence[EthnicGroup], sexes: Iterable[str] = SEXES
    ) -> Cells:
        """Groups and everybody down, sexes across, in the last period."""
        chosen = self._selection([measure], self.periods[-1:])
        rows = [*map(_group, groups), Member("Tất cả dân tộc", {"group": GroupSet("")}, "")]
        fixed = {
            "don-vi": unit_member(self.scope),
            "ky": _period(self.periods[-1]),
            "chi-tieu": _measure(measure),
        }
        return self._cells(chosen, rows, [(_sex(one),) for one in sexes], fixed)

    def _cells(
        self,
        chosen: Selection,
        rows: list[Member],
        columns: Sequence[tuple[Member, ...]],
        fixed: dict[str, Member],
    ) -> Cells:
        same = {"phan-loai": Member("", {"category": ""}), "loai": Member("", {"kind": ""})}
        table = Table(chosen, Members(chosen), rows, list(columns), {**same, **fixed})
        asked = table.ask()
        table.crosstab = crosstab(asked, self.where.of(asked.areas, asked.periods))
        return Cells(as_seen_by(self.user, table))

    def _selection(
        self, measures: Sequence[Indicator], periods: Sequence[ReportingPeriod] | None
    ) -> Selection:
        return Selection(
            measures=list(measures),
            rows="chi-tieu",
            columns=("don-vi", "ky"),
            scope=self.scope,
            level="xa",
            zone="",
            groups=[],
            which_groups="",
            sex="",
            category="",
            periods=list(periods or self.periods),
            kind="",
            on=None,
            units_on=self.units_on,
            chart="khong",
        )


class Cells:
    """Cells of a table by the codes of their row and columns."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._cells = {
            (row.code, *(member.code for member in column)): cell
            for row, cells in table.lines(table.rows)
            for column, cell in zip(table.columns, cells, strict=True)
        }

    def __getitem__(self, at: tuple[str, ...]) -> Cell:
        return self._cells[at]


def unit_member(unit: AdministrativeUnit) -> Member:
    return Member(unit.full_name, {"area": Area.of(unit)}, unit.code)


def _period(period: ReportingPeriod) -> Member:
    return Member(period.label, {"period": period}, period.code)


def _measure(measure: Indicator) -> Member:
    return Member(measure.name, {"measure": measure}, measure.code, note=measure.unit_of_measure)


def _group(group: EthnicGroup) -> Member:
    return Member(group.name, {"group": GroupSet(group.code, (group.pk,))}, group.code)


def _sex(sex: str) -> Member:
    return Member(SEXES[sex], {"sex": sex}, sex)
