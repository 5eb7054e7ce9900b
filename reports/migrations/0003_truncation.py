"""Tables of reports are not emptied while one of them is issued.

A database may be emptied (TRUNCATE) only where the setting portal.may_truncate says so, as in the
test databases.
"""

from django.db import migrations

TABLES = [
    "report",
    "section",
    "sectionversion",
    "figure",
    "citation",
    "recipient",
    "remark",
    "reportevent",
    "rendering",
    "reportfile",
    "signature",
]

GUARD = """
CREATE FUNCTION reports_guard_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('portal.may_truncate', true), '') <> 'on' AND EXISTS (
        SELECT FROM reports_report WHERE status = 'issued') THEN
        RAISE EXCEPTION 'Có báo cáo đã phát hành; không xoá cả bảng được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
""" + "\n".join(
    f"CREATE TRIGGER {table}_truncated BEFORE TRUNCATE ON reports_{table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION reports_guard_truncate();"
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_locks")]

    operations = [migrations.RunSQL(GUARD, "DROP FUNCTION reports_guard_truncate() CASCADE;")]
