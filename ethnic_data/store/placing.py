"""What statements on waiting values say alike: rows and columns of a file, codes made rows."""

from __future__ import annotations

# codes become rows where they are few: units (as in force on the period's last day) and groups once
# a row of the file, measures once a column (OFFSET 0: found once, not again for each row)
ROWS = """
collection_stagedrow r
JOIN units_administrativeunit u
    ON u.code = r.unit AND u.valid @> %(day)s::date
        AND (%(reference)s OR NOT u.is_reference)
LEFT JOIN ethnic_data_ethnicgroup g ON g.code = r."group"
"""
COLUMNS = """
(SELECT k.upload_id, k."table", k.place, k."column", i.id AS indicator_id, h.id AS group_id,
        coalesce(k.sex, '') AS sex, coalesce(k.category, '') AS category, k.letters
 FROM collection_stagedcolumn k
 JOIN ethnic_data_indicator i ON i.code = k.measure
 LEFT JOIN ethnic_data_ethnicgroup h ON h.code = k."group"
 WHERE k.upload_id = ANY (%(uploads)s) AND (k."group" IS NULL OR h.id IS NOT NULL)
 OFFSET 0) k
    ON k.upload_id = r.upload_id AND k."table" = r."table"
"""
OF_UPLOAD = 'r.upload_id = ANY (%(uploads)s) AND (r."group" IS NULL OR g.id IS NOT NULL)'
# every value that waits, and what it is about
PLACED = f"""
{ROWS}
CROSS JOIN LATERAL unnest(r.numbers, r.missing) WITH ORDINALITY AS v (value, missing, place)
JOIN {COLUMNS} AND k.place = v.place
"""
IS_VALUE = f"{OF_UPLOAD} AND (v.value IS NOT NULL OR v.missing IS NOT NULL)"
# one value of a row, and its column
VALUE = "r.numbers[c.place]"
MISSING = "coalesce(r.missing[c.place], '')"
CELL = "coalesce(r.cells[c.place], k.letters || r.\"row\", '')"
RAW = f"coalesce(r.raws[c.place], trim_scale({VALUE})::text, '')"
