"""Make one figure of what was chosen: add up, divide sums, count; and say how it was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ethnic_data.models import Aggregation, Indicator, IndicatorLevel, Missing
from portal import formats
from portal.units import crosswalk
from portal.units.models import Level

from .choosing import NO_SHARE, Used, best, best_pair
from .places import Place

LEVEL_WORDS = {
    Level.COMMUNE: "xã, phường, thị trấn",
    Level.DISTRICT: "huyện, thị xã, thành phố",
    Level.PROVINCE: "tỉnh",
}


@dataclass
class Result:
    """A computed figure before its sources are looked up. Fields as in `answers.Answer`."""

    value: Decimal | None = None
    missing: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    formula: str = ""
    observations: int = 0
    submissions: set[int] = field(default_factory=set)
    units_expected: int = 0
    units_given: int = 0
    missing_units: tuple[int, ...] = ()
    is_partial: bool = False
    kind: str = ""
    is_estimate: bool = False


def compute(indicator: Indicator, place: Place, parts: list[list[Any]]) -> Result:
    """`parts` holds the possible choices of the figure, or of its numerator and denominator: each
    a `choosing.Choice` of values, or a `rolled.choosing.RolledChoice` of sums."""
    if indicator.aggregation == Aggregation.RATIO:
        return _ratio(indicator, place, *best_pair(parts[0], parts[1]))
    if indicator.aggregation == Aggregation.MEAN:
        return _mean(indicator, place, parts)
    choice = best(parts[0])
    if indicator.aggregation == Aggregation.NONE and not choice.direct:
        return _nothing(indicator, place, [choice], Missing.NOT_APPLICABLE)
    return _sum(indicator, place, choice)


def _sum(indicator: Indicator, place: Place, choice: Any) -> Result:
    value = choice.total()
    if value is None:
        return _nothing(indicator, place, [choice])
    result = _base(indicator, place, [choice], [choice.used()])
    result.value = value
    result.formula = "Số liệu đơn vị báo cáo" if choice.direct else _added(result, place, choice)
    return result


def _ratio(indicator: Indicator, place: Place, above: Any, below: Any) -> Result:
    """Numerator and denominator over the units that gave both, then one division."""
    if not (above.tells and below.tells and above.overlap(below)):
        return _nothing(indicator, place, [above, below])
    parts = [above.used(below), below.used(above)]
    result = _base(indicator, place, [above, below], parts)
    numerator, denominator = (part.total or Decimal(0) for part in parts)
    result.numerator, result.denominator = numerator, denominator
    if denominator:
        result.value = numerator / denominator * indicator.factor
    else:
        result.missing = Missing.NOT_APPLICABLE
    times = "" if indicator.factor == 1 else f" × {formats.number(indicator.factor)}"
    result.formula = (
        f"{_name(indicator.numerator)} ({formats.number(result.numerator)}) / "
        f"{_name(indicator.denominator)} ({formats.number(result.denominator)}){times}"
    )
    return result


def _mean(indicator: Indicator, place: Place, parts: list[list[Any]]) -> Result:
    """What the unit gave itself, else the mean over units weighted by their weight."""
    own = best(parts[0])
    if own.direct:
        return _sum(indicator, place, own)
    values, weights = best_pair(parts[0], parts[1])
    if not (values.tells and weights.tells and values.overlap(weights)):
        return _nothing(indicator, place, [values, weights])
    weight = weights.used(values).total
    if not weight:
        return _nothing(indicator, place, [values, weights])
    used = [values.used(weights), weights.used(values)]
    result = _base(indicator, place, [values, weights], used)
    result.numerator = values.products(weights)
    result.denominator = weight
    result.value = result.numerator / weight
    result.formula = f"Bình quân của {result.units_given} đơn vị theo {_name(indicator.weight)}"
    return result


def _base(indicator: Indicator, place: Place, choices: list[Any], parts: Sequence[Used]) -> Result:
    """The result's sources: what was used of each choice, and who is missing."""
    expected = _expected(indicator, place, choices)
    units = set(parts[0].units) if parts else set()
    return Result(
        observations=sum(part.cells for part in parts),
        submissions=set().union(*(part.submissions for part in parts)),
        units_expected=len(expected),
        units_given=parts[0].count if parts else 0,
        missing_units=tuple(sorted(expected - units)),
        is_partial=any(part.is_partial for part in parts),
        kind=next((part.kind for part in parts if part.kind), ""),
        is_estimate=any(choice.is_estimate for choice in choices) if parts else False,
    )


def _expected(indicator: Indicator, place: Place, choices: list[Any]) -> set[int]:
    """The units that should have given a figure: the communes, or who reported at their level."""
    told = [choice for choice in choices if choice.tells]
    if any(choice.direct for choice in told) or indicator.level == IndicatorLevel.AGENCY:
        return {place.own}
    for choice in told:
        level = choice.level(place)
        if level and level != Level.COMMUNE:
            return {unit for unit, at in place.levels.items() if at == level}
    return set(place.communes)


def _nothing(indicator: Indicator, place: Place, choices: list[Any], missing: str = "") -> Result:
    """No figure: the one reason that was given, else that nothing was collected."""
    reasons = set().union(*(choice.reasons for choice in choices))
    result = _base(indicator, place, choices, [])
    said = next(iter(reasons)) if len(reasons) == 1 else Missing.NOT_COLLECTED
    result.missing = missing or (NO_SHARE if NO_SHARE in reasons else said)
    return result


def _added(result: Result, place: Place, choice: Any) -> str:
    level = choice.level(place) or Level.COMMUNE
    words = f"Cộng số liệu của {formats.number(result.units_given)} {LEVEL_WORDS[Level(level)]}"
    if result.missing_units:
        words += f"; còn thiếu {formats.number(len(result.missing_units))} đơn vị"
    return f"{words}; {crosswalk.ESTIMATE_WORDS}" if result.is_estimate else words


def _name(indicator: Indicator | None) -> str:
    return indicator.name if indicator else ""
