"""An issued document may gain one thing: a later revision of its file with its proofs.

What was done with certificates and sealed annexes is only ever added; annexes change in a draft only.
"""

from django.db import migrations

LOCKS = """
CREATE FUNCTION reports_guard_revision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    SELECT r.status INTO stands FROM reports_rendering g JOIN reports_report r ON r.id = g.report_id
    WHERE g.id = NEW.rendering_id;
    IF (NEW.stage = 'lifted') <> (stands = 'issued') THEN
        RAISE EXCEPTION 'Báo cáo đã phát hành chỉ thêm được tệp bổ sung dấu thời gian.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER report_file_issued ON reports_reportfile;
CREATE TRIGGER report_file_issued BEFORE INSERT ON reports_reportfile
    FOR EACH ROW EXECUTE FUNCTION reports_guard_revision();

CREATE FUNCTION reports_guard_sealed_annex() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM reports_annexfile a JOIN reports_report r ON r.id = a.report_id
        WHERE a.id = NEW.annex_id AND r.status IN ('numbered', 'sealed')) THEN
        RAISE EXCEPTION 'Phụ lục chỉ được ký số khi báo cáo đã có số và chưa phát hành.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER annex_file_locked BEFORE INSERT OR UPDATE OR DELETE ON reports_annexfile
    FOR EACH ROW EXECUTE FUNCTION reports_guard_content();
CREATE TRIGGER sealed_annex_in_turn BEFORE INSERT ON reports_sealedannex
    FOR EACH ROW EXECUTE FUNCTION reports_guard_sealed_annex();
CREATE TRIGGER sealed_annex_kept BEFORE UPDATE OR DELETE ON reports_sealedannex
    FOR EACH ROW EXECUTE FUNCTION reports_keep();
CREATE TRIGGER certificate_event_kept BEFORE UPDATE OR DELETE ON reports_certificateevent
    FOR EACH ROW EXECUTE FUNCTION reports_keep();
"""

LOCKS += "\n".join(
    f"CREATE TRIGGER {table}_truncated BEFORE TRUNCATE ON reports_{table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION reports_guard_truncate();"
    for table in ("annexfile", "sealedannex", "certificateevent")
)

UNLOCK = """
DROP TRIGGER annexfile_truncated ON reports_annexfile;
DROP TRIGGER sealedannex_truncated ON reports_sealedannex;
DROP TRIGGER certificateevent_truncated ON reports_certificateevent;
DROP TRIGGER certificate_event_kept ON reports_certificateevent;
DROP TRIGGER sealed_annex_kept ON reports_sealedannex;
DROP TRIGGER annex_file_locked ON reports_annexfile;
DROP FUNCTION reports_guard_sealed_annex() CASCADE;
DROP FUNCTION reports_guard_revision() CASCADE;
CREATE TRIGGER report_file_issued BEFORE INSERT ON reports_reportfile
    FOR EACH ROW EXECUTE FUNCTION reports_guard_file();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0011_signing_levels")]

    operations = [migrations.RunSQL(LOCKS, UNLOCK)]
