"""The statements that sum up one period of one dataset.

First each unit by itself, by the rules of `aggregation.observed`; then sets of units, from these
rows alone. What is written is what these rows say, so a set costs as much as it has units.
"""

from __future__ import annotations

# {narrowed}: to some indicators and units, {near}: to submissions of these units and of units above
# them; or nothing. Each value is part of what is asked of its
# own sex and of both, of its own category and of all.
OWN = """
DROP TABLE IF EXISTS pg_temp.rollup_own;
CREATE TEMPORARY TABLE rollup_own ON COMMIT DROP AS
WITH approved AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY coalesce(approved_at, created_at), id) AS rank
    FROM collection_submission
    WHERE period_id = %(period)s AND dataset_id = %(dataset)s AND status = 'approved' {near}
), by_sex AS (
    SELECT o.indicator_id, asked_sex.sex AS asked_sex, asked_category.category AS asked_category,
        s.id AS submission, s.rank, o.kind, o.unit_id, o.group_id, o.sex,
        coalesce(max(value) FILTER (WHERE o.category = ''),
                 sum(value) FILTER (WHERE o.category <> '')) AS value,
        max(missing) AS missing,
        max(value) FILTER (WHERE o.category = '') IS NULL AND count(value) < count(*) AS partial,
        CASE WHEN max(value) FILTER (WHERE o.category = '') IS NULL THEN count(*) ELSE 1 END
            AS count
    FROM approved s
    JOIN ethnic_data_observation o ON o.submission_id = s.id
    CROSS JOIN LATERAL unnest(CASE o.sex WHEN '' THEN ARRAY[''] ELSE ARRAY['', o.sex] END)
        AS asked_sex (sex)
    CROSS JOIN LATERAL unnest(
        CASE o.category WHEN '' THEN ARRAY[''] ELSE ARRAY['', o.category] END)
        AS asked_category (category)
    WHERE true {narrowed}
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
), by_group AS (
    SELECT indicator_id, asked_sex, asked_category, submission, rank, kind, unit_id, group_id,
        coalesce(max(value) FILTER (WHERE sex = ''), sum(value) FILTER (WHERE sex <> '')) AS value,
        max(missing) AS missing,
        CASE WHEN max(value) FILTER (WHERE sex = '') IS NULL
             THEN count(value) < count(*) OR bool_or(partial)
             ELSE bool_or(partial) FILTER (WHERE sex = '') END AS partial,
        coalesce(max(count) FILTER (WHERE sex = '' AND value IS NOT NULL), sum(count)) AS count
    FROM by_sex GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), together AS (
    SELECT DISTINCT ON (indicator_id, asked_sex, asked_category, kind, unit_id)
        indicator_id, asked_sex, asked_category, kind, unit_id, submission,
        coalesce(max(value) FILTER (WHERE group_id IS NULL),
                 sum(value) FILTER (WHERE group_id IS NOT NULL)) AS value,
        max(missing) AS missing,
        CASE WHEN max(value) FILTER (WHERE group_id IS NULL) IS NULL
             THEN count(value) < count(*) OR bool_or(partial)
             ELSE bool_or(partial) FILTER (WHERE group_id IS NULL) END AS partial,
        coalesce(max(count) FILTER (WHERE group_id IS NULL AND value IS NOT NULL), sum(count))
            AS count
    FROM by_group
    GROUP BY indicator_id, asked_sex, asked_category, kind, unit_id, submission, rank
    ORDER BY indicator_id, asked_sex, asked_category, kind, unit_id, rank DESC
), covered AS (
    SELECT DISTINCT ON (indicator_id, asked_sex, asked_category, kind, unit_id)
        indicator_id, asked_sex, asked_category, kind, unit_id, submission,
        array_agg(group_id ORDER BY group_id) AS groups,
        array_agg(trim_scale(coalesce(value, 0)) ORDER BY group_id) AS totals,
        array_agg(count::int ORDER BY group_id) AS cells,
        coalesce(array_agg(group_id ORDER BY group_id) FILTER (WHERE value IS NULL OR partial),
                 '{{}}') AS open_groups
    FROM by_group WHERE group_id IS NOT NULL
    GROUP BY indicator_id, asked_sex, asked_category, kind, unit_id, submission, rank
    ORDER BY indicator_id, asked_sex, asked_category, kind, unit_id, rank DESC
), kinds AS (
    SELECT indicator_id, unit_id, min(kind) <> max(kind) OR min(submission) <> max(submission)
        AS several
    FROM by_group GROUP BY 1, 2
)
SELECT t.indicator_id, t.kind, t.asked_sex AS sex, t.asked_category AS category,
    ARRAY[t.unit_id]::bigint[] AS area, trim_scale(t.value) AS total, t.partial,
    coalesce(nullif(t.missing, ''), 'not_collected') AS reason, t.count,
    ARRAY[t.submission]::bigint[] AS submissions,
    CASE WHEN c.submission IS NOT NULL THEN ARRAY[c.submission]::bigint[] END
        AS covered_submissions,
    coalesce(c.groups, '{{}}') AS groups, coalesce(c.totals, '{{}}') AS totals,
    coalesce(c.cells, '{{}}') AS group_cells, coalesce(c.open_groups, '{{}}') AS open_groups,
    kinds.several AS to_read
FROM together t
JOIN kinds USING (indicator_id, unit_id)
LEFT JOIN covered c USING (indicator_id, asked_sex, asked_category, kind, unit_id)
"""
NEAR = "AND unit_id = ANY (%(near)s)"
NARROWED = "AND o.indicator_id = ANY (%(indicators)s) AND o.unit_id = ANY (%(units)s)"

