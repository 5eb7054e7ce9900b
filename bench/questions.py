"""What dashboards ask: of the portal, and the same in SQL."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from ethnic_data.aggregation.crosstab import Area, Ask, GroupSet
from ethnic_data.models import EthnicGroup, Indicator
from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit

from .observations import BY_GROUP, BY_SEX, DAY, YEARS, communes_by_district

COMMUNES = 160
# {by}: what the sums are cut by
SQL = """
SELECT {by}, sum(o.value) FROM ethnic_data_observation o
JOIN collection_submission s ON s.id = o.submission_id AND s.status = 'approved'
WHERE o.indicator_id IN ({indicators}) AND s.period_id IN ({periods}) AND o.unit_id IN ({units})
GROUP BY {by}
"""


@dataclass
class Question:
    """One thing asked: of the portal, and in SQL; `checked`: whether the sums can be compared."""

    name: str
    ask: Ask
    by: str
    units: list[int]
    checked: bool = True
    indicators: list[int] = field(default_factory=list)

    @property
    def sql(self) -> str:
        known = self.indicators or [one.pk for one in self.ask.measures]
        return SQL.format(
            by=self.by,
            indicators=_list(known),
            periods=_list(one.pk for one in self.ask.periods),
            units=_list(self.units),
        )


def _list(numbers: Any) -> str:
    return ", ".join(str(int(one)) for one in numbers)


def questions() -> list[Question]:
    """Cross tables, series of ten years, districts, profiles of communes, maps of a rate."""
    within = AdministrativeUnit.objects.within(unit_on("24"), on=DAY).on(DAY)
    communes = list(within.communes().order_by("code"))
    districts = list(within.districts().order_by("code"))
    every = [one.pk for one in communes]
    ever = sorted(
        {
            unit
            for year in YEARS
            for own in communes_by_district(datetime.date(year, 12, 31)).values()
            for unit in own
        }
    )
    years = list(ReportingPeriod.objects.filter(code__in=map(str, YEARS)).order_by("end"))
    last = [one for one in years if one.code == str(DAY.year)]
    groups = [GroupSet(one.code, (one.pk,)) for one in EthnicGroup.objects.listed()]
    everybody, province = GroupSet(""), Area("24", unit_on("24").pk)
    first = communes[:COMMUNES]
    found = [
        Question(
            f"{code}: 54 groups x {COMMUNES} communes",
            Ask(measures=measures(code), areas=areas_of(first), periods=last, groups=groups),
            "o.group_id, o.unit_id",
            [one.pk for one in first],
        )
        for code in BY_SEX
    ]
    found += [
        Question(
            f"{code}: ten years of the province",
            Ask(measures=measures(code), areas=[province], periods=years, groups=[everybody]),
            "s.period_id",
            ever,
        )
        for code in BY_SEX[:2]
    ]
    found += [
        Question(
            f"{code}: ten years x 54 groups",
            Ask(measures=measures(code), areas=[province], periods=years, groups=groups),
            "s.period_id, o.group_id",
            ever,
        )
        for code in BY_SEX[:2]
    ]
    found += [
        Question(
            f"{code}: districts x 54 groups x sexes",
            Ask(
                measures=measures(code), areas=areas_of(districts), periods=last, groups=groups,
                sexes=["male", "female"],
            ),
            "s.unit_id, o.group_id, o.sex",
            every,
        )
        for code in BY_SEX
    ]  # fmt: skip
    codes = (*BY_SEX, *BY_GROUP)
    found += [
        Question(
            f"profile of {one}: {len(codes)} indicators x groups",
            Ask(
                measures=measures(*codes), areas=areas_of([one]), periods=last,
                groups=[everybody, *groups],
            ),
            "o.indicator_id, o.group_id",
            [one.pk],
            checked=False,  # with a total beside the groups
        )
        for one in communes[::45]
    ]  # fmt: skip
    rate = measures("N05")[0]
    parts = [rate.numerator_id, rate.denominator_id]
    found += [
        Question(
            f"map of a rate, {year}",
            Ask(measures=[rate], areas=areas_of(communes), periods=[year], groups=[everybody]),
            "o.indicator_id, o.unit_id",
            every,
            checked=False,
            indicators=[one for one in parts if one],
        )
        for year in years[-5:]
    ]
    return found


def measures(*codes: str) -> list[Indicator]:
    return list(Indicator.objects.with_parts().filter(code__in=codes))


def areas_of(units: list[AdministrativeUnit]) -> list[Area]:
    return [Area(one.code, one.pk) for one in units]


def unit_on(code: str) -> AdministrativeUnit:
    return AdministrativeUnit.objects.on(DAY).get(code=code)
