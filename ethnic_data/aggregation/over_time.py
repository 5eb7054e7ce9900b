"""What was observed in several periods: one pass over the values, however many they are.

Nearly every unit gives its figures in one shape, say by group and sex without a total, and there a
plain sum is the answer. A unit that gave totals beside parts is read again by `observed`, which
knows that a total stands above its parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection

from portal.collection.models import ReportingPeriod

from .observed import Observed, Operand, observed

# a sum over all that was given, or over the groups that were chosen; `wanted` says which
SUMS = """
WITH summed AS MATERIALIZED (
    SELECT n, submission_id, kind, unit_id, sum(value) {wanted} AS value,
        max(missing) FILTER (WHERE value IS NULL {and_wanted}) AS missing,
        count(value) {wanted} AS given, count(*) {wanted} AS cells,
        min(shape) <> max(shape) AS mixed
    FROM (
        SELECT operand.n, o.submission_id, o.kind, o.unit_id, o.group_id, o.value, o.missing,
            (o.group_id IS NULL)::int * 4 + (o.sex = '')::int * 2 + (o.category = '')::int AS shape
        FROM unnest(%(numbers)s::int[], %(indicators)s::bigint[], %(sexes)s::text[],
                    %(categories)s::text[], %(narrowed)s::bool[])
            AS operand (n, indicator_id, sex, category, narrowed)
        JOIN ethnic_data_observation o ON o.indicator_id = operand.indicator_id
        WHERE o.submission_id IN (
                SELECT id FROM collection_submission
                WHERE period_id = ANY (%(periods)s) AND status = 'approved')
          AND operand.sex IN ('', o.sex) AND operand.category IN ('', o.category)
          AND operand.narrowed = %(narrow)s AND (o.group_id IS NOT NULL OR NOT operand.narrowed)
    ) cell
    GROUP BY n, submission_id, kind, unit_id
)
SELECT DISTINCT ON (period_id, n, dataset_id, kind, unit_id)
    period_id, mixed, n, dataset_id, kind, summed.unit_id, NULL, submission_id,
    CASE WHEN cells = 0 THEN 0 ELSE value END,
    CASE WHEN cells > 0 AND value IS NULL THEN coalesce(missing, 'not_collected') ELSE '' END,
    given < cells, cells
FROM summed JOIN collection_submission submission ON submission.id = summed.submission_id
WHERE summed.unit_id = ANY (%(units)s)
ORDER BY period_id, n, dataset_id, kind, unit_id, approved_at DESC
"""
WANTED = """
(n, group_id) IN (SELECT * FROM unnest(%(choosing)s::int[], %(chosen)s::bigint[]))
"""
OF_ALL = SUMS.format(wanted="", and_wanted="")
OF_GROUPS = SUMS.format(wanted=f"FILTER (WHERE {WANTED})", and_wanted=f"AND {WANTED}")


def observed_over_time(
    operands: Sequence[Operand], *, periods: Collection[ReportingPeriod], units: Iterable[int]
) -> dict[int, list[Observed]]:
    """Every approved value of `operands` at `units`, by the key of its period.

    The same rows as `observed` gives for each period. One query for operands of all groups, one for
    those of some, and one more for each period in which a unit gave totals beside parts.
    """
    found: dict[int, list[Observed]] = defaultdict(list)
    mixed: dict[int, set[tuple[int, int]]] = defaultdict(set)
    units = list(units)
    for narrow in {operand.groups is not None for operand in operands}:
        for period, is_mixed, *row in _sums(_parameters(operands, periods, units, narrow), narrow):
            one = Observed(*row)
            found[period].append(one)
            if is_mixed:
                mixed[period].add((one.operand, one.unit))
    for period in periods:
        if places := mixed.get(period.pk):
            simple = [row for row in found[period.pk] if (row.operand, row.unit) not in places]
            found[period.pk] = simple + _again(operands, period, places)
    return found


def _sums(parameters: dict[str, Any], narrow: bool) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(OF_GROUPS if narrow else OF_ALL, parameters)
        return cursor.fetchall()


def _parameters(
    operands: Sequence[Operand],
    periods: Collection[ReportingPeriod],
    units: list[int],
    narrow: bool,
) -> dict[str, Any]:
    pairs = [(n, group) for n, one in enumerate(operands) for group in one.groups or ()]
    return {
        "periods": [period.pk for period in periods],
        "units": units,
        "numbers": list(range(len(operands))),
        "indicators": [operand.indicator.pk for operand in operands],
        "sexes": [operand.sex for operand in operands],
        "categories": [operand.category for operand in operands],
        "narrow": narrow,
        "narrowed": [operand.groups is not None for operand in operands],
        "choosing": [n for n, _ in pairs],
        "chosen": [group for _, group in pairs],
    }


def _again(
    operands: Sequence[Operand], period: ReportingPeriod, places: set[tuple[int, int]]
) -> list[Observed]:
    units = {unit for _, unit in places}
    rows = observed(operands, period=period, units=units)
    return [row for row in rows if (row.operand, row.unit) in places]
