"""One cell of a cross table, and how many units it should have been made of."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from ethnic_data.aggregation.places import Place
from ethnic_data.models import Indicator, IndicatorLevel
from portal.units.models import Level

from .reading import LEVELS, OTHER, OWN


class Figure(NamedTuple):
    """One cell. `value` is None exactly when `missing` says why; `given` of `expected` units."""

    value: Decimal | None
    missing: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    kind: str = ""
    given: int = 0
    expected: int = 0
    is_partial: bool = False
    is_estimate: bool = False

    @property
    def is_complete(self) -> bool:
        return self.value is not None and self.given >= self.expected and not self.is_partial


def expected_of(measure: Indicator, place: Place, level: int) -> int:
    """How many units should have given a figure whose values are of units of `level`."""
    if level == OWN or measure.level == IndicatorLevel.AGENCY:
        return 1
    if level not in (LEVELS[Level.COMMUNE], OTHER):
        return sum(LEVELS.get(Level(at)) == level for at in place.levels.values())
    return len(place.communes)
