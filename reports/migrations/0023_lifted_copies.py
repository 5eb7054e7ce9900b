"""A sealed electronic copy may gain one thing: a later revision of its file with its proofs."""

import django.db.models.deletion
import reports.models.copy
from django.db import migrations, models

LOCKS = """
CREATE FUNCTION reports_guard_lifted_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM reports_copy c
        WHERE c.id = NEW.copy_id AND c.state = 'ready' AND c.medium = 'electronic') THEN
        RAISE EXCEPTION 'Chỉ bản sao điện tử đã ký số mới thêm được tệp bổ sung dấu thời gian.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lifted_copy_in_turn BEFORE INSERT ON reports_liftedcopy
    FOR EACH ROW EXECUTE FUNCTION reports_guard_lifted_copy();
CREATE TRIGGER lifted_copy_kept BEFORE UPDATE OR DELETE ON reports_liftedcopy
    FOR EACH ROW EXECUTE FUNCTION reports_keep();
CREATE TRIGGER liftedcopy_truncated BEFORE TRUNCATE ON reports_liftedcopy
    FOR EACH STATEMENT EXECUTE FUNCTION reports_guard_truncate();
"""

UNLOCK = """
DROP TRIGGER liftedcopy_truncated ON reports_liftedcopy;
DROP TRIGGER lifted_copy_kept ON reports_liftedcopy;
DROP FUNCTION reports_guard_lifted_copy() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0022_weekly_letters")]

    operations = [
        migrations.CreateModel(
            name="LiftedCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(max_length=200, upload_to=reports.models.copy.copy_path, verbose_name="tệp")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("size", models.PositiveIntegerField(verbose_name="cỡ (byte)")),
                ("level", models.CharField(max_length=20, verbose_name="mức chữ ký")),
                ("lifted_at", models.DateTimeField(verbose_name="bổ sung lúc")),
                ("copy", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="lifted", to="reports.copy")),
            ],
            options={
                "verbose_name": "bản sao đã bổ sung dấu thời gian",
                "verbose_name_plural": "bản sao đã bổ sung dấu thời gian",
                "constraints": [models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="lifted_not_empty")],
            },
        ),
        migrations.RunSQL(LOCKS, UNLOCK),
    ]
