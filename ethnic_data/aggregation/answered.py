"""An answer: one figure and where it comes from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from django.utils import timezone

from ethnic_data.models import Indicator
from portal.collection.models import ReportingPeriod, Submission
from portal.units.models import AdministrativeUnit

from .computing import Result
from .observed import GroupChoice
from .questions import Question

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


def finished(
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
