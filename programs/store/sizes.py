"""How large amounts of works may be: by their capital, and by what was paid for them before.

So amounts in đồng where million đồng are meant are noticed: see
portal.collection.workbooks.amounts.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db.models import Max, Sum

from portal.collection.workbooks.layout import RowUnit
from programs.models import CapitalKind, CapitalPlan, Disbursement
from programs.services.posting import WORD

TOTAL = "TONG"  # the measure of a row's total
Pairs = dict[str, Decimal]  # by measure


def with_capital(rows: Sequence[RowUnit], start: datetime.date) -> list[RowUnit]:
    """The rows with the capital that each works has of a source and kind in the year of `start`,
    and the most that was paid of it in one payment before. Two queries."""
    codes = [row.code for row in rows]
    ceilings, usual = _capital(codes, start.year), _most_paid(codes, start)
    return [
        replace(
            row,
            ceilings=tuple(ceilings[row.code].items()),
            usual=tuple(usual[row.code].items()),
        )
        for row in rows
    ]


def _capital(codes: Collection[str], year: int) -> dict[str, Pairs]:
    lines = CapitalPlan.objects.filter(year=year, works__code__in=codes).order_by()
    found: dict[str, Pairs] = defaultdict(dict)
    for code, source, kind, received in lines.values_list(
        "works__code", "source__code", "kind", "received"
    ):
        found[code][f"{source}-{WORD[CapitalKind(kind)]}"] = received
        found[code][TOTAL] = found[code].get(TOTAL, Decimal(0)) + received
    return found


def _most_paid(codes: Collection[str], before: datetime.date) -> dict[str, Pairs]:
    paid = (
        Disbursement.objects.filter(
            plan__works__code__in=codes, day__lt=before, reverses=None, reversal=None
        )
        .order_by()
        .values_list("plan__works__code", "plan__source__code", "plan__kind")
        .annotate(most=Max("amount"))
    )
    found: dict[str, Pairs] = defaultdict(dict)
    for code, source, kind, most in paid:
        found[code][f"{source}-{WORD[CapitalKind(kind)]}"] = most
    return found


def with_known_size(rows: Sequence[RowUnit]) -> list[RowUnit]:
    """Rows whose works have no total investment expect the most capital of one year instead.

    One query where there are such works.
    """
    codes = [row.code for row in rows if not row.expected]
    if not codes:
        return list(rows)
    lines = CapitalPlan.objects.filter(year__isnull=False, works__code__in=codes).order_by()
    most: Pairs = {}
    for code, _, total in lines.values_list("works__code", "year").annotate(told=Sum("received")):
        most[code] = max(most.get(code, Decimal(0)), total)
    return [replace(row, expected=row.expected or most.get(row.code) or None) for row in rows]
