import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


# Each statement that touches values counts for the submissions it touches. What was found out about
# a submission's values can so be used again without looking at millions of them.
COUNTED = """
CREATE FUNCTION ethnic_data_count_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ethnic_data_valuesversion (submission_id, number)
    SELECT submission_id, 1 FROM touched GROUP BY submission_id ORDER BY submission_id
    ON CONFLICT (submission_id)
        DO UPDATE SET number = ethnic_data_valuesversion.number + 1;
    RETURN NULL;
END $$;
CREATE FUNCTION ethnic_data_count_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ethnic_data_valuesversion (submission_id, number)
    SELECT submission_id, 1
    FROM (SELECT submission_id FROM touched UNION SELECT submission_id FROM was) both_sides
    ORDER BY submission_id
    ON CONFLICT (submission_id)
        DO UPDATE SET number = ethnic_data_valuesversion.number + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER count_insert AFTER INSERT ON ethnic_data_observation
    REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION ethnic_data_count_write();
CREATE TRIGGER count_update AFTER UPDATE ON ethnic_data_observation
    REFERENCING NEW TABLE AS touched OLD TABLE AS was
    FOR EACH STATEMENT EXECUTE FUNCTION ethnic_data_count_rewrite();
CREATE TRIGGER count_delete AFTER DELETE ON ethnic_data_observation
    REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION ethnic_data_count_write();
"""
NOT_COUNTED = """
DROP TRIGGER count_delete ON ethnic_data_observation;
DROP TRIGGER count_update ON ethnic_data_observation;
DROP TRIGGER count_insert ON ethnic_data_observation;
DROP FUNCTION ethnic_data_count_rewrite();
DROP FUNCTION ethnic_data_count_write();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('collection', '0022_staged_rows'),
        ('ethnic_data', '0013_lists_taken_back'),
    ]

    operations = [
        migrations.CreateModel(
            name='ForeseenChanges',
            fields=[
                ('upload', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='collection.upload')),
                ('version', models.BigIntegerField(verbose_name='số lần ghi')),
                ('event', models.BigIntegerField(verbose_name='việc gần nhất của bộ số liệu')),
                ('readings', models.PositiveIntegerField(verbose_name='số lần đọc')),
                ('codes', models.DecimalField(decimal_places=0, max_digits=40, verbose_name='mã và dòng của chúng')),
                ('new', models.PositiveIntegerField(verbose_name='mới')),
                ('changed', models.PositiveIntegerField(verbose_name='thay đổi')),
                ('removed', models.PositiveIntegerField(verbose_name='bỏ đi')),
                ('lines', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(null=True), size=None)),
                ('places', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(null=True), size=None)),
                ('olds', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(null=True), size=None)),
            ],
            options={
                'verbose_name': 'thay đổi đã tìm trước',
                'verbose_name_plural': 'thay đổi đã tìm trước',
            },
        ),
        migrations.CreateModel(
            name='ValuesVersion',
            fields=[
                ('submission', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='collection.submission')),
                ('number', models.BigIntegerField(verbose_name='số lần ghi')),
            ],
            options={
                'verbose_name': 'lần ghi số liệu',
                'verbose_name_plural': 'lần ghi số liệu',
            },
        ),
        migrations.RunSQL(COUNTED, NOT_COUNTED),
    ]
