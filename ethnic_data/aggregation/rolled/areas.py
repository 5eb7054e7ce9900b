"""The set of units that a place is summed over."""

from __future__ import annotations

from ethnic_data.aggregation.places import Place
from portal.units.models import Level

LEVELS = {Level.COMMUNE.value: 1, Level.DISTRICT.value: 2, Level.PROVINCE.value: 3}
OTHER_LEVEL = 4


def members(place: Place) -> list[int]:
    """The units that are added up where the place has no figure of its own, in order."""
    return sorted(place.levels.keys() - {place.own})


def is_whole(place: Place) -> bool:
    """Whether each of them gives all it has, so that their sum is the place's."""
    shares = place.shares
    return shares is None or all(shares[unit] == 1 for unit in members(place))


def level_number(level: str) -> int:
    return LEVELS.get(level, OTHER_LEVEL)
