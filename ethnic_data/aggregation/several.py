"""Several indicators for many units and periods at once: what answers share is looked up once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ethnic_data.models import Indicator
from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit

from .answers import Answer, _finished
from .choosing import Index
from .computing import compute
from .observed import MINORITIES, Observed, Operand, observed
from .places import places
from .questions import Question, group_ids

Key = tuple[str, str, int]


def several(
    indicator_codes: Sequence[str],
    units: Sequence[AdministrativeUnit],
    periods: Sequence[ReportingPeriod],
) -> dict[Key, Answer]:
    """Answers for everybody, by (period code, indicator code, unit key).

    For indicators that are added up, divided or averaged, not for distinct counts. Three queries
    and two more for each period, whatever the number of indicators and units.

    Raises:
        Indicator.DoesNotExist: a code nobody knows.
    """
    indicators = {
        one.code: one for one in Indicator.objects.with_parts().filter(code__in=indicator_codes)
    }
    if unknown := set(indicator_codes) - indicators.keys():
        raise Indicator.DoesNotExist(", ".join(sorted(unknown)))
    minorities = group_ids(MINORITIES)
    results, asked, about = {}, {}, {}
    for period in periods:
        where = places(units, period.end)
        questions = [
            Question(indicators[code], list(units), period, "", "", None, where)
            for code in indicator_codes
        ]
        parts = [question.operands(None, minorities=minorities) for question in questions]
        rows_of_each = _observed(parts, questions[0])
        for question, own, rows in zip(questions, parts, rows_of_each, strict=True):
            index = Index(rows)
            for unit in units:
                key = (period.code, question.indicator.code, unit.pk)
                choices = question.choices(own, index, unit)
                results[key] = compute(question.indicator, where[unit.pk], choices)
                asked[key], about[key] = question, (unit, None)
    if not results:
        return {}
    answers = _finished(next(iter(asked.values())), results, about)
    return {
        key: replace(answer, indicator=asked[key].indicator, period=asked[key].period)
        for key, answer in answers.items()
    }


def _observed(parts: list[list[list[Operand]]], asked: Question) -> list[list[Observed]]:
    """The rows of each question, numbered from 0 within it; one query for all."""
    flat = [[way for ways in own for way in ways] for own in parts]
    units = {unit.pk for unit in asked.units}.union(
        *(place.levels for place in asked.places.values())
    )
    rows = observed([way for own in flat for way in own], period=asked.period, units=units)
    found: list[list[Observed]] = []
    first = 0
    for own in flat:
        mine = range(first, first + len(own))
        found.append([r._replace(operand=r.operand - first) for r in rows if r.operand in mine])
        first += len(own)
    return found