# in order, so that two who add the same sets do not wait for each other crosswise
SETS = """
INSERT INTO ethnic_data_rollupset (key, members)
SELECT md5(array_to_string(members, ',')), members
FROM ({sets}) told (members) WHERE members IS NOT NULL
GROUP BY members ORDER BY 1
ON CONFLICT (key) DO NOTHING
"""
SETS_OF_OWN = SETS.format(
    sets="SELECT area FROM rollup_own UNION ALL SELECT submissions FROM rollup_own"
    " UNION ALL SELECT covered_submissions FROM rollup_own"
)
SETS_OF_SUMS = SETS.format(
    sets="SELECT units FROM rollup_sum UNION ALL SELECT submissions FROM rollup_sum"
    " UNION ALL SELECT covered_units FROM rollup_sum"
    " UNION ALL SELECT covered_submissions FROM rollup_sum"
)
INTO = """
INSERT INTO ethnic_data_rollup (period_id, dataset_id, indicator_id, area_id, level, kind, sex,
    category, total, given, told, is_partial, reason, other_reason, cells, units_id, submissions_id,
    covered, covered_units_id, covered_submissions_id, groups, totals, group_cells, open_groups,
    to_read)
"""
KEPT_OWN = f"""
{INTO}
SELECT %(period)s, %(dataset)s, o.indicator_id, area.id, 0, o.kind, o.sex, o.category, o.total,
    (o.total IS NOT NULL)::int, 1, o.partial AND o.total IS NOT NULL,
    CASE WHEN o.total IS NULL THEN o.reason ELSE '' END,
    CASE WHEN o.total IS NULL THEN o.reason ELSE '' END,
    CASE WHEN o.total IS NULL THEN 0 ELSE o.count END,
    CASE WHEN o.total IS NOT NULL THEN area.id END,
    CASE WHEN o.total IS NOT NULL THEN told.id END,
    (covering.id IS NOT NULL)::int, CASE WHEN covering.id IS NOT NULL THEN area.id END, covering.id,
    o.groups, o.totals, o.group_cells, o.open_groups, o.to_read
FROM rollup_own o
JOIN ethnic_data_rollupset area ON area.key = md5(array_to_string(o.area, ','))
JOIN ethnic_data_rollupset told ON told.key = md5(array_to_string(o.submissions, ','))
LEFT JOIN ethnic_data_rollupset covering
    ON covering.key = md5(array_to_string(o.covered_submissions, ','))
"""  # noqa: S608 - constants
# {narrowed}: to some indicators, or nothing
SUMMED = """
DROP TABLE IF EXISTS pg_temp.rollup_sum;
CREATE TEMPORARY TABLE rollup_sum ON COMMIT DROP AS
WITH place AS MATERIALIZED (
    SELECT area_id, unit_id, level, dense_rank() OVER (ORDER BY area_id, level)::int AS place
    FROM unnest(%(place_area)s::bigint[], %(place_unit)s::bigint[], %(place_level)s::int[])
        AS told (area_id, unit_id, level)
), own AS MATERIALIZED (
    SELECT r.*,
        dense_rank() OVER (ORDER BY r.indicator_id, r.kind, r.sex, r.category)::int AS what,
        one.members[1]::int AS unit_id, told.members[1] AS submission,
        covering.members[1] AS covered_submission
    FROM ethnic_data_rollup r
    JOIN ethnic_data_rollupset one ON one.id = r.area_id
    LEFT JOIN ethnic_data_rollupset told ON told.id = r.submissions_id
    LEFT JOIN ethnic_data_rollupset covering ON covering.id = r.covered_submissions_id
    WHERE r.period_id = %(period)s AND r.dataset_id = %(dataset)s AND r.level = 0 {narrowed}
), plain AS (
    SELECT what, place, min(place.area_id) AS area_id, min(place.level) AS level,
        min(indicator_id) AS indicator_id, min(kind) AS kind, min(sex) AS sex,
        min(category) AS category, sum(total) AS total, sum(given) AS given, count(*) AS told,
        bool_or(is_partial) AS partial,
        coalesce(min(reason) FILTER (WHERE given = 0), '') AS reason,
        coalesce(max(reason) FILTER (WHERE given = 0), '') AS other_reason,
        sum(cells) AS cells,
        array_agg(unit_id ORDER BY unit_id) FILTER (WHERE given > 0) AS units,
        array_agg(DISTINCT submission) FILTER (WHERE given > 0) AS submissions,
        sum(covered) AS covered,
        array_agg(unit_id ORDER BY unit_id) FILTER (WHERE covered > 0) AS covered_units,
        array_agg(DISTINCT covered_submission) FILTER (WHERE covered > 0) AS covered_submissions,
        bool_or(to_read) AS to_read
    FROM own JOIN place USING (unit_id) GROUP BY 1, 2
), part AS (
    SELECT what, place, one.group_id::int AS group_id, sum(one.total) AS total,
        sum(one.cells) AS cells
    FROM own
    JOIN place USING (unit_id)
    CROSS JOIN LATERAL unnest(groups, totals, group_cells) AS one (group_id, total, cells)
    GROUP BY 1, 2, 3
), grouped AS (
    SELECT what, place, array_agg(group_id::bigint ORDER BY group_id) AS groups,
        array_agg(trim_scale(total) ORDER BY group_id) AS totals,
        array_agg(cells::int ORDER BY group_id) AS group_cells
    FROM part GROUP BY 1, 2
), opened AS (
    SELECT what, place, array_agg(DISTINCT one.group_id ORDER BY one.group_id) AS open_groups
    FROM own JOIN place USING (unit_id) CROSS JOIN LATERAL unnest(open_groups) AS one (group_id)
    GROUP BY 1, 2
)
SELECT plain.*, coalesce(groups, '{{}}') AS groups, coalesce(totals, '{{}}') AS totals,
    coalesce(group_cells, '{{}}') AS group_cells, coalesce(open_groups, '{{}}') AS open_groups
FROM plain
LEFT JOIN grouped USING (what, place)
LEFT JOIN opened USING (what, place)
"""
OF_INDICATORS = "AND r.indicator_id = ANY (%(indicators)s)"
KEPT_SUMS = f"""
{INTO}
SELECT %(period)s, %(dataset)s, s.indicator_id, s.area_id, s.level, s.kind, s.sex, s.category,
    trim_scale(s.total), s.given, s.told, s.partial, s.reason, s.other_reason, s.cells, units.id,
    told.id, s.covered, covered.id, covering.id, s.groups, s.totals, s.group_cells, s.open_groups,
    s.to_read
FROM rollup_sum s
LEFT JOIN ethnic_data_rollupset units ON units.key = md5(array_to_string(s.units, ','))
LEFT JOIN ethnic_data_rollupset told ON told.key = md5(array_to_string(s.submissions, ','))
LEFT JOIN ethnic_data_rollupset covered ON covered.key = md5(array_to_string(s.covered_units, ','))
LEFT JOIN ethnic_data_rollupset covering
    ON covering.key = md5(array_to_string(s.covered_submissions, ','))
"""  # noqa: S608
# how the sums stand, without the names of their rows: two of these are compared
STANDING = """
SELECT indicator_id, sex, category, kind, level, area.members AS area, total, given, told,
    is_partial, reason, other_reason, cells, units.members AS units, told.members AS submissions,
    covered, covered.members AS covered_units, covering.members AS covered_submissions, groups,
    totals, group_cells, open_groups, to_read
FROM ethnic_data_rollup r
JOIN ethnic_data_rollupset area ON area.id = r.area_id
LEFT JOIN ethnic_data_rollupset units ON units.id = r.units_id
LEFT JOIN ethnic_data_rollupset told ON told.id = r.submissions_id
LEFT JOIN ethnic_data_rollupset covered ON covered.id = r.covered_units_id
LEFT JOIN ethnic_data_rollupset covering ON covering.id = r.covered_submissions_id
WHERE r.period_id = %(period)s AND r.dataset_id = %(dataset)s
"""
