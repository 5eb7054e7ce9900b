"""Who holds the money: province, then districts and agencies, then investors, with sums.

Lines of one holder below the same holders are one place of the tree, whatever they are for. Works
are counted at the place that gives them money and listed only when it is opened.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db import connection

from portal.units.models import AdministrativeUnit
from programs.models import CapitalPlan, Organisation
from programs.models.by_month import SLOTS, slot_end, slot_of
from programs.models.capital import CapitalPlanQuerySet

from .balances import Balance

Path = tuple[str, ...]
BETWEEN = "/"  # of the holders in an address
UNITS = {"province", "district", "commune"}
ORDER = [holder.value for holder in CapitalPlan.Holder]

#: every line, and every place: holders below holders that are among `{lines}`; works' lines are
#: added up by the line that gives them money, and listed for the place that is opened
SUMS = """
WITH RECURSIVE line AS MATERIALIZED ({lines}),
opened AS MATERIALIZED (SELECT %s::text[] AS path),
later AS ({later}),
standing AS MATERIALIZED (
    SELECT line.id, line.parent_id, line.holder,
           line.holder || '-' || coalesce(line.unit_id, line.organisation_id, line.works_id) AS own,
           line.received - coalesce(later.given, 0) AS received,
           line.passed_on - coalesce(later.passed, 0) AS passed_on,
           line.carried_out - coalesce(later.gone, 0) AS carried_out,
           line.disbursed - coalesce(later.paid, 0) {months} AS disbursed
    FROM line LEFT JOIN later ON later.plan_id = line.id {kept}
),
tree AS (
    SELECT s.*, ARRAY[s.own] AS path
    FROM standing s LEFT JOIN line above ON above.id = s.parent_id AND above.holder <> 'works'
    WHERE s.holder <> 'works' AND above.id IS NULL
    UNION ALL
    SELECT s.*, t.path || s.own
    FROM standing s JOIN tree t ON t.id = s.parent_id WHERE s.holder <> 'works'
),
of_works AS (
    SELECT parent_id, count(*) AS count, sum(received) AS received, sum(passed_on) AS passed_on,
           sum(carried_out) AS carried_out, sum(disbursed) AS disbursed
    FROM standing WHERE holder = 'works' GROUP BY parent_id
)
SELECT path, false, count(*), sum(received), sum(passed_on), sum(carried_out), sum(disbursed),
       CASE WHEN path = (SELECT path FROM opened) THEN array_agg(id) END
FROM tree GROUP BY path
UNION ALL
SELECT coalesce(t.path, ARRAY[]::text[]), true, sum(w.count)::bigint, sum(w.received),
       sum(w.passed_on), sum(w.carried_out), sum(w.disbursed),
       CASE WHEN coalesce(t.path, ARRAY[]::text[]) = (SELECT path FROM opened) THEN (
           SELECT array_agg(s.id) FROM standing s LEFT JOIN tree above ON above.id = s.parent_id
           WHERE s.holder = 'works'
             AND coalesce(above.path, ARRAY[]::text[]) = (SELECT path FROM opened)
       ) END
