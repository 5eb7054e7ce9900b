"""The numbers of a unit's profile: the same for everybody who may see the same, and so kept."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from ethnic_data.exploring.publishing import EXACT
from ethnic_data.exploring.table import Cell, Table
from ethnic_data.models import EthnicGroup, Indicator
from portal.charts import Chart, Line, stacked_bars, time_series
from portal.units.models import Level
from reports.dashboards.key_figures import KeyFigure
from reports.dashboards.version import data_version, kept

from . import contents, figures
from .asking import Asked
from .groups import GroupRow, by_groups
from .places import Places
from .standing import Compared, rank
from .tables import Asking, Cells

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import ReportingPeriod
    from portal.units.models import AdministrativeUnit

MOST_GROUPS_DRAWN = 8


@dataclass(frozen=True)
class Told:
    """One indicator with its cells."""

    measure: Indicator
    cells: list[Cell]

    @property
    def cell(self) -> Cell:
        return self.cells[-1]

    @property
    def says_something(self) -> bool:
        """Whether a number is there, or one that is not shown to this reader."""
        return any(map(says_something, self.cells))

    @property
    def is_yes_or_no(self) -> bool:
        return self.measure.unit_of_measure == "có/không"

    @property
    def unit_words(self) -> str:
        """What stands behind the number; of yes and no at several communes how many have it."""
        return "xã" if self.is_yes_or_no else self.measure.unit_of_measure

    @property
    def yes_or_no(self) -> str:
        """ "Có" or "Không" for what a single commune has or has not; else empty."""
        value = self.cell.figure.value
        if not self.is_yes_or_no or value not in (0, 1) or self.cell.figure.expected != 1:
            return ""
        return "Có" if value else "Không"


@dataclass(frozen=True)
class Numbers:
    """What approved data say of a unit. `over_years` and `services` hold what there is of it."""

    first: list[KeyFigure]
    over_years: list[Told]
    services: list[Told]
    lacking: list[Indicator]
    groups: list[GroupRow]
    compared: list[Compared]
    below: list[tuple[AdministrativeUnit, list[Cell]]]
    below_measures: list[Indicator]
    sources: list[str]
    as_of: datetime.datetime | None
    is_demo: bool
    trend: Chart | None
    pyramid: Chart | None
    marks: list[str]

    @property
    def is_empty(self) -> bool:
        return not (self.over_years or self.services or self.groups)

    @property
    def hidden(self) -> bool:
        """Whether anything is not shown to this reader."""
        cells = [one for told in (*self.over_years, *self.services) for one in told.cells]
        cells += [one for row in self.groups for one in row.cells]
        return any(one.figure.missing == "confidential" for one in cells)


def numbers(asked: Asked, user: User, around: Places) -> Numbers:
    """Kept for each version of the data, unit, and area of those who may see it."""
    return kept("profile", kept_for(asked, user), lambda: _read(asked, user, around))


def kept_for(asked: Asked, user: User) -> list[object]:
    """What numbers depend on beside what they are of."""
    return [
        data_version(asked.periods),
        asked.unit.pk,
        asked.units_on,
        *(period.pk for period in asked.periods),
        user.has_perm(EXACT),
        "everywhere" if user.sees_every_unit else user.area_id,
    ]


def _read(asked: Asked, user: User, around: Places) -> Numbers:
    unit = asked.unit
    is_exact = user.has_perm(EXACT)
    of_years = contents.OVER_THE_YEARS if is_exact else contents.PUBLISHED
    of_services = contents.SERVICES if is_exact else contents.OF_PLACES
    ranked = contents.RANKED if is_exact else contents.RANKED_PUBLISHED
    measures = _indicators((*of_years, *of_services, *ranked))
    units = {one.pk: one for one in (unit, *around.around, *around.below)}
    asking = Asking(user, unit, asked.units_on, asked.periods, list(units.values()))
    own = asking.table(measures=[measures[one] for one in (*of_years, *of_services)], units=[unit])
    by_group = asking.by_group(
        measure=measures[contents.PEOPLE], groups=list(EthnicGroup.objects.order_by("code"))
    )
    beside = asking.table(measures=[measures[one] for one in ranked], units=list(units.values()))
    years = [_told(own, measures[one], unit, asked.periods) for one in of_years]
    services = [_told(own, measures[one], unit, asked.periods[-1:]) for one in of_services]
    groups = by_groups(by_group)
    compared = _compared(beside, measures, asked, around, ranked)
    tables = [own.table, by_group.table, beside.table]
    period = asked.period.code
    return Numbers(
        first=figures.of_data(own, asked, compared),
        over_years=[one for one in years if one.says_something],
        services=[one for one in services if one.says_something],
        lacking=[one.measure for one in (*years, *services) if not one.says_something],
        groups=groups,
        compared=compared,
        below=[(one, [beside[code, one.code, period] for code in ranked]) for one in around.below],
        below_measures=[measures[one] for one in ranked],
        sources=list(dict.fromkeys(one.dataset_title for table in tables for one in table.sources)),
        as_of=max((table.as_of for table in tables if table.as_of), default=None),
        is_demo=any(table.is_demo for table in tables),
        trend=_trend(beside, measures, asked, around),
        pyramid=_pyramid(groups, unit),
        marks=marks_of(tables),
    )


def _indicators(codes: Sequence[str]) -> dict[str, Indicator]:
    """With everything their formulas name; one query."""
    return {one.code: one for one in Indicator.objects.and_parts(sorted({*codes}))}


def _told(
    cells: Cells, measure: Indicator, unit: AdministrativeUnit, periods: list[ReportingPeriod]
) -> Told:
    return Told(measure, [cells[measure.code, unit.code, one.code] for one in periods])


def says_something(cell: Cell) -> bool:
    """Whether a number is there, or one that is not shown to this reader."""
    return cell.is_known or cell.figure.missing == "confidential"


def _compared(
    cells: Cells,
    measures: dict[str, Indicator],
    asked: Asked,
    around: Places,
    ranked: dict[str, bool],
) -> list[Compared]:
    """Those ranked indicators of which the unit has a number in the year."""
    unit, period = asked.unit, asked.period.code
    found = []
    for code, largest_first in ranked.items():
        own = cells[code, unit.code, period]
        if not says_something(own):
            continue
        among = partial(rank, cells, code, unit, period=period, largest_first=largest_first)
        found.append(
            Compared(
                measure=measures[code],
                own=own,
                above=[cells[code, other.code, period] for other in around.above],
                among_siblings=among(around.siblings),
                among_neighbours=among(around.neighbours),
            )
        )
    return found


def _trend(
    cells: Cells, measures: dict[str, Indicator], asked: Asked, around: Places
) -> Chart | None:
    """The minorities' poverty of the unit and of what it belongs to; two years at least."""
    code = contents.MINORITY_POVERTY
    units = [asked.unit, *around.above]
    lines = [
        Line(
            "Toàn tỉnh" if one.level == Level.PROVINCE else one.full_name,
            [cells[code, one.code, period.code].figure.value for period in asked.periods],
            is_aside=one.pk != asked.unit.pk,
        )
        for one in units
    ]
    if sum(value is not None for value in lines[0].values) < 2:
        return None
    return time_series(
        [period.label.removeprefix("Năm ") for period in asked.periods],
        lines,
        title=f"{measures[code].name} (%) · {asked.unit.full_name}",
        unit="%",
        decimals=1,
    )


