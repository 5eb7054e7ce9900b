"""The one statement behind every cut and curve, over what is kept by month or over the entries.

What the database keeps by month (CapitalByMonth) answers for the end of a month; entries of the
day's own month that are later than the day are taken off. For what was known at an earlier moment
the months are added up from the entries themselves. A test holds the two together.
"""

from __future__ import annotations

import datetime
from typing import Any

from programs.models.by_month import SLOTS, slot_end, slot_of
from programs.models.capital import CapitalPlanQuerySet

from .questions import Question, a_year_before

COLUMNS = (
    "id", "year", "component_id", "source_id", "kind", "area_id", "investor_id", "holder",
    "is_demo", "received", "passed_on", "disbursed",
)  # fmt: skip

KEPT = "SELECT plan_id, held, paid FROM programs_capitalbymonth"
ENTERED = """
SELECT plan_id, array_agg(held ORDER BY slot) AS held, array_agg(paid ORDER BY slot) AS paid
FROM (SELECT line.id AS plan_id, s.slot, coalesce(sum(m.held), 0)::bigint AS held,
             coalesce(sum(m.paid), 0)::bigint AS paid
      FROM asked AS line CROSS JOIN generate_series(1, 15) AS s(slot)
      LEFT JOIN (
          SELECT plan_id, day, held, paid FROM move WHERE {known}
      ) m ON m.plan_id = line.id AND programs_slot(m.day, line.year) = s.slot
      GROUP BY line.id, s.slot) told
GROUP BY plan_id
"""

#: entries as what they do to the line that they are of, and to the line above
MOVES = """
SELECT c.plan_id, c.day, (c.amount * 1000)::bigint AS held, 0::bigint AS paid, c.at
FROM programs_capitalchange c WHERE c.what <> 'carried_out' AND {days}
UNION ALL
SELECT below.parent_id, c.day, -(c.amount * 1000)::bigint, 0, c.at
FROM programs_capitalchange c JOIN programs_capitalplan below ON below.id = c.plan_id
WHERE c.what IN ('allocated', 'adjusted') AND below.parent_id IS NOT NULL AND {days}
UNION ALL
SELECT c.plan_id, c.day, 0, (c.amount * 1000)::bigint, c.at
FROM programs_disbursement c WHERE {days}
"""
#: only the rest of the day's month, of this year and of the one before
RESTS = (
    """(c.day > %(day)s AND c.day <= %(end)s OR c.day > %(before)s AND c.day <= %(before_end)s)"""
)

#: `stand` is every line of the year as it stood at the end of the day
STAND = """
WITH asked AS {narrow} ({lines}),
move AS ({moves}),
told AS {once} ({told}),
rest AS (
    SELECT m.plan_id, asked.year, sum(m.held)::bigint AS held, sum(m.paid)::bigint AS paid
    FROM ({rests}) m JOIN asked ON asked.id = m.plan_id
    WHERE (asked.year = %(year)s AND m.day > %(day)s AND m.day <= %(end)s
           OR asked.year < %(year)s AND m.day > %(before)s AND m.day <= %(before_end)s)
      AND {known}
    GROUP BY m.plan_id, asked.year
),
sum_of AS (
    SELECT line.*, {held} - coalesce(rest.held, 0) AS plan, {paid} - coalesce(rest.paid, 0) AS spent
    FROM asked line JOIN told ON told.plan_id = line.id LEFT JOIN rest ON rest.plan_id = line.id
    WHERE line.year = %(year)s
),
stand AS (
    SELECT id, component_id, source_id, kind, area_id, investor_id, holder, is_demo, plan, spent,
           CASE WHEN holder = 'works' THEN plan ELSE 0 END AS detail
    FROM sum_of
)
"""
SUMS = """
SELECT 'cut' AS part, grouping(component_id, source_id, kind, area_id, investor_id) AS sign,
       coalesce(component_id, source_id, area_id, investor_id) AS key, kind AS word,
       ARRAY[sum(plan), sum(detail), sum(spent)] AS sums
FROM stand
GROUP BY GROUPING SETS ((component_id), (source_id), (kind), (area_id), (investor_id), ())
UNION ALL
SELECT 'counts', %(year)s, NULL, NULL,
       ARRAY[count(*) FILTER (WHERE detail > 0 AND spent * 100 < detail * %(low)s),
             count(*) FILTER (WHERE detail > 0),
             count(*) FILTER (WHERE is_demo)]
FROM stand
UNION ALL
SELECT 'months', asked.year, NULL, NULL, ARRAY[{sums}]
FROM asked JOIN told ON told.plan_id = asked.id GROUP BY asked.year
UNION ALL
SELECT 'rest', year, NULL, NULL, ARRAY[sum(held), sum(paid)] FROM rest GROUP BY year
UNION ALL
SELECT 'carried', asked.year, NULL, NULL,
       ARRAY[coalesce(sum(c.amount) FILTER (WHERE c.what = 'carried_in'), 0) * 1000,
             coalesce(-sum(c.amount) FILTER (WHERE c.what = 'carried_out'), 0) * 1000]
FROM programs_capitalchange c JOIN asked ON asked.id = c.plan_id
WHERE c.what IN ('carried_in', 'carried_out') AND c.day <= %(day)s AND {known_change}
GROUP BY asked.year
"""


