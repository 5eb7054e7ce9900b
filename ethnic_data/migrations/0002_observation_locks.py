"""Values of an approved or superseded submission do not change: not by a page, not by SQL.

The triggers look at whole statements, so that a COPY of 100 000 rows is checked once. They lock
the submissions' rows for share: a value that is being written keeps its submission from being
approved until it is written, and the other way round. A database may be emptied (TRUNCATE) only
where the setting portal.may_truncate says so, as in the test databases.
"""

from django.db import migrations

LOCKS = """
CREATE FUNCTION ethnic_data_refuse_locked(submissions bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM collection_submission s
        WHERE s.id = ANY (submissions) ORDER BY s.id FOR SHARE;
    IF EXISTS (SELECT FROM collection_submission s
               WHERE s.id = ANY (submissions) AND s.status IN ('approved', 'superseded')) THEN
        RAISE EXCEPTION 'Số liệu đã duyệt đã khoá; muốn sửa phải lập bản đính chính.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

CREATE FUNCTION ethnic_data_guard_observation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ethnic_data_refuse_locked(
        (SELECT array_agg(DISTINCT submission_id) FROM changed));
    RETURN NULL;
END $$;

CREATE FUNCTION ethnic_data_guard_observation_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ethnic_data_refuse_locked(
        (SELECT array_agg(DISTINCT submission_id)
         FROM (SELECT submission_id FROM changed
               UNION ALL SELECT submission_id FROM become) both_sides));
    RETURN NULL;
END $$;

CREATE FUNCTION ethnic_data_guard_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('portal.may_truncate', true), '') <> 'on' AND EXISTS (
        SELECT FROM ethnic_data_observation o JOIN collection_submission s
            ON s.id = o.submission_id AND s.status IN ('approved', 'superseded')) THEN
        RAISE EXCEPTION 'Số liệu đã duyệt đã khoá; không xoá cả bảng được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER observation_locked_insert AFTER INSERT ON ethnic_data_observation
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION ethnic_data_guard_observation();
CREATE TRIGGER observation_locked_delete AFTER DELETE ON ethnic_data_observation
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION ethnic_data_guard_observation();
CREATE TRIGGER observation_locked_update AFTER UPDATE ON ethnic_data_observation
    REFERENCING OLD TABLE AS changed NEW TABLE AS become
    FOR EACH STATEMENT EXECUTE FUNCTION ethnic_data_guard_observation_update();
CREATE TRIGGER observation_locked_truncate BEFORE TRUNCATE ON ethnic_data_observation
    FOR EACH STATEMENT EXECUTE FUNCTION ethnic_data_guard_truncate();
"""

UNLOCK = """
DROP TRIGGER observation_locked_truncate ON ethnic_data_observation;
DROP TRIGGER observation_locked_update ON ethnic_data_observation;
DROP TRIGGER observation_locked_delete ON ethnic_data_observation;
DROP TRIGGER observation_locked_insert ON ethnic_data_observation;
DROP FUNCTION ethnic_data_guard_truncate();
DROP FUNCTION ethnic_data_guard_observation_update();
DROP FUNCTION ethnic_data_guard_observation();
DROP FUNCTION ethnic_data_refuse_locked(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ethnic_data", "0001_initial"),
        ("collection", "0002_locks"),
    ]

    operations = [migrations.RunSQL(LOCKS, UNLOCK)]
