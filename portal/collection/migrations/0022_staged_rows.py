"""What waits of a file is one row for each row of the file; its values are a view of these rows.

A file of 100 000 rows and 25 columns is 100 000 lines to write and to delete, not 2,5 million.
What waits now stays: each value becomes a row with one column.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

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
WHERE v.value IS NOT NULL OR v.missing IS NOT NULL;

CREATE OR REPLACE FUNCTION collection_forget_staged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM collection_stagedrow WHERE upload_id = OLD.id;
    DELETE FROM collection_stagedcolumn WHERE upload_id = OLD.id;
    RETURN NULL;
END $$;
"""
MOVE = """
ALTER TABLE collection_stagedvalue RENAME TO collection_staged_before;
INSERT INTO collection_stagedcolumn (upload_id, "table", place, "column", measure, sex, category)
SELECT upload_id, row_number() OVER (PARTITION BY upload_id) - 1, 1, "column", measure, sex,
    category
FROM (SELECT DISTINCT upload_id, "column", measure, sex, category
      FROM collection_staged_before) c;
INSERT INTO collection_stagedrow (upload_id, "position", "table", unit, "group", sheet, "row",
    value_count, numbers, missing, raws, cells)
SELECT s.upload_id, s."position", c."table", s.unit, s."group", s.sheet, 0, 1, ARRAY[s.value],
    CASE WHEN s.missing IS NOT NULL THEN ARRAY[s.missing] END, ARRAY[s.raw], ARRAY[s.cell]
FROM collection_staged_before s JOIN collection_stagedcolumn c
    ON c.upload_id = s.upload_id AND c."column" = s."column" AND c.measure = s.measure
    AND c.sex IS NOT DISTINCT FROM s.sex AND c.category IS NOT DISTINCT FROM s.category;
DROP TABLE collection_staged_before;
"""
BACK = """
ALTER VIEW collection_stagedvalue RENAME TO collection_staged_after;
CREATE TABLE collection_stagedvalue AS SELECT
    upload_id, (row_number() OVER (PARTITION BY upload_id ORDER BY "position") - 1)::integer
        AS "position",
    unit, measure, "group", sex, category, value, missing, sheet, cell, raw, "column"
FROM collection_staged_after;
ALTER TABLE collection_stagedvalue ADD PRIMARY KEY (upload_id, "position");
DROP VIEW collection_staged_after;
CREATE OR REPLACE FUNCTION collection_forget_staged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM collection_stagedvalue WHERE upload_id = OLD.id;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("collection", "0021_reason_for_a_value")]

    operations = [
        migrations.CreateModel(
            name='StagedColumn',
            fields=[
                ('pk', models.CompositePrimaryKey('upload_id', 'table', 'place', blank=True, editable=False, primary_key=True, serialize=False)),
                ('table', models.PositiveIntegerField()),
                ('place', models.PositiveIntegerField()),
                ('column', models.CharField(max_length=40)),
                ('measure', models.CharField(max_length=20)),
                ('sex', models.CharField(blank=True, max_length=6, null=True)),
                ('category', models.CharField(blank=True, max_length=60, null=True)),
                ('group', models.CharField(blank=True, max_length=10, null=True)),
                ('letters', models.CharField(blank=True, max_length=3, null=True)),
                ('upload', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collection.upload')),
            ],
            options={
                'verbose_name': 'cột chờ ghi nhận',
                'verbose_name_plural': 'cột chờ ghi nhận',
            },
        ),
        migrations.CreateModel(
            name='StagedRow',
            fields=[
                ('pk', models.CompositePrimaryKey('upload_id', 'position', blank=True, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('table', models.PositiveIntegerField()),
                ('unit', models.CharField(max_length=10)),
                ('group', models.CharField(blank=True, max_length=10, null=True)),
                ('sheet', models.CharField(blank=True, max_length=120)),
                ('row', models.PositiveIntegerField()),
                ('value_count', models.PositiveIntegerField()),
                ('numbers', django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField(decimal_places=10, max_digits=30, null=True), size=None)),
                ('missing', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16, null=True), null=True, size=None)),
                ('raws', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=255, null=True), null=True, size=None)),
                ('cells', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12, null=True), null=True, size=None)),
                ('upload', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='staged_rows', to='collection.upload')),
            ],
            options={
                'verbose_name': 'dòng chờ ghi nhận',
                'verbose_name_plural': 'dòng chờ ghi nhận',
                'ordering': ['upload', 'position'],
            },
        ),
        migrations.AddField(
            model_name='upload',
            name='foreseen',
            field=models.JSONField(blank=True, default=dict, verbose_name='sẽ thấy khi ghi nhận'),
        ),
        migrations.RunSQL(MOVE + VIEW, BACK),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name="stagedvalue",
                    options={
                        "managed": False,
                        "ordering": ["upload", "position"],
                        "verbose_name": "giá trị chờ ghi nhận",
                        "verbose_name_plural": "giá trị chờ ghi nhận",
                    },
                ),
            ]
        ),
    ]
