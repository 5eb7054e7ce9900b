"""Answer what an indicator is, for one unit or many, from approved submissions only.

Counts are added up, ratios recomputed from the sums of their parts over the units that gave both,
and what is missing is told. The number of queries does not depend on how many units are asked.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar

from django.utils import timezone

from ethnic_data.models import Aggregation, EthnicGroup, GroupKind, Indicator
from portal.collection.models import ReportingPeriod, Submission
from portal.units.models import AdministrativeUnit

from .choosing import Index
from .computing import Result, compute
from .observed import GroupChoice, Observed, Operand
from .questions import Question, When, group_ids
from .rolled.choosing import ReadTheValues, RolledIndex
from .rolled.loading import Rollups

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Revision:
    """A submission that an answer was made from."""

    submission: int
    dataset: str
    dataset_code: str
    unit: str
    period: str
    revision: int
    approved_at: datetime.datetime
    is_demo: bool


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One figure and where it comes from.

    `value` is None exactly when `missing` says why; a ratio also tells `numerator` and
    `denominator`. `units_given` of `units_expected` communes gave a figure, `missing_units` are
    the keys of those that did not; `is_partial` when a unit left a part open. `kind` is census,
    sample or administrative. `observations` is how many values it was made of. `units_on` is the
    day in whose units it is given (None: as reported). `is_estimate` when a unit's value was
    shared out by weight on the way; `missing` is "no_share" when no one can say what part of a
    value belongs here.
    """

    indicator: Indicator
    unit: AdministrativeUnit
    period: ReportingPeriod
    group: GroupChoice = None
    sex: str = ""
    category: str = ""
    value: Decimal | None = None
    missing: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    formula: str = ""
    observations: int = 0
    revisions: tuple[Revision, ...] = ()
    units_expected: int = 0
    units_given: int = 0
    missing_units: tuple[int, ...] = ()
    is_partial: bool = False
    kind: str = ""
    units_on: datetime.date | None = None
    is_estimate: bool = False
    computed_at: datetime.datetime = field(default_factory=timezone.now)

    @property
    def unit_of_measure(self) -> str:
        return self.indicator.unit_of_measure

    @property
    def is_complete(self) -> bool:
        return self.value is not None and not self.missing_units and not self.is_partial

    @property
    def is_demo(self) -> bool:
        return any(revision.is_demo for revision in self.revisions)

    @property
    def approved_at(self) -> datetime.datetime | None:
        """When the youngest revision used was approved: the figure's "tính đến ngày"."""
        return max((revision.approved_at for revision in self.revisions), default=None)

    @property
    def source(self) -> str:
        """ "Biểu 05, Năm 2023": the datasets and the period."""
        datasets = dict.fromkeys(revision.dataset for revision in self.revisions)
        return ", ".join([*datasets, self.period.label]) if datasets else ""


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
    results, left = _from_sums(question, operands)
    if left:
        index = Index(question.observed(operands), question.kind)
        results |= _computed(question, operands, index, left)
    if question.indicator.aggregation == Aggregation.DISTINCT_COUNT:
        results = _counted(question, results, chosen)
    units_by_key = {unit.pk: unit for unit in question.units}
    return _finished(question, results, {key: (units_by_key[key], group) for key in results})


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
    return _finished(question, results, about)


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
) -> tuple[dict[int, Result], list[AdministrativeUnit]]:
    """What the kept sums say, and the units whose values have to be read."""
    if question.on is not None:
        return {}, question.units
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
    return found, left


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


def _finished(
    asked: Question | Mapping[Key, Question],
    results: Mapping[Key, Result],
    about: Mapping[Key, tuple[AdministrativeUnit, GroupChoice]],
) -> dict[Key, Answer]:
    """The answers, with the revisions they were made from looked up at once.

    asked: the question of all, or of each.
    """
    of_each = dict.fromkeys(results, asked) if isinstance(asked, Question) else asked
    used = set().union(*(result.submissions for result in results.values()))
    revisions = _revisions(used)
    now = timezone.now()
    return {
        key: Answer(
            indicator=of_each[key].indicator,
            unit=about[key][0],
            period=of_each[key].period,
            group=about[key][1],
            sex=of_each[key].sex,
            category=of_each[key].category,
            value=result.value,
            missing=result.missing,
            numerator=result.numerator,
            denominator=result.denominator,
            formula=result.formula,
            observations=result.observations,
            revisions=tuple(revisions[pk] for pk in sorted(result.submissions)),
            units_expected=result.units_expected,
            units_given=result.units_given,
            missing_units=result.missing_units,
            is_partial=result.is_partial,
            kind=result.kind,
            units_on=of_each[key].units_on,
            is_estimate=result.is_estimate,
            computed_at=now,
        )
        for key, result in results.items()
    }


def _revisions(submissions: set[int]) -> dict[int, Revision]:
    if not submissions:
        return {}
    found = Submission.objects.filter(pk__in=submissions).order_by()
    found = found.select_related("dataset", "unit", "period")
    return {
        one.pk: Revision(
            submission=one.pk,
            dataset=str(one.dataset),
            dataset_code=one.dataset.code,
            unit=one.unit.full_name,
            period=one.period.label,
            revision=one.revision,
            approved_at=one.approved_at or one.created_at,
            is_demo=one.is_demo,
        )
        for one in found
    }
