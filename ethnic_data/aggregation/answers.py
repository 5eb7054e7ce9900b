"""Answer what an indicator is, for one unit or many, from approved submissions only.

Counts are added up, ratios recomputed from the sums of their parts over the units that gave both,
and what is missing is told. The number of queries does not depend on how many units are asked.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from ethnic_data.models import Aggregation, EthnicGroup, GroupKind, Indicator
from portal.units.models import AdministrativeUnit

from .answered import Answer, finished
from .choosing import Index
from .computing import Result, compute
from .observed import GroupChoice, Observed, Operand
from .questions import Question, When, group_ids
from .rolled.choosing import ReadTheValues, RolledIndex
from .rolled.loading import Rollups
from .rolled.units import kept_at_units

Key = TypeVar("Key")


def answer(
    indicator: Indicator | str,
    unit: AdministrativeUnit,
    period_code: str,
    *,
    group: GroupChoice = None,
    sex: str | None = None,
    category: str = "",
    on: When = None,
    kind: str = "",
    units_on: datetime.date | None = None,
) -> Answer:
    """The figure of `unit` in a period.

    indicator: its code, or itself with the parts of its formula (`Indicator.objects.with_parts`).
    group: a group, its code, or MINORITIES; None for everybody. sex: male, female, or None.
    on: as of the revisions that stood approved on that day (at its end) or at that moment.
    kind: census, sample or administrative figures only; "" for whichever answers best.
    units_on: in the units of that day instead of those that reported; a unit that is not in force
    then is asked as of its own nearest day.

    Raises:
        Indicator.DoesNotExist, ReportingPeriod.DoesNotExist, EthnicGroup.DoesNotExist
    """
    found = answers(
        indicator,
        [unit],
        period_code,
        group=group,
        sex=sex,
        category=category,
        on=on,
        kind=kind,
        units_on=units_on,
    )
    return found[unit.pk]


def answers(
    indicator: Indicator | str,
    units: Iterable[AdministrativeUnit],
    period_code: str,
    *,
    group: GroupChoice = None,
    sex: str | None = None,
    category: str = "",
    on: When = None,
    kind: str = "",
    units_on: datetime.date | None = None,
) -> dict[int, Answer]:
    """The same for many units, by their keys; at most eleven queries whatever their number."""
    question = Question.of(
        indicator,
        list(units),
        period_code,
        sex=sex,
        category=category,
        on=on,
        kind=kind,
        units_on=units_on,
    )
    chosen = group_ids(group)
    operands = question.operands(chosen)
    results, left, is_summed = _from_sums(question, operands)
    if left:
        index = Index(_at_units(question, operands, is_summed=is_summed), question.kind)
        results |= _computed(question, operands, index, left)
    if question.indicator.aggregation == Aggregation.DISTINCT_COUNT:
        results = _counted(question, results, chosen)
    units_by_key = {unit.pk: unit for unit in question.units}
    return finished(question, results, {key: (units_by_key[key], group) for key in results})


def answers_by_group(
    indicator_code: str,
    unit: AdministrativeUnit,
    period_code: str,
    *,
    sex: str | None = None,
    on: When = None,
    units_on: datetime.date | None = None,
) -> dict[str, Answer]:
    """One answer per ethnic group reported in `unit`, by the group's code, in list order.

    At most twelve queries. Groups that nobody reported are left out; a commune that reported
    other groups has 0 of a group it did not name.
    """
    question = Question.of(indicator_code, [unit], period_code, sex=sex, on=on, units_on=units_on)
    groups = {group.pk: group for group in EthnicGroup.objects.all()}
    operands = question.operands(None)
    try:
        found = _groups_from_sums(question, operands)
    except ReadTheValues:
        rows = _of_chosen_groups(question.observed(operands, by_group=True), operands)
        told = {row.group for row in rows if row.group is not None}
        indexes = {pk: Index(_with_zeros(rows, pk)) for pk in told}
        found = {
            pk: _computed(question, operands, index, [unit])[unit.pk]
            for pk, index in indexes.items()
        }
    results = {group.code: found[pk] for pk, group in groups.items() if pk in found}
    about = {group.code: (unit, group) for pk, group in groups.items() if pk in found}
    return finished(question, results, about)


def _groups_from_sums(question: Question, operands: list[list[Operand]]) -> dict[int, Result]:
    """By each group that was told of; of indicators that are no part of another.

    Raises:
        ReadTheValues
    """
    flat = [way for part in operands for way in part]
    if question.on is not None or any(way.groups is not None for way in flat):
        raise ReadTheValues
    (unit,) = question.units
    period, place = question.period.pk, question.places[unit.pk]
    asked = {way.what for way in flat}
    rollups = Rollups.read(asked, {period: [place]}, with_groups=True, with_members=True)
    spot = rollups.spots.get((period, id(place)))
    if spot is None or spot.is_open:
        raise ReadTheValues
    found = {}
    for pk in rollups.groups_told(asked, period, spot):
        index = RolledIndex(rollups, period, [replace(way, groups=(pk,)) for way in flat])
        found[pk] = _computed(question, operands, index, [unit])[unit.pk]
    return found


def series(
    indicator_code: str,
    unit: AdministrativeUnit,
    period_codes: Sequence[str],
    *,
    group: GroupChoice = None,
    sex: str | None = None,
    on: When = None,
    units_on: datetime.date | None = None,
) -> list[Answer]:
    """One answer per period, as reported in the units of that time or in the units of a day."""
    return [
        answer(indicator_code, unit, code, group=group, sex=sex, on=on, units_on=units_on)
        for code in period_codes
    ]


def _from_sums(
    question: Question, operands: list[list[Operand]]
) -> tuple[dict[int, Result], list[AdministrativeUnit], bool]:
    """What the kept sums say, the units that they do not say it of, and whether there are any."""
    if question.on is not None:
        return {}, question.units, False
    flat = [way for part in operands for way in part]
    rollups = Rollups.read(
        {way.what for way in flat},
        {question.period.pk: list(question.places.values())},
        with_groups=any(way.groups is not None for way in flat),
        with_members=True,
    )
    index = RolledIndex(rollups, question.period.pk, flat, question.kind)
    found: dict[int, Result] = {}
    left = []
    for unit in question.units:
        try:
            found |= _computed(question, operands, index, [unit])
        except ReadTheValues:
            left.append(unit)
    return found, left, question.period.pk in rollups.periods


def _at_units(
    question: Question, operands: list[list[Operand]], *, is_summed: bool
) -> list[Observed]:
    """What each unit told: as it is kept, or read from the values."""
    period = question.period.pk
    kept: dict[int, list[Observed]] = {}
    if is_summed:
        flat = [way for part in operands for way in part]
        kept = kept_at_units(flat, [period], question.every_unit)
    return kept[period] if period in kept else question.observed(operands)


def _computed(
    question: Question,
    operands: list[list[Operand]],
    index: Index | RolledIndex,
    units: Iterable[AdministrativeUnit],
) -> dict[int, Result]:
    return {
        unit.pk: compute(
            question.indicator, question.places[unit.pk], question.choices(operands, index, unit)
        )
        for unit in units
    }


def _of_chosen_groups(rows: list[Observed], operands: list[list[Operand]]) -> list[Observed]:
    """Without the groups that an operand does not speak of, such as Kinh for the minorities."""
    flat = [way for part in operands for way in part]
    chosen = [set(way.groups) if way.groups is not None else None for way in flat]
    return [row for row in rows if (allowed := chosen[row.operand]) is None or row.group in allowed]


def _with_zeros(rows: list[Observed], group: int) -> list[Observed]:
    """The rows of `group`; 0 for a unit that reported others in the same submission only."""
    told = [row for row in rows if row.group == group]
    known = {(row.operand, row.dataset, row.kind, row.unit) for row in told}
    covered = {(row.operand, row.dataset, row.kind, row.unit): row for row in rows}
    zeros = [
        row._replace(group=group, value=Decimal(0), missing="", partial=False, cells=0)
        for place, row in covered.items()
        if place not in known
    ]
    return sorted(told + zeros, key=lambda row: (row.operand, row.dataset, row.kind, row.unit))


def _counted(
    question: Question, results: Mapping[int, Result], chosen: tuple[int, ...] | None
) -> dict[int, Result]:
    """Where nobody reported the count itself: how many listed groups have anybody there."""
    counted = question.indicator.counted
    assert counted is not None  # noqa: S101 - a constraint of the table
    operands = [[Operand(counted, question.sex, question.category)]]
    rows = question.observed(operands, by_group=True)
    listed = EthnicGroup.objects.filter(kind=GroupKind.LISTED).values_list("pk", flat=True)
    groups = [pk for pk in listed if chosen is None or pk in chosen]
    by_group = [Index(_with_zeros(rows, pk), question.kind) for pk in groups] if rows else []
    found = dict(results)
    for key, result in results.items():
        place = question.places[key]
        if result.value is None:
            told = [compute(counted, place, [one.choices(0, place)]) for one in by_group]
            found[key] = _present(counted, [one for one in told if one.value is not None]) or result
    return found


def _present(counted: Indicator, told: list[Result]) -> Result | None:
    """The count of groups with anybody, its sources those of the values counted."""
    if not told:
        return None
    fullest = max(told, key=lambda one: one.units_given)
    return replace(
        fullest,
        value=Decimal(sum(bool(one.value) for one in told)),
        submissions=set().union(*(one.submissions for one in told)),
        observations=sum(one.observations for one in told),
        is_partial=any(one.is_partial for one in told),
        formula=f"Đếm số dân tộc có trong chỉ tiêu {counted.name}",
    )
