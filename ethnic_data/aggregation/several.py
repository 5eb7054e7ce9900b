"""Several indicators for many units at once: what the answers share is looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def several(
    indicator_codes: Sequence[str], units: Iterable[AdministrativeUnit], period: ReportingPeriod
) -> dict[str, dict[int, Answer]]:
    """Answers for everybody, by indicator code and unit key.

    For indicators that are added up, divided or averaged, not for distinct counts. Five queries,
    whatever the number of indicators and units.

    Raises:
        Indicator.DoesNotExist: a code nobody knows.
    """
    asked = list(units)
    indicators = {
        one.code: one for one in Indicator.objects.with_parts().filter(code__in=indicator_codes)
    }
    if unknown := set(indicator_codes) - indicators.keys():
        raise Indicator.DoesNotExist(", ".join(sorted(unknown)))
    where = places(asked, period.end)
    questions = [
        Question(indicators[code], asked, period, sex="", category="", on=None, places=where)
        for code in indicator_codes
    ]
    minorities = group_ids(MINORITIES)
    parts = [question.operands(None, minorities=minorities) for question in questions]
    results = {}
    for question, own, rows in zip(questions, parts, _observed(parts, questions[0]), strict=True):
        index = Index(rows)
        for unit in asked:
            choices = question.choices(own, index, unit)
            results[question.indicator.code, unit.pk] = compute(
                question.indicator, where[unit.pk], choices
            )
    about = {(code, unit.pk): (unit, None) for code in indicator_codes for unit in asked}
    answers = _finished(questions[0], results, about)
    return {
        code: {
            unit.pk: replace(answers[code, unit.pk], indicator=indicators[code]) for unit in asked
        }
        for code in indicator_codes
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
