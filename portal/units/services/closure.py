"""Keep what follows from dated parents and successions: who is below whom, and the shares."""

from __future__ import annotations

from django.db import connection, transaction

from ..models import UnitAncestor, UnitShare

ANCESTORS = """
WITH RECURSIVE up AS (
    SELECT unit_id, parent_id AS ancestor_id, 1 AS depth, valid
    FROM units_unitparent
    UNION ALL
    SELECT up.unit_id, p.parent_id, up.depth + 1, up.valid * p.valid
    FROM up JOIN units_unitparent p
      ON p.unit_id = up.ancestor_id AND p.valid && up.valid
)
INSERT INTO units_unitancestor (unit_id, ancestor_id, depth, valid)
SELECT unit_id, ancestor_id, depth, valid FROM up
"""
# A walk leads every unit along its successions, forwards or backwards, to those in force on the
# first day of each stretch without change. A level that ended goes on as its parent.
SHARES = """
WITH RECURSIVE change AS (
    SELECT lower(valid) AS day FROM units_administrativeunit
    UNION SELECT upper(valid) FROM units_administrativeunit WHERE NOT upper_inf(valid)
    UNION SELECT lower(valid) FROM units_unitparent
    UNION SELECT upper(valid) FROM units_unitparent WHERE NOT upper_inf(valid)
), stretch AS (
    SELECT day, lead(day) OVER (ORDER BY day) AS until FROM change
), step AS (
    SELECT old_id AS from_id, new_id AS to_id, weight AS part, true AS forward
    FROM units_unitsuccession WHERE new_id IS NOT NULL
    UNION ALL
    SELECT s.old_id, p.parent_id, 1, true
    FROM units_unitsuccession s
    JOIN units_unitparent p ON p.unit_id = s.old_id AND p.valid @> s.date - 1
    WHERE s.new_id IS NULL
    UNION ALL
    SELECT new_id, old_id,
        CASE WHEN count(*) OVER (PARTITION BY new_id) = 1 THEN 1 ELSE share_of_new END, false
    FROM units_unitsuccession
    WHERE new_id IS NOT NULL AND share_of_new IS DISTINCT FROM 0
), walk AS (
    SELECT stretch.day, u.id AS unit_id, u.id AS at_id, u.valid AS at, 1::numeric AS weight
    FROM stretch, units_administrativeunit u
    UNION ALL
    SELECT walk.day, walk.unit_id, next.id, next.valid, walk.weight * step.part
    FROM walk
    JOIN step ON step.from_id = walk.at_id
      AND CASE WHEN step.forward THEN upper(walk.at) <= walk.day ELSE lower(walk.at) > walk.day END
    JOIN units_administrativeunit next ON next.id = step.to_id
), ends AS (
    SELECT day, unit_id, at_id, weight, at @> day AS arrived,
        count(*) OVER (PARTITION BY day, unit_id) AS ways
    FROM walk
    WHERE at @> day OR NOT EXISTS (
        SELECT FROM step
        WHERE step.from_id = walk.at_id AND step.forward = coalesce(upper(at) <= day, false))
), reached AS (
    SELECT day, unit_id, at_id AS target_id, weight, ways FROM ends WHERE arrived
    UNION ALL
    SELECT ends.day, ends.unit_id, a.ancestor_id, weight, ways
    FROM ends JOIN units_unitancestor a ON a.unit_id = ends.at_id AND a.valid @> ends.day
    WHERE arrived
), share AS (
    SELECT day, unit_id, target_id,
        CASE WHEN count(*) = ways THEN 1
             WHEN count(weight) = count(*) THEN trim_scale(sum(weight)) END AS weight
    FROM reached GROUP BY day, unit_id, target_id, ways
)
INSERT INTO units_unitshare (unit_id, target_id, weight, valid)
SELECT unit_id, target_id, weight, unnest(range_agg(daterange(share.day, until)))
FROM share JOIN stretch ON stretch.day = share.day
GROUP BY unit_id, target_id, weight
"""


@transaction.atomic
def rebuild_ancestors() -> None:
    """Recompute the closure from the dated parents, in one statement."""
    UnitAncestor.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(ANCESTORS)


@transaction.atomic
def rebuild_shares() -> None:
    """Recompute every share from successions, parents and closure, in one statement."""
    UnitShare.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(SHARES)
