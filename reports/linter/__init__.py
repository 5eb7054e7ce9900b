"""Where a document departs from the rules of form (Nghị định 30/2020/NĐ-CP).

`lint` is pure: a neutral text and what is known of the world in, departures out. The adapters of
`reading` make such texts from reports of the portal, Word files and plain text.
"""

from __future__ import annotations

from .catalogue import Catalogue
from .departures import Departure, Rule, Severity, Spot
from .examined import Examined, Grants
from .rules import RULES
from .text import OfficialText


def lint(
    text: OfficialText, catalogue: Catalogue, *, grants: Grants | None = None
) -> list[Departure]:
    """Every departure of the text, in the order of the places where they are met."""
    examined = Examined(text, catalogue, grants)
    found = [one for rule in RULES for one in rule.departures(examined)]
    order = {rule.code: number for number, rule in enumerate(RULES)}
    return sorted(found, key=lambda one: (one.spot.line, one.spot.start, order[one.rule.code]))


__all__ = [
    "RULES",
    "Catalogue",
    "Departure",
    "Examined",
    "Grants",
    "OfficialText",
    "Rule",
    "Severity",
    "Spot",
    "lint",
]
