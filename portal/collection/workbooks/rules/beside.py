"""What lies beside the values under check: other periods, other datasets, other rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .domain import Domain

# by unit, measure, group (None for all), sex (None for all) and category ("" for none)
Identity = tuple[str, str, str | None, str | None, str]
Previous = Mapping[Identity, Decimal]
# a unit, and a group where the comparison is by group
Spot = tuple[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Approved values that rules compare with; whatever is not there makes a rule say nothing.

    `previous` are the values of the period before, `history` those of several periods
    before in ascending order; `others` hold, by the code of a `cross` rule, the other dataset's
    values; `peers` the values of this submission's rows that are not part of the check (a form
    shows a page at a time), by column and group; `domain` what the store itself asks of the rows.
    """

    previous: Previous = field(default_factory=dict)
    history: Mapping[Identity, Sequence[Decimal]] = field(default_factory=dict)
    others: Mapping[str, Mapping[Spot, Decimal]] = field(default_factory=dict)
    peers: Mapping[tuple[str, str | None], Sequence[Decimal]] = field(default_factory=dict)
    domain: Domain | None = None
