"""How far each target is: baseline, what was to be reached, what was, and the state by rule.

The actual value of a year is that of the target's indicator (approved data of the province) where
it has one, else what was entered with its document. The baseline is the actual value of the last
year before the programme that has one. The state of a year:

- a level is laid down for that very year: "đạt" or "chưa đạt";
- a rate of each year ("điểm %/năm"): the next level that is laid down holds for every year;
- else the year is measured against the straight line from the baseline to the next level:
  "đúng tiến độ" or "chậm tiến độ"; what meets the level already is "đạt";
- no value: "chưa có số liệu"; no number in the print or no baseline: "chưa so được".
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from ethnic_data.aggregation import Answer, several
from ethnic_data.models import Aggregation, Indicator
from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit, Level
from programs.models import Programme, Target, TargetActual, TargetValue

BEFORE = 5  # years before the programme in which a baseline is looked for


class State(Enum):
    """How a target stands: a word, and the kind of mark it is shown with."""

    MET = "đạt"
    MISSED = "chưa đạt"
    ON_TRACK = "đúng tiến độ"
    BEHIND = "chậm tiến độ"
    UNKNOWN = "chưa có số liệu"
    OPEN = "chưa so được"

    @property
    def look(self) -> str:
        """The mark of components/status: done, wrong, waiting."""
        if self in (State.MET, State.ON_TRACK):
            return "done"
        return "wrong" if self in (State.MISSED, State.BEHIND) else "waiting"


@dataclass(frozen=True, slots=True)
class Actual:
    """What was reached in `year`; `answer` where an indicator tells it, else `entered`."""

    year: int
    value: Decimal
    answer: Answer | None = None
    entered: TargetActual | None = None

    @property
    def is_demo(self) -> bool:
        told = self.answer.revisions if self.answer else ()
        return any(revision.is_demo for revision in told)

    @property
    def source(self) -> str:
        """ "Chỉ tiêu N06, Biểu 05, Năm 2023", or the document."""
        if self.answer:
            return f"Chỉ tiêu {self.answer.indicator.code}, {self.answer.source}".rstrip(", ")
        if self.entered and self.entered.document:
            return str(self.entered.document)
        return self.entered.note if self.entered else ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One year of a target: the level laid down, the straight line's, the actual, the state."""

    year: int
    printed: str
    line: Decimal | None
    actual: Actual | None
    state: State

    @property
    def value(self) -> Decimal | None:
        return self.actual.value if self.actual else None


@dataclass(frozen=True)
class Course:
    """A target through the years."""

    target: Target
    values: Sequence[TargetValue]
    actuals: Mapping[int, Actual]
    first_year: int
    marks: list[Mark] = field(default_factory=list)

    @property
    def baseline(self) -> Actual | None:
        before = [year for year in self.actuals if year < self.first_year]
        return self.actuals[max(before)] if before else None

    @property
    def last(self) -> Mark | None:
        """The last year of the programme that has a value."""
        told = [mark for mark in self.marks if mark.actual is not None]
        return told[-1] if told else None

    def mark_of(self, year: int) -> Mark:
        """How the target stood in `year`."""
        actual = self.actuals.get(year)
        of_year = next((value for value in self.values if value.year == year), None)
        aim = of_year or self._next(year)
        line = None if of_year else self._line(aim, year)
        return Mark(
            year=year,
            printed=aim.printed if aim and (of_year or self.target.is_yearly_rate) else "",
            line=line,
            actual=actual,
            state=self._state(aim, of_year is not None, line, actual),
        )

    def _next(self, year: int) -> TargetValue | None:
        """The next level after `year`; after the last one that one goes on."""
        later = [value for value in self.values if value.year > year]
        return later[0] if later else (self.values[-1] if self.values else None)

    def _line(self, aim: TargetValue | None, year: int) -> Decimal | None:
        base = self.baseline
        if (
            aim is None
            or aim.threshold is None
            or base is None
            or self.target.is_yearly_rate
            or not base.year < year < aim.year
        ):
            return None
        share = Decimal(year - base.year) / Decimal(aim.year - base.year)
        return (base.value + (aim.threshold - base.value) * share).quantize(Decimal("0.001"))

    def _state(
        self, aim: TargetValue | None, is_due: bool, line: Decimal | None, actual: Actual | None
    ) -> State:
        if actual is None:
            return State.UNKNOWN
        met = aim.is_met_by(actual.value) if aim else None
        if aim is None or met is None:
            return State.OPEN
        if met:
            return State.MET
        if is_due or self.target.is_yearly_rate or actual.year >= aim.year:
            return State.MISSED
        if line is None:
            return State.OPEN
        ahead = actual.value >= line if self.target.direction == "up" else actual.value <= line
        return State.ON_TRACK if ahead else State.BEHIND


def courses(
    programme: Programme,
    *,
    until: int,
    targets: Iterable[Target] | None = None,
    today: datetime.date | None = None,
) -> list[Course]:
    """Every target of `programme` (or those given) with its years up to `until`.

    About twelve queries, whatever the number of targets and years.
    """
    chosen = list(
        targets
        if targets is not None
        else programme.targets.select_related("unit").prefetch_related("values")
    )
    first = programme.valid.lower.year
    years = range(first - BEFORE, until + 1)
    told = _told_by_indicators(programme, chosen, years)
    entered = TargetActual.objects.filter(target__in=chosen, year__lte=until)
    for one in entered.select_related("document__document_type"):
        told.setdefault(one.target_id, {}).setdefault(
            one.year, Actual(one.year, one.value, entered=one)
        )
    found = []
    for target in chosen:
        course = Course(target, list(target.values.all()), told.get(target.pk, {}), first)
        course.marks.extend(course.mark_of(year) for year in range(first, until + 1))
        found.append(course)
    return found


def place_of(programme: Programme) -> AdministrativeUnit | None:
    """The province whose data are asked: that of the day on which the programme began."""
    provinces = AdministrativeUnit.objects.filter(level=Level.PROVINCE, is_reference=False)
    return (
        provinces.filter(valid__contains=programme.valid.lower).first()
        or provinces.order_by("valid").first()
    )


def _told_by_indicators(
    programme: Programme, targets: Sequence[Target], years: range
) -> dict[int, dict[int, Actual]]:
    """By target and year, in the province's approved data; a fall is that from the year before."""
    tied = [target for target in targets if target.indicator_code]
    known = set(
        Indicator.objects.filter(code__in={target.indicator_code for target in tied})
        .exclude(aggregation=Aggregation.DISTINCT_COUNT)
        .values_list("code", flat=True)
    )
    unit = place_of(programme)
    if not known or unit is None:
        return {}
    codes = [str(year) for year in (years.start - 1, *years)]
    periods = list(ReportingPeriod.objects.filter(code__in=codes))
    answers = several(sorted(known), [unit], periods)
    found: dict[int, dict[int, Actual]] = {}
    for target in tied:
        of_target = found.setdefault(target.pk, {})
        for year in years:
            answer = answers.get((str(year), target.indicator_code, unit.pk))
            before = answers.get((str(year - 1), target.indicator_code, unit.pk))
            value = _measured(target, answer, before)
            if value is not None:
                of_target[year] = Actual(year, value, answer=answer)
    return found


def _measured(target: Target, answer: Answer | None, before: Answer | None) -> Decimal | None:
    if answer is None or answer.value is None:
        return None
    if target.measure != Target.Measure.YEARLY_FALL:
        return answer.value
    if before is None or before.value is None or before.kind != answer.kind:
        return None
    return before.value - answer.value
