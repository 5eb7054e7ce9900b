"""Weights that add up to exactly one, out of numbers of people."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import TypeVar

Part = TypeVar("Part", bound=Hashable)

STEP = Decimal("0.000001")


def weights_of(people: Mapping[Part, int]) -> dict[Part, Decimal]:
    """Each part's weight, six places, together exactly 1; nothing where there is nobody at all.

    What is left after rounding down goes to the parts that lost most by it (largest remainder).
    """
    total = sum(people.values())
    if not total:
        return {}
    millionths = {part: divmod(count * 1_000_000, total) for part, count in people.items()}
    left = 1_000_000 - sum(whole for whole, _ in millionths.values())
    lost_most = sorted(millionths, key=lambda part: -millionths[part][1])[:left]
    return {part: (whole + (part in lost_most)) * STEP for part, (whole, _) in millionths.items()}
