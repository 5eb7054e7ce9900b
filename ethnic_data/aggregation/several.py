"""Several indicators for many units and periods at once: what answers share is looked up once."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence

from ethnic_data.models import Indicator
from portal.collection.models import ReportingPeriod
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit

from .answers import Answer, _finished
from .choosing import Index
from .computing import compute
from .observed import MINORITIES, Observed, Operand
from .over_time import observed_over_time
from .places import Place, places, places_by_day
from .questions import Question, group_ids

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

    For indicators that are added up, divided or averaged, not for distinct counts. Seven
    queries, and one for each period in which a unit gave totals beside their parts (in the units
    of another day one more for each stretch of time between changes of units); whatever the
    number of indicators and units.

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
    indexes = _indexes(parts, periods, where)
    results, asked, about = {}, {}, {}
    for period, of_period in zip(periods, questions, strict=True):
        for number, question in enumerate(of_period):
            index = indexes[period.pk, number]
            for unit in units:
                key = (period.code, question.indicator.code, unit.pk)
                choices = question.choices(parts[number], index, unit)
                results[key] = compute(question.indicator, where[period][unit.pk], choices)
                asked[key], about[key] = question, (unit, None)
    return _finished(asked, results, about)


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
    rows = observed_over_time(operands, periods=periods, units=units)
    numbers = {operand: number for number, operand in enumerate(operands)}
    found = {}
    for period in periods:
        of_operand: dict[int, list[Observed]] = defaultdict(list)
        for row in rows[period.pk]:
            of_operand[row.operand].append(row)
        for number, own in enumerate(flat):
            found[period.pk, number] = Index(
                row if row.operand == n else row._replace(operand=n)
                for n, way in enumerate(own)
                for row in of_operand[numbers[way]]
            )
    return found
