"""Several indicators for many units and periods at once: what answers share is looked up once."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from ethnic_data.models import Indicator
from portal.collection.models import ReportingPeriod
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit

from .answered import Answer, finished
from .choosing import Index
from .computing import Result, compute
from .observed import MINORITIES, Observed, Operand
from .over_time import observed_over_time
from .places import Place, places, places_by_day
from .questions import Question, group_ids
from .rolled.choosing import ReadTheValues, RolledIndex
from .rolled.loading import Rollups
from .rolled.units import kept_at_units

Key = tuple[str, str, int]


def several(
    indicator_codes: Sequence[str],
    units: Sequence[AdministrativeUnit],
    periods: Sequence[ReportingPeriod],
    *,
    units_on: datetime.date | None = None,
) -> dict[Key, Answer]:
    """Answers for everybody, by (period code, indicator code, unit key).

    units_on: in the units of that day, see `portal.units.crosswalk`; None as reported.

    For indicators that are added up, divided or averaged, not for distinct counts. Nine queries
    from the kept sums; where values have to be read three more, and one for each period in which a
    unit gave totals beside their parts (in the units of another day one more for each stretch of
    time between changes of units); whatever the number of indicators and units.

    Raises:
        Indicator.DoesNotExist: a code nobody knows.
    """
    indicators = {one.code: one for one in Indicator.objects.and_parts(indicator_codes)}
    if unknown := set(indicator_codes) - indicators.keys():
        raise Indicator.DoesNotExist(", ".join(sorted(unknown)))
    minorities = group_ids(MINORITIES)
    where = _places(units, periods, units_on)
    questions = [
        [
            Question(
                indicators[code],
                list(units),
                period,
                "",
                "",
                None,
                where[period],
                units_on=units_on,
            )
            for code in indicator_codes
        ]
        for period in periods
    ]
    if not questions:
        return {}
    parts = [one.operands(None, minorities=minorities) for one in questions[0]]
    results, asked, about = {}, {}, {}
    left: list[tuple[int, Question, int, AdministrativeUnit]] = []
    rolled = _rolled(parts, where)
    for period, of_period in zip(periods, questions, strict=True):
        for number, question in enumerate(of_period):
            index = RolledIndex(rolled, period.pk, [way for part in parts[number] for way in part])
            for unit in units:
                key = (period.code, question.indicator.code, unit.pk)
                asked[key], about[key] = question, (unit, None)
                try:
                    results[key] = _one(question, parts[number], index, unit)
                except ReadTheValues:
                    left.append((period.pk, question, number, unit))
    if left:
        unread = [period for period in periods if any(period.pk == one for one, *_ in left)]
        indexes = _indexes(parts, unread, where, summed=rolled.periods)
        for of, question, number, unit in left:
            key = (question.period.code, question.indicator.code, unit.pk)
            results[key] = _one(question, parts[number], indexes[of, number], unit)
    return finished(asked, results, about)


def _one(
    question: Question,
    parts: list[list[Operand]],
    index: Index | RolledIndex,
    unit: AdministrativeUnit,
) -> Result:
    choices = question.choices(parts, index, unit)
    return compute(question.indicator, question.places[unit.pk], choices)


def _rolled(
    parts: list[list[list[Operand]]], where: Mapping[ReportingPeriod, Mapping[int, Place]]
) -> Rollups:
    """The kept sums of all of it."""
    flat = [way for own in parts for ways in own for way in ways]
    return Rollups.read(
        {way.what for way in flat},
        {period.pk: list(places.values()) for period, places in where.items()},
        with_groups=any(way.groups is not None for way in flat),
        with_members=True,
    )


def _places(
    units: Sequence[AdministrativeUnit],
    periods: Sequence[ReportingPeriod],
    units_on: datetime.date | None,
) -> dict[ReportingPeriod, dict[int, Place]]:
    """The places of each period; periods between two changes of units share theirs."""
    changes = crosswalk.changes()
    first: dict[
        datetime.date | None, datetime.date
    ] = {}  # of each stretch, a day that stands for it
    days = {}
    for period in periods:
        stretch = max((day for day in changes if day <= period.end), default=None)
        days[period] = first.setdefault(stretch, period.end)
    if units_on is None:
        found = places_by_day(units, first.values())
    else:
        found = {day: places(units, day, units_on=units_on) for day in first.values()}
    return {period: found[day] for period, day in days.items()}


def _indexes(
    parts: list[list[list[Operand]]],
    periods: Sequence[ReportingPeriod],
    where: Mapping[ReportingPeriod, Mapping[int, Place]],
    *,
    summed: Collection[int],
) -> dict[tuple[int, int], Index]:
    """The rows of each period and indicator, its operands numbered from 0; equal ones read once."""
    flat = [[way for ways in own for way in ways] for own in parts]
    operands = list(dict.fromkeys(way for own in flat for way in own))
    units = {
        unit
        for of_period in where.values()
        for place in of_period.values()
        for unit in (place.own, *place.levels)
    }
    kept = [period.pk for period in periods if period.pk in summed]
    rows = kept_at_units(operands, kept, units)
    unkept = [period for period in periods if period.pk not in rows]
    if unkept:
        rows |= observed_over_time(operands, periods=unkept, units=units)
    numbers = {operand: number for number, operand in enumerate(operands)}
    found = {}
    for period in periods:
        of_operand: dict[int, list[Observed]] = defaultdict(list)
        for row in rows.get(period.pk, ()):
            of_operand[row.operand].append(row)
        for number, own in enumerate(flat):
            found[period.pk, number] = Index(
                row if row.operand == n else row._replace(operand=n)
                for n, way in enumerate(own)
                for row in of_operand[numbers[way]]
            )
    return found
