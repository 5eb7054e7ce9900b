"""The declared rules of a layout, run over whole columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layout import Rule
from . import across, columns, strange
from .beside import Beside, Identity, Previous
from .domain import Domain, Objection, Told, ask_domain
from .money import check_amounts
from .running import Run

if TYPE_CHECKING:
    from ..checking import Check

KINDS = {
    "at_most": columns.at_most,
    "at_least": columns.at_least,
    "sum": columns.sum_of_parts,
    "range": columns.in_range,
    "ratio": columns.ratio,
    "required_if": columns.required_if,
    "change": strange.change,
    "outlier": strange.outlier,
    "cross": across.cross,
}


def run_rules(check: Check, beside: Beside) -> None:
    """Runs every rule of the layout of one check and says what breaks it.

    A rule that names a column which is not (or no longer) in the layout says nothing.
    """
    run = Run(check, beside)
    if check.layout.has_records:
        check_amounts(check)
    for rule in check.layout.rules:
        if _names_known_columns(rule, check):
            KINDS[rule.kind](run, rule)
    if beside.domain is not None:
        ask_domain(check, beside.domain)


def _names_known_columns(rule: Rule, check: Check) -> bool:
    known = check.layout.by_key
    return all(key in known for key in (*rule.columns, *filter(None, [rule.other])))


__all__ = ["Beside", "Domain", "Identity", "Objection", "Previous", "Told", "run_rules"]
