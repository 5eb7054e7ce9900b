"""A sealed annex of an issued report may gain a later revision of its file with its proofs."""

import django.db.models.deletion
import reports.models.annex
from django.db import migrations, models

LOCKS = """
CREATE FUNCTION reports_guard_lifted_annex() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM reports_sealedannex s
        JOIN reports_annexfile a ON a.id = s.annex_id
        JOIN reports_report r ON r.id = a.report_id
        WHERE s.id = NEW.annex_id AND r.status = 'issued') THEN
        RAISE EXCEPTION 'Chỉ phụ lục của báo cáo đã phát hành mới thêm được tệp bổ sung dấu thời gian.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lifted_annex_in_turn BEFORE INSERT ON reports_liftedannex
    FOR EACH ROW EXECUTE FUNCTION reports_guard_lifted_annex();
CREATE TRIGGER lifted_annex_kept BEFORE UPDATE OR DELETE ON reports_liftedannex
    FOR EACH ROW EXECUTE FUNCTION reports_keep();
CREATE TRIGGER liftedannex_truncated BEFORE TRUNCATE ON reports_liftedannex
    FOR EACH STATEMENT EXECUTE FUNCTION reports_guard_truncate();
"""

UNLOCK = """
DROP TRIGGER liftedannex_truncated ON reports_liftedannex;
DROP TRIGGER lifted_annex_kept ON reports_liftedannex;
DROP FUNCTION reports_guard_lifted_annex() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0023_lifted_copies")]

    operations = [
        migrations.CreateModel(
            name="LiftedAnnex",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(max_length=200, upload_to=reports.models.annex.annex_path, verbose_name="tệp")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("size", models.PositiveIntegerField(verbose_name="cỡ (byte)")),
                ("level", models.CharField(max_length=20, verbose_name="mức chữ ký")),
                ("lifted_at", models.DateTimeField(verbose_name="bổ sung lúc")),
                ("annex", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="lifted", to="reports.sealedannex")),
            ],
            options={
                "verbose_name": "tệp phụ lục đã bổ sung dấu thời gian",
                "verbose_name_plural": "tệp phụ lục đã bổ sung dấu thời gian",
                "constraints": [models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="lifted_annex_not_empty")],
            },
        ),
        migrations.RunSQL(LOCKS, UNLOCK),
    ]
