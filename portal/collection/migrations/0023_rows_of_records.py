"""A row's code is a unit's or a record's: up to 40 letters, and a remark names it as a code.

A column that a view reads cannot change its type, so the view of waiting values is made anew.
"""

from django.db import migrations, models

DROP = "DROP VIEW collection_stagedvalue"
VIEW = """
CREATE VIEW collection_stagedvalue AS
SELECT r.upload_id, r."position"::bigint * 16384 + v.place AS "position", r.unit, c.measure,
    coalesce(r."group", c."group") AS "group", c.sex, c.category, v.value, v.missing, r.sheet,
    coalesce(v.cell, c.letters || r."row", '') AS cell,
    coalesce(v.raw, trim_scale(v.value)::text, '') AS raw, c."column"
FROM collection_stagedrow r
CROSS JOIN LATERAL unnest(r.numbers, r.missing, r.raws, r.cells)
    WITH ORDINALITY AS v (value, missing, raw, cell, place)
JOIN collection_stagedcolumn c
    ON c.upload_id = r.upload_id AND c."table" = r."table" AND c.place = v.place
WHERE v.value IS NOT NULL OR v.missing IS NOT NULL
"""
NAME_ROWS = """
UPDATE collection_remark r SET row_code = u.code
FROM units_administrativeunit u WHERE u.id = r.row_unit_id
"""
FIND_UNITS = """
UPDATE collection_remark r SET row_unit_id = u.id
FROM collection_submission s, collection_reportingperiod p, units_administrativeunit u
WHERE s.id = r.submission_id AND p.id = s.period_id AND u.code = r.row_code AND u.valid @> p."end"
"""
LEVELS = [
    ("commune", "các xã, phường, thị trấn của đơn vị nộp"),
    ("district", "các huyện, thành phố của đơn vị nộp"),
    ("province", "các tỉnh, thành phố của đơn vị nộp"),
    ("own", "chính đơn vị nộp"),
    ("own_below", "chính đơn vị nộp, rồi các huyện, thành phố của đơn vị"),
    ("record", "các công trình, hạng mục đang theo dõi của đơn vị nộp"),
]


def code(*, blank: bool = False) -> models.CharField:
    return models.CharField("dòng", max_length=40, blank=blank)


class Migration(migrations.Migration):
    dependencies = [("collection", "0022_staged_rows")]

    operations = [
        migrations.RemoveConstraint("dataset", "dataset_row_level_known"),
        migrations.AlterField(
            "dataset",
            "row_level",
            models.CharField(
                "đơn vị trong dòng", max_length=10, choices=LEVELS, default="commune"
            ),
        ),
        migrations.AddConstraint(
            "dataset",
            models.CheckConstraint(
                condition=models.Q(row_level__in=[level for level, _ in LEVELS]),
                name="dataset_row_level_known",
                violation_error_message="Đơn vị trong dòng không đúng.",
            ),
        ),
        migrations.RunSQL(DROP, VIEW),
        migrations.AlterField("stagedrow", "unit", models.CharField(max_length=40)),
        migrations.RunSQL(VIEW, DROP),
        migrations.AlterField("readrow", "unit", models.CharField(max_length=40)),
        migrations.AlterField("celledit", "unit_code", code()),
        migrations.AlterField("warningreason", "unit_code", code(blank=True)),
        migrations.AddField(
            "remark", "row_code", models.CharField("dòng", max_length=40, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.RunSQL(NAME_ROWS, FIND_UNITS),
        migrations.RemoveField("remark", "row_unit"),
    ]