def _pyramid(groups: list[GroupRow], unit: AdministrativeUnit) -> Chart | None:
    """The largest groups by sex; there are no figures by age."""
    parts: dict[str, dict[str, Decimal | None]] = {
        row.name: {"Nam": row.male.figure.value, "Nữ": row.female.figure.value}
        for row in groups
        if not row.is_total and row.male.is_known and row.female.is_known
    }
    largest = sorted(parts, key=lambda name: -sum(filter(None, parts[name].values())))
    shown = {name: parts[name] for name in largest[:MOST_GROUPS_DRAWN]}
    if not shown:
        return None
    return stacked_bars(
        shown,
        title=f"Dân số theo dân tộc và giới tính (người) · {unit.full_name}",
        unit="người",
        groups=["Nam", "Nữ"],
        name_column="Dân tộc",
    )


def marks_of(tables: Sequence[Table]) -> list[str]:
    """What the signs beside numbers mean, of those that are there."""
    found = []
    if any(table.is_incomplete for table in tables):
        found.append("Dấu *: chưa đủ đơn vị báo cáo.")
    if any(cell.is_estimate for table in tables for cell in _cells(table)):
        found.append("Dấu ≈: ước tính theo dân số.")
    return found


def _cells(table: Table) -> list[Cell]:
    return [cell for _, cells in table.lines(table.rows) for cell in cells]