FROM of_works w LEFT JOIN tree t ON t.id = w.parent_id GROUP BY t.path
"""
#: what came after the day; of payments those of the rest of the day's month
LATER = """
SELECT m.plan_id, sum(given) AS given, sum(passed) AS passed, sum(gone) AS gone, sum(paid) AS paid
FROM (
    SELECT c.plan_id, CASE WHEN c.what <> 'carried_out' THEN c.amount ELSE 0 END AS given,
           0 AS passed, CASE WHEN c.what = 'carried_out' THEN -c.amount ELSE 0 END AS gone,
           0 AS paid
    FROM programs_capitalchange c JOIN line ON line.id = c.plan_id WHERE c.day > %s
    UNION ALL
    SELECT below.parent_id, 0, c.amount, 0, 0
    FROM programs_capitalchange c JOIN programs_capitalplan below ON below.id = c.plan_id
    WHERE c.day > %s AND c.what IN ('allocated', 'adjusted')
      AND below.parent_id IN (SELECT id FROM line)
    UNION ALL
    SELECT d.plan_id, 0, 0, 0, d.amount
    FROM programs_disbursement d JOIN line ON line.id = d.plan_id
    WHERE d.day > %s AND d.day <= %s
) m GROUP BY m.plan_id
"""
NOTHING_LATER = """
SELECT NULL::bigint AS plan_id, 0 AS given, 0 AS passed, 0 AS gone, 0 AS paid WHERE false
"""
KEPT = "LEFT JOIN programs_capitalbymonth kept ON kept.plan_id = line.id"
COLUMNS = (
    "id", "parent_id", "holder", "unit_id", "organisation_id", "works_id",
    "received", "passed_on", "carried_out", "disbursed",
)  # fmt: skip


@dataclass
class Place:
    """A holder below holders: what it was given itself, and all that is at and below it."""

    path: Path
    name: str
    own: Balance = field(default_factory=Balance)
    works: Balance = field(default_factory=Balance)
    works_count: int = 0
    below: list[Place] = field(default_factory=list)
    own_lines: list[int] = field(default_factory=list)
    works_lines: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        return BETWEEN.join(self.path)

    @property
    def depth(self) -> int:
        return len(self.path)

    @property
    def whole(self) -> Balance:
        """All money at and below this place."""
        return sum((place.whole for place in self.below), self.own + self.works)

    @property
    def passed(self) -> object:
        """What went on from here to others and to works."""
        return self.whole.held - self.own.held

    def walk(self) -> Iterator[Place]:
        yield self
        for place in self.below:
            yield from place.walk()


def places(
    lines: CapitalPlanQuerySet, *, year: int, on: datetime.date, opened: Path = ()
) -> list[Place]:
    """The tree of holders of `lines` of `year` at the end of `on`; three queries however many.

    Lines whose line above is not among them stand at the top. The place `opened` has the ids of
    its own lines and of those of the works below it.
    """
    rows = _asked(lines, year, on, opened)
    names = _names({step for path, *_ in rows for step in path})
    found: dict[Path, Place] = {}
    for path, is_works, count, *sums, ids in sorted(rows, key=lambda row: len(row[0])):
        place = _place(found, tuple(path), names)
        if is_works:
            place.works, place.works_count = Balance(*sums), count
            place.works_lines = ids or []
        else:
            place.own, place.own_lines = Balance(*sums), ids or []
    tops = [place for path, place in found.items() if len(path) <= 1]
    for place in found.values():
        place.below.sort(key=lambda one: names.get(one.path[-1], ("", ""))[1])
    return sorted(tops, key=lambda one: names.get(one.path[-1], ("", ""))[1] if one.path else "~")


def _place(found: dict[Path, Place], path: Path, names: Mapping[str, tuple[str, str]]) -> Place:
    if path not in found:
        name = names[path[-1]][0] if path else "Công trình, hoạt động"
        found[path] = Place(path, name)
        if len(path) > 1:
            _place(found, path[:-1], names).below.append(found[path])
    return found[path]


def _asked(lines: CapitalPlanQuerySet, year: int, on: datetime.date, opened: Path) -> list[tuple]:
    sql, params = lines.order_by().values_list(*COLUMNS).query.sql_with_params()
    is_end = on == datetime.date.max
    slot = slot_of(on, year)
    months = "".join(f" + coalesce(kept.paid[{n}], 0)" for n in range(slot + 1, SLOTS + 1))
    # what stands in braces is SQL of this file and of the queryset, whose values are params
    text = (
        SUMS.replace("{lines}", sql)
        .replace("{later}", NOTHING_LATER if is_end else LATER)
        .replace("{months}", f"- (0{months}) * 0.001" if months else "")
        .replace("{kept}", KEPT if months else "")
    )
    of_later = [] if is_end else [on, on, on, slot_end(slot, year)]
    with connection.cursor() as cursor:
        cursor.execute(text, [*params, list(opened), *of_later])
        return cursor.fetchall()


def _names(steps: set[str]) -> dict[str, tuple[str, str]]:
    """Name and sort key of each holder ("district-12", "investor-3"); the order of levels first."""
    told = {step: step.partition("-") for step in steps}
    units = AdministrativeUnit.objects.in_bulk(
        {int(pk) for kind, _, pk in told.values() if kind in UNITS}
    )
    people = Organisation.objects.in_bulk(
        {int(pk) for kind, _, pk in told.values() if kind not in UNITS}
    )
    names = {}
    for step, (kind, _, pk) in told.items():
        one = units[int(pk)] if kind in UNITS else people[int(pk)]
        names[step] = (str(one), f"{ORDER.index(kind)}{one.sort_key}")
    return names
