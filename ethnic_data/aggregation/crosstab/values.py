"""Figures of a cross table from the values at units, or from any choices of their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ethnic_data.aggregation.choosing import Index
from ethnic_data.aggregation.computing import Result, compute
from ethnic_data.aggregation.places import Place
from ethnic_data.models import Indicator

from .asking import Plan, Way
from .figures import Figure
from .reading import Table


class AtUnits:
    """Values at units, of one kind or of any, from which figures are computed."""

    def __init__(self, rows: Table, kind: str) -> None:
        self._indexes: dict[tuple[int | None, int], Index] = {}
        together: dict[tuple[int | None, int], list] = defaultdict(list)
        for (_, groups, period), values in rows.items():
            together[groups, period] += values
        for at, values in together.items():
            self._indexes[at] = Index(values, kind)

    def figure(self, measure: Indicator, plan: Plan, period: int, place: Place) -> Figure:
        return computed(
            measure,
            place,
            (self._choices(part, period, place) for part in plan.parts),
            (self._choices((way,), period, place) for way in plan.counted),
        )

    def _choices(self, ways: tuple[Way, ...], period: int, place: Place) -> list:
        return [
            choice
            for operand, groups in ways
            if (index := self._indexes.get((groups, period)))
            for choice in index.choices(operand, place)
        ]


def computed(
    measure: Indicator, place: Place, parts: Iterable[list[Any]], counted: Iterable[list[Any]]
) -> Figure:
    """A figure of the possible choices of its parts; `counted` for each group that is counted."""
    result = compute(measure, place, list(parts))
    figure = Figure(
        result.value,
        str(result.missing),
        result.numerator,
        result.denominator,
        str(result.kind),
        result.units_given,
        result.units_expected,
        result.is_partial,
        result.is_estimate,
    )
    if result.value is not None or measure.counted is None:
        return figure
    return _count(figure, [compute(measure.counted, place, [one]) for one in counted])


def _count(figure: Figure, told: list[Result]) -> Figure:
    """How many of the groups have anybody there, where nobody reported the count itself."""
    known = [one for one in told if one.value is not None]
    if not known:
        return figure
    fullest = max(known, key=lambda one: one.units_given)
    return figure._replace(
        value=Decimal(sum(bool(one.value) for one in known)),
        missing="",
        kind=str(fullest.kind),
        given=fullest.units_given,
        expected=fullest.units_expected,
        is_partial=any(one.is_partial for one in known),
        is_estimate=any(one.is_estimate for one in known),
    )
