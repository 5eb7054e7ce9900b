"""Workbooks become entries of the ledger: the month's payments, and a year's capital of works.

What a workbook said before is found by its submissions, so that a correction posts only what
changed and the same figures twice post nothing. `objections_…` say beforehand, at the works and
the column, why an entry would be refused, in the same words.

Values are by works code and measure (`NSTW-DT`: source and kind), in million đồng.
"""

from .monthly import objections_to_monthly, post_monthly
from .plan import decision_cited, objections_to_plan, post_plan
from .told import KINDS, WORD, Stands, measure_of, source_and_kind

__all__ = [
    "KINDS",
    "WORD",
    "Stands",
    "decision_cited",
    "measure_of",
    "objections_to_monthly",
    "objections_to_plan",
    "post_monthly",
    "post_plan",
    "source_and_kind",
]
