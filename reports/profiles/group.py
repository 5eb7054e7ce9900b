"""An ethnic group's profile: where they live, how they live, over the years."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from ethnic_data.exploring.table import Cell
from ethnic_data.models import EthnicGroup, Indicator
from portal import formats
from portal.charts import Bar, Chart, Line, horizontal_bars, time_series
from portal.units.models import AdministrativeUnit, Level
from reports.dashboards.key_figures import KeyFigure
from reports.dashboards.version import kept

from . import contents
from .addresses import profile_address
from .asking import Asked, seen_by
from .figures import words
from .groups import GroupRow, by_groups
from .numbers import Told, kept_for, marks_of
from .tables import Asking

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import ReportingPeriod

MOST_COMMUNES = 15


@dataclass(frozen=True)
class Living:
    """How many of the group live in a unit, and what part of the group that is."""

    unit: AdministrativeUnit
    cell: Cell
    share: str
    url: str


@dataclass(frozen=True)
class GroupProfile:
    """Everything a group's page says, within the area that its reader may see."""

    group: EthnicGroup
    asked: Asked
    key_figures: list[KeyFigure]
    told: list[Told]
    lacking: list[Indicator]
    districts: list[Living]
    communes: list[Living]
    more_communes: int
    communes_url: str
    by_district: Chart | None
    trend: Chart | None
    sources: list[str]
    as_of: datetime.datetime | None
    is_demo: bool
    marks: list[str]

    @property
    def periods(self) -> list[ReportingPeriod]:
        return self.asked.periods

    @property
    def paper_url(self) -> str:
        path = reverse("reports:group_profile_paper", args=[self.group.code])
        return f"{path}?{urlencode(self.asked.params)}"

    @property
    def name(self) -> str:
        return f"Dân tộc {self.group.name}" if self.group.kind == "listed" else self.group.name


def group_profile(group: EthnicGroup, asked: Asked, user: User) -> GroupProfile:
    """The group in the unit that is asked for: the province, or the reader's own area.

    Kept as a unit's numbers are.
    """
    key = [group.pk, *kept_for(asked, user)]
    found = kept("group-profile", key, lambda: _read(group, asked, user))
    return replace(found, asked=asked)


def _read(group: EthnicGroup, asked: Asked, user: User) -> GroupProfile:
    unit, period = asked.unit, asked.period
    measures = {
        one.code: one for one in Indicator.objects.and_parts(sorted({*contents.OF_A_GROUP}))
    }
    inner = list(seen_by(user).on(asked.day).within(unit, on=asked.day).exclude(pk=unit.pk))
    asking = Asking(user, unit, asked.units_on, asked.periods, inner)
    own = asking.table(measures=list(measures.values()), units=[unit], group=group)
    by_sex = asking.by_group(measure=measures[contents.PEOPLE], groups=[group])
    people = measures[contents.PEOPLE]
    living = asking.table(measures=[people], units=inner or [unit], periods=[period], group=group)
    told = [
        Told(measures[code], [own[code, unit.code, one.code] for one in asked.periods])
        for code in contents.OF_A_GROUP
    ]
    rows = by_groups(by_sex)
    everybody = next((row for row in rows if row.is_total), None)
    own_row = next((row for row in rows if not row.is_total), None)
    whole = own[contents.PEOPLE, unit.code, period.code]

    def there(level: Level) -> list[Living]:
        rows = [
            Living(
                one,
                cell,
                formats.share(cell.figure.value, whole.figure.value),
                profile_address(one, units_on=asked.units_on, period=period.code),
            )
            for one in inner
            if one.level == level
            and ((cell := living[contents.PEOPLE, one.code, period.code]).figure.value)
        ]
        return sorted(rows, key=lambda row: -(row.cell.figure.value or 0))

    districts, communes = there(Level.DISTRICT), there(Level.COMMUNE)
    tables = [own.table, by_sex.table, living.table]
    return GroupProfile(
        group=group,
        asked=asked,
        key_figures=_first(whole, own_row, everybody, asked, communes),
        told=[one for one in told if one.says_something],
        lacking=[one.measure for one in told if not one.says_something],
        districts=districts,
        communes=communes[:MOST_COMMUNES],
        more_communes=max(0, len(communes) - MOST_COMMUNES),
        communes_url=_all_communes(group, asked),
        by_district=_bars(group, districts, unit),
        trend=_trend(group, told[0], asked),
        sources=list(dict.fromkeys(one.dataset_title for table in tables for one in table.sources)),
        as_of=max((table.as_of for table in tables if table.as_of), default=None),
        is_demo=any(table.is_demo for table in tables),
        marks=marks_of(tables),
    )


def _first(
    whole: Cell,
    row: GroupRow | None,
    everybody: GroupRow | None,
    asked: Asked,
    communes: list[Living],
) -> list[KeyFigure]:
    label = asked.period.label.lower()
    share = formats.share(whole.figure.value, everybody.both.figure.value) if everybody else ""
    found = [
        KeyFigure(
            f"Dân số, {label}",
            words(whole),
            "người" if whole.is_known else "",
            whole.url,
            note=f"{share} dân số {asked.unit.full_name}" if whole.is_known and share else "",
        )
    ]
    if row is not None:
        found.append(
            KeyFigure(
                "Nữ",
                words(row.female),
                "người" if row.female.is_known else "",
                row.female.url,
                note=f"nam: {words(row.male)}",
            )
        )
    if communes:
        most = communes[0]
        found.append(
            KeyFigure(
                "Số xã có người sinh sống",
                formats.number(len(communes)),
                "xã",
                note=f"đông nhất: {most.unit.full_name}, {words(most.cell)} người",
            )
        )
    return found


def _all_communes(group: EthnicGroup, asked: Asked) -> str:
    query = {
        "ct": contents.PEOPLE,
        "hang": "don-vi",
        "cot": "ky",
        "cap": "xa",
        "dv": asked.unit.code,
        "dt": group.code,
        **asked.params,
    }
    return f"{reverse('ethnic_data:explorer')}?{urlencode(query)}"


def _bars(group: EthnicGroup, districts: list[Living], unit: AdministrativeUnit) -> Chart | None:
    if len(districts) < 2:
        return None
    return horizontal_bars(
        [Bar(one.unit.full_name, one.cell.figure.value, one.cell.url) for one in districts],
        title=f"Người {group.name} theo huyện · {unit.full_name}",
        unit="người",
        decimals=0,
        name_column="Huyện",
    )


def _trend(group: EthnicGroup, people: Told, asked: Asked) -> Chart | None:
    values = [one.figure.value for one in people.cells]
    if sum(value is not None for value in values) < 2:
        return None
    return time_series(
        [period.label.removeprefix("Năm ") for period in asked.periods],
        [Line(group.name, values)],
        title=f"Số người {group.name} qua các năm · {asked.unit.full_name}",
        unit="người",
        decimals=0,
    )
