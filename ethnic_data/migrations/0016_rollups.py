"""Sums of approved values, and the mark of what is not summed yet.

The trigger writes a mark whenever a submission with values becomes approved or stops being so, by
whatever way, in the same transaction; who sums up takes it away. What was approved before this
migration is marked by it, and summed by the job that it leaves.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import portal.units.models.shares
from django.db import migrations, models

MARK = """
CREATE FUNCTION ethnic_data_mark_unsummed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ethnic_data_observation WHERE submission_id = NEW.id) THEN
        INSERT INTO ethnic_data_unsummed (submission_id, period_id, dataset_id)
        VALUES (NEW.id, NEW.period_id, NEW.dataset_id);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER submission_unsummed AFTER UPDATE OF status ON collection_submission
    FOR EACH ROW WHEN (OLD.status <> NEW.status AND 'approved' IN (OLD.status, NEW.status))
    EXECUTE FUNCTION ethnic_data_mark_unsummed();

INSERT INTO ethnic_data_unsummed (submission_id, period_id, dataset_id)
SELECT s.id, s.period_id, s.dataset_id FROM collection_submission s
WHERE s.status = 'approved'
  AND EXISTS (SELECT FROM ethnic_data_observation o WHERE o.submission_id = s.id);

INSERT INTO jobs_job (name, subject_id, state, attempt, progress, error, support_code)
SELECT 'sum_everything', 0, 'queued', 0, '', '', 'SUMS'
WHERE EXISTS (SELECT FROM ethnic_data_unsummed);
"""

NO_MARK = """
DROP TRIGGER submission_unsummed ON collection_submission;
DROP FUNCTION ethnic_data_mark_unsummed();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('collection', '0024_notice_of_letters'),
        ('ethnic_data', '0015_households_are_looked_at'),
        ('jobs', '0002_job_started_at'),
    ]

    operations = [
        migrations.CreateModel(
            name='RollupSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32, unique=True, verbose_name='khoá')),
                ('members', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None, verbose_name='gồm')),
            ],
            options={
                'verbose_name': 'tập hợp của tổng hợp sẵn',
                'verbose_name_plural': 'tập hợp của tổng hợp sẵn',
            },
        ),
        migrations.CreateModel(
            name='Rollup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(verbose_name='cấp')),
                ('kind', models.CharField(choices=[('census', 'tổng điều tra'), ('sample', 'điều tra mẫu'), ('administrative', 'báo cáo hành chính')], max_length=14, verbose_name='loại số liệu')),
                ('sex', models.CharField(blank=True, choices=[('male', 'nam'), ('female', 'nữ')], max_length=6, verbose_name='giới tính')),
                ('category', models.CharField(blank=True, max_length=60, verbose_name='phân loại')),
                ('total', portal.units.models.shares.ExactField(decimal_places=500, max_digits=1000, null=True, verbose_name='tổng')),
                ('given', models.PositiveIntegerField(verbose_name='số đơn vị có số liệu')),
                ('told', models.PositiveIntegerField(verbose_name='số đơn vị có báo cáo')),
                ('is_partial', models.BooleanField(default=False, verbose_name='thiếu một phần')),
                ('reason', models.CharField(blank=True, choices=[('not_collected', 'không có số liệu'), ('not_applicable', 'không áp dụng'), ('confidential', 'không công bố')], max_length=14, verbose_name='lý do không có')),
                ('other_reason', models.CharField(blank=True, choices=[('not_collected', 'không có số liệu'), ('not_applicable', 'không áp dụng'), ('confidential', 'không công bố')], max_length=14, verbose_name='lý do khác')),
                ('cells', models.PositiveIntegerField(default=0, verbose_name='số giá trị')),
                ('covered', models.PositiveIntegerField(default=0, verbose_name='số đơn vị có dân tộc')),
                ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None, verbose_name='dân tộc')),
                ('totals', django.contrib.postgres.fields.ArrayField(base_field=portal.units.models.shares.ExactField(decimal_places=500, max_digits=1000), default=list, size=None, verbose_name='tổng theo dân tộc')),
                ('group_cells', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None, verbose_name='số giá trị')),
                ('open_groups', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None, verbose_name='dân tộc thiếu')),
                ('to_read', models.BooleanField(default=False, verbose_name='phải đọc số liệu')),
                ('dataset', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collection.dataset')),
                ('indicator', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ethnic_data.indicator')),
                ('period', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collection.reportingperiod')),
                ('area', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ethnic_data.rollupset')),
                ('covered_submissions', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ethnic_data.rollupset')),
                ('covered_units', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ethnic_data.rollupset')),
                ('submissions', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ethnic_data.rollupset')),
                ('units', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ethnic_data.rollupset')),
            ],
            options={
                'verbose_name': 'tổng hợp sẵn',
                'verbose_name_plural': 'tổng hợp sẵn',
                'indexes': [models.Index(fields=['period', 'dataset'], name='rollup_period_dataset')],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'period', 'area', 'sex', 'category', 'dataset', 'kind', 'level'), name='rollup_once'), models.CheckConstraint(condition=models.Q(('given__lte', models.F('told')), ('covered__lte', models.F('told'))), name='rollup_given_of_told')],
            },
        ),
        migrations.CreateModel(
            name='RollupState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('areas', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None, verbose_name='phạm vi')),
                ('summed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='tổng hợp lúc')),
                ('dataset', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collection.dataset')),
                ('period', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collection.reportingperiod')),
            ],
            options={
                'verbose_name': 'tình trạng tổng hợp',
                'verbose_name_plural': 'tình trạng tổng hợp',
                'constraints': [models.UniqueConstraint(fields=('period', 'dataset'), name='rollup_state_once')],
            },
        ),
        migrations.CreateModel(
            name='Unsummed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='từ lúc')),
                ('dataset', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collection.dataset')),
                ('period', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collection.reportingperiod')),
                ('submission', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collection.submission')),
            ],
            options={
                'verbose_name': 'chưa tổng hợp',
                'verbose_name_plural': 'chưa tổng hợp',
                'indexes': [models.Index(fields=['period', 'dataset'], name='unsummed_period_dataset')],
            },
        ),
        migrations.RunSQL(MARK, NO_MARK),
    ]