def sums(
    question: Question, visible: CapitalPlanQuerySet, *, low: int, from_entries: bool = False
) -> tuple[str, dict[str, Any]]:
    """SUMS for the lines asked for, and its parameters.

    Amounts are thousand đồng. `sign` is the year, or in a cut which dimensions a row leaves out.
    """
    return over_lines(SUMS, question, visible, low=low, from_entries=from_entries, both_years=True)


def over_lines(
    tail: str,
    question: Question,
    visible: CapitalPlanQuerySet,
    *,
    low: int,
    from_entries: bool = False,
    both_years: bool = False,
) -> tuple[str, dict[str, Any]]:
    """STAND with the lines asked for, and those of the year before, followed by `tail`; and its
    parameters."""
    years = [question.year, question.year - 1] if both_years else [question.year]
    lines = question.narrowed(visible).filter(year__in=years)
    inner, values = lines.order_by().values_list(*COLUMNS).query.sql_with_params()
    named = {f"line{n}": value for n, value in enumerate(values)}
    known = "m.at <= %(known)s" if question.known_at else "true"
    by_entry = from_entries or question.known_at is not None
    slot = slot_of(question.day, question.year)
    sql = (STAND + tail).format(
        narrow="" if visible.query.where or question.place else "NOT MATERIALIZED",
        lines=inner % tuple(f"%({name})s" for name in named),
        moves=MOVES.format(days="true"),
        rests=MOVES.format(days=RESTS),
        told=ENTERED.format(known=known.replace("m.", "")) if by_entry else KEPT,
        known=known,
        known_change=known.replace("m.", "c."),
        once="" if by_entry else "NOT MATERIALIZED",
        held=_stood("told.held", "" if by_entry else "line.received - line.passed_on", slot),
        paid=_stood("told.paid", "" if by_entry else "line.disbursed", slot),
        sums=f"{_each('told.held')}, {_each('told.paid')}",
    )
    return sql, named | _limits(question, slot) | {"low": low}


def _limits(question: Question, slot: int) -> dict[str, Any]:
    year = question.year
    return {
        "year": year,
        "day": question.day,
        "end": slot_end(slot, year),
        "before": a_year_before(question.day),
        "before_end": slot_end(slot, year - 1),
        "known": question.known_at,
    }


def _stood(array: str, whole: str, slot: int) -> str:
    """The first slots of an array in one sum; late in the year its whole, where the line keeps one
    (in million đồng), less the few slots that come after."""
    after = range(slot + 1, SLOTS + 1)
    if not whole or slot <= len(after):
        return "(" + " + ".join(f"{array}[{n}]" for n in range(1, slot + 1)) + ")"
    return " - ".join([f"(({whole}) * 1000)::bigint", *(f"{array}[{n}]" for n in after)])


def _each(array: str) -> str:
    """The sum of every slot over the lines."""
    return ", ".join(f"sum({array}[{n}])" for n in range(1, SLOTS + 1))


def month_of(slot: int, year: int) -> datetime.date:
    """The first day of a slot's month; the first stands for what was before the year."""
    months = year * 12 + slot - 2
    return datetime.date(months // 12, months % 12 + 1, 1)
