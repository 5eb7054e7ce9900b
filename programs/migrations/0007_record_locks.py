"""Values by record change only while their submission is a draft or was returned.

The triggers look at whole statements and lock the submissions' rows for share, as those of
ethnic_data's observations do. The table may be emptied (TRUNCATE) only where the setting
portal.may_truncate says so, as in the test databases.
"""

from django.db import migrations

LOCKS = """
CREATE FUNCTION programs_refuse_locked(submissions bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM collection_submission s
        WHERE s.id = ANY (submissions) ORDER BY s.id FOR SHARE;
    IF EXISTS (SELECT FROM collection_submission s
               WHERE s.id = ANY (submissions) AND s.status NOT IN ('draft', 'returned')) THEN
        RAISE EXCEPTION 'Số liệu đã nộp hoặc đã duyệt đã khoá; muốn sửa phải trả lại hoặc đính chính.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

CREATE FUNCTION programs_guard_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM programs_refuse_locked((SELECT array_agg(DISTINCT submission_id) FROM changed));
    RETURN NULL;
END $$;

CREATE FUNCTION programs_guard_record_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM programs_refuse_locked(
        (SELECT array_agg(DISTINCT submission_id)
         FROM (SELECT submission_id FROM changed
               UNION ALL SELECT submission_id FROM become) both_sides));
    RETURN NULL;
END $$;

CREATE FUNCTION programs_guard_record_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('portal.may_truncate', true), '') <> 'on' AND EXISTS (
        SELECT FROM programs_recordvalue v JOIN collection_submission s
            ON s.id = v.submission_id AND s.status NOT IN ('draft', 'returned')) THEN
        RAISE EXCEPTION 'Số liệu đã nộp hoặc đã duyệt đã khoá; không xoá cả bảng được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER record_locked_insert AFTER INSERT ON programs_recordvalue
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION programs_guard_record();
CREATE TRIGGER record_locked_delete AFTER DELETE ON programs_recordvalue
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION programs_guard_record();
CREATE TRIGGER record_locked_update AFTER UPDATE ON programs_recordvalue
    REFERENCING OLD TABLE AS changed NEW TABLE AS become
    FOR EACH STATEMENT EXECUTE FUNCTION programs_guard_record_update();
CREATE TRIGGER record_locked_truncate BEFORE TRUNCATE ON programs_recordvalue
    FOR EACH STATEMENT EXECUTE FUNCTION programs_guard_record_truncate();
"""

UNLOCK = """
DROP TRIGGER record_locked_truncate ON programs_recordvalue;
DROP TRIGGER record_locked_update ON programs_recordvalue;
DROP TRIGGER record_locked_delete ON programs_recordvalue;
DROP TRIGGER record_locked_insert ON programs_recordvalue;
DROP FUNCTION programs_guard_record_truncate();
DROP FUNCTION programs_guard_record_update();
DROP FUNCTION programs_guard_record();
DROP FUNCTION programs_refuse_locked(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0006_record_values"),
        ("collection", "0023_rows_of_records"),
    ]

    operations = [migrations.RunSQL(LOCKS, UNLOCK)]
